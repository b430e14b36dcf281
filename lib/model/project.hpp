// One project of a conf file: a folder here, its other side, and the rules that hold between them. Plain data.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/url.hpp"

namespace syncmanager {

enum class Client { git, unison, rsync };
enum class Direction { both, pull, push };
enum class Diverged { report, merge, rebase };
enum class Deletions { propagate, keep };
enum class Rewrites { own, refuse, push };

/// Where something stands in a conf file; `line` counts from 1, 0 means the file as a whole.
struct Origin {
  std::string file;
  int line = 0;
};

/// The branches that a project looks at: globs, `!glob` excludes, the last one that matches decides.
/// A list of excludes alone starts from all branches.
class BranchFilter {
 public:
  BranchFilter() = default;  ///< all branches
  explicit BranchFilter(std::vector<std::string> globs) : globs_(std::move(globs)) {}
  [[nodiscard]] bool selects(std::string_view branch) const;

 private:
  std::vector<std::string> globs_;
};

struct Project {
  std::string name;
  Client client = Client::git;
  std::filesystem::path path;  ///< absolute, `~` expanded
  Url url;
  std::string remote = "origin";
  Direction direction = Direction::both;
  bool create = false;
  std::vector<std::string> envs;  ///< empty: everywhere
  std::vector<std::string> groups;
  BranchFilter branches;
  bool tags = true;
  Diverged diverged = Diverged::report;
  Deletions deletions = Deletions::propagate;
  Rewrites rewrites = Rewrites::own;
  bool park = true;
  std::optional<std::string> user_name;
  std::optional<std::string> user_email;
  std::vector<std::string> hooks = {"commit", "checkout", "merge", "rewrite"};
  std::string profile = "sm_default";
  bool remove = false;  ///< rsync's `delete`
  int max_delete = 100;
  int backup_days = 90;
  std::vector<std::string> exclude;  ///< rsync
  std::vector<std::string> ignore;   ///< unison
  std::string computer;              ///< this computer's name in parked refs and reports
  std::filesystem::path ssh_config;  ///< what `ssh -F` would read; empty: the user's own
  Origin origin;
};

std::string_view to_string(Client client);
std::string_view to_string(Direction direction);

}  // namespace syncmanager
