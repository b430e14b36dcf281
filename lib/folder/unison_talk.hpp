// What Unison says without anybody at the terminal. Pure. On its standard output, what it has found and how far it is:
//   changed  ---->            notes.txt
//   local        : changed file       modified on 2026-11-28 at  5:59:58  size 6         rw-r--r--
//   server       : unchanged file     modified on 2026-11-28 at  5:59:58  size 3         rw-r--r--
//    37%  00:00 ETA\r               \r
// On its error stream, at the end, what it has not done:
//   Synchronization complete at 05:59:58  (2 items transferred, 1 skipped, 0 failed)
//     skipped: todo.txt (contents changed on both sides)
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/line_buffer.hpp"
#include "folder/copy_result.hpp"
#include "model/progress.hpp"

namespace syncmanager::folder {

/// How to read it.
struct UnisonView {
  bool local_first = true;  ///< the left column is this computer's
  bool pull = false;
  bool push = false;
  bool dry_run = false;
  bool force = false;  ///< a pull takes the server's, a push what is here
};

/// One line of what it has found.
struct UnisonItem {
  std::string_view left;   ///< `new file`, `deleted`; empty: unchanged there
  std::string_view arrow;  ///< `---->`
  std::string_view right;
  std::string_view path;
};

/// Nothing where the line is none.
std::optional<UnisonItem> parse_unison_item(std::string_view line);

/// What it came to, from all that it said.
CopyResult unison_result(int status, std::string_view output, std::string_view errors, const UnisonView& view);

/// Reads its standard output piece by piece, and tells how far it is.
class UnisonProgress {
 public:
  explicit UnisonProgress(std::function<void(const Transfer&)> on_transfer) : on_transfer_(std::move(on_transfer)) {
    transfer_.what = Transfer::What::files;
  }

  void feed(std::string_view piece);

 private:
  void take_line(std::string_view line);

  std::function<void(const Transfer&)> on_transfer_;
  Transfer transfer_;
  std::uint64_t bytes_ = 0;  ///< of all that is to be copied
  int details_to_size_ = 0;  ///< so many lines further on stands the last item's size; 0: it does not matter
  LineBuffer lines_{std::size_t{64} * 1024};
};

}  // namespace syncmanager::folder
