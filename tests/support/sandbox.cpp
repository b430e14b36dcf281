#include "support/sandbox.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <sys/stat.h>

#include <fmt/format.h>

namespace syncmanager::test {

namespace {

constexpr std::chrono::minutes longest_silence(2);

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// The programs of this build, or those of another one: $SYNCMANAGER_BIN.
std::string program_folder() {
  const std::string other = variable("SYNCMANAGER_BIN");
  return other.empty() ? SYNCMANAGER_BIN : other;
}

void make_folder(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
}

/// As stat(2) and read(2) see a file, in one line and what follows.
std::string identity_of(const std::filesystem::path& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) throw std::runtime_error("cannot look at " + path.string());
  std::string text = fmt::format("{:o} inode {} size {} changed {}.{:09}", status.st_mode, status.st_ino,
                                 status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
  if (S_ISREG(status.st_mode)) text += '\n' + content_of(path);
  return text;
}

/// One commit for `git fast-import`. Without `from`, its parent is the branch's tip.
std::string imported_commit(const std::string& branch, int number, std::string_view mark, std::string_view from) {
  const std::string file = fmt::format("{}/{}.txt", branch, number % 100);
  const std::string text = fmt::format("{} {}\n", branch, number);
  return fmt::format(
      "commit refs/heads/{}\n{}committer Jane Doe <jane@example.org> {} +0000\ndata {}\n{}{}M 100644 inline {}\n"
      "data {}\n{}",
      branch, mark, 1'700'000'000 + number, text.size(), text, from, file, text.size(), text);
}

std::string fast_import_stream(const Content& content) {
  std::string stream = imported_commit("main", 0, "mark :1\n", "");
  for (int branch = 0; branch < content.branches; ++branch) {
    const std::string name = branch == 0 ? "main" : fmt::format("branch-{}", branch);
    for (int number = 1; number <= content.commits; ++number) {
      stream += imported_commit(name, number, "", number == 1 ? "from :1\n" : "");
    }
  }
  return stream;
}

}  // namespace

Snapshot snapshot(const std::filesystem::path& folder) {
  Snapshot result;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    result[entry.path().lexically_relative(folder)] = identity_of(entry.path());
  }
  return result;
}

std::string differences(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> names;
  for (const auto& [name, identity] : before) {
    const auto found = after.find(name);
    if (found == after.end() || found->second != identity) names.push_back(name);
  }
  for (const auto& [name, identity] : after) {
    if (!before.contains(name)) names.push_back(name);
  }
  return fmt::format("{}", fmt::join(names, " "));
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Computer::Computer(const std::filesystem::path& home, const std::string& name, const std::filesystem::path& ssh_config)
    : home_(home) {
  make_folder(home_);
  for (const auto* const folder : {".sync-conf", ".config", ".state", ".run", ".tmp"}) make_folder(home_ / folder);
  variables_ = {{"PATH", variable("PATH")},
                {"HOME", home_.string()},
                {"XDG_CONFIG_HOME", (home_ / ".config").string()},
                {"XDG_STATE_HOME", (home_ / ".state").string()},
                {"XDG_RUNTIME_DIR", (home_ / ".run").string()},
                {"TMPDIR", (home_ / ".tmp").string()},
                {"LC_ALL", "C.UTF-8"},
                {"GIT_CONFIG_NOSYSTEM", "1"},
                {"SYNC_COMPUTER", name},
                {"SYNC_SSH_CONFIG", ssh_config.string()}};
  for (const auto* const option : {"ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (!variable(option).empty()) variables_[option] = variable(option);
  }
  write(home_ / ".gitconfig",
        "[user]\n\tname = Jane Doe\n\temail = jane@example.org\n"
        "[init]\n\tdefaultBranch = main\n");
}

void Computer::write(const std::filesystem::path& file, std::string_view content) {
  std::filesystem::create_directories(file.parent_path());
  AtomicFile writer(file, 0644);
  writer.write(content);
  writer.commit();
}

void Computer::conf(std::string_view text, const std::string& file) const {
  write(home_ / ".sync-conf" / file, text);
}

std::vector<std::string> Computer::environment() const {
  std::vector<std::string> result;
  for (const auto& [name, value] : variables_) result.push_back(name + '=' + value);
  return result;
}

Command Computer::command(const std::string& tool, const Arguments& arguments) const {
  Command command{{program_folder() + '/' + tool}, environment(), home_};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  return command;
}

Finished Computer::run(const std::string& tool, const Arguments& arguments) const {
  return syncmanager::run(command(tool, arguments), "", longest_silence);
}

std::string Computer::git(const std::filesystem::path& folder, const Arguments& arguments,
                          std::string_view input) const {
  Command command{{"git", "-C", folder.string()}, environment(), home_};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  Finished finished = syncmanager::run(command, input, longest_silence);
  if (!finished.ok()) {
    throw std::runtime_error(fmt::format("{} failed: {}", fmt::join(command.argv, " "), finished.err));
  }
  if (finished.out.ends_with('\n')) finished.out.pop_back();
  return finished.out;
}

std::string Computer::commit(const std::filesystem::path& folder, const std::string& file,
                             const std::string& content) const {
  write(folder / file, content);
  git(folder, {"add", "--", file});
  git(folder, {"commit", "--quiet", "--message", "change " + file});
  return git(folder, {"rev-parse", "HEAD"});
}

std::string Computer::tip(const std::filesystem::path& folder, const std::string& ref) const {
  Command command{{"git", "-C", folder.string(), "rev-parse", "--quiet", "--verify", ref}, environment(), home_};
  std::string id = syncmanager::run(command, "", longest_silence).out;
  if (id.ends_with('\n')) id.pop_back();
  return id;
}

std::string Computer::refs(const std::filesystem::path& folder, const std::string& prefix) const {
  return git(folder, {"for-each-ref", "--format=%(refname) %(objectname)", prefix});
}

void add_commits(const Computer& computer, const std::filesystem::path& repository, const std::string& branch,
                 int count) {
  const std::string tip = computer.tip(repository, "refs/heads/" + branch);
  std::string stream;
  for (int number = 1; number <= count; ++number) {
    const bool continues = number == 1 && !tip.empty();
    stream += imported_commit(branch, 100'000 + number, "", continues ? "from " + tip + '\n' : "");
  }
  computer.git(repository, {"fast-import", "--quiet"}, stream);
}

Sandbox::Sandbox(ServerSetup setup)
    : server(std::move(setup)),
      owner(folder_.path() / "owner", "owner", server.ssh_config()),
      laptop(folder_.path() / "laptop", "laptop", server.ssh_config()),
      desktop(folder_.path() / "desktop", "desktop", server.ssh_config()) {}

std::filesystem::path Sandbox::bare(const std::string& name) const {
  return server.home() / (name + ".git");
}

std::string Sandbox::url(const std::string& name) const {
  return "ssh://server" + bare(name).string();
}

void Sandbox::add_empty_repository(const std::string& name) const {
  owner.git(server.home(), {"init", "--quiet", "--bare", bare(name).string()});
}

void Sandbox::add_repository(const std::string& name, const Content& content) const {
  add_empty_repository(name);
  owner.git(bare(name), {"fast-import", "--quiet", "--force"}, fast_import_stream(content));
}

std::string Sandbox::section(const std::string& name, const std::string& lines) const {
  return fmt::format("[git \"{0}\"]\npath = ~/{0}\nurl = {1}\n{2}\n", name, url(name), lines);
}

}  // namespace syncmanager::test
