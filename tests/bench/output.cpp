#include "bench/output.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace syncmanager::test {

namespace {

double mebibytes(const Row& row) {
  return static_cast<double>(row.peak_kib) / 1024;
}

std::string goals_of(const Table& table, const Row& row) {
  std::vector<std::string> texts;
  for (const Goal& goal : row.goals) {
    texts.push_back(text_of(goal) + (is_met(goal, table, row) ? ": met" : ": missed"));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string name_of(const Row& row) {
  return row.scale == 1 ? row.name : fmt::format("{} (1/{:g} × {:g})", row.name, row.scale, row.scale);
}

/// As a terminal shows it: characters, not bytes.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; }));
}

std::string seconds_of(const Row& row) {
  return row.failed() ? "failed" : fmt::format("{:.3f}", median(row.seconds));
}

std::string spread_of(const Row& row) {
  if (row.failed()) return "";
  const auto [least, most] = std::ranges::minmax(row.seconds);
  return fmt::format("{:.3f}-{:.3f}", least, most);
}

/// Empty for ours, and where there is none.
std::string ratio_of(const Table& table, const Row& row) {
  const double value = ratio(table, row);
  return &row == &table.rows.front() || value == 0 ? "" : fmt::format("{:.2f}", value);
}

std::string peak_of(const Row& row) {
  return row.peak_kib == 0 ? "" : fmt::format("{:.1f}", mebibytes(row));
}

std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result += fmt::format("    {}\n", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

nlohmann::json json_of(const Table& table, const Row& row) {
  nlohmann::json result = {{"name", row.name}, {"seconds", row.seconds}, {"scale", row.scale}};
  if (!row.failed()) result["median_seconds"] = median(row.seconds);
  if (const double value = ratio(table, row); value != 0) result["ratio"] = value;
  if (row.peak_kib != 0) result["peak_kib"] = row.peak_kib;
  if (!row.error.empty()) result["error"] = row.error;
  for (const Goal& goal : row.goals) {
    result["goals"].push_back({{"goal", text_of(goal)}, {"met", is_met(goal, table, row)}});
  }
  return result;
}

}  // namespace

std::string text_of(const Table& table) {
  std::size_t width = 0;
  std::size_t rounds = 0;
  for (const Row& row : table.rows) {
    width = std::max(width, width_of(name_of(row)));
    rounds = std::max(rounds, row.seconds.size());
  }
  std::string text = fmt::format("{}; up to {} rounds\n", table.title, rounds);
  const auto line = [&](const auto&... cells) {
    std::string result = fmt::format("  {:<{}}  {:>8}  {:>15}  {:>6}  {:>6}  {}", cells...);
    result.resize(result.find_last_not_of(' ') + 1);
    text += result + '\n';
  };
  line("", width, "median s", "least-most", "ratio", "MiB", "goal");
  for (const Row& row : table.rows) {
    line(name_of(row), width, seconds_of(row), spread_of(row), ratio_of(table, row), peak_of(row),
         goals_of(table, row));
  }
  for (const Row& row : table.rows) {
    if (!row.error.empty()) text += fmt::format("  {} failed:\n{}", row.name, indented(row.error));
  }
  return text;
}

std::string json_of(const Machine& machine, const std::vector<Table>& tables) {
  nlohmann::json document = {
      {"machine", {{"cores", machine.cores}, {"load", machine.load}, {"versions", machine.versions}}},
      {"tables", nlohmann::json::array()}};
  for (const Table& table : tables) {
    nlohmann::json rows = nlohmann::json::array();
    for (const Row& row : table.rows) rows.push_back(json_of(table, row));
    document["tables"].push_back({{"key", table.key}, {"title", table.title}, {"rows", rows}});
  }
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

std::string markdown_of(const Machine& machine, const std::vector<Table>& tables, std::string_view picture) {
  std::string text = fmt::format(
      "![How long the same work takes: ours, git, myrepos]({})\n\n"
      "Medians on a machine with {} cores, {}. The server is an `sshd` on the same machine.\n\n"
      "<details><summary>All figures</summary>\n\n"
      "| work | program | seconds | × ours | MiB |\n| --- | --- | ---: | ---: | ---: |\n",
      picture, machine.cores, fmt::join(machine.versions, ", "));
  for (const Table& table : tables) {
    for (const Row& row : table.rows) {
      const bool first = &row == &table.rows.front();
      const std::string mark = first ? "**" : "";
      text += fmt::format("| {} | {}{}{} | {} | {} | {} |\n", first ? table.title : "", mark, name_of(row), mark,
                          seconds_of(row), ratio_of(table, row), peak_of(row));
    }
  }
  return text + "\n</details>\n";
}

std::string with_section(std::string_view text, std::string_view section) {
  constexpr std::string_view begin = "<!-- bench -->\n";
  constexpr std::string_view end = "<!-- /bench -->\n";
  const std::size_t from = text.find(begin);
  const std::size_t to = from == std::string_view::npos ? from : text.find(end, from);
  if (to == std::string_view::npos) {
    throw std::runtime_error("the file has no lines <!-- bench --> and <!-- /bench --> to put the figures between");
  }
  return fmt::format("{}\n{}\n{}", text.substr(0, from + begin.size()), section, text.substr(to));
}

}  // namespace syncmanager::test
