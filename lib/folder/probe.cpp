#include "folder/probe.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"

namespace syncmanager::folder {

namespace {

// One line without single quotes, `!` and backslashes, so that sh, csh and fish all hand it to sh unchanged. The
// programs come first, then `--`, then the paths. Names are printed by printf: many an echo reads backslashes in them.
// Of what others may have put there, no name is printed that could pass for a line of the answer.
constexpr std::string_view look =
    R"sh(n="[0-9]"; say() { printf %s "$*"; echo; }; say syncmanager folders 1; )sh"
    R"sh(until test "$1" = --; do v=$($1 </dev/null 2>/dev/null | head -n 1); say program "$v"; shift; done; shift; )sh"
    R"sh(for p do case $p in "~") d=$HOME;; "~/"*) d=$HOME/${p#??};; /*) d=$p;; *) d=$HOME/$p;; esac; )sh"
    R"sh(k=missing; if test -d "$d"; then k=closed; if test -r "$d" && test -x "$d"; then k=empty; )sh"
    R"sh(f=$(find "$d/" -mindepth 1 -maxdepth 1 -name .sync-backup -o -name .sync-partial -o -print | head -n 1); )sh"
    R"sh(if test -n "$f"; then k=filled; fi; fi; elif test -e "$d" || test -h "$d"; then k=no_folder; fi; )sh"
    R"sh(say root $k; say path "$d"; )sh"
    R"sh(if test -d "$d/.sync-backup/temp"; then echo temporary; )sh"
    R"sh(if test -n "$(find "$d/.sync-backup/temp/" -type f -mtime +0 | head -n 1)"; then echo leftovers; fi; fi; )sh"
    R"sh(for b in "$d"/.sync-backup/$n$n$n$n-$n$n-$n${n}T$n$n-$n$n-$n$n.$n$n${n}Z; do )sh"
    R"sh(if test -d "$b"; then say backup "${b##*/}"; fi; done; )sh"
    R"sh(done; echo bye)sh";

constexpr std::string_view greeting = "syncmanager folders 1";

// What goes may be large: the shell does not wait for it.
constexpr std::string_view make_ready =
    R"sh(mkdir -p "$1" && cd "$1" && mkdir -p "$2" && t=$2 && shift 2 && )sh"
    R"sh({ (case $t in .) ;; *) find "$t/" -type f -mtime +0 -exec rm -f "{}" + ;; esac; )sh"
    R"sh(cd .sync-backup && for b do rm -rf "$b"; done) </dev/null >/dev/null 2>&1 & } && echo ready)sh";

std::optional<Root> root_of(std::string_view word) {
  struct Word {
    std::string_view word;
    Root root;
  };
  constexpr std::array<Word, 5> words = {{{"missing", Root::missing},
                                          {"empty", Root::empty},
                                          {"filled", Root::filled},
                                          {"no_folder", Root::no_folder},
                                          {"closed", Root::closed}}};
  for (const Word& known : words) {
    if (known.word == word) return known.root;
  }
  return std::nullopt;
}

[[noreturn]] void nonsense(std::string_view line) {
  throw Error(ErrorKind::failed, "the server answered nonsense about its folders: " + excerpt(line));
}

/// The rest of a line that begins with `word`; nothing where it does not.
std::optional<std::string_view> after(std::string_view line, std::string_view word) {
  if (!line.starts_with(word)) return std::nullopt;
  return line.substr(word.size());
}

/// A line about the root that was named last.
void take_root_line(std::string_view line, Seen& seen) {
  if (const auto path = after(line, "path ")) {
    seen.path = *path;
  } else if (const auto backup = after(line, "backup ")) {
    seen.backups.emplace_back(*backup);
  } else if (line == "temporary") {
    seen.has_temporary = true;
  } else if (line == "leftovers") {
    seen.has_leftovers = true;
  } else {
    nonsense(line);
  }
}

void take_line(std::string_view line, Answer& answer) {
  constexpr std::size_t longest = std::size_t{16} * 1024;  // no path is longer
  if (line.size() > longest) nonsense(line);
  if (const auto version = after(line, "program ")) {
    answer.programs.emplace_back(trim(*version));
  } else if (const auto word = after(line, "root ")) {
    const std::optional<Root> root = root_of(*word);
    if (!root) nonsense(line);
    answer.roots.emplace_back().root = *root;
  } else {
    if (answer.roots.empty()) nonsense(line);
    take_root_line(line, answer.roots.back());
  }
}

}  // namespace

Answer parse_answer(std::string_view text, const Question& question) {
  const std::vector<std::string_view> lines = lines_of(text);
  if (lines.empty() || lines.front() != greeting) {
    throw Error(
        ErrorKind::failed,
        "the server runs no commands of ours" + (lines.empty() ? std::string() : ": it says " + excerpt(lines.front())),
        "folders need an account with a shell there, whose start-up files print nothing");
  }
  Answer answer;
  bool complete = false;
  for (std::size_t at = 1; at < lines.size() && !complete; ++at) {
    complete = lines[at] == "bye";
    if (!complete) take_line(lines[at], answer);
  }
  if (!complete) {
    throw Error(ErrorKind::offline, "the server's look at its folders ended in the middle", "run the command again");
  }
  const bool all_placed =
      std::ranges::all_of(answer.roots, [](const Seen& seen) { return seen.path.starts_with('/'); });
  if (!all_placed || answer.roots.size() != question.paths.size() || answer.programs.size() != question.programs.size())
    nonsense(lines.back());
  return answer;
}

Answer probe(ssh::Connection& connection, const Question& question) {
  std::vector<std::string> words = question.programs;
  words.emplace_back("--");
  words.insert(words.end(), question.paths.begin(), question.paths.end());
  const auto channel = connection.open(sh_command(look, words));
  channel->finish_input();
  return parse_answer(read_all(*channel), question);
}

void prepare_root(ssh::Connection& connection, const std::string& path, const Preparation& preparation) {
  const bool for_rsync = preparation.make_temporary || preparation.clear_temporary;
  std::vector<std::string> words = {path, std::string(for_rsync ? temporary_folder : ".")};
  words.insert(words.end(), preparation.expired.begin(), preparation.expired.end());
  const auto channel = connection.open(sh_command(make_ready, words));
  channel->finish_input();
  if (trim(read_all(*channel)) == "ready") return;
  const std::string said(trim(channel->errors()));
  throw Error(ErrorKind::failed, "cannot make the folder " + path +
                                     " on the server: " + (said.empty() ? "no reason was given" : excerpt(said)));
}

}  // namespace syncmanager::folder
