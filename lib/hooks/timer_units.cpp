#include "hooks/timer_units.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "hooks/unit_texts.hpp"

namespace syncmanager::hooks {

namespace {

constexpr std::string_view seal_words =
    "# From `sync-hooks install --timer`, which replaces and removes it as long as nobody has changed it; to change "
    "it,\n"
    "# run `systemctl --user edit`, or remove this: ";

/// FNV-1a of 64 bits: against a change, not against an attack.
std::string checksum(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return fmt::format("{:016x}\n", hash);
}

std::string sealed(std::string_view text) {
  return fmt::format("{}{}{}", seal_words, checksum(text), text);
}

/// systemd.service(5), "Command lines": `%` begins a specifier, a path with blanks stands in quotes. The path of the
/// program is no place for variables, so that `$` stands for itself.
std::string word_of_systemd(const std::string& path) {
  std::string word;
  for (const char byte : path) word += byte == '%' ? "%%" : std::string(1, byte);
  return path.find(' ') == std::string::npos ? word : '"' + word + '"';
}

/// "Executable name contains special characters", says systemd 252.
bool refused_by_systemd(const std::string& path) {
  return std::ranges::any_of(path, [](char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return code < 0x20 || code == 0x7f || byte == '"' || byte == '\'' || byte == '\\';
  });
}

}  // namespace

Unit service_unit(const std::filesystem::path& sync_now) {
  constexpr std::string_view place = "@SYNC_NOW@";
  const std::string& path = sync_now.native();
  if (refused_by_systemd(path)) {
    throw Error(ErrorKind::failed, fmt::format("systemd can't start {}", escape_text(path)),
                "install sync-manager where no quotes, backslashes or control characters are in the path");
  }
  std::string text(service_template);
  text.replace(text.find(place), place.size(), word_of_systemd(path));
  return {.name = "sync-now.service", .text = sealed(text)};
}

Unit timer_unit() {
  return {.name = "sync-now.timer", .text = sealed(timer_text)};
}

bool is_unchanged(std::string_view text) {
  if (!text.starts_with(seal_words)) return false;
  text.remove_prefix(seal_words.size());
  const std::size_t end = text.find('\n');
  return end != std::string_view::npos && text.substr(0, end + 1) == checksum(text.substr(end + 1));
}

std::string cron_line(const std::filesystem::path& sync_now) {
  // Some crons take the backslash away from `\%`, others leave it to the shell, which does so outside of quotes only.
  std::string_view rest = sync_now.native();
  std::string word;
  for (std::size_t percent = rest.find('%'); percent != std::string_view::npos; percent = rest.find('%')) {
    if (percent > 0) word += shell_word(rest.substr(0, percent));
    word += "\\%";
    rest.remove_prefix(percent + 1);
  }
  if (!rest.empty()) word += shell_word(rest);
  return fmt::format("*/15 * * * * {} --quiet", word);
}

}  // namespace syncmanager::hooks
