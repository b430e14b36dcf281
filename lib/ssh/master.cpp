#include "ssh/master.hpp"

#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "ssh/channel.hpp"
#include "ssh/mux.hpp"

namespace syncmanager::ssh {
namespace {

using std::chrono::milliseconds;

// It is a process of this computer, and answers at once or not at all.
constexpr milliseconds answering_time(2000);

/// Runs the ssh that goes to the background, and returns the name of the socket where it listens then.
std::string started(const ControlPlace& place, const ChildSetup& child, std::vector<std::string> argv) {
  const std::unique_ptr<Channel> ssh = start_child(child, std::move(argv));
  ssh->finish_input();
  read_all(*ssh);
  if (const int status = ssh->wait(); status != 0) {
    throw Error(ErrorKind::failed, fmt::format("cannot start ssh for {}: it ended with status {}: {}", child.name,
                                               status, trim(ssh->errors())));
  }
  return place.socket();
}

}  // namespace

Master::Master(std::string socket, MasterSetup setup)
    : socket_(std::move(socket)), setup_(std::move(setup)), held_(socket_, nullptr) {
  hold();
}

Master::Master(MasterSetup setup, std::unique_ptr<ControlPlace> place, const ChildSetup& child,
               std::vector<std::string> argv)
    : socket_(started(*place, child, std::move(argv))),
      setup_(std::move(setup)),
      place_(std::move(place)),
      held_(socket_, nullptr) {
  hold_own();
}

Master::Master(MasterSetup setup, std::unique_ptr<SessionMaster> session)
    : socket_(session->socket()), setup_(std::move(setup)), session_(std::move(session)), held_(socket_, nullptr) {
  hold_own();
}

Master::~Master() {
  if (place_) end();
}

void Master::hold() {
  pid_ = held_.ask_whether_alive(Deadline::after(answering_time)).value_or(0);
}

void Master::hold_own() {
  hold();
  if (pid_ != 0) return;
  throw Error(ErrorKind::failed,
              fmt::format("the master that was started for {} can't be spoken to: {}", setup_.name, held_.problem()));
}

bool Master::serves() const {
  if (given_up_) return false;
  if (session_) return session_->serves();
  MuxSocket socket(socket_, nullptr);
  return socket.ask_whether_alive(Deadline::after(answering_time)).has_value();
}

void Master::end() noexcept {
  const Deadline deadline = Deadline::after(answering_time);
  held_.send(mux_terminate(1), deadline);
  while (held_.receive(deadline)) continue;
  // As long as it holds its end of our socket, the number is that of no other process.
  if (held_) kill(pid_, SIGTERM);
}

}  // namespace syncmanager::ssh
