#include "sync/folder_run.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/threads.hpp"
#include "folder/guard.hpp"
#include "folder/repositories.hpp"
#include "folder/unison_profile.hpp"
#include "folder/unison_version.hpp"
#include "sync/explain_folder.hpp"
#include "sync/folder_memory.hpp"
#include "sync/folder_record.hpp"
#include "sync/folder_roots.hpp"
#include "sync/folder_work.hpp"
#include "sync/project_lock.hpp"
#include "sync/unison_place.hpp"

namespace syncmanager::sync {

namespace {

// The paths of one batch go to the server as arguments of one command.
constexpr std::size_t most_at_once = 64;

constexpr std::string_view rsync_question = "rsync --version";

/// Looks for repositories beside the copying, so that it costs no time.
std::future<std::vector<std::string>> search(const Project& project, const Interrupt* interrupt) {
  const auto look = [path = project.path, interrupt] { return folder::repositories_in(path, interrupt); };
  try {
    return std::async(std::launch::async, look);
  } catch (const std::system_error&) {
    return std::async(std::launch::deferred, look);  // no thread is to be had
  }
}

bool takes_git_along(const Project& project) {
  const auto names_git = [](std::string_view pattern) { return pattern == "!.git" || pattern == "!Name .git"; };
  return std::ranges::any_of(project.exclude, names_git) || std::ranges::any_of(project.ignore, names_git);
}

/// What was said before the line broke will be said again; what was copied by then is not, but in a dry run.
void say_again(const Job& job, ProjectOutcome& outcome) {
  outcome.status = Status::ok;
  outcome.message.clear();
  outcome.hint.clear();
  outcome.files.conflicts.clear();
  outcome.files.troubles.clear();
  if (job.request.dry_run) outcome.files = {};
}

/// False where a guard kept it from anything.
bool run_program(FolderWork& work) {
  const bool searched = takes_git_along(work.project) || work.repositories.valid();
  if (!searched) work.repositories = search(work.project, work.job.request.interrupt);
  return work.project.client == Client::rsync ? sync_by_rsync(work) : sync_by_unison(work);
}

void tell_what_would_be_made(const FolderWork& work) {
  if (work.plan.make_local) note(work.outcome, "would make " + work.project.path.string() + " and fill it");
  if (work.plan.make_server) note(work.outcome, "would make " + work.there.path + " on the server and fill it");
}

}  // namespace

FolderRun::FolderRun(const Job& job, std::vector<Slot> slots, ssh::Server& server, bool alone)
    : job_(job), slots_(std::move(slots)), server_(server), alone_(alone), first_(job, server, outage_) {}

void FolderRun::run() noexcept {
  for (const Slot& slot : slots_) job_.progress.queued(slot.project->name);
  std::vector<FolderTurn> batch;
  std::vector<FolderTurn> held_by_others;
  for (const Slot& slot : slots_) {
    FolderTurn turn;
    turn.slot = slot;
    // Nothing is waited for while other locks are held, so that two runs can't wait for each other.
    attempt(job_, turn, [&] { begin(turn, std::chrono::milliseconds(0)); });
    if (turn.lock) attempt(job_, turn, [&] { turn.done = go_straight(turn); });
    if (turn.lock && !turn.done) attempt(job_, turn, [&] { think_of_question(turn); });
    if (turn.done) continue;
    (turn.lock ? batch : held_by_others).push_back(std::move(turn));
    if (batch.size() == most_at_once) run_batch(std::exchange(batch, {}));
  }
  run_batch(std::exchange(batch, {}));
  for (FolderTurn& turn : held_by_others) {
    attempt(job_, turn, [&] {
      begin(turn, std::max(job_.request.lock_timeout, std::chrono::milliseconds(1)));
      think_of_question(turn);
    });
    if (turn.done) continue;
    batch.push_back(std::move(turn));
    run_batch(std::exchange(batch, {}));
  }
}

/// Locks it. Without a wait, a lock that another run holds is only not had; after one it is an error.
void FolderRun::begin(FolderTurn& turn, std::chrono::milliseconds wait) {
  const Project& project = *turn.slot.project;
  turn.lock = lock_project(job_.environment, project.path, wait, job_.request.interrupt);
  if (!turn.lock && wait > std::chrono::milliseconds(0)) throw locked_by_another(job_.environment, project.path);
  if (!turn.lock) return;
  check_path(project);
  if (project.client == Client::rsync) {
    turn.path = project.url.path;
    return;
  }
  turn.path = unison_folder(project);
  turn.unison.profile = unison_profile(project, job_.environment);
  turn.unison.program = folder::server_program(turn.unison.profile, [this] {
    const auto version = folder::parse_unison_version(unison_version());
    return version ? version->text : std::string();
  });
}

/// To be put to the server, and to the program here.
void FolderRun::think_of_question(FolderTurn& turn) {
  if (turn.slot.project->client == Client::rsync) {
    turn.question = rsync_question;
  } else {
    turn.unison.version_here = unison_version();
    turn.question = turn.unison.program + " -version";
  }
}

const std::string& FolderRun::unison_version() {
  if (unison_version_.empty()) unison_version_ = folder::unison_version(job_.environment, job_.request.interrupt);
  return unison_version_;
}

void FolderRun::run_batch(std::vector<FolderTurn> turns) {
  if (turns.empty()) return;
  const auto fail_all = [&](const Error& error) {
    for (FolderTurn& turn : turns) attempt(job_, turn, [&] { throw error; });
  };
  try {
    look(turns);
  } catch (const Error& error) {
    return fail_all(error);
  } catch (const std::exception& error) {
    return fail_all(Error(ErrorKind::failed, error.what()));
  }
  std::atomic<std::size_t> places = 0;
  const auto work = [&] {
    for (std::size_t i = places++; i < turns.size(); i = places++) {
      job_.progress.started(turns[i].slot.project->name);
      attempt(job_, turns[i], [&] { sync(turns[i]); });
    }
  };
  std::vector<std::jthread> threads;
  const std::size_t wanted = std::min<std::size_t>(std::max(job_.request.jobs, 1U), turns.size());
  while (threads.size() + 1 < wanted && start(threads, work)) continue;
  work();
}

/// Asks for all of them in one round trip.
void FolderRun::look(std::vector<FolderTurn>& turns) {
  folder::Question question;
  for (const FolderTurn& turn : turns) {
    question.paths.push_back(turn.path);
    if (std::ranges::find(question.programs, turn.question) == question.programs.end())
      question.programs.push_back(turn.question);
  }
  folder::Answer answer;
  first_.try_hard([&] { answer = folder::probe(first_.connection(), question); });
  for (std::size_t i = 0; i < turns.size(); ++i) {
    turns[i].there = std::move(answer.roots[i]);
    const auto place = std::ranges::find(question.programs, turns[i].question) - question.programs.begin();
    turns[i].answer = answer.programs[static_cast<std::size_t>(place)];
  }
}

void FolderRun::sync(FolderTurn& turn) {
  if (turn.slot.project->client == Client::rsync && turn.answer.empty()) {
    throw Error(ErrorKind::failed, "there is no rsync on the server", "install it there");
  }
  turn.unison.version_there = turn.answer;
  copy(turn);
  turn.done = true;
}

Time FolderRun::new_time() {
  const Time now = std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now());
  Time last = last_time_;
  Time next = now;
  do {
    next = std::max(now, last + Time::duration(1));
  } while (!last_time_.compare_exchange_weak(last, next));
  return next;
}

FolderWork FolderRun::work_on(FolderTurn& turn, Lane& lane) {
  const Project& project = *turn.slot.project;
  return {
      .job = job_,
      .project = project,
      .policy = folder_policy(project, job_.request),
      .plan = {},
      .here = folder::look_at_root(project.path),
      .there = turn.there,
      .setup = {.environment = &job_.environment,
                .ssh_command = {},
                .server = project.url.host,
                .login_hint = {},
                .interactive = job_.request.interactive,
                .interrupt = job_.request.interrupt,
                .held = turn.lock->descriptor(),
                .on_transfer = [&](const Transfer& transfer) { job_.progress.transferred(project.name, transfer); },
                .guarded = {}},
      .unison = turn.unison,
      .straight = false,
      .ran = false,
      .repositories = {},
      .prepare_there =
          [&](const folder::Preparation& wanted) { folder::prepare_root(lane.connection(), turn.there.path, wanted); },
      .new_time = [this] { return new_time(); },
      .lock = *turn.lock,
      .outcome = *turn.slot.outcome};
}

/// A single run of a program, over a connection of its own, where all is expected to be as it was: to ask before would
/// cost more than it does. Not where something is to be prepared, counted or decided.
bool FolderRun::may_go_straight(const Project& project, const std::optional<FolderRecord>& record) const {
  const FolderPolicy policy = folder_policy(project, job_.request);
  const bool once = project.client == Client::unison || policy.pull != policy.push;
  return project.url.scheme == Scheme::ssh && once && !policy.deletions && !policy.force &&
         looked_lately(record, started(job_));
}

/// Whether that has done it. Where the guard has stopped it, or anything else is not as expected, nothing has happened
/// that the long way would not do as well. Throws Error.
bool FolderRun::go_straight(FolderTurn& turn) {
  if (!alone_ || slots_.size() != 1) return false;
  const std::optional<FolderRecord> record = read_folder_record(job_.environment, *turn.slot.project);
  if (!may_go_straight(*turn.slot.project, record)) return false;
  turn.there.root = Root::filled;
  turn.there.path = folder::from_home(turn.path);
  turn.there.has_temporary = true;
  Lane lane(job_, server_, outage_);
  FolderWork work = work_on(turn, lane);
  work.plan = decide({work.here.root, work.there.root, true}, work.policy);
  if (work.plan != FolderPlan()) return false;
  work.straight = true;
  work.setup.guarded = job_.request.timeout;
  job_.progress.started(work.project.name);
  const Deadline worth_another_try = Deadline::after(job_.request.timeout / 2);
  try {
    work.setup.ssh_command = server_.ssh_for_lone_program();
    if (!run_program(work)) return false;
  } catch (const Error& error) {
    const ErrorKind kind = error.kind();
    const bool network = kind == ErrorKind::offline || kind == ErrorKind::timeout;
    const bool final =
        network ? worth_another_try.expired() : work.ran || kind == ErrorKind::interrupted || kind == ErrorKind::auth;
    if (final) throw;
    return false;
  }
  finish(work, record, false);
  return true;
}

void FolderRun::copy(FolderTurn& turn) {
  const Project& project = *turn.slot.project;
  check_apart(project, turn.there.path);
  const std::optional<FolderRecord> record = read_folder_record(job_.environment, project);
  Lane lane(job_, server_, outage_);
  FolderWork work = work_on(turn, lane);
  work.plan = decide({work.here.root, work.there.root, was_synced(record)}, work.policy);
  if (work.plan.stop) return tell(work.outcome, explain(*work.plan.stop, project, work.there.path, was_synced(record)));
  if (job_.request.dry_run && (work.plan.make_local || work.plan.make_server)) return tell_what_would_be_made(work);
  copy_over(lane, work);
  finish(work, record, true);
}

/// Takes down what is to be remembered, and tells what is to be told. `looked`: at all that there is over there.
void FolderRun::finish(FolderWork& work, const std::optional<FolderRecord>& record, bool looked) {
  tell(work.outcome, explain_files(work.project, work.outcome.files));
  std::vector<std::string> repositories;
  if (work.repositories.valid()) repositories = work.repositories.get();
  remember_folder(work, record, repositories, looked);
  work.lock.settle();
}

/// Again on a new connection where the line breaks: what has been copied by then is not copied again.
void FolderRun::copy_over(Lane& lane, FolderWork& work) {
  lane.try_hard([&] {
    say_again(job_, work.outcome);
    lane.connection();  // the programs go the same way, which only who has connected knows
    work.setup.ssh_command = server_.ssh_for_programs();
    run_program(work);
  });
}

}  // namespace syncmanager::sync
