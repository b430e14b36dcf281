#include "git/complete.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <system_error>

#include "base/process.hpp"
#include "git/git_command.hpp"

namespace syncmanager::git {

namespace {

Command rev_list(const Environment& environment, const Repository& repository) {
  Command command;
  // What a partial clone lacks on purpose is neither missed nor fetched. A known tip may be damaged: it excludes
  // nothing.
  command.argv = {"git",       "-C",      repository.folder().string(), "rev-list",
                  "--objects", "--quiet", "--exclude-promisor-objects", "--ignore-missing",
                  "--stdin"};
  command.environment = child_environment(environment);
  return command;
}

std::string input_of(const std::vector<Oid>& tips, const std::vector<Oid>& known) {
  std::string input;
  for (const Oid& tip : tips) input += tip.hex() + "\n";
  for (const Oid& tip : known) input += "^" + tip.hex() + "\n";
  return input;
}

}  // namespace

LookThrough::LookThrough(const Environment& environment, const Repository& repository, const std::vector<Oid>& tips,
                         const std::vector<Oid>& known, const Interrupt* interrupt)
    : interrupt_(interrupt) {
  const bool all_here = std::ranges::all_of(tips, [&](const Oid& tip) { return repository.has(tip); });
  const auto look = [all_here, command = rev_list(environment, repository),
                     input = input_of(tips, known)](const Interrupt* stop) mutable {
    command.interrupt = stop;
    return all_here && run(command, input, std::chrono::hours(1)).ok();
  };
  try {
    found_ = std::async(std::launch::async, look, &stop_);
  } catch (const std::system_error&) {
    found_ = std::async(std::launch::deferred, look, interrupt_);  // no thread is to be had: complete() does it
  }
}

bool LookThrough::complete() {
  using namespace std::chrono_literals;
  while (found_.wait_for(100ms) == std::future_status::timeout) stop_if(interrupt_);
  return found_.get();
}

}  // namespace syncmanager::git
