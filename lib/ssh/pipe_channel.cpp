#include "ssh/pipe_channel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/deadline.hpp"
#include "base/text.hpp"

namespace syncmanager::ssh {
namespace {

using std::chrono::milliseconds;

// How long a command that has closed its output may take to end, so that its end tells why.
constexpr milliseconds after_nothing(2000);
constexpr milliseconds after_output(100);

// A command that something else has outlived shows its end nowhere: it is looked for now and then.
constexpr milliseconds look_after(100);

double seconds(milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

PipeChannel::PipeChannel(PipeSetup setup, std::unique_ptr<PipedCommand> command)
    : setup_(std::move(setup)), command_(std::move(command)) {}

void PipeChannel::start() {
  if (started_) return;
  pipes_ = command_->start();
  started_ = true;
}

/// Waits until there is something to do on one of the pipes; whatever else comes in is taken meanwhile. A command that
/// has ended ends its streams too, even where something that it left behind holds them open.
void PipeChannel::wait_for(Wish wish) {
  // poll(2) passes over descriptors that are -1, as the closed ones are.
  std::array<pollfd, 4> polled{{{wish == Wish::write ? pipes_.input.get() : -1, POLLOUT, 0},
                                {pipes_.output.get(), POLLIN, 0},
                                {pipes_.errors.get(), POLLIN, 0},
                                {fd_of(setup_.interrupt), POLLIN, 0}}};
  const milliseconds longest = any_output_ ? setup_.silence : setup_.silence_at_first;
  const Deadline deadline = Deadline::after(longest);
  const auto next_look = [&] { return std::min(deadline.poll_timeout(), static_cast<int>(look_after.count())); };
  while (poll(polled.data(), polled.size(), next_look()) <= 0) {
    if (command_->ended_within(milliseconds(0))) return end_streams();
    if (!deadline.expired()) continue;
    throw Error(ErrorKind::timeout, fmt::format("{} said nothing for {} s", setup_.name, seconds(longest)),
                "check the connection, or wait longer with --timeout");
  }
  stop_if(setup_.interrupt);
  if (polled[2].revents != 0) take_errors();
  if (polled[1].revents != 0) take_output();
}

/// Takes what is left in the pipes.
void PipeChannel::end_streams() {
  // The command may have written something since the look at its pipes.
  while (take_output()) continue;
  while (take_errors()) continue;
  pipes_ = Pipes();
}

/// Whether there may be more to take.
bool PipeChannel::take_output() {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(pipes_.output.get(), buffer.data(), buffer.size());
  if (count > 0) {
    any_output_ = true;
    output_.add({buffer.data(), static_cast<std::size_t>(count)});
    return true;
  }
  if (count < 0 && errno == EINTR) return true;
  if (count == 0 || errno != EAGAIN) pipes_.output.reset();
  return false;
}

bool PipeChannel::take_errors() {
  std::array<char, 4096> buffer;
  const ssize_t count = ::read(pipes_.errors.get(), buffer.data(), buffer.size());
  if (count > 0) {
    errors_.add({buffer.data(), static_cast<std::size_t>(count)});
    return true;
  }
  if (count < 0 && errno == EINTR) return true;
  if (count == 0 || errno != EAGAIN) pipes_.errors.reset();
  return false;
}

std::size_t PipeChannel::read(std::span<char> buffer) {
  start();
  while (output_.empty() && pipes_.output) wait_for(Wish::read);
  const std::size_t count = output_.take(buffer);
  if (count == 0) throw_if_lost();
  return count;
}

void PipeChannel::write(std::string_view data) {
  start();
  while (!data.empty()) {
    if (!pipes_.input) throw_input_refused();
    const ssize_t written = ::write(pipes_.input.get(), data.data(), data.size());
    if (written >= 0) {
      data.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      wait_for(Wish::write);
    } else if (errno != EINTR) {
      throw_input_refused();
    }
  }
}

void PipeChannel::finish_input() {
  start();
  pipes_.input.reset();
}

int PipeChannel::wait() {
  start();
  while (pipes_.output || pipes_.errors) wait_for(Wish::read);
  pipes_.input.reset();
  wait_for_end();
  throw_if_lost();
  return command_->status();
}

void PipeChannel::wait_for_end() {
  const Deadline deadline = Deadline::after(setup_.silence);
  while (!command_->ended_within(std::min(milliseconds(deadline.poll_timeout()), look_after))) {
    stop_if(setup_.interrupt);
    if (!deadline.expired()) continue;
    throw Error(ErrorKind::timeout, fmt::format("{} does not end the connection", setup_.name), "try again later");
  }
}

/// Where the command was never reached, or the connection was lost: throws that.
void PipeChannel::throw_if_lost() {
  if (!command_->ended_within(any_output_ ? after_output : after_nothing) || !command_->may_be_lost()) return;
  while (pipes_.errors) wait_for(Wish::read);
  if (const std::optional<Error> error = command_->failure(errors(), any_output_)) throw Error(*error);
}

void PipeChannel::throw_input_refused() {
  if (command_->ended_within(after_nothing)) {
    while (pipes_.errors) wait_for(Wish::read);
    throw_if_lost();
  }
  const std::vector<std::string_view> lines = lines_of(errors());
  const std::string why = lines.empty() ? std::string() : fmt::format(": {}", lines.back());
  throw Error(ErrorKind::failed,
              fmt::format("the command on {} ended before it had read its input{}", setup_.name, why));
}

}  // namespace syncmanager::ssh
