// Three computers with one project, its server, and all commits that were ever the tip of a branch.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "steps.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::campaign {

/// A promise is broken.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class World {
 public:
  World();

  /// Makes the step, and then checks that nothing is lost. Throws Broken.
  void make(const Step& step);

 private:
  using Strings = std::vector<std::string>;
  using Commits = std::set<std::string>;
  /// Path to what the user has not committed there: the file's content, `gone` for none, and what is staged.
  using Work = std::map<std::string, std::string>;
  enum class Allowed { nothing, locked, trouble_with_locks };

  const test::Computer& computer(unsigned number) const { return computers_[number % computers_.size()]; }
  static std::filesystem::path project(const test::Computer& computer) { return computer.project("notes"); }

  static Finished git(const test::Computer& computer, const std::filesystem::path& folder, Strings arguments);
  static Strings lines(const test::Computer& computer, const std::filesystem::path& folder, const Strings& arguments);
  static Strings branches(const test::Computer& computer, const std::filesystem::path& folder);
  static Work uncommitted(const test::Computer& computer);
  void require_kept(const test::Computer& computer, const Work& before, const Finished& run, bool stashing) const;

  bool user_step(const test::Computer& who, const Step& step);
  void commit(const test::Computer& who, const Step& step);
  void others_step(const Step& step);
  void tool_step(const test::Computer& who, const Step& step);
  void run(const test::Computer& who, const std::string& tool, const Strings& arguments, bool stashing = false);
  void run_beside(const test::Computer& one, const test::Computer& other);
  void commit_meanwhile(const test::Computer& who, const Step& step);
  void kill(const test::Computer& who, const Step& step);
  void settle();
  void require_equal_or_told();
  void require_quiet();
  static void require_status(const Finished& run, const std::string& what, Allowed allowed);

  Commits reachable() const;
  void remember_tips();

  test::Sandbox sandbox_;
  test::Computer tower_;
  std::array<test::Computer, 3> computers_;
  Commits known_;
  unsigned counter_ = 0;
};

}  // namespace syncmanager::campaign
