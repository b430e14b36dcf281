#include "ssh/child_channel.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/process.hpp"
#include "ssh/pipe_channel.hpp"
#include "ssh/ssh_failure.hpp"

namespace syncmanager::ssh {
namespace {

using std::chrono::milliseconds;

constexpr int ssh_failed = 255;  // ssh(1), EXIT STATUS

constexpr std::chrono::minutes at_a_prompt(10);

class ChildCommand : public PipedCommand {
 public:
  ChildCommand(const ChildSetup& setup, std::vector<std::string> argv)
      : name_(setup.name),
        login_hint_(setup.login_hint),
        is_ssh_(setup.is_ssh),
        child_({std::move(argv), setup.environment, {}, !setup.interactive}) {}

  Pipes start() override { return {std::move(child_.input), std::move(child_.output), std::move(child_.errors)}; }
  bool ended_within(milliseconds longest) override { return child_.ended_within(longest); }
  int status() override { return child_.wait(); }
  bool may_be_lost() override { return is_ssh_ && child_.wait() == ssh_failed; }

  std::optional<Error> failure(std::string_view errors, bool any_output) override {
    Error error = ssh_failure(name_, errors, login_hint_);
    const bool may_be_the_commands = any_output && error.kind() == ErrorKind::failed;
    if (may_be_the_commands) return std::nullopt;
    return error;
  }

 private:
  std::string name_;
  std::string login_hint_;
  bool is_ssh_;
  Child child_;
};

}  // namespace

std::unique_ptr<Channel> start_child(const ChildSetup& setup, std::vector<std::string> argv) {
  const milliseconds silence_at_first =
      setup.interactive ? std::max<milliseconds>(setup.silence, at_a_prompt) : setup.silence;
  return std::make_unique<PipeChannel>(PipeSetup{setup.name, setup.silence, silence_at_first, setup.interrupt},
                                       std::make_unique<ChildCommand>(setup, std::move(argv)));
}

std::unique_ptr<Channel> ChildConnection::open(const std::string& command) {
  std::vector<std::string> argv = argv_;
  argv.push_back(command);
  return start_child(setup_, std::move(argv));
}

}  // namespace syncmanager::ssh
