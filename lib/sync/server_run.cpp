#include "sync/server_run.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>

#include "base/escape.hpp"
#include "base/threads.hpp"
#include "git/advertise.hpp"
#include "git/repository.hpp"
#include "sync/folder_run.hpp"
#include "sync/git_sync.hpp"
#include "sync/project_lock.hpp"

namespace syncmanager::sync {

namespace {

// How many projects make a further connection worth its login.
constexpr std::size_t projects_for_a_lane = 2;

// Locks and answers of one batch are held at a time: bounded memory and descriptors, however many projects there are.
constexpr std::size_t batch_size = 256;

// How many refs of one batch are read while the server reads its own; those of the rest are read afterwards.
constexpr std::size_t most_refs_ahead = 50'000;

std::string server_path(const Project& project, const Environment& environment) {
  // On this computer the path is ours to expand; elsewhere it is the server's.
  return project.url.scheme == Scheme::local ? expand_home(project.url.path, environment) : project.url.path;
}

/// Takes them out of `slots`.
std::vector<Slot> take_folders(std::vector<Slot>& slots) {
  std::vector<Slot> folders;
  std::ranges::copy_if(slots, std::back_inserter(folders), is_folder);
  std::erase_if(slots, is_folder);
  return folders;
}

}  // namespace

ServerRun::ServerRun(const Job& job, ServerGroup group, Approach approach)
    : job_(job),
      slots_(std::move(group)),
      url_(slots_.front().project->url),
      server_(std::move(approach.server)),
      first_(job, *server_, outage_, std::move(approach.first)),
      has_shell_(!is_web(url_)) {
  folders_ = take_folders(slots_);
}

void ServerRun::run() noexcept {
  const auto run_folders = [this] { FolderRun(job_, folders_, *server_, slots_.empty()).run(); };
  std::vector<std::jthread> threads;
  const bool beside = !folders_.empty() && !slots_.empty() && start(threads, run_folders);
  if (!slots_.empty()) run_git();
  if (!folders_.empty() && !beside) run_folders();
}

void ServerRun::run_git() {
  if (url_.scheme == Scheme::http) {
    job_.progress.note(url_.server() + ": everybody on the way can read and change what http carries; use https");
  }
  for (const Slot& slot : slots_) job_.progress.queued(slot.project->name);
  Turns held_by_others;
  std::size_t bytes = 0;
  Turns batch;
  const auto flush = [&] {
    run_batch(std::exchange(batch, {}));
    bytes = 0;
  };
  for (const Slot& slot : slots_) {
    Turn turn;
    turn.slot = slot;
    turn.path = server_path(*slot.project, job_.environment);
    // Nothing is waited for while other locks are held, so that two runs can't wait for each other.
    attempt(job_, turn, [&] { lock(turn, std::chrono::milliseconds(0)); });
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
    attempt(job_, turn, [&] {
      // At least a moment: a lock of this very run is waited for until it is free.
      lock(turn, std::max(job_.request.lock_timeout, std::chrono::milliseconds(1)));
    });
    if (turn.done) continue;
    batch.push_back(std::move(turn));
    flush();
  }
}

/// Without a wait, a lock that another run holds is only not had; after one it is an error.
void ServerRun::lock(Turn& turn, std::chrono::milliseconds wait) {
  const Project& project = *turn.slot.project;
  turn.repository = git::Repository::open(project.path);
  const std::filesystem::path folder = turn.repository ? turn.repository->git_folder() : project.path / ".git";
  turn.lock = lock_project(job_.environment, folder, wait, job_.request.interrupt);
  if (!turn.lock && wait > std::chrono::milliseconds(0)) throw locked_by_another(job_.environment, folder);
}

void ServerRun::run_batch(Turns turns) {
  if (turns.empty()) return;
  const auto fail_all = [&](const Error& error) {
    for (Turn& turn : turns) attempt(job_, turn, [&] { throw error; });
  };
  try {
    list(turns);
  } catch (const Error& error) {
    return fail_all(error);
  } catch (const std::exception& error) {
    return fail_all(Error(ErrorKind::failed, error.what()));
  }
  spread(turns, job_.request.jobs, [](Lane& lane, const Next& next) {
    while (Turn* turn = next()) lane.sync(*turn);
  });
  further_.clear();  // some have waited for the others: a router may have forgotten them, and none would say so
}

/// A project that is alone and only pushed needs no listing before: the push begins with one. Which repositories are
/// not there, and may have to be made, that one does not tell; but here the two have met before.
bool ServerRun::push_asks(Turns& turns) const {
  if (job_.request.operation != Operation::push || turns.size() != 1 || is_web(url_)) return false;
  Turn& turn = turns.front();
  attempt(job_, turn, [&] { look_ahead(turn); });
  return turn.done || (turn.here && !turn.here->base.tips.empty());
}

void ServerRun::list(Turns& turns) {
  if (push_asks(turns)) return;
  if (has_shell_) first_.try_hard([&] { has_shell_ = list_in_one(turns); });
  if (!has_shell_) list_each(turns);
}

/// Whether the server has a shell. Each repository that is at rest is finished while the server still lists the next.
bool ServerRun::list_in_one(Turns& turns) {
  std::vector<Turn*> asked;
  std::vector<std::string> paths;
  for (Turn& turn : turns) {
    if (turn.done || turn.listing) continue;
    asked.push_back(&turn);
    paths.push_back(turn.path);
  }
  const auto meanwhile = [&] {
    std::size_t refs = 0;
    for (Turn* turn : asked) {
      if (refs < most_refs_ahead) attempt(job_, *turn, [&] { refs += look_ahead(*turn); });
    }
  };
  const auto at_rest = [&](std::size_t place, const git::Listing& listing) {
    Turn& turn = *asked[place];
    attempt(job_, turn, [&] { turn.done = is_at_rest(turn, listing); });
    // Where something is to be pushed, the push itself asks git.
    return turn.done || job_.request.operation == Operation::push;
  };
  const auto done = [&](std::size_t place, git::Listing&& listing) {
    attempt(job_, *asked[place], [&] { take_listing(*asked[place], std::move(listing)); });
  };
  const auto listed = git::list(first_.connection(), paths, at_rest, done, meanwhile);
  if (listed == git::ListResult::complete) return true;
  job_.progress.note(url_.server() + ": no shell there; asking for each repository");
  return false;
}

void ServerRun::list_each(Turns& turns) {
  if (is_web(url_)) {
    return spread(turns, job_.request.jobs, [this](Lane& lane, const Next& next) {
      while (Turn* turn = next()) {
        attempt(job_, *turn, [&] { lane.try_hard([&] { take_listing(*turn, lane.list(*turn)); }); });
      }
    });
  }
  // Many small questions: what they cost is the way there. Who wants one job at a time gets one connection, too.
  const std::size_t most = job_.request.jobs > 1 ? most_lanes() : 1;
  spread(turns, most, [this](Lane& lane, const Next& next) { list_by_advertisements(lane, next); });
}

/// Asks for each of the repositories alone, several at a time.
void ServerRun::list_by_advertisements(Lane& lane, const Next& next) {
  std::deque<Turn*> unanswered;
  const auto ask = [&] {
    std::size_t started = 0;  // of those that have no answer: on a new connection they are asked for again
    const auto next_path = [&]() -> std::optional<std::string> {
      if (started == unanswered.size()) {
        Turn* turn = next();
        if (turn == nullptr) return std::nullopt;
        unanswered.push_back(turn);
      }
      return unanswered[started++]->path;
    };
    ssh::Connection& connection = lane.connection();
    git::advertise_all(connection, next_path, connection.at_once(further_.size() + 1), [&](git::Listing&& listing) {
      Turn& turn = *unanswered.front();
      unanswered.pop_front();
      --started;
      attempt(job_, turn, [&] {
        if (listing.state != git::Listing::State::found) throw Lane::not_listed(turn, listing.problem);
        take_listing(turn, std::move(listing));
      });
    });
  };
  while (Turn* turn = next()) {
    unanswered = {turn};
    try {
      lane.try_hard(ask);
    } catch (const Error& error) {
      for (Turn* left : unanswered) attempt(job_, *left, [&] { throw error; });
    }
  }
}

void ServerRun::take_listing(Turn& turn, git::Listing&& listing) {
  turn.done = is_at_rest(turn, listing);
  if (!turn.done) turn.listing = std::move(listing);
  turn.listed = std::chrono::steady_clock::now();
}

std::size_t ServerRun::most_lanes() const {
  return is_web(url_) ? job_.request.jobs : first_.worthwhile();
}

/// Does the work for the turns that are not done, on as many lanes as are worth their logins, at most so many: each
/// takes one after the other from `next`. A lane or a thread that can't be had leaves all to the others.
void ServerRun::spread(Turns& turns, std::size_t most, const std::function<void(Lane&, const Next&)>& work) {
  std::vector<Turn*> waiting;
  for (Turn& turn : turns) {
    if (!turn.done) waiting.push_back(&turn);
  }
  if (waiting.empty()) return;
  std::atomic<std::size_t> places = 0;
  const Next next = [&]() -> Turn* {
    const std::size_t place = places++;
    return place < waiting.size() ? waiting[place] : nullptr;
  };
  const auto work_on = [&](Lane& lane) {
    try {
      lane.connection();
    } catch (const Error& error) {
      return job_.progress.note(std::string("no further connection: ") + error.what());
    }
    work(lane, next);
  };
  const std::size_t wanted = (waiting.size() + projects_for_a_lane - 1) / projects_for_a_lane;
  const std::size_t lanes = std::min({wanted, most, most_lanes()});
  while (further_.size() + 1 < lanes) further_.emplace_back(job_, *server_, outage_);
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i + 1 < lanes; ++i) {
    if (!start(threads, [&, i] { work_on(further_[i]); })) break;
  }
  work(first_, next);
}

}  // namespace syncmanager::sync
