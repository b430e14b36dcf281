// Output that comes in pieces, taken line by line: what programs print about their progress, each state behind a
// carriage return.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace syncmanager {

class LineBuffer {
 public:
  /// A line without an end is given up where it is longer than this.
  explicit LineBuffer(std::size_t longest) : longest_(longest) {}

  /// Calls `take` with each line that is complete by now, without the line feed or carriage return that ends it.
  void feed(std::string_view piece, const std::function<void(std::string_view)>& take);

 private:
  std::size_t longest_;
  std::string rest_;  ///< the beginning of a line whose end has not come yet
};

}  // namespace syncmanager
