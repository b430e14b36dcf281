#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config.hpp"
#include "config/ini.hpp"
#include "config/legacy.hpp"
#include "config/quote.hpp"

namespace syncmanager::config {

namespace {

/// Writes the lines of one file in today's format.
class Importer {
 public:
  Importer(std::string_view text, const Document& document, const Config& config)
      : text_(text), document_(document), end_of_line_(text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n") {
    for (const Project& project : config.projects) names_[project.origin.line] = project.name;
    for (const Section& section : document.sections) {
      if (!is_legacy(section)) {
        has_modern_ = true;
        continue;
      }
      headers_[section.line] = &section;
      for (const LegacyLine& line : section.legacy) lines_[line.line] = {&section, &line};
    }
  }

  std::string run() {
    int number = 0;
    for (const std::string_view raw : lines_of(text_)) {
      ++number;
      const std::string_view line = raw.ends_with('\r') ? raw.substr(0, raw.size() - 1) : raw;
      if (number == document_.env_line) {
        write_comment(line);
        if (!has_modern_) write_env();
      } else if (headers_.contains(number)) {
        write_comment(line);
      } else if (const auto found = lines_.find(number); found != lines_.end()) {
        write_comment(line);
        write_project(*found->second.first, *found->second.second);
      } else {
        copy(line);
      }
    }
    return std::move(result_);
  }

 private:
  void write(std::string_view line) {
    result_ += line;
    result_ += end_of_line_;
    blank_ = trim(line).empty();
    comment_ = line.starts_with('#') || line.starts_with(';');
  }

  void copy(std::string_view line) {
    if (generated_ && !trim(line).empty()) write("");
    generated_ = false;
    write(line);
  }

  void write_entry(std::string_view key, std::string_view value) {
    write(value.empty() ? fmt::format("{} =", key) : fmt::format("{} = {}", key, write_value(value)));
  }

  /// What stood as a comment behind something else gets a line of its own before it.
  void write_comment(std::string_view line) {
    const auto begin = comment_start(line);
    if (begin == std::string_view::npos) return;
    separate();
    write(line.substr(begin));
  }

  /// The old first line is for the old-format projects alone, so that it stands for the whole file only where there
  /// are no others.
  void write_env() {
    separate();
    write("[defaults]");
    write_entry("env", document_.env);
    generated_ = true;
  }

  void write_project(const Section& section, const LegacyLine& line) {
    separate();
    write(fmt::format("[{} {}]", section.kind, quote(names_[line.line])));
    const Client client = section.kind == "git" ? Client::git : Client::unison;
    for (const Entry& entry : entries_of(parse_legacy_line(line.text, client).project, line.line)) {
      write_entry(entry.key, entry.value);
    }
    if (has_modern_ && document_.env_line != 0) write_entry("env", document_.env);
    generated_ = true;
  }

  /// A blank line before something new, but not between a comment and what it is about.
  void separate() {
    if (!result_.empty() && !blank_ && !comment_) write("");
  }

  std::string_view text_;
  const Document& document_;
  std::string_view end_of_line_;
  bool has_modern_ = false;
  bool blank_ = false;                // the last line written is blank
  bool comment_ = false;              // it is a comment
  bool generated_ = false;            // it belongs to a section that was written here
  std::map<int, std::string> names_;  // of the projects, by their lines
  std::map<int, const Section*> headers_;
  std::map<int, std::pair<const Section*, const LegacyLine*>> lines_;
  std::string result_;
};

}  // namespace

std::string import_legacy(std::string_view text, const std::string& file) {
  Environment environment;
  environment.home = "/home";  // paths are written as they were read: any folder will do for the checks
  Config config;
  read(text, file, environment, config);
  if (!config.errors.empty()) {
    const ConfigError& first = config.errors.front();
    throw Error(ErrorKind::usage, fmt::format("{}:{}: {}", file, first.origin.line, first.message),
                "correct the file, then import it again");
  }
  return Importer(text, parse(text), config).run();
}

}  // namespace syncmanager::config
