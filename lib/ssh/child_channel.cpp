#include "ssh/child_channel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "ssh/ssh_failure.hpp"

namespace syncmanager::ssh {
namespace {

constexpr int ssh_failed = 255;  // ssh(1), EXIT STATUS

// How long a child that has closed its output may take to end, so that its exit status tells why.
constexpr std::chrono::milliseconds after_nothing(2000);
constexpr std::chrono::milliseconds after_output(100);

constexpr std::chrono::minutes at_a_prompt(10);

Command command_of(const ChildSetup& setup, const std::string& command) {
  Command child{setup.argv, setup.environment, {}, !setup.interactive};
  child.argv.push_back(command);
  return child;
}

class ChildChannel : public Channel {
 public:
  ChildChannel(const ChildSetup& setup, const std::string& command)
      : name_(setup.name),
        login_hint_(setup.login_hint),
        silence_(setup.silence),
        silence_at_first_(setup.interactive ? std::max<std::chrono::milliseconds>(setup.silence, at_a_prompt)
                                            : setup.silence),
        is_ssh_(setup.is_ssh),
        child_(command_of(setup, command)) {
    fcntl(child_.input.get(), F_SETFL, fcntl(child_.input.get(), F_GETFL) | O_NONBLOCK);
  }

  std::size_t read(std::span<char> buffer) override;
  void write(std::string_view data) override;
  void finish_input() override { child_.input.reset(); }
  [[nodiscard]] const std::string& errors() const override { return errors_; }
  int wait() override;

 private:
  enum class Wish { read, write };

  void wait_for(Wish wish);
  /// Takes what is left in the pipes.
  void end_streams();
  /// Whether there may be more to take.
  bool take_output();
  bool take_errors();
  /// Where the child is an ssh that never reached the command, or lost the connection: throws that.
  void throw_own_failure();
  [[noreturn]] void throw_input_refused();

  std::string name_;
  std::string login_hint_;
  std::chrono::milliseconds silence_;
  std::chrono::milliseconds silence_at_first_;  // until there is output: a person may be typing a passphrase
  bool is_ssh_;
  Child child_;
  std::string output_;           // read while a write had to wait, not yet given to the caller
  std::size_t output_used_ = 0;  // of output_
  bool any_output_ = false;
  std::string errors_;
};

/// Waits until there is something to do on one of the pipes; whatever else comes in is taken meanwhile. A child that
/// has ended ends its streams too, even where something that it left behind holds them open.
void ChildChannel::wait_for(Wish wish) {
  constexpr int look_after = 100;  // ms
  // poll(2) passes over descriptors that are -1, as the closed ones are.
  std::array<pollfd, 3> polled{{{wish == Wish::write ? child_.input.get() : -1, POLLOUT, 0},
                                {child_.output.get(), POLLIN, 0},
                                {child_.errors.get(), POLLIN, 0}}};
  const std::chrono::milliseconds longest = any_output_ ? silence_ : silence_at_first_;
  const Deadline deadline = Deadline::after(longest);
  while (poll(polled.data(), polled.size(), std::min(deadline.poll_timeout(), look_after)) <= 0) {
    if (child_.ended_within(std::chrono::milliseconds(0))) return end_streams();
    if (!deadline.expired()) continue;
    throw Error(ErrorKind::offline, fmt::format("{} said nothing for {} s", name_, longest.count() / 1000),
                "check the connection, or wait longer with --timeout");
  }
  if (polled[2].revents != 0) take_errors();
  if (polled[1].revents != 0) take_output();
}

void ChildChannel::end_streams() {
  // The child may have written something since the look at its pipes.
  while (take_output()) continue;
  while (take_errors()) continue;
  child_.input.reset();
  child_.output.reset();
  child_.errors.reset();
}

bool ChildChannel::take_output() {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(child_.output.get(), buffer.data(), buffer.size());
  if (count > 0) {
    any_output_ = true;
    output_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }
  if (count < 0 && errno == EINTR) return true;
  if (count == 0 || errno != EAGAIN) child_.output.reset();
  return false;
}

bool ChildChannel::take_errors() {
  std::array<char, 4096> buffer;
  const ssize_t count = ::read(child_.errors.get(), buffer.data(), buffer.size());
  if (count > 0) {
    errors_.append(buffer.data(), std::min(static_cast<std::size_t>(count), kept_errors - errors_.size()));
    return true;
  }
  if (count < 0 && errno == EINTR) return true;
  if (count == 0 || errno != EAGAIN) child_.errors.reset();
  return false;
}

std::size_t ChildChannel::read(std::span<char> buffer) {
  while (output_used_ == output_.size() && child_.output) {
    output_.clear();
    output_used_ = 0;
    wait_for(Wish::read);
  }
  const std::size_t count = std::min(buffer.size(), output_.size() - output_used_);
  output_.copy(buffer.data(), count, output_used_);
  output_used_ += count;
  if (count == 0) throw_own_failure();
  return count;
}

void ChildChannel::write(std::string_view data) {
  while (!data.empty()) {
    if (!child_.input) throw_input_refused();
    const ssize_t written = ::write(child_.input.get(), data.data(), data.size());
    if (written >= 0) {
      data.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      wait_for(Wish::write);
    } else if (errno != EINTR) {
      throw_input_refused();
    }
  }
}

int ChildChannel::wait() {
  while (child_.output || child_.errors) wait_for(Wish::read);
  child_.input.reset();
  if (!child_.ended_within(silence_)) {
    throw Error(ErrorKind::offline, fmt::format("{} does not end the connection", name_), "try again later");
  }
  throw_own_failure();
  return child_.wait();
}

void ChildChannel::throw_own_failure() {
  if (!is_ssh_ || !child_.ended_within(any_output_ ? after_output : after_nothing)) return;
  if (child_.wait() != ssh_failed) return;
  while (child_.errors) wait_for(Wish::read);
  const Error error = ssh_failure(name_, errors_, login_hint_);
  const bool may_be_the_commands = any_output_ && error.kind() == ErrorKind::failed;
  if (!may_be_the_commands) throw error;
}

void ChildChannel::throw_input_refused() {
  if (child_.ended_within(after_nothing)) {
    while (child_.errors) wait_for(Wish::read);
    throw_own_failure();
  }
  const std::vector<std::string_view> lines = lines_of(errors_);
  const std::string why = lines.empty() ? std::string() : fmt::format(": {}", lines.back());
  throw Error(ErrorKind::failed, fmt::format("the command on {} ended before it had read its input{}", name_, why));
}

}  // namespace

std::unique_ptr<Channel> ChildConnection::open(const std::string& command) {
  return std::make_unique<ChildChannel>(setup_, command);
}

}  // namespace syncmanager::ssh
