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

constexpr std::string_view in_file = "file:";

std::string take_word(std::string_view& text) {
  std::string word(text.substr(0, text.find('\0')));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
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
  if (git.status == not_set) return {.path = repository.git_folder() / "hooks", .set_by = {}};
  if (!git.ok()) {
    throw Error(ErrorKind::failed, "git config in " + repository.folder().string() + ": " + std::string(trim(git.err)));
  }
  const HooksPath told = parse_hooks_path(git.out);
  // A relative one starts where git runs hooks. /dev/null, or nothing, is how people switch all hooks off.
  const std::filesystem::path path = repository.folder() / told.value;
  std::error_code ignored;
  const bool none = told.value.empty() || (exists(path, ignored) && !is_directory(path, ignored));
  return {.path = path, .set_by = told.own && !none ? std::string() : told.origin};
}

}  // namespace syncmanager::hooks
