// What Unison says without anybody at the terminal. Pure. On its standard output, what it has found and how far it is:
//   changed  ---->            notes.txt
//   local        : changed file       modified on 2026-11-28 at  5:59:58  size 6         rw-r--r--
//   server       : unchanged file     modified on 2026-11-28 at  5:59:58  size 3         rw-r--r--
//    37%  00:00 ETA\r               \r
// On its error stream, at the end, what it has not done:
//   Synchronization complete at 05:59:58  (2 items transferred, 1 skipped, 0 failed)
//     skipped: todo.txt (contents changed on both sides)
#pragma once

#include <string>
#include <string_view>

#include "folder/copy_result.hpp"

namespace syncmanager::folder {

/// How to read it.
struct UnisonView {
  bool local_first = true;  ///< the left column is this computer's
  bool pull = false;
  bool push = false;
  bool dry_run = false;
  bool force = false;  ///< a pull takes the server's, a push what is here
};

/// What it came to, from all that it said.
CopyResult unison_result(int status, std::string_view output, std::string_view errors, const UnisonView& view);

}  // namespace syncmanager::folder
