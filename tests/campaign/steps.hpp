// What happens in the campaign: users who work, computers that sync, servers that others use, and kills. Plain data, so
// that a failure can be told, repeated and made shorter.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace syncmanager::campaign {

enum class Act {
  commit,
  amend,
  reset,
  merge,
  rebase,
  branch,
  switch_branch,
  delete_branch,
  rename_branch,
  tag,
  edit,      ///< a tracked file, not committed
  scribble,  ///< an untracked file
  remove,    ///< a tracked file, not committed
  stage,
  tidy,  ///< throws the uncommitted changes away
  pull,
  push,
  now,
  force_pull,
  force_push,
  undo,
  sync_delete,
  both_at_once,   ///< two computers
  twice_at_once,  ///< two runs on one computer
  commit_meanwhile,
  kill,
  others_commit,  ///< on the server, by somebody without these tools
  others_rewrite,
  others_delete,
  settle,  ///< all computers sync until nothing moves any more
};

/// What the numbers choose depends on what there is to choose from when the step is made.
struct Step {
  Act act = Act::commit;
  unsigned computer = 0;
  unsigned first = 0;
  unsigned second = 0;
};

std::vector<Step> random_steps(std::uint64_t seed, std::size_t count);

std::string to_string(const Step& step);

}  // namespace syncmanager::campaign
