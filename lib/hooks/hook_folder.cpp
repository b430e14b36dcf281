#include "hooks/hook_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"

namespace syncmanager::hooks {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view in_file = "file:";

std::string take_word(std::string_view& text) {
  std::string word(text.substr(0, text.find('\0')));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

bool is_below(const fs::path& path, const fs::path& folder) {
  std::error_code ignored;
  const fs::path inner = fs::weakly_canonical(path, ignored).lexically_relative(fs::weakly_canonical(folder, ignored));
  return !inner.empty() && *inner.begin() != ".." && *inner.begin() != ".git";
}

/// git -C FOLDER check-ignore --quiet FILE
bool is_shared_file(const Environment& environment, const git::Repository& repository, const fs::path& folder) {
  if (repository.work_folder().empty() || !is_below(folder, repository.folder())) return false;
  return !git::run_git(environment, repository.folder(), {"check-ignore", "--quiet", (folder / "post-commit").string()})
              .ok();
}

/// Of a folder that nothing but this repository names.
std::string why_foreign(const Environment& environment, const git::Repository& repository, const fs::path& folder) {
  std::error_code ignored;
  if (fs::is_symlink(folder, ignored)) return "it is a link to " + fs::read_symlink(folder, ignored).string();
  const bool shared = is_shared_file(environment, repository, folder);
  return shared ? "it is among the project's files, and git does not ignore it" : std::string();
}

}  // namespace

HooksPath parse_hooks_path(std::string_view printed) {
  HooksPath path;
  const std::string scope = take_word(printed);
  path.own = scope == "local" || scope == "worktree";
  path.origin = take_word(printed);
  if (path.origin.starts_with(in_file)) path.origin.erase(0, in_file.size());
  path.value = take_word(printed);
  return path;
}

HookFolder hook_folder(const Environment& environment, const git::Repository& repository) {
  const Finished git =
      git::run_git(environment, repository.folder(),
                   {"config", "--show-scope", "--show-origin", "-z", "--type=path", "--get", "core.hooksPath"});
  constexpr int not_set = 1;
  const auto folder = [&](const fs::path& path) {
    return HookFolder{.path = path, .foreign = why_foreign(environment, repository, path)};
  };
  if (git.status == not_set) return folder((repository.git_folder() / "hooks").lexically_normal());
  if (!git.ok()) {
    throw Error(ErrorKind::failed, "git config in " + repository.folder().string() + ": " + std::string(trim(git.err)));
  }
  const HooksPath told = parse_hooks_path(git.out);
  // A relative one starts where git runs hooks. /dev/null, or nothing, is how people switch all hooks off.
  const fs::path path = (repository.folder() / told.value).lexically_normal();
  std::error_code ignored;
  const bool none = told.value.empty() || (fs::exists(path, ignored) && !fs::is_directory(path, ignored));
  if (told.own && !none) return folder(path.has_filename() ? path : path.parent_path());
  return {.path = path,
          .foreign = "core.hooksPath in " + (repository.folder() / told.origin).lexically_normal().string()};
}

}  // namespace syncmanager::hooks
