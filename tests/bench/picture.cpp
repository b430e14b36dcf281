#include "bench/picture.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace syncmanager::test {

namespace {

// In the units of the picture.
constexpr int width = 760;
constexpr int margin = 24;
constexpr int bar_left = 290;     // the names end just before it
constexpr int bar_longest = 340;  // leaves room for the figures behind the longest bar
constexpr int bar_height = 13;
constexpr int row_height = 22;
constexpr int title_height = 26;
constexpr int gap = 18;

constexpr std::string_view style = R"(  <style>
    text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #24292f; }
    .page { fill: #f6f8fa; }
    .title { font-weight: bold; }
    .name { text-anchor: end; }
    .bar { fill: #b3bcc6; }
    .ours { fill: #2f8f4e; }
    @media (prefers-color-scheme: dark) {
      text { fill: #d4d7dd; }
      .page { fill: #1d2027; }
      .bar { fill: #5b6470; }
      .ours { fill: #7fce7f; }
    }
  </style>
)";

std::string escaped(std::string_view text) {
  std::string result;
  for (const char character : text) {
    switch (character) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      default: result += character;
    }
  }
  return result;
}

/// A bar with its name before it and its figures behind it; `y` is its upper edge.
std::string bar(const Table& table, const Row& row, double longest, int y) {
  const double seconds = median(row.seconds);
  const bool ours = &row == &table.rows.front();
  // What is there can be seen, however short it is.
  const double length = std::max(2.0, bar_longest * seconds / longest);
  const double times = ours ? 0 : ratio(table, row);
  const std::string figures = times == 0 ? fmt::format("{:.2f} s", seconds)
                                         : fmt::format("{:.2f} s, {:.{}f}×", seconds, times, times < 10 ? 1 : 0);
  const int base = y + bar_height - 2;
  return fmt::format(
      "  <text class=\"name\" x=\"{}\" y=\"{}\">{}</text>\n"
      "  <rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" rx=\"2\"/>\n"
      "  <text x=\"{:.1f}\" y=\"{}\">{}</text>\n",
      bar_left - 8, base, escaped(row.name), ours ? "ours" : "bar", bar_left, y, length, bar_height,
      bar_left + length + 7, base, figures);
}

/// Appends a table's bars to the picture, and moves `y` below them.
void add(std::string& body, const Table& table, int& y) {
  double longest = 0;
  for (const Row& row : table.rows) {
    if (!row.failed()) longest = std::max(longest, median(row.seconds));
  }
  body += fmt::format("  <text class=\"title\" x=\"{}\" y=\"{}\">{}</text>\n", margin, y + 12, escaped(table.title));
  y += title_height;
  for (const Row& row : table.rows) {
    if (row.failed()) continue;
    body += bar(table, row, longest, y);
    y += row_height;
  }
  y += gap;
}

}  // namespace

std::string svg_of(const std::vector<Table>& tables) {
  std::string body;
  int y = margin;
  for (const Table& table : tables) {
    if (table.in_picture) add(body, table, y);
  }
  const int height = y - gap + margin - (row_height - bar_height);
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
             "role=\"img\" aria-labelledby=\"title\">\n"
             "  <title id=\"title\">How long the same work takes, in seconds: ours and other programs</title>\n",
             width, height) +
         std::string(style) +
         fmt::format("  <rect class=\"page\" width=\"{}\" height=\"{}\" rx=\"8\"/>\n{}</svg>\n", width, height, body);
}

}  // namespace syncmanager::test
