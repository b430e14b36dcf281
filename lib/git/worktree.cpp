#include "git/worktree.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"
#include "git/paths.hpp"
#include "git/refs.hpp"

namespace syncmanager::git {

namespace {

/// Whether HEAD of the worktree is this branch, at this tip; no tip: not born yet.
bool holds(const Environment& environment, const std::filesystem::path& folder, const std::string& branch,
           const std::optional<Oid>& tip) {
  const Finished name = run_git(environment, folder, {"symbolic-ref", "--quiet", "HEAD"});
  const Finished commit = run_git(environment, folder, {"rev-parse", "--quiet", "--verify", "HEAD"});
  return name.ok() && trim(name.out) == heads_prefix + branch && trim(commit.out) == (tip ? tip->hex() : "");
}

/// Where it can't be made or written for another reason, git may have begun.
///   fatal: Unable to create '/home/j/notes/.git/index.lock': File exists.
bool index_locked(const TreeResult& result) {
  return result.moved == TreeMoved::failed && result.message.find("index.lock': File exists") != std::string::npos;
}

/// Takes away what the user's configuration adds to merges into this branch. `-c` would end the key at an equals sign
/// in the branch's name; what it says in that case is that the value is LANGUAGE's, which our children have empty.
std::vector<std::string> without_merge_options(const std::string& branch) {
  const std::string key = "branch." + branch + ".mergeOptions";
  if (branch.find('=') == std::string::npos) return {"-c", key + "="};
  return {"--config-env=" + key + "=LANGUAGE"};  // git 2.31; an older one refuses
}

/// A plain fast-forward, whatever the user's configuration makes of `git merge` otherwise: the strategies `ours` and
/// `subtree` (pull.twohead) would overrule --ff-only. Ignored files are the user's, too.
///   git -c branch.main.mergeOptions= -c core.fsync=… merge --ff-only --strategy=recursive … 8f0c…
Finished merge_fast_forward(const Environment& environment, const std::filesystem::path& folder,
                            const std::string& branch, const Oid& to) {
  std::vector<std::string> arguments = without_merge_options(branch);
  arguments.insert(arguments.end(),
                   {"-c", through_to_disk, "merge", "--ff-only", "--strategy=recursive", "--no-overwrite-ignore",
                    "--no-autostash", "--no-squash", "--commit", "--no-stat", "--no-progress", to.hex()});
  return run_git(environment, folder, arguments);
}

/// git diff-tree -z -r --no-renames --name-only 8f0c… 51a2…
Paths moving_paths(const Environment& environment, const std::filesystem::path& folder, const Oid& from,
                   const Oid& to) {
  return paths_of(environment, folder, {"diff-tree", "-z", "-r", "--no-renames", "--name-only", from.hex(), to.hex()});
}

/// The ignored files that `to` would replace. Where the branch is not born yet, git merge knows no
/// --no-overwrite-ignore: it fills the tree by `git read-tree -m -u`.
///   git ls-files -z --others --ignored --exclude-standard
///   git ls-tree -z -r --full-tree --name-only 8f0c…
std::vector<std::string> ignored_in_the_way(const Environment& environment, const std::filesystem::path& folder,
                                            const Oid& to) {
  const Paths ignored =
      paths_of(environment, folder, {"ls-files", "-z", "--others", "--ignored", "--exclude-standard"});
  std::vector<std::string> in_the_way;
  if (ignored.empty()) return in_the_way;
  const Paths files = paths_of(environment, folder, {"ls-tree", "-z", "-r", "--full-tree", "--name-only", to.hex()});
  std::ranges::copy_if(ignored, std::back_inserter(in_the_way),
                       [&](const std::string& path) { return meets(files, path); });
  return in_the_way;
}

/// The files that the user has deleted and that the move would bring back: git's own fast-forward does so silently.
///   git ls-files -z --deleted
std::vector<std::string> deleted_in_the_way(const Environment& environment, const std::filesystem::path& folder,
                                            const Oid& from, const Oid& to) {
  const Paths deleted = paths_of(environment, folder, {"ls-files", "-z", "--deleted"});
  if (deleted.empty()) return {};
  const Paths moving = moving_paths(environment, folder, from, to);
  std::vector<std::string> in_the_way;
  std::ranges::set_intersection(deleted, moving, std::back_inserter(in_the_way));
  return in_the_way;
}

TreeResult stale() {
  return {.moved = TreeMoved::stale, .files = {}, .message = {}};
}

/// Moves index and files, not the branch; refuses as a whole where something of the user's is in the way.
///   git read-tree -m -u 8f0c… 51a2…
Finished read_tree(const Environment& environment, const std::filesystem::path& folder, const Oid& from,
                   const Oid& to) {
  return run_git(environment, folder, {"read-tree", "-m", "-u", from.hex(), to.hex()});
}

/// What became of a move of the tree, and the branch after it. `files` are in the way.
///   git update-index -q --refresh
///   git -c core.fsync=… update-ref -m 'sync: replace' refs/heads/main 51a2… 8f0c…
TreeResult replace_once(const Environment& environment, const std::filesystem::path& folder, const std::string& branch,
                        const Oid& from, const Oid& to) {
  // read-tree overwrites ignored files, and takes what was staged as `to` has it for its own. It also takes a file for
  // changed that was only written again; what is truly changed is found below, so this one's status tells nothing.
  run_git(environment, folder, {"update-index", "-q", "--refresh"});
  auto files = local_files_in_the_way(environment, folder, from, to);
  if (!files.empty()) return {.moved = TreeMoved::dirty, .files = std::move(files), .message = {}};
  const Finished read = read_tree(environment, folder, from, to);
  if (!read.ok()) return {.moved = TreeMoved::failed, .files = {}, .message = read.err};
  const Finished moved = run_git(
      environment, folder,
      {"-c", through_to_disk, "update-ref", "-m", "sync: replace", heads_prefix + branch, to.hex(), from.hex()});
  if (moved.ok()) return {.moved = TreeMoved::yes, .files = {}, .message = {}};
  read_tree(environment, folder, to, from);
  return stale();
}

TreeResult fast_forward_once(const Environment& environment, const std::filesystem::path& folder,
                             const std::string& branch, const std::optional<Oid>& from, const Oid& to) {
  auto files = from ? deleted_in_the_way(environment, folder, *from, to) : ignored_in_the_way(environment, folder, to);
  if (!files.empty()) return {.moved = TreeMoved::dirty, .files = std::move(files), .message = {}};
  const Finished merged = merge_fast_forward(environment, folder, branch, to);
  if (merged.ok()) {
    const bool arrived = holds(environment, folder, branch, to);
    return {.moved = arrived ? TreeMoved::yes : TreeMoved::stale, .files = {}, .message = {}};
  }
  TreeResult result{.moved = TreeMoved::failed, .files = files_in_the_way(merged.err), .message = merged.err};
  if (!result.files.empty()) result.moved = TreeMoved::dirty;
  return result;
}

/// Moves the tree of `branch`, which must be at `from`; again where somebody holds the index, for about two seconds.
template <class Move>
TreeResult while_locked(const Environment& environment, const std::filesystem::path& folder, const std::string& branch,
                        const std::optional<Oid>& from, Move move) {
  using namespace std::chrono_literals;
  constexpr int attempts = 20;
  TreeResult result;
  for (int i = 0; i < attempts; ++i) {
    if (i > 0) std::this_thread::sleep_for(100ms);
    // git moves whatever is checked out, and who held the index may have switched branches: look each time.
    if (!holds(environment, folder, branch, from)) return stale();
    result = move();
    // What git complains about may be a commit that the user has made since.
    const bool moved = result.moved == TreeMoved::yes || result.moved == TreeMoved::stale;
    if (!moved && !holds(environment, folder, branch, from)) return stale();
    if (!index_locked(result)) return result;
  }
  result.moved = TreeMoved::locked;
  return result;
}

/// What can't be read is none: git can't stash it either, and says so.
bool is_repository(const std::filesystem::path& folder) {
  std::error_code unreadable;
  return std::filesystem::exists(std::filesystem::symlink_status(folder / ".git", unreadable));
}

bool holds_repository(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code unreadable;
  if (!fs::is_directory(fs::symlink_status(path, unreadable))) return false;
  if (is_repository(path)) return true;
  fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, unreadable);
  for (; !unreadable && entry != fs::end(entry); entry.increment(unreadable)) {
    if (entry->path().filename() == ".git") return true;
  }
  return false;
}

/// Whether the file of the worktree `folder` is a repository, or stands in one that is not the worktree itself.
bool is_in_repository(const std::filesystem::path& folder, std::filesystem::path file) {
  for (; !file.empty(); file = file.parent_path()) {
    if (is_repository(folder / file)) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> files_in_the_way(std::string_view git_errors) {
  std::vector<std::string> files;
  for (const std::string_view line : lines_of(git_errors)) {
    if (line.starts_with('\t')) files.emplace_back(line.substr(1));
  }
  return files;
}

//   git --no-optional-locks diff -z --no-renames --no-ext-diff --name-only --ignore-submodules=untracked 8f0c…
//   git ls-files -z --others
std::vector<std::string> local_files_in_the_way(const Environment& environment, const std::filesystem::path& folder,
                                                const Oid& from, const Oid& to) {
  const Paths moving = moving_paths(environment, folder, from, to);
  Paths local = paths_of(environment, folder,
                         {"--no-optional-locks", "diff", "-z", "--no-renames", "--no-ext-diff", "--name-only",
                          "--ignore-submodules=untracked", from.hex()});
  local.merge(paths_of(environment, folder, {"ls-files", "-z", "--others"}));
  std::vector<std::string> in_the_way;
  std::ranges::copy_if(local, std::back_inserter(in_the_way),
                       [&](const std::string& path) { return meets(moving, path); });
  return in_the_way;
}

TreeResult fast_forward_tree(const Environment& environment, const std::filesystem::path& folder,
                             const std::string& branch, const std::optional<Oid>& from, const Oid& to) {
  return while_locked(environment, folder, branch, from,
                      [&] { return fast_forward_once(environment, folder, branch, from, to); });
}

TreeResult replace_tree(const Environment& environment, const std::filesystem::path& folder, const std::string& branch,
                        const Oid& from, const Oid& to) {
  return while_locked(environment, folder, branch, from,
                      [&] { return replace_once(environment, folder, branch, from, to); });
}

std::vector<std::string> unstashable(const std::filesystem::path& folder, const std::vector<std::string>& files) {
  std::vector<std::string> found;
  std::ranges::copy_if(files, std::back_inserter(found), [&](const std::string& file) {
    return is_in_repository(folder, file) || holds_repository(folder / file);
  });
  return found;
}

void stash(const Environment& environment, const std::filesystem::path& folder, const std::vector<std::string>& files,
           const std::string& message) {
  std::string input;
  for (const std::string& file : files) input.append(file).push_back('\0');
  const Finished git = feed_git(environment, folder,
                                {"--literal-pathspecs", "-c", through_to_disk, "stash", "push", "--all",
                                 "--pathspec-from-file=-", "--pathspec-file-nul", "--message", message},
                                input);
  if (!git.ok()) {
    throw Error(ErrorKind::failed, "stash local changes in " + folder.string() + ": " + std::string(trim(git.err)));
  }
}

}  // namespace syncmanager::git
