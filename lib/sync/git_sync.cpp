#include "sync/git_sync.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/escape.hpp"
#include "git/rescue.hpp"
#include "git/scratch.hpp"
#include "git/upstreams.hpp"
#include "sync/clone.hpp"
#include "sync/journal.hpp"
#include "sync/pull.hpp"
#include "sync/push.hpp"
#include "sync/recovery.hpp"
#include "sync/server_repository.hpp"
#include "sync/state_files.hpp"
#include "sync/tracking.hpp"

namespace syncmanager::sync {

namespace {

/// Nothing to push from.
Error no_local_repository(const Project& project) {
  const std::string init = "git init " + shell_quote(project.path.string());
  if (std::filesystem::exists(project.path)) {
    return {ErrorKind::failed, project.path.string() + " is no git repository", "make it one first: " + init};
  }
  const bool pulled = project.direction != Direction::push;
  return {ErrorKind::failed, "there is no folder " + project.path.string(),
          (pulled ? "run sync-pull to clone it, or begin a new one: " : "begin one: ") + init};
}

/// The branch that HEAD names here, for a repository that is made on the server.
std::string head_of(const git::Repository& repository) {
  const auto head = git::find<git_reference>("read HEAD", git_reference_lookup, repository.get(), "HEAD");
  const char* target = head ? git_reference_symbolic_target(head.get()) : nullptr;
  const std::string_view heads = git::heads_prefix;
  if (target == nullptr || !std::string_view(target).starts_with(heads)) return {};
  return std::string(std::string_view(target).substr(heads.size()));
}

void steps(Workspace& work) {
  const Operation operation = work.job.request.operation;
  if (has_step(work.project, operation, Verb::pull)) pull(work);
  if (has_step(work.project, operation, Verb::push)) push(work);
}

void finish(Workspace&& work, ProjectOutcome& outcome) {
  outcome.branches = std::move(work.branches).take();
  outcome.tags = std::move(work.tags).take();
  outcome.server_words = std::move(work.server_words);
  assign_server_words(outcome);
  outcome.status = status_of(outcome);
}

/// Gives new branches their upstreams, and writes down what both sides have by now. A branch of which it is news that
/// both have it gets an upstream as well: the run that made it may have been killed before. Where that fails it stays
/// news, and the next run tries again.
void write_down(Workspace& work) {
  git::BaseRecord next = next_base(work.view, work.project);
  const std::vector<std::string> made = std::exchange(work.new_branches, {});
  std::set<std::string> following(made.begin(), made.end());
  std::vector<std::string> news;
  for (const auto& [branch, tip] : next.tips) {
    if (!work.view.base.tips.contains(branch)) news.push_back(branch);
  }
  following.insert(news.begin(), news.end());
  std::exception_ptr trouble;
  try {
    git::set_upstreams(work.repository, work.project.remote, following);
  } catch (const Error&) {
    trouble = std::current_exception();
    for (const std::string& branch : news) next.tips.erase(branch);
  }
  if (next.tips != work.view.base.tips) {
    git::write_base_record(work.repository.git_folder(), work.project.remote, next, Flush::no);
    work.view.base = std::move(next);
  }
  if (trouble) std::rethrow_exception(trouble);
}

/// The steps; what was stale is looked at once more, from both sides anew, and with what the first look has come to:
/// what somebody else has undone since must not be done again.
void try_steps(Workspace& work) {
  ensure_remote(work);
  steps(work);
  if (!work.branches.has_stale() && !work.tags.has_stale()) return;
  work.branches.forget_stale();
  work.tags.forget_stale();
  write_down(work);
  look_here(work);
  work.view.server = work.remote.list();
  steps(work);
}

/// The steps, and the base record after them. What moved is reported and remembered, whatever stopped the rest; and
/// reported where it can't be remembered.
void sync_repository(Workspace&& work, ProjectOutcome& outcome) {
  std::exception_ptr trouble;
  const auto attempt = [&](const auto& step) {
    try {
      step();
    } catch (const Error&) {
      if (!trouble) trouble = std::current_exception();
    }
  };
  attempt([&] { try_steps(work); });
  attempt([&] { write_down(work); });
  attempt([&] {
    if (work.journal == nullptr) return;
    if (!work.lock->abandoned()) work.journal->end();
    work.rescuer.drop_needless();
    git::expire_rescued(work.repository, work.job.started);
  });
  finish(std::move(work), outcome);
  if (trouble) std::rethrow_exception(trouble);
}

Workspace workspace(const Job& job, const Project& project, git::Remote& remote, git::Repository& repository,
                    const git::Repository& here, Journal* journal, FileLock* lock, View view,
                    const ProjectOutcome& outcome) {
  return {.job = job,
          .project = project,
          .repository = repository,
          .here = here,
          .remote = remote,
          .journal = journal,
          .view = std::move(view),
          .branches = BranchReport(outcome.branches),
          .tags = BranchReport(outcome.tags),
          .server_words = outcome.server_words,
          .new_branches = {},
          .lock = lock,
          .clone = nullptr};
}

/// The steps without their effects: what they fetch in order to decide goes to a repository that is thrown away.
void preview(const Job& job, const Project& project, git::Remote& remote, const git::Repository& repository, View view,
             ProjectOutcome& outcome) {
  git::Scratch scratch(repository, view.local, job.environment.state_folder() / "scratch");
  Workspace work =
      workspace(job, project, remote, scratch.repository(), repository, nullptr, nullptr, std::move(view), outcome);
  steps(work);
  finish(std::move(work), outcome);
}

/// What a clone would bring, without making one.
void preview_clone(const Project& project, const git::Listing& listing, ProjectOutcome& outcome) {
  require_room_for_clone(project.path);
  const auto created = [](const auto& ref) {
    BranchOutcome branch;
    branch.name = ref.first;
    branch.action = Done::create;
    branch.after = ref.second;
    return branch;
  };
  for (const auto& ref : listing.branches) {
    if (project.branches.selects(ref.first)) outcome.branches.push_back(created(ref));
  }
  if (project.tags) std::ranges::transform(listing.tags, std::back_inserter(outcome.tags), created);
}

/// The branch that a new clone checks out: the server's own choice, else the first that there is.
std::string head_for_clone(const Project& project, const git::Listing& listing) {
  const auto selected = [&](const std::string& name) {
    return listing.branches.contains(name) && project.branches.selects(name);
  };
  for (const std::string& name : {listing.head, std::string("main"), std::string("master")}) {
    if (selected(name)) return name;
  }
  const auto first = std::ranges::find_if(listing.branches, [&](const auto& ref) { return selected(ref.first); });
  return first != listing.branches.end() ? first->first : listing.head;
}

/// When the history of a clone is proven to be complete. Meanwhile is quicker. But where it has holes, only as long as
/// no ref stands on them can what lacks be fetched once more.
enum class Proof { meanwhile, first };

/// False where the history has holes: then nothing has been made.
bool try_clone(const Job& job, const Project& project, git::Remote& remote, const git::Listing& listing, Proof proof,
               ProjectOutcome& outcome) {
  const std::string head = head_for_clone(project, listing);
  NewClone made(job.environment, project, head);
  View view = view_of(project, made.repository(), listing);
  Workspace work =
      workspace(job, project, remote, made.repository(), made.repository(), nullptr, nullptr, std::move(view), outcome);
  if (proof == Proof::meanwhile) work.clone = &made;
  ProjectOutcome cloned = outcome;  // what is thrown away again is not reported as made
  sync_repository(std::move(work), cloned);
  if (!made.is_whole()) return false;
  for (const BranchOutcome& branch : cloned.branches) {
    // A tree that is half filled must not take the project's place: the next run would find its own files in the way.
    if (branch.name == head && branch.result == Result::failed) throw Error(ErrorKind::failed, branch.message);
  }
  made.commit();
  outcome = std::move(cloned);
  return true;
}

/// The beginning of a pull: no branch, no tag, no base record and no setting changes.
void fetch_only(Workspace&& work, ProjectOutcome& outcome) {
  fetch_missing(work, Verb::pull);
  track(work);
  track_head(work);
  work.rescuer.drop_needless();
  finish(std::move(work), outcome);
}

/// Tags have no tracking refs: what they need would be fetched again and again.
Project without_tags(Project project) {
  project.tags = false;
  return project;
}

void clone(const Job& job, const Project& project, git::Remote& remote, git::Listing listing, ProjectOutcome& outcome) {
  if (!has_step(project, job.request.operation, Verb::pull)) throw no_local_repository(project);
  listing = settled(job, project, remote, std::move(listing), {}, outcome);
  if (job.request.dry_run) return preview_clone(project, listing, outcome);
  if (try_clone(job, project, remote, listing, Proof::meanwhile, outcome)) return;
  try_clone(job, project, remote, listing, Proof::first, outcome);
}

}  // namespace

std::optional<View> glance(const Project& project, const git::Repository& repository) {
  if (!repository.own_setting("remote." + project.remote + ".url")) return std::nullopt;
  return View{
      .local = repository.refs(project.remote), .worktrees = {}, .server = {}, .base = base_of(project, repository)};
}

bool git_at_rest(const Project& project, const View& view, ProjectOutcome& outcome) {
  if (view.server.state != git::Listing::State::found || !at_rest(view, project)) return false;
  for (const std::string& name : branch_names(view, project)) {
    outcome.branches.push_back(unchanged(name, view.server.branches.at(name)));
  }
  for (const std::string& name : tag_names(view, project)) {
    outcome.tags.push_back(unchanged(name, view.server.tags.at(name)));
  }
  return true;
}

void sync_git(const Job& job, const Project& project, git::Remote& remote, git::Listing listing, FileLock& lock,
              ProjectOutcome& outcome) {
  auto repository = git::Repository::open(project.path);
  const bool fetching = job.request.operation == Operation::fetch;
  if (!repository && fetching) return;  // there is nothing that could be compared
  if (!repository) return clone(job, project, remote, std::move(listing), outcome);
  listing = settled(job, project, remote, std::move(listing), head_of(*repository), outcome);
  if (!job.request.dry_run) note(outcome, recover(job.environment, *repository, lock, job.request.lock_timeout));
  View view = view_of(project, *repository, std::move(listing));
  if (job.request.dry_run) return preview(job, project, remote, *repository, std::move(view), outcome);
  if (fetching) {
    const Project branches = without_tags(project);
    return fetch_only(
        workspace(job, branches, remote, *repository, *repository, nullptr, nullptr, std::move(view), outcome),
        outcome);
  }
  Journal journal(journal_path(job.environment, repository->git_folder()),
                  new_run(std::string(to_string(job.request.operation)), project.remote, job.started));
  Workspace work = workspace(job, project, remote, *repository, *repository, &journal, &lock, std::move(view), outcome);
  sync_repository(std::move(work), outcome);
}

}  // namespace syncmanager::sync
