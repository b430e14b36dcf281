#include "sync/recovery.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "git/stale_files.hpp"
#include "git/tree_repair.hpp"
#include "sync/journal.hpp"
#include "sync/state_files.hpp"

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;

Error still_at_work(const fs::path& folder, const fs::path& lock) {
  return {
      ErrorKind::locked,
      fmt::format("git is at work in {}, maybe still for a run that was killed: {}", folder.string(), lock.string()),
      "wait for its end"};
}

std::string age_of(const fs::path& file) {
  const auto made = git::made_at(file);
  const auto age = std::chrono::system_clock::now() - made.value_or(std::chrono::system_clock::now());
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(age).count();
  return minutes < 1 ? "less than a minute" : minutes == 1 ? "1 minute" : fmt::format("{} minutes", minutes);
}

Error left_locked(const std::vector<fs::path>& locks) {
  std::string remove = "rm";
  for (const fs::path& lock : locks) remove += " " + shell_quote(lock.string());
  return {ErrorKind::locked,
          fmt::format("{} is {} old, and may have been left by a run that was killed", locks.front().string(),
                      age_of(locks.front())),
          "where no git works there, remove it: " + remove};
}

std::string in_words(const git::TreeRepair& repair, const git::BegunMove& move) {
  switch (repair.kind) {
    case git::TreeRepair::Kind::nothing: return {};
    case git::TreeRepair::Kind::held: throw still_at_work(move.folder, repair.locks.front());
    case git::TreeRepair::Kind::locked: throw left_locked(repair.locks);
    case git::TreeRepair::Kind::finished:
      return fmt::format("{} was half moved by a run that was killed: finished", move.branch);
    case git::TreeRepair::Kind::taken_back: break;
  }
  const std::string but_for =
      repair.left.empty() ? "" : fmt::format(", but for what is changed by you: {}", fmt::join(repair.left, ", "));
  return fmt::format("{} was half moved by a run that was killed: taken back{}", move.branch, but_for);
}

/// What git::repair_tree() did with the trees that the last run was moving.
std::vector<std::string> repair_trees(const Environment& environment, const git::Repository& repository,
                                      std::chrono::milliseconds patience) {
  const fs::path path = journal_path(environment, repository.git_folder());
  const std::vector<JournalRun> runs = read_journal(path);
  if (runs.empty() || runs.back().ended) return {};
  const auto trees = repository.worktrees().checked_out;
  std::vector<std::string> done;
  // Backwards: it is the last one that a kill can have met.
  const std::vector<JournalEntry> entries(runs.back().entries.rbegin(), runs.back().entries.rend());
  for (const JournalEntry& entry : entries) {
    const auto tree = trees.find(branch_of(entry));
    std::error_code unreachable;
    const bool begun = entry.kind == JournalEntry::Kind::tree && entry.to && tree != trees.end();
    if (!begun || !fs::exists(tree->second, unreachable)) continue;
    const git::BegunMove move{.folder = tree->second,
                              .branch = tree->first,
                              .from = entry.from,
                              .to = *entry.to,
                              .begun = runs.back().started,
                              .certain = entry.half};
    std::string words = in_words(git::repair_tree(environment, move, patience), move);
    if (!words.empty()) done.push_back(std::move(words));
  }
  note_ended(path);
  return done;
}

}  // namespace

std::string recover(const Environment& environment, const git::Repository& repository, FileLock& lock,
                    std::chrono::milliseconds patience) {
  std::vector<std::string> done;
  if (lock.abandoned()) {
    const auto removed = git::remove_stale_files(repository.git_folder(), repository.folder(), *lock.abandoned());
    if (!removed.empty()) done.emplace_back("what a killed run had left in .git is cleared away");
  }
  for (std::string& words : repair_trees(environment, repository, patience)) done.push_back(std::move(words));
  lock.settle();
  return fmt::format("{}", fmt::join(done, "; "));
}

}  // namespace syncmanager::sync
