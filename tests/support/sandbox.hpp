// A small world for end-to-end tests: one server and several computers. A computer is a home folder and an environment
// of its own, so that nothing of the account that runs the test is read or changed.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/process.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_server.hpp"

namespace syncmanager::test {

using Arguments = std::vector<std::string>;

/// Each file below a folder with its inode, size, time of change and content: equal only where nothing was touched.
using Snapshot = std::map<std::string, std::string>;
Snapshot snapshot(const std::filesystem::path& folder);

/// The names of the files that differ between the two, separated by spaces.
std::string differences(const Snapshot& before, const Snapshot& after);

class Computer {
 public:
  /// `ssh_config` is what its SYNC_SSH_CONFIG names.
  Computer(const std::filesystem::path& home, const std::string& name, const std::filesystem::path& ssh_config);

  [[nodiscard]] const std::filesystem::path& home() const { return home_; }
  /// ~/NAME: where the tests' projects live.
  [[nodiscard]] std::filesystem::path project(const std::string& name) const { return home_ / name; }

  static void write(const std::filesystem::path& file, std::string_view content);
  /// Writes ~/.sync-conf/`file`.
  void conf(std::string_view text, const std::string& file = "projects.conf") const;
  /// Sets or replaces a variable of its environment.
  void set(const std::string& name, const std::string& value) { variables_[name] = value; }
  [[nodiscard]] std::vector<std::string> environment() const;
  /// `sync-pull` and the like with arguments, to be run here: in the home folder.
  [[nodiscard]] Command command(const std::string& tool, const Arguments& arguments) const;
  [[nodiscard]] Finished run(const std::string& tool, const Arguments& arguments = {}) const;

  /// `git -C FOLDER ARGUMENTS…`: what it printed, without the last line feed. Throws where git fails.
  std::string git(const std::filesystem::path& folder, const Arguments& arguments, std::string_view input = {}) const;
  /// A commit on the checked-out branch that gives `file` this content; the commit's id.
  std::string commit(const std::filesystem::path& folder, const std::string& file, const std::string& content) const;
  /// The id that a ref or a revision stands for; empty where there is none.
  [[nodiscard]] std::string tip(const std::filesystem::path& folder, const std::string& ref) const;
  /// A line "REF OID" for each ref below `prefix`.
  [[nodiscard]] std::string refs(const std::filesystem::path& folder, const std::string& prefix = "refs") const;

 private:
  std::filesystem::path home_;
  std::map<std::string, std::string> variables_;
};

/// What a new repository of the server is filled with: branches `main`, `branch-1`…, each with commits of its own on
/// top of a common first one.
struct Content {
  int branches = 1;
  int commits = 1;  ///< on each branch
};

/// Puts commits on top of a branch of a repository, or of a new one, with `git fast-import`; working trees don't move.
void add_commits(const Computer& computer, const std::filesystem::path& repository, const std::string& branch,
                 int count);

class Sandbox {
  TemporaryFolder folder_;

 public:
  explicit Sandbox(ServerSetup setup = {});

  TestServer server;
  Computer owner;  ///< git as the server's owner uses it
  Computer laptop;
  Computer desktop;

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  /// Where the server keeps a repository, and the URL by which the computers reach it.
  [[nodiscard]] std::filesystem::path bare(const std::string& name) const;
  [[nodiscard]] std::string url(const std::string& name) const;
  /// Makes a bare repository on the server.
  void add_repository(const std::string& name, const Content& content = {}) const;
  void add_empty_repository(const std::string& name) const;
  /// The section of a conf file for ~/NAME; `lines` are further keys.
  [[nodiscard]] std::string section(const std::string& name, const std::string& lines = {}) const;
};

/// Whether `text` contains `part`.
bool contains(std::string_view text, std::string_view part);

}  // namespace syncmanager::test
