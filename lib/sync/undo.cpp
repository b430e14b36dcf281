#include "sync/undo.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/escape.hpp"
#include "git/base_record.hpp"
#include "git/library.hpp"
#include "git/rescue.hpp"
#include "sync/branch_report.hpp"
#include "sync/explain.hpp"
#include "sync/journal.hpp"
#include "sync/move_branch.hpp"
#include "sync/run_here.hpp"
#include "sync/state_files.hpp"
#include "sync/view.hpp"

namespace syncmanager::sync {

namespace {

using Kind = JournalEntry::Kind;

constexpr const char* own_name = "sync-undo";

bool can_be_undone(const JournalRun& run) {
  return !run.undone && !run.entries.empty() && run.tool != own_name;
}

std::filesystem::path journal_of(const Environment& environment, const git::Repository& repository) {
  return journal_path(environment, repository.git_folder());
}

/// The start of the newest run to take back, in whatever project.
std::optional<Time> newest_run(const std::vector<Project>& projects, const Environment& environment) {
  std::optional<Time> newest;
  for (const Project& project : projects) {
    if (project.client != Client::git) continue;
    try {
      const auto repository = git::Repository::open(project.path);
      if (!repository) continue;
      for (const JournalRun& run : read_journal(journal_of(environment, *repository))) {
        if (can_be_undone(run) && run.remote == project.remote) newest = std::max(newest, std::optional(run.started));
      }
    } catch (const Error&) {
      continue;  // it is met again, and told, when the project has its turn
    }
  }
  return newest;
}

std::vector<JournalEntry> reversed(const JournalRun& run) {
  return {run.entries.rbegin(), run.entries.rend()};
}

/// One project's part of the run.
class Undoing {
 public:
  Undoing(const Project& project, git::Repository& repository, const Environment& environment, bool dry_run)
      : project_(project),
        repository_(repository),
        environment_(environment),
        dry_run_(dry_run),
        refs_(repository.refs(project.remote)),
        worktrees_(repository.worktrees()) {}

  void run(const JournalRun& run, ProjectOutcome& outcome) {
    Journal journal(journal_of(environment_, repository_),
                    new_run(own_name, project_.remote, std::chrono::system_clock::now()));
    if (!dry_run_) journal.add(backwards(run));
    for (const JournalEntry& entry : reversed(run)) {
      journal.begin(entry.ref);
      branches_.attempt(branch_of(entry), [&] { take_back(entry); });
    }
    if (!dry_run_) {
      forget_what_was_agreed();
      if (!waits_) note_undone(journal_of(environment_, repository_), run);
      journal.end();
      rescuer_.drop_needless();
    }
    outcome.branches = std::move(branches_).take();
    outcome.status = status_of(outcome);
  }

 private:
  static std::vector<JournalEntry> backwards(const JournalRun& run) {
    std::vector<JournalEntry> entries;
    for (const JournalEntry& entry : reversed(run)) {
      if (entry.kind != Kind::sent) entries.push_back({entry.kind, entry.ref, entry.to, entry.from});
    }
    return entries;
  }

  [[nodiscard]] std::optional<Oid> tip(const std::string& branch) const { return tip_of(refs_.branches, branch); }

  void take_back(const JournalEntry& entry) {
    if (entry.kind == Kind::sent) return tell_sent(entry);
    const std::string branch = branch_of(entry);
    if (tip(branch) == entry.from) return;  // it never moved, or is back already
    BranchOutcome outcome;
    outcome.name = branch;
    outcome.before = entry.to;
    outcome.after = entry.from;
    outcome.action = !entry.from ? Done::remove : !entry.to ? Done::create : Done::replace;
    if (tip(branch) != entry.to) {
      outcome.before = tip(branch);
      refuse(outcome, Reason::stale,
             {"it has moved since that run", "its old tip was " + (entry.from ? entry.from->hex() : "none")});
    } else if (!dry_run_) {
      move(branch, entry, outcome);
    }
    if (outcome.result == Result::ok) {
      moved_.insert(branch);
      add_published(branch, outcome);
    }
    branches_.add(std::move(outcome));
  }

  /// What the same run did with the branch on the server is told beside it.
  void add_published(const std::string& branch, BranchOutcome& outcome) const {
    const BranchOutcome* const there = branches_.find(branch);
    if (there == nullptr || there->reason != Reason::published) return;
    outcome.result = Result::attention;
    outcome.reason = there->reason;
    outcome.message = "taken back here; " + there->message;
    outcome.hint = there->hint;
  }

  void move(const std::string& branch, const JournalEntry& entry, BranchOutcome& outcome) {
    const Arrival arrival =
        move_branch({environment_, repository_, refs_, worktrees_, rescuer_},
                    {.name = branch, .from = entry.to, .to = entry.from, .forward = false, .log = "sync-undo"});
    if (arrival.arrived()) return;
    if (!arrival.reason) {
      outcome.result = Result::failed;
      outcome.message = "git could not move the working tree: " + arrival.failure;
      waits_ = true;
      return;
    }
    BranchFacts facts;
    facts.local = entry.to;
    Explanation why = explain(*arrival.reason, project_, branch, facts, {});
    if (arrival.reason == Reason::checked_out) {
      why = {"that run made it, and it is checked out by now", "switch to another branch, then run sync-undo again"};
    }
    refuse(outcome, *arrival.reason, why);
    outcome.files = arrival.files;
    waits_ = waits_ || arrival.reason != Reason::stale;
  }

  void tell_sent(const JournalEntry& entry) {
    if (!entry.ref.starts_with(git::heads_prefix)) return;  // a tag that is new there harms nobody
    const std::string branch = branch_of(entry);
    BranchOutcome outcome;
    outcome.name = branch;
    outcome.side = Side::server;
    outcome.before = entry.to;
    outcome.after = entry.from;
    const std::string git = "git -C " + shell_quote(project_.path.string()) + " push " + project_.remote + " ";
    const std::string lease =
        "--force-with-lease=" + shell_quote(branch + ":" + (entry.to ? entry.to->hex() : "")) + " ";
    const std::string spec = shell_quote((entry.from ? entry.from->hex() : "") + ":" + entry.ref);
    refuse(outcome, Reason::published,
           {"that run changed it on the server, where others may have fetched it",
            "to put it back there all the same: " + git + lease + spec});
    branches_.add(std::move(outcome));
  }

  /// What both sides agreed on by that run would make the next one do it again, or carry the undoing to the server as
  /// if it were the user's own deletion or rewrite. It is forgotten, but where the branch is that, or stands before it:
  /// there a person is asked how it goes on.
  void forget_what_was_agreed() {
    const auto folder = repository_.git_folder();
    git::BaseRecord record = git::read_base_record(folder, project_.remote, without_password(project_.url.text));
    const auto tips = record.tips;
    for (const std::string& branch : moved_) {
      const auto base = record.tips.find(branch);
      if (base != record.tips.end() && !stands_at_or_before(tip(branch), base->second)) record.tips.erase(base);
    }
    if (record.tips != tips) git::write_base_record(folder, project_.remote, record);
  }

  [[nodiscard]] bool stands_at_or_before(const std::optional<Oid>& tip, const Oid& base) const {
    if (!tip || !repository_.has(base)) return false;
    const Relation relation = repository_.relation(*tip, base);
    return relation == Relation::same || relation == Relation::before;
  }

  const Project& project_;
  git::Repository& repository_;
  const Environment& environment_;
  bool dry_run_;
  git::LocalRefs refs_;
  git::Worktrees worktrees_;
  git::Rescuer rescuer_ = git::Rescuer(repository_);
  BranchReport branches_;
  std::set<std::string> moved_;
  bool waits_ = false;  ///< a branch stayed that may go back next time
};

}  // namespace

RunReport undo(const LocalRequest& request, const Environment& environment) {
  const git::Library library;
  const std::optional<Time> newest = newest_run(request.projects, environment);
  return run_here(request, environment, "only git projects can be undone", NotCloned::is_fine,
                  [&](const Project& project, git::Repository& repository, ProjectOutcome& outcome) {
                    for (const JournalRun& run : read_journal(journal_of(environment, repository))) {
                      const bool wanted = can_be_undone(run) && run.remote == project.remote && run.started == newest;
                      if (!wanted) continue;
                      outcome.message = fmt::format("{}: {} of {:%Y-%m-%d %H:%M:%S} UTC",
                                                    request.dry_run ? "would be taken back" : "taken back", run.tool,
                                                    fmt::gmtime(std::chrono::system_clock::to_time_t(run.started)));
                      Undoing(project, repository, environment, request.dry_run).run(run, outcome);
                    }
                  });
}

}  // namespace syncmanager::sync
