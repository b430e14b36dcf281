#include "sync/undo.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "git/base_record.hpp"
#include "git/library.hpp"
#include "git/rescue.hpp"
#include "sync/branch_report.hpp"
#include "sync/explain_stay.hpp"
#include "sync/journal.hpp"
#include "sync/move_branch.hpp"
#include "sync/run_here.hpp"
#include "sync/state_files.hpp"
#include "sync/undo_plan.hpp"
#include "sync/view.hpp"

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;

/// The repositories of the projects, by their git folders, each with the remotes that the projects sync it with.
using Remotes = std::map<fs::path, std::set<std::string>>;

/// What was looked at before the first project has its turn.
struct Outlook {
  Remotes remotes;
  std::optional<Time> newest;  ///< the start of the newest run to take back, in whatever project
};

Outlook look_out(const LocalRequest& request, const Environment& environment) {
  Outlook outlook;
  for (const Project& project : request.projects) {
    if (project.client != Client::git) continue;
    try {
      const auto repository = git::Repository::open(project.path);
      if (repository) outlook.remotes[repository->git_folder()].insert(project.remote);
    } catch (const Error&) {
      continue;  // it is met again, and told, when the project has its turn
    }
  }
  const auto now = std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now());
  for (const auto& [folder, remotes] : outlook.remotes) {
    try {
      const auto start = newest_start(read_journal(journal_path(environment, folder)), remotes, now);
      outlook.newest = std::max(outlook.newest, start);
    } catch (const Error&) {
      continue;
    }
  }
  return outlook;
}

std::string branch_of(const WayBack& way) {
  return branch_of(JournalEntry{.ref = way.ref, .from = {}, .to = {}});
}

/// One repository's part of the run.
class Undoing {
 public:
  Undoing(const LocalRequest& request, const Project& project, git::Repository& repository,
          const Environment& environment)
      : request_(request),
        project_(project),
        repository_(repository),
        environment_(environment),
        refs_(repository.refs(project.remote)),
        worktrees_(repository.worktrees()) {}

  /// `runs` as runs_of() has them.
  void run(const std::vector<JournalRun>& runs, ProjectOutcome& outcome) {
    const std::vector<WayBack> ways = ways_back(runs);
    for (const WayBack& way : ways) {
      if (way.sent) add_published(way);
    }
    for (auto& [branch, published] : published_) branches_.add(published);
    for (const WayBack& way : ways) {
      if (!way.sent) branches_.attempt(branch_of(way), [&] { look_at(way); });
    }
    if (request_.dry_run) {
      for (const BranchMove& move : moves_) tell_moved(move);
    } else {
      make(runs);
    }
    outcome.branches = std::move(branches_).take();
    outcome.status = status_of(outcome);
    outcome.message = in_words(runs.front());
    if (interrupted_) stop_if(request_.interrupt);
  }

 private:
  [[nodiscard]] Place place() { return {environment_, repository_, refs_, worktrees_, rescuer_}; }

  /// What the same run did with the branch on the server is told beside what is done here.
  void add_published(const WayBack& way) {
    if (!way.ref.starts_with(git::heads_prefix)) return;  // a tag that is new there harms nobody
    const std::string branch = branch_of(way);
    const auto& sent = way.stops.front();
    const std::string command =
        git_line(project_, {"push", way.remote, "--force-with-lease=" + branch + ":" + (sent ? sent->hex() : ""),
                            (way.to ? way.to->hex() : "") + ":" + way.ref});
    BranchOutcome& outcome = published_[branch];
    if (!outcome.name.empty()) {
      outcome.hint += "; " + command;
      return;
    }
    outcome.name = branch;
    outcome.side = Side::server;
    outcome.before = sent;
    outcome.after = way.to;
    refuse(outcome, Reason::published,
           {"that run changed it on the server, where others may have fetched it",
            "to put it back there all the same: " + command});
  }

  /// Finds out whether the branch is to move, and whether it can.
  void look_at(const WayBack& way) {
    const std::string branch = branch_of(way);
    const auto tip = tip_of(refs_.branches, branch);
    if (tip == way.to) {  // it never moved, or is back already
      remember(branch, way.to);
      return;
    }
    const BranchMove move{.name = branch, .from = tip, .to = way.to, .forward = false, .log = undo_name};
    if (std::ranges::find(way.stops, tip) == way.stops.end()) {
      partly_ = true;
      return stay(move, Reason::stale,
                  {"it has moved since that run", "its old tip was " + (way.to ? way.to->hex() : "none")}, {});
    }
    ++left_;
    const Arrival foreseen = preview_move(place(), move, repository_.git_folder() / "objects");
    // What is in the way of files, git itself knows best when it moves them.
    const bool tried = foreseen.arrived() || (foreseen.reason == Reason::dirty && !request_.dry_run);
    if (!tried) return stay(move, foreseen);
    moves_.push_back(move);
    remember(branch, way.to);
  }

  void remember(const std::string& branch, const std::optional<Oid>& to) {
    targets_[branch] = to;
    for (const auto& [alias, target] : refs_.aliases) {
      if (target == git::heads_prefix + branch) targets_[alias] = to;
    }
  }

  void make(const std::vector<JournalRun>& runs) {
    forget_what_was_agreed();
    const fs::path path = journal_path(environment_, repository_.git_folder());
    Journal journal(path, new_run(undo_name, project_.remote, std::chrono::system_clock::now()));
    journal.add(entries());
    for (const BranchMove& move : moves_) {
      interrupted_ = request_.interrupt != nullptr && request_.interrupt->requested();
      if (interrupted_) break;
      journal.begin(git::heads_prefix + move.name);
      branches_.attempt(move.name, [&] { make(move, journal); });
    }
    for (const JournalRun& run : runs) {
      if (left_ == 0) note_undone(path, run);
    }
    if (!half_moved_) journal.end();
    rescuer_.drop_needless();
  }

  [[nodiscard]] std::vector<JournalEntry> entries() const {
    std::vector<JournalEntry> entries;
    for (const BranchMove& move : moves_) {
      const bool in_a_tree = worktrees_.checked_out.contains(move.name);
      entries.push_back({.kind = in_a_tree ? JournalEntry::Kind::tree : JournalEntry::Kind::ref,
                         .ref = git::heads_prefix + move.name,
                         .from = move.from,
                         .to = move.to});
    }
    return entries;
  }

  void make(const BranchMove& move, Journal& journal) {
    const Arrival arrival = move_branch(place(), move);
    if (arrival.half_moved) journal.half_made(git::heads_prefix + move.name);
    half_moved_ = half_moved_ || arrival.half_moved;
    if (arrival.arrived()) return tell_moved(move);
    if (arrival.reason) return stay(move, arrival);
    BranchOutcome outcome = outcome_of(move);
    outcome.result = Result::failed;
    outcome.message = "git could not move the working tree: " + arrival.failure;
    branches_.add(std::move(outcome));
  }

  static BranchOutcome outcome_of(const BranchMove& move) {
    BranchOutcome outcome;
    outcome.name = move.name;
    outcome.action = !move.to ? Done::remove : !move.from ? Done::create : Done::replace;
    outcome.before = move.from;
    outcome.after = move.to;
    return outcome;
  }

  void tell_moved(const BranchMove& move) {
    --left_;
    moved_ = true;
    BranchOutcome outcome = outcome_of(move);
    if (const auto there = published_.find(move.name); there != published_.end()) {
      outcome.result = Result::attention;
      outcome.reason = there->second.reason;
      outcome.message = (request_.dry_run ? "would be taken back here; " : "taken back here; ") + there->second.message;
      outcome.hint = there->second.hint;
    }
    branches_.add(std::move(outcome));
  }

  void stay(const BranchMove& move, const Arrival& arrival) {
    stay(move, *arrival.reason, explain_stay(project_, place(), move, arrival, undo_name), arrival.files);
  }

  void stay(const BranchMove& move, Reason reason, const Explanation& why, const std::vector<std::string>& files) {
    BranchOutcome outcome = outcome_of(move);
    refuse(outcome, reason, why);
    outcome.files = files;
    branches_.add(std::move(outcome));
  }

  /// What both sides agreed on by that run would make the next one do it again, or carry the undoing to a server as
  /// if it were the user's own deletion or rewrite. It is forgotten before a branch moves, so that a kill leaves no
  /// memory that is wrong; but where the branch will be that, or stand before it: there a person is asked how it goes
  /// on.
  void forget_what_was_agreed() const {
    git::forget_in_base_records(repository_.git_folder(), [this](const std::string& branch, const Oid& base) {
      const auto target = targets_.find(branch);
      return target != targets_.end() && !stands_at_or_before(target->second, base);
    });
  }

  [[nodiscard]] bool stands_at_or_before(const std::optional<Oid>& tip, const Oid& base) const {
    if (!tip || !repository_.has(base)) return false;
    const Relation relation = repository_.relation(*tip, base);
    return relation == Relation::same || relation == Relation::before;
  }

  [[nodiscard]] std::string in_words(const JournalRun& run) const {
    if (!moved_) return {};
    return fmt::format("{}{}: {} of {:%Y-%m-%d %H:%M:%S}", request_.dry_run ? "would be taken back" : "taken back",
                       partly_ || left_ > 0 ? " in part" : "", run.tool,
                       fmt::localtime(std::chrono::system_clock::to_time_t(run.started)));
  }

  const LocalRequest& request_;
  const Project& project_;
  git::Repository& repository_;
  const Environment& environment_;
  git::LocalRefs refs_;
  git::Worktrees worktrees_;
  git::Rescuer rescuer_ = git::Rescuer(repository_);
  std::map<std::string, BranchOutcome> published_;
  std::vector<BranchMove> moves_;
  std::map<std::string, std::optional<Oid>> targets_;  ///< where branches are when they are back
  BranchReport branches_;
  int left_ = 0;  ///< how many branches stay that may go back next time
  bool moved_ = false;
  bool half_moved_ = false;  ///< a working tree is not in order: the next run puts it right
  bool partly_ = false;
  bool interrupted_ = false;
};

}  // namespace

RunReport undo(const LocalRequest& request, const Environment& environment) {
  const git::Library library;
  const Outlook outlook = look_out(request, environment);
  std::set<fs::path> done;  // projects that share a repository share what is taken back in it
  return run_here(request, environment, "only git projects can be undone", NotCloned::is_fine,
                  [&](const Project& project, git::Repository& repository, ProjectOutcome& outcome) {
                    const fs::path folder = repository.git_folder();
                    const auto remotes = outlook.remotes.find(folder);
                    if (!outlook.newest || remotes == outlook.remotes.end() || done.contains(folder)) return;
                    const auto runs =
                        runs_of(read_journal(journal_path(environment, folder)), remotes->second, *outlook.newest);
                    if (std::ranges::find(runs, project.remote, &JournalRun::remote) == runs.end()) return;
                    done.insert(folder);
                    Undoing(request, project, repository, environment).run(runs, outcome);
                  });
}

}  // namespace syncmanager::sync
