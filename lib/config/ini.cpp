#include "config/ini.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <ini.h>

#include "base/text.hpp"
#include "config/header.hpp"
#include "config/legacy.hpp"
#include "config/message.hpp"
#include "config/quote.hpp"

namespace syncmanager::config {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t longest_key = 40;  // bytes; inih remembers 49 of them for its continuation lines

// ---- what inih would take for itself -------------------------------------------------------------------------------
// White space at either end of a piece and comment characters would be lost on the way through inih. Control
// characters never stand in a line that it gets, so the first four of them stand for these.

constexpr std::string_view special = " \t;#";

std::string encode(std::string_view value) {
  std::string encoded(value);
  for (char& letter : encoded) {
    if (const auto at = special.find(letter); at != npos) letter = static_cast<char>(at + 1);
  }
  return encoded;
}

std::string decode(std::string_view encoded) {
  std::string value(encoded);
  for (char& letter : value) {
    const auto code = static_cast<unsigned char>(letter);
    if (code >= 1 && code <= special.size()) letter = special[code - 1U];
  }
  return value;
}

// ---- the parts of a line -------------------------------------------------------------------------------------------

bool is_stray_control(char letter) {
  return (static_cast<unsigned char>(letter) < 0x20 && letter != '\t') || letter == 0x7f;
}

bool is_key(std::string_view text) {
  const auto fits = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '-' || letter == '_' || letter == '.';
  };
  return !text.empty() && text.size() <= longest_key && std::ranges::all_of(text, fits);
}

/// Where ` ;` begins a comment in a value without quotes.
std::string_view without_comment(std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == ';' && (i == 0 || value[i - 1] == ' ' || value[i - 1] == '\t')) return value.substr(0, i);
  }
  return value;
}

bool looks_like_legacy(std::string_view line) {
  return std::string_view("~/$\"").find(line.front()) != npos && split(line, " \t").size() > 1;
}

// ---- the reader ----------------------------------------------------------------------------------------------------

/// Walks through the lines and hands inih those of today's format: a section's header as its number in the document,
/// `key =`, and the value behind it as indented lines, which inih takes as continuations of the value.
class Reader {
 public:
  explicit Reader(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    lines_ = lines_of(text);
  }

  /// The next line for inih; nothing at the end.
  std::optional<std::string> next(std::size_t room) {
    while (head_.empty() && value_at_ == value_.size()) {
      if (line_ == lines_.size()) return std::nullopt;
      ++line_;
      read_line(lines_[line_ - 1]);
    }
    sent_.clear();
    if (!head_.empty()) return std::exchange(head_, {});
    sent_ = value_.substr(value_at_, room - 1);
    value_at_ += sent_.size();
    return ' ' + sent_;
  }

  /// What inih made of the last line. False where that is not what it was given.
  bool take(std::string_view section, std::string_view key, std::string_view value) {
    const auto number = parse_number(section, document_.sections.size() - 1);
    if (!number || value != sent_) return false;
    auto& entries = document_.sections[*number].entries;
    if (value.empty()) {
      entries.push_back({std::string(key), "", line()});
    } else {
      entries.back().value += decode(value);
    }
    return true;
  }

  Document take_document() { return std::move(document_); }

 private:
  enum class Place { before_sections, named, legacy, skipped };

  [[nodiscard]] int line() const { return static_cast<int>(line_); }

  void problem(std::string message) {
    document_.problems.push_back({line(), std::move(message)});
    if (place_ == Place::named || place_ == Place::legacy) document_.sections.back().broken = true;
  }

  void read_line(std::string_view raw) {
    const std::string_view text = trim(raw);
    if (text.find('\0') != npos) {
      if (!std::exchange(nul_seen_, true)) problem("found a NUL byte, expected text in UTF-8");
      return;
    }
    if (text.empty() || is_comment(text)) return;
    if (std::ranges::any_of(text, is_stray_control)) {
      problem(found(text, "a line without control characters"));
    } else if (text.starts_with('[')) {
      open_section(text);
    } else {
      read_content(text);
    }
  }

  void open_section(std::string_view text) {
    Header header = parse_header(text);
    const bool again = header.kind == "defaults" && std::exchange(defaults_seen_, true);
    if (again && header.problem.empty()) header.problem = "found [defaults] a second time, expected it once in a file";
    place_ = Place::skipped;
    if (!header.problem.empty()) return problem(header.problem);
    place_ = header.named || header.kind == "defaults" ? Place::named : Place::legacy;
    if (place_ == Place::named) head_ = fmt::format("[{}]", document_.sections.size());
    Section section;
    section.kind = std::move(header.kind);
    section.name = std::move(header.name);
    section.named = header.named;
    section.line = line();
    document_.sections.push_back(std::move(section));
  }

  void read_content(std::string_view text) {
    switch (place_) {
      case Place::before_sections: return read_env(text);
      case Place::named: return read_entry(text);
      case Place::legacy:
        document_.sections.back().legacy.push_back({std::string(trim(text.substr(0, comment_start(text)))), line()});
        return;
      case Place::skipped: return;
    }
  }

  void read_env(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == npos || trim(text.substr(0, equals)) != "env") {
      if (std::exchange(stray_seen_, true)) return;
      problem(found(text, "a section such as [git \"NAME\"]; nothing before the first section is read"));
    } else if (document_.env_line != 0) {
      problem(fmt::format("found 'env' a second time, expected it once; the other is in line {}", document_.env_line));
    } else {
      const std::string_view value = text.substr(equals + 1);
      document_.env = trim(value.substr(0, comment_start(value)));
      document_.env_line = line();
    }
  }

  void read_entry(std::string_view text) {
    const auto separator = text.find_first_of("=:");
    const std::string_view key = trim(text.substr(0, separator));
    if (separator == npos || !is_key(key)) {
      const bool old = looks_like_legacy(text);
      return problem((old ? "mixes the two formats in one section: " : "") + found(text, "`key = value`"));
    }
    std::string_view value = trim(text.substr(separator + 1));
    std::optional<Unquoted> unquoted;
    if (value.starts_with('"')) {
      unquoted = unquote(value, 0);
      if (!unquoted || !trim(without_comment(value.substr(unquoted->end))).empty()) {
        return problem(found(value, "a closing quote at the end of a value that begins with a quote"));
      }
      value = unquoted->text;
    } else {
      value = trim(without_comment(value));
    }
    head_ = fmt::format("{} {}", key, text[separator]);
    value_ = encode(value);
    value_at_ = 0;
  }

  std::vector<std::string_view> lines_;
  std::size_t line_ = 0;  // the one that is being read, from 1
  Place place_ = Place::before_sections;
  bool nul_seen_ = false;
  bool stray_seen_ = false;
  bool defaults_seen_ = false;
  std::string head_;   // a whole line that inih gets next; empty: none
  std::string value_;  // encoded; what follows it in pieces, from value_at_ on
  std::size_t value_at_ = 0;
  std::string sent_;  // the piece of a value that inih was given last
  Document document_;
};

/// What inih's C functions get: an exception must not pass through them.
struct Stream {
  Reader reader;
  std::exception_ptr failure;
};

char* next_line(char* buffer, int size, void* stream) noexcept {
  auto& self = *static_cast<Stream*>(stream);
  try {
    if (self.failure) return nullptr;
    const auto line = self.reader.next(static_cast<std::size_t>(size) - 1);
    if (!line) return nullptr;
    if (line->size() >= static_cast<std::size_t>(size)) throw std::length_error("inih's buffer is too short for a key");
    std::copy_n(line->c_str(), line->size() + 1, buffer);
    return buffer;
  } catch (...) {
    self.failure = std::current_exception();
    return nullptr;
  }
}

int take_value(void* stream, const char* section, const char* key, const char* value) noexcept {
  auto& self = *static_cast<Stream*>(stream);
  try {
    if (!self.reader.take(section, key, value)) throw std::logic_error("inih changed what it was given");
    return 1;
  } catch (...) {
    self.failure = std::current_exception();
    return 0;
  }
}

}  // namespace

Document parse(std::string_view text) {
  Stream stream{Reader(text), nullptr};
  ini_parse_stream(next_line, &stream, take_value, &stream);
  if (stream.failure) std::rethrow_exception(stream.failure);
  return stream.reader.take_document();
}

}  // namespace syncmanager::config
