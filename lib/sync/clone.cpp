#include "sync/clone.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "git/git_command.hpp"

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;

/// The same name on every run, so that the next one finds what a kill left. Fixed length: the project's own name may
/// already be as long as a file name can be.
fs::path nursery(const fs::path& place) {
  return place.parent_path() / (".sync-clone-" + std::to_string(std::hash<std::string>{}(place.string())));
}

[[noreturn]] void rethrow(const fs::filesystem_error& error, const fs::path& place) {
  throw Error(ErrorKind::failed, "clone to " + place.string() + ": " + error.code().message());
}

}  // namespace

void require_room_for_clone(const fs::path& place) {
  std::error_code none;  // what can't be looked at is met again when it is made
  if (!fs::exists(place, none) || (fs::is_directory(place, none) && fs::is_empty(place, none))) return;
  throw Error(ErrorKind::failed, place.string() + " is no git repository, and something else stands there",
              "move it away, or give the project another path");
}

NewClone::NewClone(const Environment& environment, const Project& project, const std::string& head) {
  try {
    place_ = fs::weakly_canonical(project.path);
    if (!place_.has_filename()) place_ = place_.parent_path();  // the path may end with a slash
    folder_ = nursery(place_);
    require_room_for_clone(place_);
    fs::create_directories(place_.parent_path());
    fs::remove_all(folder_);
  } catch (const fs::filesystem_error& error) {
    rethrow(error, place_);
  }
  std::vector<std::string> arguments = {"init", "--quiet"};
  int valid = 0;
  if (git_branch_name_is_valid(&valid, head.c_str()) == 0 && valid == 1) {
    arguments.push_back("--initial-branch=" + head);
  }
  arguments.insert(arguments.end(), {"--", folder_.string()});
  const Finished made = git::run_git(environment, place_.parent_path(), arguments);
  if (!made.ok()) {
    throw Error(ErrorKind::failed, "make a repository in " + folder_.string() + ": " + std::string(trim(made.err)));
  }
  repository_ = git::Repository::open(folder_);
  if (!repository_) throw Error(ErrorKind::failed, "make a repository in " + folder_.string() + ": git made none");
  repository_->gather_new_refs();
}

NewClone::~NewClone() {
  looks_.clear();
  repository_.reset();
  std::error_code ignored;  // what can't be removed now is removed by the next run
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

bool NewClone::is_whole() {
  return !given_up_ &&
         std::ranges::all_of(std::exchange(looks_, {}), [](const auto& look) { return look->complete(); });
}

void NewClone::commit() {
  repository_.reset();
  try {
    fs::rename(folder_, place_);
  } catch (const fs::filesystem_error& error) {
    rethrow(error, place_);
  }
  folder_.clear();
}

}  // namespace syncmanager::sync
