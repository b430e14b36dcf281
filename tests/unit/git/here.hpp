// The listing of repositories on a server that is this computer: by a login shell, tools and a home folder of the
// test's choice.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "git/listing.hpp"
#include "ssh/child_channel.hpp"
#include "support/temp_repo.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::test {

/// Where a program is; empty where there is none.
std::filesystem::path program(const std::string& name);

/// A folder for PATH.
class Tools {
 public:
  /// `target` by another name.
  void link(const std::string& name, const std::filesystem::path& target) const;
  /// A shell script in place of a program.
  void write(const std::string& name, const std::string& script) const;
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

struct Seen {
  std::map<std::size_t, git::Listing> glimpses;
  std::map<std::size_t, git::Listing> listings;  ///< of those that were not at rest
};

/// Whether they tell the same.
bool same(const git::Listing& one, const git::Listing& other);

using Judge = std::function<bool(std::size_t)>;
bool all_at_rest(std::size_t place);
bool none_at_rest(std::size_t place);

class Here {
 public:
  /// `path`, where given, is its PATH. Ignores SIGPIPE, as main does.
  explicit Here(const std::string& shell = "sh", const std::string& path = {});

  [[nodiscard]] const std::filesystem::path& home() const { return home_.path(); }
  /// A variable of its environment: "NAME=value".
  void set(const std::string& variable) { setup_.environment.push_back(variable); }

  [[nodiscard]] std::unique_ptr<ssh::Connection> connection() const;
  [[nodiscard]] Seen list(const std::vector<std::string>& paths, const Judge& at_rest) const;
  /// What list() comes to where the shell may be none.
  [[nodiscard]] git::ListResult try_list() const;

 private:
  TemporaryFolder home_;
  ssh::ChildSetup setup_;
  std::vector<std::string> argv_;  ///< of the login shell
};

/// A repository with two commits, the `second` of which is main, and nothing packed.
class Sample {
 public:
  Sample();

  TempRepo repo;
  std::string first;
  std::string second;

  void branch(const std::string& name) const { repo.git({"update-ref", "refs/heads/" + name, first}); }
  [[nodiscard]] std::string path() const { return repo.path().string(); }
  /// A file in the git folder.
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return repo.git_folder() / name; }
  void write(const std::string& name, const std::string& content) const { repo.write(".git/" + name, content); }
};

/// The repository looks as git says, without and with git.
void check_clear(const Here& here, const Sample& sample, const std::string& why = {});

}  // namespace syncmanager::test
