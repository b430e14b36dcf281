#include "base/line_buffer.hpp"

namespace syncmanager {

void LineBuffer::feed(std::string_view piece, const std::function<void(std::string_view)>& take) {
  rest_ += piece;
  std::size_t begin = 0;
  for (std::size_t end = rest_.find_first_of("\r\n"); end != std::string::npos;
       end = rest_.find_first_of("\r\n", begin)) {
    take(std::string_view(rest_).substr(begin, end - begin));
    begin = end + 1;
  }
  rest_.erase(0, begin);
  if (rest_.size() > longest_) rest_.clear();
}

}  // namespace syncmanager
