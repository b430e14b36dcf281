// What git status prints, file names of anybody's included: no entry counts more than twice.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "git/tree_status.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const syncmanager::TreeChanges changes = syncmanager::git::count_changes(std::string(data, data + size));
  if (changes.staged + changes.changed + changes.untracked + changes.conflicts > size / 2) std::abort();
  return 0;
}
