// The grammar of conf files: nothing throws, nothing is cut, and what was read can be written and read back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "config/ini.hpp"
#include "config/quote.hpp"

using namespace syncmanager;
using namespace syncmanager::config;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

/// Without quotes and comments a value is simply what follows the separator on its line.
void expect_whole(const Entry& entry, std::string_view line) {
  const auto separator = line.find_first_of("=:");
  expect(separator != std::string_view::npos);
  const std::string_view value = trim(line.substr(separator + 1));
  if (value.find_first_of("\";") == std::string_view::npos) expect(entry.value == value);
}

std::string write_again(const Section& section) {
  std::string text = '[' + section.kind + (section.named ? ' ' + quote(section.name) : "") + "]\n";
  for (const Entry& entry : section.entries) text += entry.key + " = " + write_value(entry.value) + '\n';
  for (const LegacyLine& line : section.legacy) text += line.text + '\n';
  return text;
}

void expect_same(const Section& before, const Section& after) {
  expect(before.kind == after.kind && before.name == after.name && before.named == after.named);
  expect(before.entries.size() == after.entries.size() && before.legacy.size() == after.legacy.size());
  for (std::size_t i = 0; i < before.entries.size(); ++i) {
    expect(before.entries[i].key == after.entries[i].key);
    expect(before.entries[i].value == after.entries[i].value);
  }
  for (std::size_t i = 0; i < before.legacy.size(); ++i) expect(before.legacy[i].text == after.legacy[i].text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const std::vector<std::string_view> lines = lines_of(text);
  const Document document = parse(text);
  std::string again;
  for (const Section& section : document.sections) {
    for (const Entry& entry : section.entries) expect_whole(entry, lines.at(static_cast<std::size_t>(entry.line) - 1));
    again += write_again(section);
  }
  for (const Problem& problem : document.problems) {
    expect(problem.line > 0 && static_cast<std::size_t>(problem.line) <= lines.size() && !problem.message.empty());
  }
  const Document second = parse(again);
  expect(second.problems.empty() && second.sections.size() == document.sections.size());
  for (std::size_t i = 0; i < document.sections.size(); ++i) expect_same(document.sections[i], second.sections[i]);
  return 0;
}
