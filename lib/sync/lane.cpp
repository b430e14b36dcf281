#include "sync/lane.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "git/channel_remote.hpp"
#include "git/command_remote.hpp"
#include "git/listing.hpp"
#include "sync/git_sync.hpp"
#include "sync/retries.hpp"

namespace syncmanager::sync {

namespace {

// A project whose turn comes later than this after the listing is asked for once more: others go on working meanwhile.
constexpr std::chrono::seconds fresh(2);

}  // namespace

ssh::Connection& Lane::connection() {
  if (!connection_) connection_ = ahead_.valid() ? ahead_.get() : server_.connect();
  return *connection_;
}

std::unique_ptr<git::Remote> Lane::by_git(const Turn& turn) const {
  const Project& project = *turn.slot.project;
  git::GitWay way;
  if (is_web(project.url)) {
    way = job_.web.way_to(project.url);
    if (git::Repository::open(project.path)) way.folder = project.path;
  } else {
    const bool local = project.url.scheme == Scheme::local;
    way.environment = &job_.environment;
    way.url = local ? turn.path : project.url.text;
    way.ssh_command = local ? "" : server_.ssh_for_programs();
    way.interactive = job_.request.interactive;
    way.silence = job_.request.timeout;
    way.interrupt = job_.request.interrupt;
  }
  return std::make_unique<git::CommandRemote>(std::move(way));
}

std::unique_ptr<git::Remote> Lane::remote(const Turn& turn) {
  by_web_ = is_web(turn.slot.project->url);
  if (by_web_) return by_git(turn);
  // First, because only what has connected knows the master that git shall use too.
  ssh::Connection& connected = connection();
  return std::make_unique<git::ChannelRemote>(connected, turn.path, job_.environment, job_.request.interrupt,
                                              by_git(turn));
}

git::Listing Lane::list(const Turn& turn) {
  try {
    return remote(turn)->list();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed || !turn.slot.project->create) throw;
    throw not_listed(turn, error.what());
  }
}

Error Lane::not_listed(const Turn& turn, const std::string& why) {
  const bool create = turn.slot.project->create;
  return {ErrorKind::failed, why,
          create ? "create = yes needs a shell on the server: make the repository there first" : ""};
}

/// As all projects of a run are asked for, where there is a shell.
git::Listing Lane::list_by_shell(const Turn& turn) {
  std::optional<git::Listing> told;
  const auto look_closer = [](std::size_t /*place*/, const git::Listing& /*glimpse*/) { return false; };
  git::list(connection(), {turn.path}, look_closer,
            [&](std::size_t /*place*/, git::Listing&& listing) { told = std::move(listing); });
  return told ? std::move(*told) : list(turn);
}

/// As the push itself is told. But a server may hide branches from those who push (receive.hideRefs), and they are not
/// gone; and it does not tell a repository that is not there, and may have to be made, from one that nobody may write.
git::Listing Lane::list_to_push(git::Remote& server, Turn& turn) {
  try {
    git::Listing listing = server.list_to_push();
    if (!lacks_known_branches(turn, listing)) return listing;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed) throw;
  }
  return list_by_shell(turn);
}

void Lane::try_sync(Turn& turn) {
  const auto server = remote(turn);
  const bool old = std::chrono::steady_clock::now() - turn.listed > fresh;
  if (!turn.listing) {
    turn.listing = list_to_push(*server, turn);
    turn.listed = std::chrono::steady_clock::now();
    if (is_at_rest(turn, *turn.listing)) return;
  } else if (old && turn.listing->state == git::Listing::State::found) {
    turn.listing = list(turn);
    turn.listed = std::chrono::steady_clock::now();
  }
  // A copy: where the line breaks, the same project is tried again.
  sync_git(job_, *turn.slot.project, *server, *turn.listing, *turn.lock, *turn.slot.outcome);
}

void Lane::try_hard(const std::function<void()>& act) {
  const auto is_outage = [](const Error& error) {
    return error.kind() == ErrorKind::offline || error.kind() == ErrorKind::timeout;
  };
  Retries retries(job_.request.interrupt);
  while (true) {
    outage_.check();
    try {
      return act();
    } catch (const Error& error) {
      if (!is_outage(error)) throw;
      const bool connected = connection_ != nullptr || by_web_;
      connection_.reset();
      if (error.kind() == ErrorKind::offline && retries.again()) continue;
      outage_.note(error, connected);
      throw;
    }
  }
}

void Lane::sync(Turn& turn) noexcept {
  job_.progress.started(turn.slot.project->name);
  attempt(job_, turn, [&] {
    bool again = false;
    try_hard([&] {
      if (std::exchange(again, true)) turn.listed = {};  // what was listed before the line broke may be long past
      try_sync(turn);
    });
    turn.done = true;
  });
}

}  // namespace syncmanager::sync
