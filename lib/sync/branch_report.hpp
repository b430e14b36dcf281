// Collects what became of each branch or tag over the steps of one project: one entry a name; what says more wins.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/outcome.hpp"

namespace syncmanager::sync {

class BranchReport {
 public:
  /// A later step replaces an earlier one, unless it has nothing to say, or only repeats the reason.
  void add(BranchOutcome outcome);
  /// A step is tried again: forgets the entries that were stale.
  void forget_stale();
  [[nodiscard]] bool has_stale() const;
  [[nodiscard]] std::vector<BranchOutcome> take() &&;

 private:
  std::map<std::string, BranchOutcome> entries_;
};

}  // namespace syncmanager::sync
