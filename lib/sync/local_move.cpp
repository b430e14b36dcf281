#include "sync/local_move.hpp"

#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/text.hpp"
#include "git/rescue.hpp"
#include "git/worktree.hpp"

namespace syncmanager::sync {

namespace {

/// A refusal where the ref did not move; nothing where it did.
std::optional<Reason> reason_of(git::Moved moved) {
  switch (moved) {
    case git::Moved::yes: return std::nullopt;
    case git::Moved::stale: return Reason::stale;
    case git::Moved::name_clash: return Reason::name_clash;
    case git::Moved::bad_name: return Reason::bad_name;
  }
  return std::nullopt;
}

bool loses_commits(Done action) {
  return action == Done::remove || action == Done::replace || action == Done::rebase;
}

class Mover {
 public:
  Mover(Workspace& work, const LocalMove& move) : work_(work), move_(move) {}

  BranchOutcome run() {
    if (move_.to) require_commit(*move_.to);
    if (work_.job.request.dry_run) return arrived();  // the rest is judged by where it would be
    // The fetch may have taken long: what the worktrees hold by now is what counts.
    work_.view.worktrees = work_.repository.worktrees();
    if (work_.view.worktrees.busy.contains(move_.name)) return refused(Reason::busy);
    const auto worktree = work_.view.worktrees.checked_out.find(move_.name);
    const bool in_a_tree = worktree != work_.view.worktrees.checked_out.end();
    if (in_a_tree && !move_.to) return refused(Reason::checked_out);
    if (in_a_tree && is_away(worktree->second)) return away(worktree->second);
    if (loses_commits(move_.action)) rescue();
    return in_a_tree ? move_tree(worktree->second) : move_ref();
  }

 private:
  void require_commit(const Oid& to) const {
    if (!work_.repository.has(to)) {
      throw Error(ErrorKind::failed, "the server did not send its commit " + to.short_hex());
    }
    if (!work_.repository.is_commit(to)) throw Error(ErrorKind::failed, "the server's " + move_.name + " is no commit");
  }

  [[nodiscard]] BranchOutcome outcome() const {
    BranchOutcome outcome;
    outcome.name = move_.name;
    outcome.action = move_.action;
    outcome.side = Side::local;
    outcome.before = move_.facts.local;
    outcome.after = move_.to;
    return outcome;
  }

  [[nodiscard]] BranchOutcome refused(Reason reason) const { return refusal(work_, move_.name, reason, move_.facts); }

  static bool is_away(const std::filesystem::path& folder) {
    std::error_code unreachable;  // is away, too
    return !std::filesystem::exists(folder, unreachable);
  }

  [[nodiscard]] BranchOutcome away(const std::filesystem::path& folder) const {
    BranchOutcome left = outcome();
    refuse(left, Reason::checked_out,
           {"it is checked out in a worktree that is away: " + folder.string(),
            "bring the folder back, or run git worktree prune in the project"});
    return left;
  }

  void rescue() {
    git::rescue(work_.repository, work_.view.local.without(move_.name), move_.name, *move_.facts.local,
                std::chrono::system_clock::now());
  }

  BranchOutcome move_ref() {
    const std::string ref = git::heads_prefix + move_.name;
    const std::string log = "sync: " + std::string(to_string(move_.action));
    const git::Moved moved = move_.to ? work_.repository.move_ref(ref, move_.facts.local, *move_.to, log)
                                      : work_.repository.delete_ref(ref, *move_.facts.local);
    const auto reason = reason_of(moved);
    return reason ? refused(*reason) : arrived();
  }

  [[nodiscard]] git::TreeResult try_tree(const std::filesystem::path& folder) const {
    const Environment& environment = work_.job.environment;
    if (loses_commits(move_.action)) {
      return git::replace_tree(environment, folder, move_.name, *move_.facts.local, *move_.to);
    }
    return git::fast_forward_tree(environment, folder, move_.name, move_.facts.local, *move_.to);
  }

  BranchOutcome move_tree(const std::filesystem::path& folder) {
    git::TreeResult result = try_tree(folder);
    const bool stashing =
        result.moved == git::TreeMoved::dirty && work_.job.request.force && move_.action == Done::replace;
    if (stashing) {
      git::stash(work_.job.environment, folder, result.files, "sync: in the way of the server's " + move_.name);
      result = try_tree(folder);
    }
    BranchOutcome done = reported(std::move(result));
    if (stashing)
      done.message += (done.message.empty() ? "" : "; ") + std::string("local changes are stashed: git stash pop");
    return done;
  }

  BranchOutcome reported(git::TreeResult result) {
    switch (result.moved) {
      case git::TreeMoved::yes: return arrived();
      case git::TreeMoved::stale: return refused(Reason::stale);
      case git::TreeMoved::dirty: {
        BranchOutcome dirty = refused(Reason::dirty);
        dirty.files = std::move(result.files);
        return dirty;
      }
      case git::TreeMoved::failed: break;
    }
    BranchOutcome failed = outcome();
    failed.result = Result::failed;
    failed.message = "git could not move the working tree: " + std::string(trim(result.message));
    return failed;
  }

  BranchOutcome arrived() {
    if (move_.to) {
      work_.view.local.move_branch(move_.name, *move_.to);
    } else {
      work_.view.local.remove_branch(move_.name);
    }
    if (move_.action == Done::create && !work_.job.request.dry_run) work_.new_branches.push_back(move_.name);
    return outcome();
  }

  Workspace& work_;
  const LocalMove& move_;
};

}  // namespace

BranchOutcome apply(Workspace& work, const LocalMove& move) {
  return Mover(work, move).run();
}

}  // namespace syncmanager::sync
