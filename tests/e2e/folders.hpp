// A folder on the server and on two computers, for the tests of rsync and Unison.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>

#include "base/escape.hpp"
#include "expect.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace fs = std::filesystem;

/// What a person sees in a folder: files with their content, links with where they lead (`-> x`), folders with `/`.
using Tree = std::map<std::string, std::string>;

inline bool is_kept_by_syncing(const fs::path& path) {
  return path.filename() == ".sync-backup" || path.filename() == ".sync-partial";
}

inline Tree tree_of(const fs::path& folder) {
  Tree tree;
  for (fs::recursive_directory_iterator entry(folder), end; entry != end; ++entry) {
    if (is_kept_by_syncing(entry->path())) {
      entry.disable_recursion_pending();
      continue;
    }
    const std::string name = entry->path().lexically_relative(folder).string();
    if (entry->is_symlink()) {
      tree[name] = "-> " + fs::read_symlink(entry->path()).string();
    } else {
      tree[name] = entry->is_directory() ? "/" : content_of(entry->path());
    }
  }
  return tree;
}

/// A line for each, for messages.
inline std::string described(const Tree& tree) {
  std::string text;
  for (const auto& [name, content] : tree) text += escape_text(name) + ": " + escape_text(content.substr(0, 40)) + '\n';
  return text;
}

inline void expect_tree(const fs::path& folder, const Tree& expected) {
  const Tree tree = tree_of(folder);
  BOOST_TEST(described(tree) == described(expected));
  BOOST_TEST((tree == expected));
}

/// The contents of all files below a folder, those that syncing keeps as well.
inline std::multiset<std::string> contents_in(const fs::path& folder) {
  std::multiset<std::string> contents;
  if (!fs::exists(folder)) return contents;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && !entry.is_symlink()) contents.insert(content_of(entry.path()));
  }
  return contents;
}

/// So many seconds after (or before) now: rsync goes by dates.
inline void set_age(const fs::path& file, int seconds) {
  fs::last_write_time(file, fs::file_time_type::clock::now() + std::chrono::seconds(seconds));
}

/// Text that neither ssh nor rsync can make smaller.
inline std::string noise(std::size_t size) {
  std::string text;
  text.reserve(size);
  for (unsigned value = 1; text.size() < size; value = value * 1664525U + 1013904223U) {
    text += static_cast<char>(value >> 24U);
  }
  return text;
}

struct Folders {
  Sandbox world;
  std::string client;
  fs::path here = world.laptop.project("photos");
  fs::path other = world.desktop.project("photos");
  fs::path there = world.server.home() / "photos";

  /// `lines` are further keys of the project's section.
  explicit Folders(std::string of_client, const std::string& lines = {}) : client(std::move(of_client)) { conf(lines); }

  [[nodiscard]] std::string url() const {
    return (client == "unison" ? "ssh://server/" : "ssh://server") + there.string();
  }

  [[nodiscard]] std::string section(const std::string& lines = {}) const {
    return fmt::format("[{} \"photos\"]\npath = ~/photos\nurl = {}\n{}", client, url(), lines);
  }

  void conf(const std::string& lines) const {
    world.laptop.conf(section(lines));
    world.desktop.conf(section(lines));
  }

  /// The laptop and the server have the same.
  void begin_with(const Tree& files) const {
    for (const auto& [name, content] : files) Computer::write(here / name, content);
    expect_exit(world.laptop.run("sync-now"), 0);
  }

  /// As if a day had passed since the server was asked for all there is to know about its folder.
  void let_a_day_pass() const {
    for (const auto& entry : fs::directory_iterator(world.laptop.home() / ".state" / "syncmanager" / "folders")) {
      std::string record = content_of(entry.path());
      const auto looked = record.find("looked ");
      record.erase(looked, record.find('\n', looked) + 1 - looked);
      Computer::write(entry.path(), record);
    }
  }

  [[nodiscard]] Json project(const std::string& tool, int status, const Arguments& arguments = {}) const {
    return report_of(world.laptop, tool, status, arguments).at("projects").at(0);
  }
};

}  // namespace syncmanager::test
