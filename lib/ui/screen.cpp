#include "ui/screen.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ui/columns.hpp"

namespace syncmanager::ui {

std::string Screen::clear(std::size_t columns) {
  std::size_t rows = 0;
  for (const std::string& line : drawn_) {
    rows += std::max<std::size_t>(1, (width_of(line) + columns - 1) / columns);
  }
  drawn_.clear();
  // Cursor up, then erase to the end of the screen.
  return rows == 0 ? std::string() : fmt::format("\r\x1b[{}A\x1b[J", rows);
}

std::string Screen::show(const std::vector<std::string>& lines, std::size_t columns) {
  std::vector<std::string> fitting;
  // One column is left free: some terminals wrap a line already when its last column is filled.
  for (const std::string& line : lines) fitting.emplace_back(shortened(line, columns - 1));
  if (fitting == drawn_) return {};
  std::string bytes = clear(columns);
  for (const std::string& line : fitting) bytes += line + '\n';
  drawn_ = std::move(fitting);
  return bytes;
}

}  // namespace syncmanager::ui
