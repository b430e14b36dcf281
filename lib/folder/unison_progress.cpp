#include "folder/unison_progress.hpp"

#include <limits>
#include <optional>

#include "base/text.hpp"
#include "folder/unison_item.hpp"

namespace syncmanager::folder {

namespace {

/// `local        : changed file       modified on 2026-11-28 at  6:00:21  size 9         rw-r--r--`
bool is_detail(std::string_view line) {
  constexpr std::size_t name_width = 12;
  return line.size() > name_width && line.substr(name_width).starts_with(" : ");
}

std::uint64_t size_in(std::string_view detail) {
  constexpr std::string_view before_size = "  size ";
  const auto size = detail.find(before_size);
  if (size == std::string_view::npos) return 0;
  const std::string_view number = detail.substr(size + before_size.size());
  return parse_number(number.substr(0, number.find(' ')), std::numeric_limits<unsigned long>::max()).value_or(0);
}

}  // namespace

void UnisonProgress::take_line(std::string_view line) {
  if (const std::optional<UnisonItem> item = parse_unison_item(line)) {
    const bool to_right = points_right(item->arrow);
    const bool to_left = points_left(item->arrow);
    if (to_right || to_left) ++transfer_.total_objects;
    const std::string_view state = to_right ? item->left : item->right;
    const bool has_bytes = (to_right || to_left) && state != "deleted" && state != "props";
    details_to_size_ = has_bytes ? (to_right ? 1 : 2) : 0;
    return;
  }
  if (details_to_size_ > 0 && is_detail(line)) {
    if (--details_to_size_ == 0) bytes_ += size_in(line);
    return;
  }
  const std::string_view text = trim(line);
  const auto percent = parse_number(text.substr(0, text.find('%')), 100);
  if (!percent || !text.ends_with("ETA")) return;
  transfer_.bytes = static_cast<std::uint64_t>(static_cast<double>(bytes_) * static_cast<double>(*percent) / 100);
  transfer_.objects = transfer_.total_objects * *percent / 100;
  if (on_transfer_) on_transfer_(transfer_);
}

void UnisonProgress::feed(std::string_view piece) {
  lines_.feed(piece, [this](std::string_view line) { take_line(line); });
}

}  // namespace syncmanager::folder
