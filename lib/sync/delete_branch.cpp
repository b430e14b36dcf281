#include "sync/delete_branch.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>

#include "base/escape.hpp"
#include "git/rescue.hpp"
#include "sync/explain_stay.hpp"
#include "sync/journal.hpp"
#include "sync/move_branch.hpp"
#include "sync/run_here.hpp"
#include "sync/state_files.hpp"
#include "sync/view.hpp"

namespace syncmanager::sync {

namespace {

/// `origin/topic` and the like are other names of a branch than those that are asked for; empty where it is none.
std::string without_prefix(const Project& project, const std::string& branch) {
  for (const std::string& prefix :
       {std::string(git::heads_prefix), "refs/remotes/" + project.remote + "/", project.remote + "/"}) {
    if (branch.starts_with(prefix)) return branch.substr(prefix.size());
  }
  return {};
}

Error no_such_branch(const Project& project, const git::LocalRefs& refs, const std::string& branch) {
  if (refs.tracking.contains(branch)) {
    return {ErrorKind::failed, branch + " is on the server only",
            git_line(project, {"push", project.remote, "--delete", branch})};
  }
  const std::string meant = without_prefix(project, branch);
  if (refs.branches.contains(meant) || refs.tracking.contains(meant)) {
    return {ErrorKind::failed, "there is no branch " + branch, "sync-delete " + shell_word(meant)};
  }
  return {ErrorKind::failed, "there is no branch " + branch,
          git_line(project, {"branch"}) + " lists those that there are"};
}

Oid tip_to_delete(const Project& project, const git::LocalRefs& refs, const std::string& branch) {
  const auto tip = tip_of(refs.branches, branch);
  if (!tip) throw no_such_branch(project, refs, branch);
  if (refs.aliases.contains(branch)) {
    throw Error(ErrorKind::failed, branch + " is only another name of a branch (a symbolic ref)",
                git_line(project, {"symbolic-ref", "--delete", git::heads_prefix + branch}));
  }
  return *tip;
}

/// The setting by which the server keeps the branch; empty: it does not.
std::string_view keeping_setting(const Project& project, const std::string& branch) {
  if (!project.branches.selects(branch)) return "branches leaves it out";
  if (project.direction == Direction::pull) return "direction = pull";
  if (project.deletions == Deletions::keep) return "deletions = keep";
  return {};
}

/// One repository's part of the run.
class Deleting {
 public:
  Deleting(const LocalRequest& request, const Project& project, git::Repository& repository,
           const Environment& environment)
      : request_(request),
        project_(project),
        repository_(repository),
        environment_(environment),
        refs_(repository.refs(project.remote)),
        worktrees_(repository.worktrees()) {}

  BranchOutcome run(const std::string& branch, std::chrono::system_clock::time_point started) {
    BranchOutcome outcome;
    outcome.name = branch;
    outcome.action = Done::remove;
    outcome.before = tip_to_delete(project_, refs_, branch);
    if (refs_.tracking_head == branch) {
      const std::string away = worktrees_.checked_out.contains(branch) ? "switch to another branch, then " : "";
      refuse(outcome, Reason::protected_ref,
             {"it is the server's default branch, which stays there",
              "to delete it here alone: " + away + git_line(project_, {"branch", "-D", branch})});
      return outcome;
    }
    const BranchMove move{.name = branch, .from = outcome.before, .to = std::nullopt, .forward = false, .log = {}};
    const Arrival foreseen = preview_move(place(), move, repository_.git_folder() / "objects");
    if (!foreseen.arrived()) {
      stay(move, foreseen, outcome);
      return outcome;
    }
    const bool travels = look_at_server(outcome);
    if (!request_.dry_run) make(move, travels, started, outcome);
    return outcome;
  }

 private:
  [[nodiscard]] Place place() { return {environment_, repository_, refs_, worktrees_, rescuer_}; }

  /// Whether the next push deletes it on the server, as far as that can be known here; else says why not. One that the
  /// server does not have goes nowhere, and there is nothing to be said of it.
  bool look_at_server(BranchOutcome& outcome) const {
    const auto there = tip_of(refs_.tracking, outcome.name);
    if (!there) return false;
    const std::string_view setting = keeping_setting(project_, outcome.name);
    if (!setting.empty()) {
      outcome.message = "the server keeps it: " + std::string(setting);
      return false;
    }
    if (there == outcome.before || there == tip_of(base_of(project_, repository_).tips, outcome.name)) return true;
    outcome.result = Result::attention;
    outcome.reason = Reason::deleted;
    outcome.message = request_.dry_run ? "would be deleted here; " : "deleted here; ";
    outcome.message += "the server has other commits for it, and keeps it";
    if (project_.direction == Direction::both) outcome.message += "; the next pull makes it here again";
    outcome.hint = "to delete it there too: " + git_line(project_, {"push", project_.remote, "--delete", outcome.name});
    return false;
  }

  void make(const BranchMove& move, bool travels, std::chrono::system_clock::time_point started,
            BranchOutcome& outcome) {
    if (travels) remember_agreement(move);
    const std::string ref = git::heads_prefix + move.name;
    Journal journal(journal_path(environment_, repository_.git_folder()),
                    new_run("sync-delete", project_.remote, started));
    journal.add({{JournalEntry::Kind::ref, ref, move.from, std::nullopt}});
    journal.begin(ref);
    const Arrival arrival = move_branch(place(), move);
    rescuer_.drop_needless();
    if (!arrival.arrived()) journal.kept(ref);
    journal.end();
    if (!arrival.arrived()) stay(move, arrival, outcome);
  }

  /// Where both sides have the same by now, a deletion travels only if the base record knows that, too: git may have
  /// pushed it, and no run has met it since.
  void remember_agreement(const BranchMove& move) const {
    git::BaseRecord record = base_of(project_, repository_);
    if (tip_of(refs_.tracking, move.name) != move.from || tip_of(record.tips, move.name) == move.from) return;
    record.tips[move.name] = *move.from;
    git::write_base_record(repository_.git_folder(), project_.remote, record);
  }

  void stay(const BranchMove& move, const Arrival& arrival, BranchOutcome& outcome) {
    const std::string again = "sync-delete -p " + shell_word(project_.name) + " " + shell_word(move.name);
    refuse(outcome, arrival.reason.value_or(Reason::stale), explain_stay(project_, place(), move, arrival, again));
  }

  const LocalRequest& request_;
  const Project& project_;
  git::Repository& repository_;
  const Environment& environment_;
  git::LocalRefs refs_;
  git::Worktrees worktrees_;
  git::Rescuer rescuer_ = git::Rescuer(repository_);
};

}  // namespace

RunReport delete_branch(const LocalRequest& request, const std::string& branch, const Environment& environment) {
  const auto started = std::chrono::system_clock::now();  // one run in all repositories, for sync-undo
  std::set<std::filesystem::path> done;                   // two projects may share a repository
  return run_here(request, environment, "only git projects have branches", NotCloned::fails,
                  [&](const Project& project, git::Repository& repository, ProjectOutcome& outcome) {
                    if (!done.insert(repository.git_folder()).second) return;
                    outcome.branches = {Deleting(request, project, repository, environment).run(branch, started)};
                    outcome.status = status_of(outcome);
                  });
}

}  // namespace syncmanager::sync
