// How far Unison is, as it says on its standard output: what it has found, with the sizes, and then
//    37%  00:00 ETA\r               \r
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include "base/line_buffer.hpp"
#include "model/progress.hpp"

namespace syncmanager::folder {

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
