// Pushing through the `git` program: to web servers, and where a pre-push hook must see what is pushed (Git LFS uploads
// its files there).
//   git -C FOLDER push --porcelain --force-with-lease=refs/heads/main:<old> -- REMOTE +<new>:refs/heads/main
// A lease on what was seen makes each move as safe as remote.hpp's push().
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "git/git_way.hpp"
#include "git/remote.hpp"

namespace syncmanager::git {

/// Whether the repository has an executable pre-push hook, in core.hooksPath or in its own folder.
bool has_pre_push_hook(const Repository& repository);

/// In as many pushes as the system's limit for a command line, and a hook that stops some of the refs, ask for. Results
/// in the order of `refs`; what the server prints for people is appended to `server_words`. Throws Error(offline | auth
/// | failed | interrupted) where nothing was pushed; what fails after a first push is the result of all refs that are
/// left.
std::vector<PushResult> push_with_git(const GitWay& way, const Repository& repository, std::span<const PushedRef> refs,
                                      const OnTransfer& on_transfer, std::string& server_words);

/// Reads what `git push --porcelain` prints: FLAG <tab> FROM:TO <tab> SUMMARY (REASON). Pure. A ref of which nothing
/// is said is untold.
std::vector<PushResult> parse_push_porcelain(std::string_view output, std::span<const PushedRef> refs);

}  // namespace syncmanager::git
