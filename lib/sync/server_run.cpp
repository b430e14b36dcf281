#include "sync/server_run.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/escape.hpp"
#include "git/channel_remote.hpp"
#include "git/command_remote.hpp"
#include "git/repository.hpp"
#include "git/transfer.hpp"
#include "sync/git_sync.hpp"
#include "sync/repository_lock.hpp"

namespace syncmanager::sync {

namespace {

using Clock = std::chrono::steady_clock;

// Locks and answers of one batch are held at a time: bounded memory and descriptors, however many projects there are.
constexpr std::size_t batch_size = 256;

// A project whose turn comes later than this after the listing is asked for once more: others go on working meanwhile.
constexpr std::chrono::seconds fresh(2);

std::string server_path(const Project& project, const Environment& environment) {
  // On this computer the path is ours to expand; elsewhere it is the server's.
  return project.url.scheme == Scheme::local ? expand_home(project.url.path, environment) : project.url.path;
}

/// The folder whose lock stands for the project, also where nothing is cloned yet.
std::filesystem::path lock_folder(const Project& project) {
  const auto repository = git::Repository::open(project.path);
  return repository ? repository->git_folder() : project.path / ".git";
}

ssh::ConnectOptions connect_options(const Job& job, const Project& project) {
  ssh::ConnectOptions options;
  options.ssh_config = project.ssh_config;
  options.ssh_command = job.environment.git_ssh_command;
  options.timeout = job.request.timeout;
  options.interactive = job.request.interactive;
  options.note = [&progress = job.progress](const std::string& line) { progress.note(line); };
  return options;
}

}  // namespace

/// One project's way through the run.
struct ServerRun::Turn {
  Slot slot;
  std::string path;  ///< the repository on the server
  std::optional<FileLock> lock;
  std::optional<git::Listing> listing;
  Clock::time_point listed;
  bool done = false;
  Clock::duration busy{};
};

ServerRun::ServerRun(const Job& job, std::vector<Slot> slots)
    : job_(job),
      slots_(std::move(slots)),
      server_(slots_.front().project->url, job.environment, connect_options(job, *slots_.front().project)) {}

/// Runs one step of a project; what it throws ends the project and nothing else.
template <class Function>
void ServerRun::attempt(Turn& turn, Function function) noexcept {
  const auto begin = Clock::now();
  const auto fail_with = [&](const Error& error) {
    fail(*turn.slot.outcome, error);
    turn.done = true;
    if (error.kind() == ErrorKind::offline) lose_connection(error);
  };
  try {
    function();
  } catch (const Error& error) {
    fail_with(error);
  } catch (const std::exception& error) {
    fail_with(Error(ErrorKind::failed, error.what()));
  }
  turn.busy += Clock::now() - begin;
  turn.slot.outcome->seconds = turn.busy;
  if (!turn.done) return;
  turn.lock.reset();
  job_.progress.finished(*turn.slot.outcome);
}

void ServerRun::run() noexcept {
  Turns held_by_others;
  std::size_t bytes = 0;
  Turns batch;
  const auto flush = [&] {
    run_batch(std::exchange(batch, {}));
    bytes = 0;
  };
  for (const Slot& slot : slots_) {
    Turn turn{
        .slot = slot, .path = server_path(*slot.project, job_.environment), .lock = {}, .listing = {}, .listed = {}};
    // Nothing is waited for while other locks are held, so that two runs can't wait for each other.
    attempt(turn, [&] { lock(turn, std::chrono::milliseconds(0)); });
    if (turn.done) continue;
    if (!turn.lock) {
      held_by_others.push_back(std::move(turn));
      continue;
    }
    const std::size_t size = shell_quote(turn.path).size() + 1;
    if (batch.size() == batch_size || bytes + size > git::listing_bytes) flush();
    bytes += size;
    batch.push_back(std::move(turn));
  }
  flush();
  for (Turn& turn : held_by_others) {
    attempt(turn, [&] {
      // At least a moment: a lock of this very run is waited for until it is free.
      if (lock(turn, std::max(job_.request.lock_timeout, std::chrono::milliseconds(1)))) return;
      throw locked_by_another(job_.environment, lock_folder(*turn.slot.project));
    });
    if (turn.done) continue;
    batch.push_back(std::move(turn));
    flush();
  }
}

bool ServerRun::lock(Turn& turn, std::chrono::milliseconds wait) {
  turn.lock = lock_repository(job_.environment, lock_folder(*turn.slot.project), wait);
  return turn.lock.has_value();
}

void ServerRun::run_batch(Turns turns) {
  if (turns.empty()) return;
  try {
    list(turns);
  } catch (const Error& error) {
    return fail_all(turns, error);
  } catch (const std::exception& error) {
    return fail_all(turns, Error(ErrorKind::failed, error.what()));
  }
  for (Turn& turn : turns) {
    if (!turn.done) sync(turn);
  }
}

void ServerRun::fail_all(Turns& turns, const Error& error) noexcept {
  for (Turn& turn : turns) {
    if (!turn.done) attempt(turn, [&] { throw error; });
  }
}

ssh::Connection& ServerRun::connection() {
  if (unreachable_) throw Error(*unreachable_);
  if (!connection_) {
    try {
      connection_ = server_.connect();
    } catch (const Error& error) {
      unreachable_ = error;
      throw;
    }
  }
  return *connection_;
}

void ServerRun::list(Turns& turns) {
  if (has_shell_) list_in_one(turns);
  if (has_shell_) return;
  for (Turn& turn : turns) {
    attempt(turn, [&] { turn.listing = advertised(turn); });
    turn.listed = Clock::now();
  }
}

/// What broke the connection for one project must not break it for the next; but who was lost twice is not asked again.
void ServerRun::lose_connection(const Error& error) {
  connection_.reset();
  if (++losses_ == 2) unreachable_ = error;
}

git::Listing ServerRun::advertised(const Turn& turn) {
  try {
    return git::advertised(connection(), turn.path);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed || !turn.slot.project->create) throw;
    throw Error(error.kind(), error.what(),
                "create = yes needs a shell on the server: make the repository there first");
  }
}

/// Each repository that is at rest is finished while the server still lists the next ones.
void ServerRun::list_in_one(Turns& turns) {
  std::vector<std::string> paths;
  for (const Turn& turn : turns) paths.push_back(turn.path);
  const auto listed = git::list(connection(), paths, [&](std::size_t place, git::Listing&& listing) {
    Turn& turn = turns[place];
    attempt(turn, [&] {
      turn.done = git_at_rest(*turn.slot.project, listing, *turn.slot.outcome);
      if (!turn.done) turn.listing = std::move(listing);
      turn.listed = Clock::now();
    });
  });
  if (listed == git::ListResult::complete) return;
  job_.progress.note(slots_.front().project->url.server() + ": no shell there; asking for each repository");
  has_shell_ = false;
}

std::unique_ptr<git::Remote> ServerRun::by_git(const Turn& turn) const {
  const Url& url = turn.slot.project->url;
  const bool local = url.scheme == Scheme::local;
  return std::make_unique<git::CommandRemote>(
      git::GitWay{.environment = &job_.environment,
                  .url = local ? turn.path : url.text,
                  .ssh_command = local ? "" : server_.ssh_for_git(),
                  .interactive = job_.request.interactive,
                  .silence = job_.request.timeout,
                  .interrupt = nullptr});
}

void ServerRun::sync(Turn& turn) {
  const Project& project = *turn.slot.project;
  job_.progress.started(project.name);
  attempt(turn, [&] {
    git::ChannelRemote remote(connection(), turn.path, by_git(turn));
    const bool old = Clock::now() - turn.listed > fresh;
    if (old && turn.listing->state == git::Listing::State::found) turn.listing = advertised(turn);
    sync_git(job_, project, remote, std::move(*turn.listing), *turn.slot.outcome);
    turn.done = true;
  });
}

}  // namespace syncmanager::sync
