// Collects what became of each branch or tag over the steps of one project: one entry a name; what says more wins.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/outcome.hpp"

namespace syncmanager::sync {

class BranchReport {
 public:
  BranchReport() = default;
  /// `earlier` is what a try came to that the network cut short.
  explicit BranchReport(const std::vector<BranchOutcome>& earlier);

  /// A later step replaces an earlier one, unless it has nothing to say, or only repeats the reason,
  /// or the earlier one failed.
  void add(BranchOutcome outcome);
  /// Runs one branch's part of a step. An Error that concerns only this branch becomes its outcome, and the others go
  /// on; what ends the project (offline, auth, Ctrl-C) is thrown on.
  void attempt(const std::string& name, const std::function<void()>& part);
  /// What is reported of a branch so far; null where it is nothing yet. Good until the next add().
  [[nodiscard]] const BranchOutcome* find(const std::string& name) const;
  /// A step is tried again: forgets the entries that were stale.
  void forget_stale();
  [[nodiscard]] bool has_stale() const;
  [[nodiscard]] std::vector<BranchOutcome> take() &&;

 private:
  std::map<std::string, BranchOutcome> entries_;
};

}  // namespace syncmanager::sync
