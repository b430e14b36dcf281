#include "git/listing.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"

namespace syncmanager::git {

namespace {

// One line without single quotes, `!` and backslashes, so that sh, csh and fish all hand it to sh unchanged. Lists are
// separated by tabs, which no path of a URL contains. Three processes in all, whatever the number of repositories:
// find, which hands the loose refs to grep (grep -r would pass over empty files and symbolic links without a word), and
// a grep for the packed ones. Nothing that runs here may read the questions on the standard input.
constexpr std::string_view script =
    R"sh(echo "syncmanager listing 2"; unset GREP_OPTIONS; l=; r=; )sh"
    // The places where a repository may be are those of upload-pack, in its order.
    R"sh(for p do m=missing; )sh"
    R"sh(case $p in "~") d=$HOME;; "~/"*) d=$HOME/${p#??};; "~"*) d=./$p m=uncertain;; /*) d=$p;; *) d=./$p;; esac; )sh"
    R"sh(g=; for s in /.git "" .git/.git .git; do if test -f "$d$s/HEAD"; then g=$d$s; break; fi; done; )sh"
    R"sh(if test -z "$g"; then if test -e "$d" || test -e "$d.git"; then g=uncertain; else g=$m; fi; )sh"
    // A repository without its HEAD among the loose refs is one for git: refs in another folder, or in a table.
    R"sh(elif test -e "$g/commondir"; then :; elif test -d "$g/objects"; then )sh"
    R"sh(r="$r	$g/refs/heads	$g/refs/tags	$g/HEAD"; fi; l="$l	$g"; done; )sh"
    R"sh(printf "%s" "$l"; echo; IFS="	"; set -f; set -- $l; )sh"
    // What is neither a folder nor a file with something in it is only named, and so it is odd.
    R"sh(if test -n "$r"; then LC_ALL=C find $r -type d -o -name "*.lock" -o )sh"
    R"sh(-type f -size +0c -exec grep "" /dev/null "{}" + -o -print </dev/null 2>&1; fi; echo "loose $?"; )sh"
    // Which packed-refs there are is looked for after the loose ones have been read. Other refs than branches and tags
    // are left out, what a tag points to as well.
    R"sh(r=; for g do case $g in */*) if test -e "$g/packed-refs"; then r="$r	$g/packed-refs"; fi;; esac; done; )sh"
    R"sh(LC_ALL=C grep -E -v -e "^# pack-refs with:" -e "^[]^][0-9a-f]{40}$" -e "^[0-9a-f]{40} refs/[^ht]" )sh"
    R"sh(/dev/null $r </dev/null 2>&1; echo "packed $?"; )sh"
    // git's warnings come with the refs, since it leaves out a broken ref with a warning and exit status 0: to take
    // such a branch for deleted would be the worst of mistakes. HEAD, and what kind of names the objects of a
    // repository have that may be empty, are read without a process.
    R"sh(n=0; while read -r p; do shift $((p-n)); n=$p; h=; read -r h <"$1/HEAD"; printf "repository %s %s" $n "$h"; echo; )sh"
    R"sh(while IFS=" 	" read -r k e v; do if test "$k" = objectformat; then echo "format $v"; fi; done <"$1/config"; )sh"
    R"sh(git --git-dir="$1" for-each-ref --format="%(objectname) %(refname)" refs/heads refs/tags refs/sync </dev/null 2>&1; )sh"
    R"sh(echo "end $?"; done; echo bye)sh";

/// Reads until `enough`; whether the answer got as far as that.
template <class Enough>
bool read_until(ssh::Channel& channel, ListingReader& reader, Enough enough) {
  std::array<char, 32 * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read() fills it
  while (!enough()) {
    const std::size_t size = channel.read(buffer);
    if (size == 0) return false;
    reader.feed({buffer.data(), size});
  }
  return true;
}

Error ended_early(const ssh::Channel& channel) {
  const std::string words(trim(channel.errors()));
  return {ErrorKind::offline, "the server's listing ended in the middle" + (words.empty() ? "" : ": " + words),
          "run the command again"};
}

}  // namespace

std::string listing_command(const std::vector<std::string>& paths) {
  return sh_command(script, paths);
}

ListResult list(ssh::Connection& connection, const std::vector<std::string>& paths, const AtRest& at_rest,
                const ListingReader::Done& done, const std::function<void()>& meanwhile) {
  const auto channel = connection.open(listing_command(paths));
  meanwhile();
  ListingReader reader(paths.size(), [&](std::size_t place, Listing&& listing) {
    if (listing.state == Listing::State::failed && listing.problem.empty()) listing.problem = trim(channel->errors());
    done(place, std::move(listing));
  });
  if (!read_until(*channel, reader, [&] { return reader.glimpsed(); })) {
    if (!reader.greeted()) return ListResult::no_shell;
    throw ended_early(*channel);
  }
  bool asked = false;
  for (std::size_t place = 0; place < paths.size(); ++place) {
    std::optional<Listing> seen = reader.glimpse(place);
    if (seen && seen->state != Listing::State::found) {
      done(place, std::move(*seen));
    } else if (!seen || !at_rest(place, *seen)) {
      channel->write(reader.ask(place));
      asked = true;
    }
  }
  if (!asked) return ListResult::complete;  // the channel's end is the end of the questions
  channel->finish_input();
  if (!read_until(*channel, reader, [&] { return reader.complete(); })) throw ended_early(*channel);
  return ListResult::complete;
}

}  // namespace syncmanager::git
