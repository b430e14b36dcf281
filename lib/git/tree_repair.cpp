#include "git/tree_repair.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"
#include "git/half_move.hpp"
#include "git/refs.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;

constexpr const char* empty_tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
constexpr const char* no_tip = "0000000000000000000000000000000000000000";

TreeRepair repaired(TreeRepair::Kind kind, std::vector<fs::path> locks = {}) {
  return {.kind = kind, .left = {}, .locks = std::move(locks)};
}

/// Those that git makes where it moves the tree of a branch; index.lock first.
std::vector<fs::path> locks_of(const Environment& environment, const BegunMove& move) {
  return git_paths(
      environment, move.folder,
      {"index.lock", heads_prefix + move.branch + ".lock", "HEAD.lock", "ORIG_HEAD.lock", "packed-refs.lock"});
}

/// Removes the folder where nothing but folders is in it; false where something is.
bool remove_empty(const fs::path& folder) {
  std::error_code trouble;
  for (fs::directory_iterator entry(folder, trouble); !trouble && entry != fs::directory_iterator();
       entry.increment(trouble)) {
    std::error_code gone;
    if (!fs::is_directory(entry->symlink_status(gone)) || !remove_empty(entry->path())) return false;
  }
  return !trouble && fs::remove(folder, trouble);
}

class Repair {
 public:
  Repair(const Environment& environment, const BegunMove& move)
      : environment_(environment), move_(move), locks_(locks_of(environment, move)) {}

  TreeRepair run(std::chrono::milliseconds patience) {
    if (has_moved_on()) return repaired(TreeRepair::Kind::nothing);
    for (const fs::path& lock : locks_) {
      if (!wait_for_holder(lock, move_.folder, patience)) return repaired(TreeRepair::Kind::held, {lock});
    }
    if (has_moved_on()) return repaired(TreeRepair::Kind::nothing);
    const std::string from = move_.from ? move_.from->hex() : empty_tree;
    if (!is_here(move_.to.hex()) || !is_here(from)) return repaired(TreeRepair::Kind::nothing);
    const auto changes = tree_changes(environment_, move_.folder, from, move_.to.hex());
    // git refuses such a tree as a whole.
    const auto in_tree = [](const TreeChange& change) { return is_in_tree(change.path); };
    if (!std::ranges::all_of(changes, in_tree)) return repaired(TreeRepair::Kind::nothing);
    HalfMove half;
    const bool arrived = !changes.empty() && differing(move_.to.hex(), changes).empty();
    if (!arrived) half = find_half_move(environment_, move_.folder, changes, differing(from, changes), move_.begun);
    const bool left_locked = is_of_this_move(index_lock(), half);
    if (left_locked) remove_index_lock();
    if (auto locks = locks_that_are_there(); !locks.empty()) return repaired(TreeRepair::Kind::locked, locks);
    if (arrived) return finish();
    const bool begun = move_.certain || left_locked || half.first;
    return half.empty() || !begun ? repaired(TreeRepair::Kind::nothing) : take_back(half);
  }

 private:
  /// The new commit of a merge has no ref before the tree has moved, so that git may have thrown it away by now.
  ///   git cat-file -e 51a2…^{tree}
  [[nodiscard]] bool is_here(const std::string& treeish) const {
    return treeish == empty_tree || run_git(environment_, move_.folder, {"cat-file", "-e", treeish + "^{tree}"}).ok();
  }

  [[nodiscard]] std::string tip() const {
    return std::string(trim(run_git(environment_, move_.folder, {"rev-parse", "--quiet", "--verify", "HEAD"}).out));
  }

  [[nodiscard]] bool has_moved_on() const { return tip() != (move_.from ? move_.from->hex() : ""); }

  /// Which of the changed paths the index has otherwise than this tree.
  ///   git diff-index -z --cached --no-renames --name-only 8f0c…
  [[nodiscard]] Paths differing(const std::string& tree, const std::vector<TreeChange>& changes) const {
    const Paths all =
        paths_of(environment_, move_.folder, {"diff-index", "-z", "--cached", "--no-renames", "--name-only", tree});
    Paths of_the_move;
    for (const TreeChange& change : changes) {
      if (all.contains(change.path)) of_the_move.insert(change.path);
    }
    return of_the_move;
  }

  /// git -c core.fsync=… update-ref -m 'sync: finish a move' refs/heads/main 51a2… 8f0c…
  [[nodiscard]] TreeRepair finish() const {
    const std::string ref = heads_prefix + move_.branch;
    const Finished git = run_git(environment_, move_.folder,
                                 {"-c", through_to_disk, "update-ref", "-m", "sync: finish a move", ref, move_.to.hex(),
                                  move_.from ? move_.from->hex() : no_tip});
    // A git that was still at it may have been quicker.
    if (git.ok() || tip() == move_.to.hex()) return repaired(TreeRepair::Kind::finished);
    throw Error(ErrorKind::failed, "git update-ref in " + move_.folder.string() + ": " + std::string(trim(git.err)));
  }

  [[nodiscard]] const fs::path& index_lock() const { return locks_.front(); }

  [[nodiscard]] std::vector<fs::path> locks_that_are_there() const {
    std::vector<fs::path> there;
    std::ranges::copy_if(locks_, std::back_inserter(there),
                         [](const fs::path& lock) { return made_at(lock).has_value(); });
    return there;
  }

  /// Whoever makes the lock keeps all others from making one: one that was there when the dead git made its files, and
  /// that nobody holds, is its own.
  [[nodiscard]] bool is_of_this_move(const fs::path& index_lock, const HalfMove& half) const {
    const auto made = made_at(index_lock);
    return made && *made + clock_tick >= move_.begun && *made <= half.first.value_or(*made) &&
           !held(index_lock, move_.folder);
  }

  void remove_index_lock() const {
    std::error_code trouble;
    fs::remove(index_lock(), trouble);
    if (trouble) throw Error(ErrorKind::failed, "remove " + index_lock().string() + ": " + trouble.message());
  }

  [[nodiscard]] TreeRepair take_back(const HalfMove& half) const {
    TreeRepair repair = repaired(TreeRepair::Kind::taken_back);
    repair.left = half.users;
    for (const std::string& path : half.made) remove_made(path);
    std::vector<std::string> paths;
    for (const std::string& path : half.replaced) (has_place(path) ? paths : repair.left).push_back(path);
    std::ranges::sort(repair.left);
    put_back(paths);
    return repair;
  }

  /// With the folders that are empty then.
  void remove_made(const std::string& path) const {
    std::error_code trouble;
    fs::remove(move_.folder / path, trouble);
    if (trouble) {
      throw Error(ErrorKind::failed, "remove " + (move_.folder / path).string() + ": " + trouble.message());
    }
    for (fs::path above = fs::path(path).parent_path(); !above.empty(); above = above.parent_path()) {
      if (!fs::remove(move_.folder / above, trouble)) return;
    }
  }

  /// Whether nothing of the user's stands at the path or where it needs folders: git would remove it there.
  [[nodiscard]] bool has_place(const fs::path& path) const {
    std::error_code none;
    fs::path place = move_.folder;
    for (const fs::path& part : path.parent_path()) {
      place /= part;
      const fs::file_status status = fs::symlink_status(place, none);
      if (!fs::exists(status)) return true;
      if (!fs::is_directory(status)) return false;
    }
    return !fs::is_directory(fs::symlink_status(move_.folder / path, none)) || remove_empty(move_.folder / path);
  }

  /// git gives up at the first file whose filter fails: then each is on its own.
  void put_back(const std::vector<std::string>& paths) const {
    std::string all;
    for (const std::string& path : paths) all.append(path).push_back('\0');
    if (all.empty() || check_out(all).ok()) return;
    Finished failed;
    for (const std::string& path : paths) {
      Finished git = check_out(path);
      if (!git.ok()) failed = std::move(git);
    }
    if (failed.ok()) return;
    throw Error(ErrorKind::failed,
                "put back the files in " + move_.folder.string() + ": " + std::string(trim(failed.err)));
  }

  /// git checkout-index --force --index -z --stdin
  [[nodiscard]] Finished check_out(const std::string& paths) const {
    return feed_git(environment_, move_.folder, {"checkout-index", "--force", "--index", "-z", "--stdin"}, paths);
  }

  const Environment& environment_;
  const BegunMove& move_;
  std::vector<fs::path> locks_;
};

}  // namespace

TreeRepair repair_tree(const Environment& environment, const BegunMove& move, std::chrono::milliseconds patience) {
  return Repair(environment, move).run(patience);
}

}  // namespace syncmanager::git
