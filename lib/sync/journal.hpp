// What runs have changed in one repository, written down before it is done: a later run finishes or takes back what a
// kill left half done, and sync-undo takes back what a whole run did. One file for each repository in the state folder:
//
//   syncmanager journal 1
//   run 2026-11-24T22:57:26.123Z sync-pull origin
//   tree refs/heads/main 8f0c… 51a2…      a branch, with the working tree that holds it
//   ref refs/heads/topic 8f0c… -          a branch alone; `-` is no tip
//   sent refs/heads/new - 51a2…           a branch of the server: written after it was confirmed
//   kept refs/heads/topic 8f0c… -         this move was not made after all
//   half refs/heads/main 8f0c… 51a2…      git has begun this one, and could neither finish it nor take it back
//   end
//   undone 2026-11-24T22:57:26.123Z origin
//
// A run without `end` was killed. Whoever reads or writes it holds the repository's lock.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"
#include "base/utc.hpp"
#include "model/oid.hpp"

namespace syncmanager::sync {

struct JournalEntry {
  enum class Kind { ref, tree, sent };
  Kind kind = Kind::ref;
  std::string ref;  ///< full
  std::optional<Oid> from;
  std::optional<Oid> to;
  bool half = false;  ///< of a tree: git is known to have left it half moved
};

struct JournalRun {
  Time started;
  std::string tool;
  std::string remote;
  std::vector<JournalEntry> entries;
  bool ended = false;
  bool undone = false;
};

/// The short name of the branch that it is about; of any other ref the full one.
std::string branch_of(const JournalEntry& entry);

/// A run that has not changed anything yet.
JournalRun new_run(std::string tool, std::string remote, std::chrono::system_clock::time_point started);

/// The runs, the oldest first, without the moves that were not made. Lines that are damaged, as a kill may leave the
/// last one, are passed over. Pure.
std::vector<JournalRun> parse_journal(std::string_view text);
/// Throws Error(failed) for a ref that has a name which git gives to none: it could pass for lines of its own.
std::string format_journal(const std::vector<JournalRun>& runs);

/// No run where there is no journal. Throws Error(failed).
std::vector<JournalRun> read_journal(const std::filesystem::path& path);

/// Notes that what the last run left half done is done, or given up whole. Throws Error(failed).
void note_ended(const std::filesystem::path& path);

/// Notes that what the run of this start has done with this remote has been taken back. Throws Error(failed).
void note_undone(const std::filesystem::path& path, const JournalRun& run);

/// Takes down one run of one project. Makes the file only when there is something to take down.
class Journal {
 public:
  /// `run` has no entries yet.
  Journal(std::filesystem::path path, JournalRun run) : path_(std::move(path)), run_(std::move(run)) {}

  /// What is going to be moved is on the disk when it returns. Throws Error(failed): then nothing of it must be done.
  void add(const std::vector<JournalEntry>& entries);
  /// The move of this ref that was taken down last is about to be made. From now on it counts as made, unless it is
  /// told that it was not.
  void begin(const std::string& ref);
  void kept(const std::string& ref);
  /// It was left half made, which a later run shall put right: no end() then. Throws Error(failed).
  void half_made(const std::string& ref);
  /// All that was taken down has been done, or was given up whole; what was kept or never begun is told then. Throws
  /// Error(failed).
  void end();

 private:
  struct Planned {
    JournalEntry entry;
    bool stays = true;
  };
  [[nodiscard]] Planned* last_of(const std::string& ref);
  [[nodiscard]] Flush flush() const;

  std::filesystem::path path_;
  JournalRun run_;
  std::vector<Planned> planned_;
  bool begun_ = false;
};

}  // namespace syncmanager::sync
