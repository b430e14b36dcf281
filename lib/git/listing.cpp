#include "git/listing.hpp"

#include <array>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"

namespace syncmanager::git {

namespace {

constexpr std::string_view greeting = "syncmanager listing 1";
constexpr std::size_t longest_line = 64 * 1024;
constexpr std::size_t longest_problem = 500;

// One line without single quotes, `!` and backslashes, so that sh, csh and fish all hand it to sh unchanged. The
// places where a repository may be are those of upload-pack, in its order. HEAD is read without a process. git's
// warnings come with the refs, since it leaves out a broken ref with a warning and exit status 0: to take such a branch
// for deleted would be the worst of mistakes.
constexpr std::string_view script =
    R"sh(echo "syncmanager listing 1"; )sh"
    R"sh(for d do )sh"
    R"sh(case $d in "~") d=$HOME;; "~/"*) d=$HOME/${d#??};; esac; )sh"
    R"sh(g=; for s in /.git "" .git/.git .git; do if test -f "$d$s/HEAD"; then g=$d$s; break; fi; done; )sh"
    R"sh(if test -n "$g"; then h=; read -r h <"$g/HEAD"; printf "repository %s" "$h"; echo; )sh"
    R"sh(git --git-dir="$g" for-each-ref --format="%(objectname) %(refname)" refs/heads refs/tags 2>&1; echo "end $?"; )sh"
    R"sh(elif test -e "$d" || test -e "$d.git"; then echo uncertain; )sh"
    R"sh(else case $d in "~"*) echo uncertain;; *) echo missing;; esac; fi; )sh"
    R"sh(done; echo bye)sh";

}  // namespace

std::string listing_command(const std::vector<std::string>& paths) {
  std::string command = "exec sh -c " + shell_quote(script) + " sh";
  for (const std::string& path : paths) command += " " + shell_quote(path);
  return command;
}

void ListingReader::feed(std::string_view piece) {
  rest_ += piece;
  std::size_t begin = 0;
  for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
    take_line(std::string_view(rest_).substr(begin, end - begin));
    begin = end + 1;
  }
  rest_.erase(0, begin);
  if (rest_.size() > longest_line) throw Error(ErrorKind::failed, "the server's listing has a line without an end");
}

void ListingReader::take_line(std::string_view line) {
  if (!greeted_) {
    greeted_ = line == greeting;
    return;
  }
  if (complete_) return;
  if (inside_) {
    if (!line.starts_with("end ")) return take_ref(line);
    const bool good = line == "end 0" && current_.problem.empty();
    current_.state = good ? Listing::State::found : Listing::State::failed;
    return finish();
  }
  if (line == "bye" && next_ == repositories_) {
    complete_ = true;
  } else if (line.starts_with("repository ")) {
    constexpr std::string_view symbolic = "repository ref: refs/heads/";
    inside_ = true;
    if (line.starts_with(symbolic)) current_.head = trim(line.substr(symbolic.size()));
  } else if (line == "missing" || line == "uncertain") {
    current_.state = line == "missing" ? Listing::State::missing : Listing::State::uncertain;
    finish();
  } else {
    throw Error(ErrorKind::failed, "the server's listing has an unexpected line: " + escape_text(line.substr(0, 200)));
  }
}

void ListingReader::take_ref(std::string_view line) {
  const auto space = line.find(' ');
  const auto oid = space == std::string_view::npos ? std::nullopt : Oid::from_hex(line.substr(0, space));
  const std::string_view name = oid ? line.substr(space + 1) : std::string_view{};
  const std::string_view heads = heads_prefix;
  const std::string_view tags = tags_prefix;
  if (name.find(' ') != std::string_view::npos || !(name.starts_with(heads) || name.starts_with(tags))) {
    if (current_.problem.empty()) current_.problem = line.substr(0, longest_problem);
  } else if (name.starts_with(heads)) {
    current_.branches.emplace(name.substr(heads.size()), *oid);
  } else {
    current_.tags.emplace(name.substr(tags.size()), *oid);
  }
}

void ListingReader::finish() {
  if (next_ == repositories_) throw Error(ErrorKind::failed, "the server's listing has more repositories than asked");
  inside_ = false;
  done_(next_++, std::move(current_));
  current_ = Listing{};
}

ListResult list(ssh::Connection& connection, const std::vector<std::string>& paths, const ListingReader::Done& done) {
  const auto channel = connection.open(listing_command(paths));
  channel->finish_input();
  ListingReader reader(paths.size(), [&](std::size_t place, Listing&& listing) {
    if (listing.state == Listing::State::failed && listing.problem.empty()) listing.problem = trim(channel->errors());
    done(place, std::move(listing));
  });
  std::array<char, 32 * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read() fills it
  while (const std::size_t size = channel->read(buffer)) {
    reader.feed({buffer.data(), size});
    if (reader.complete()) return ListResult::complete;
  }
  if (!reader.greeted()) return ListResult::no_shell;
  throw Error(ErrorKind::offline, "the server's listing ended in the middle: " + std::string(trim(channel->errors())),
              "run the command again");
}

}  // namespace syncmanager::git
