// Why a branch waits for a person, in words, and the command that solves it. Pure.
#pragma once

#include <string>
#include <vector>

#include "git/repository.hpp"
#include "model/facts.hpp"
#include "model/outcome.hpp"
#include "model/plan.hpp"
#include "model/project.hpp"

namespace syncmanager::sync {

struct Explanation {
  std::string message;
  std::string hint;
};

/// `distance` tells how far the local tip is from the server's; it matters where both exist.
Explanation explain(Reason reason, const Project& project, const std::string& branch, const BranchFacts& facts,
                    const git::Distance& distance);

/// Turns an outcome into one that waits for a person.
void refuse(BranchOutcome& outcome, Reason reason, const Explanation& why);

/// `git -C PATH WORDS`, each word quoted only where a shell needs it.
std::string git_line(const Project& project, const std::vector<std::string>& words);

/// For a tag that differs.
Explanation explain_tag(const Project& project, const std::string& tag);

}  // namespace syncmanager::sync
