#include "ssh/mux_connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string_view>
#include <thread>
#include <variant>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "ssh/channel_slots.hpp"
#include "ssh/mux.hpp"
#include "ssh/mux_socket.hpp"
#include "ssh/pipe_channel.hpp"
#include "ssh/socket.hpp"

namespace syncmanager::ssh {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_pause(100);
// A server that refuses a session for that long is taken at its word.
constexpr milliseconds learning_time(200);

constexpr int unknown_status = 255;  // as ssh(1) says for a command that a signal has ended

struct Pipe {
  Fd read_end;
  Fd write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) == 0) return {Fd(ends[0]), Fd(ends[1])};
  throw Error(ErrorKind::failed, "cannot make a pipe: " + words_of(errno));
}

/// A channel's place among those of the master, and of its own connection.
class Place {
 public:
  Place(ChannelSlots& slots, std::size_t& own, const Interrupt* interrupt) : slots_(slots), own_(own) {
    slots_.take(own_, interrupt);
    ++own_;
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    --own_;
    slots_.give_back(opened_);
  }
  void opened() {
    opened_ = true;
    slots_.opened();
  }
  void refused() { slots_.refused(); }
  /// Whether a channel of another connection may end and leave its slot to this one. One of our own will not: its
  /// thread waits here.
  [[nodiscard]] bool others_may_end() const { return own_ == 1 && slots_.open() > 0; }

 private:
  ChannelSlots& slots_;
  std::size_t& own_;
  bool opened_ = false;
};

class MuxCommand : public PipedCommand {
 public:
  MuxCommand(std::shared_ptr<Master> master, std::size_t& own, std::string command)
      : master_(std::move(master)),
        setup_(master_->setup()),
        place_(master_->slots(), own, setup_.interrupt),
        command_(std::move(command)) {
    ask();
  }

  Pipes start() override;
  bool ended_within(milliseconds longest) override;
  int status() override { return exit_.value_or(unknown_status); }
  bool may_be_lost() override { return !exit_; }
  std::optional<Error> failure(std::string_view errors, bool any_output) override;

 private:
  void ask();
  bool opened();
  [[noreturn]] void fail();

  std::shared_ptr<Master> master_;
  const MasterSetup& setup_;
  Place place_;
  std::string command_;
  std::optional<MuxSocket> socket_;
  Pipes pipes_;
  std::string refusal_;
  std::optional<int> exit_;
};

/// Sends the request, and does not wait for the answer.
void MuxCommand::ask() {
  const Deadline deadline = Deadline::after(setup_.opening);
  Pipe input = make_pipe();
  Pipe output = make_pipe();
  Pipe errors = make_pipe();
  socket_.emplace(master_->socket(), setup_.interrupt);
  // The version was agreed upon when the master was first spoken to.
  const bool sent = socket_->send(mux_hello() + mux_new_session(0, command_, setup_.variables), deadline) &&
                    socket_->pass(input.read_end, deadline) && socket_->pass(output.write_end, deadline) &&
                    socket_->pass(errors.write_end, deadline);
  if (!sent) fail();
  pipes_ = {std::move(input.write_end), std::move(output.read_end), std::move(errors.read_end)};
  for (const Fd* pipe : {&pipes_.input, &pipes_.output, &pipes_.errors}) set_non_blocking(*pipe);
}

Pipes MuxCommand::start() {
  const Deadline learning = Deadline::after(learning_time);
  Deadline giving_up = Deadline::after(slot_patience);
  for (milliseconds pause = slot_pause; !opened(); pause = std::min(2 * pause, longest_pause)) {
    if (learning.expired()) place_.refused();
    if (place_.others_may_end()) giving_up = Deadline::after(slot_patience);
    if (giving_up.expired()) {
      throw Error(ErrorKind::failed, fmt::format("cannot open a channel to {}: {}", setup_.name, refusal_));
    }
    stop_if(setup_.interrupt);
    std::this_thread::sleep_for(pause);
    ask();
  }
  place_.opened();
  return std::move(pipes_);
}

/// Takes the answer: whether the server has opened the session. It has not where it allows no more of them by now.
bool MuxCommand::opened() {
  const Deadline deadline = Deadline::after(setup_.opening);
  while (const std::optional<MuxMessage> message = socket_->receive(deadline)) {
    if (std::holds_alternative<MuxOpened>(*message)) return true;
    const auto* const refused = std::get_if<MuxRefused>(&*message);
    if (refused == nullptr) continue;
    refusal_ = refused->reason;
    if (!refused->denied) return false;
    master_->give_up();
    throw Error(ErrorKind::failed, fmt::format("ssh's master for {} does not let us in: {}", setup_.name, refusal_));
  }
  fail();
}

void MuxCommand::fail() {
  master_->give_up();
  throw Error(ErrorKind::offline, fmt::format("cannot run a command on {}: {}", setup_.name, socket_->problem()),
              "check the connection, or wait longer with --timeout");
}

/// The master ends our control connection when it has written all output and closed its ends of the pipes.
bool MuxCommand::ended_within(milliseconds longest) {
  const Deadline deadline = Deadline::after(longest);
  while (const std::optional<MuxMessage> message = socket_->receive(deadline)) {
    if (const auto* const exit = std::get_if<MuxExit>(&*message)) exit_ = static_cast<int>(exit->status);
  }
  return !*socket_;
}

/// The end came without an exit status: a signal has ended the command, which the master does not tell, or the master
/// itself is gone.
std::optional<Error> MuxCommand::failure(std::string_view /*errors*/, bool /*any_output*/) {
  if (master_->serves()) return std::nullopt;
  return Error(ErrorKind::offline, fmt::format("the connection to {} was lost", setup_.name), "try again later");
}

}  // namespace

std::unique_ptr<Channel> MuxConnection::open(const std::string& command) {
  const MasterSetup& setup = master_->setup();
  return std::make_unique<PipeChannel>(PipeSetup{setup.name, setup.silence, setup.silence, setup.interrupt},
                                       std::make_unique<MuxCommand>(master_, open_, command));
}

}  // namespace syncmanager::ssh
