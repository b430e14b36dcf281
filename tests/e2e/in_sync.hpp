// A laptop in sync with a server, from where the tests about single rules begin.
#pragma once

#include <filesystem>
#include <string>

#include "expect.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

/// The server has main, branch-1 and branch-2.
struct InSync {
  Sandbox world;
  std::filesystem::path notes = world.laptop.project("notes");
  std::filesystem::path bare = world.bare("notes");

  /// `lines` are further keys of the project's section.
  explicit InSync(const std::string& lines = {}, int branches = 3) {
    world.add_repository("notes", {.branches = branches, .commits = 2});
    world.laptop.conf(world.section("notes", lines));
    expect_exit(world.laptop.run("sync-now"), 0);
  }

  /// A commit with this parent and its files, and the branch on it.
  static std::string move(const Computer& who, const std::filesystem::path& repository, const std::string& branch,
                          const std::string& parent) {
    const std::string id = who.git(repository, {"commit-tree", "-p", parent, "-m", "moved", parent + "^{tree}"});
    who.git(repository, {"update-ref", "refs/heads/" + branch, id});
    return id;
  }
};

}  // namespace syncmanager::test
