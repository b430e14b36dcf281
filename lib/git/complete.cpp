#include "git/complete.hpp"

#include <chrono>
#include <string>

#include "base/process.hpp"
#include "git/git_command.hpp"

namespace syncmanager::git {

bool is_complete(const Environment& environment, const Repository& repository, const std::vector<Oid>& tips,
                 const std::vector<Oid>& known, const Interrupt* interrupt) {
  std::string input;
  for (const Oid& tip : tips) {
    if (!repository.has(tip)) return false;
    input += tip.hex() + "\n";
  }
  for (const Oid& tip : known) input += "^" + tip.hex() + "\n";
  Command command;
  // What a partial clone lacks on purpose is neither missed nor fetched. A known tip may be damaged: it excludes
  // nothing.
  command.argv = {"git",       "-C",      repository.folder().string(), "rev-list",
                  "--objects", "--quiet", "--exclude-promisor-objects", "--ignore-missing",
                  "--stdin"};
  command.environment = child_environment(environment);
  command.interrupt = interrupt;
  return run(command, input, std::chrono::hours(1)).ok();
}

}  // namespace syncmanager::git
