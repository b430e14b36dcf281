// Values that the tests of `ui` have in common.
#pragma once

#include <string>
#include <vector>

#include "model/outcome.hpp"

namespace syncmanager::test {

/// An id that is one digit, forty times.
Oid oid(char digit);

BranchOutcome branch(std::string name, Done action, Side side, char before, char after);

/// A branch, or a tag, that waits for a person.
BranchOutcome refused(std::string name, Reason reason, std::string message, std::string hint);

ProjectOutcome project(std::string name, std::vector<BranchOutcome> branches = {});

ProjectOutcome trouble(std::string name, Status status, std::string message, std::string hint = {});

/// A run of sync-now of 0.31 seconds.
RunReport run(std::vector<ProjectOutcome> projects);

}  // namespace syncmanager::test
