#include "ui/messages.hpp"

#include <fmt/format.h>

#include "base/escape.hpp"
#include "base/text.hpp"

namespace syncmanager::ui {

std::string error_line(const ConfigError& error) {
  std::string place = escape_text(error.origin.file);
  if (error.origin.line > 0) place += fmt::format(":{}", error.origin.line);
  if (!place.empty()) place += ": ";
  return place + escape_text(error.message) + '\n';
}

std::string notice_line(std::string_view notice) {
  return escape_text(notice) + '\n';
}

std::string message_lines(std::string_view tool, std::string_view message, std::string_view hint) {
  std::string text = fmt::format("{}: {}\n", tool, escape_text(trim(message), true));
  const std::string advice = escape_text(trim(hint), true);
  for (const std::string_view line : lines_of(advice)) text += line.empty() ? "\n" : fmt::format("  {}\n", line);
  return text;
}

}  // namespace syncmanager::ui
