// The `git` program, for what is its job: working trees, hooks, and whatever libgit2 can't do. In English, without
// prompts.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"
#include "base/process.hpp"

namespace syncmanager::git {

/// A setting for a child that writes objects or refs of which a base record will speak: git itself leaves refs and
/// loose objects to the kernel (git-config(1), core.fsync; a git before 2.36 does not know it).
inline constexpr const char* through_to_disk = "core.fsync=committed,reference";

/// The environment for git children: messages in English, no prompts, and SYNC_HOOKS=0, so that our own hooks do not
/// answer to our own work.
std::vector<std::string> child_environment(const Environment& environment);

/// Runs `git -C FOLDER ARGUMENTS…` to its end. A status other than 0 is in the result; throws as base/process.hpp's
/// run(). Waits for an hour of silence: a checkout of a large tree with filters says nothing for minutes.
/// `interactive` keeps the child where it can ask on the terminal.
Finished run_git(const Environment& environment, const std::filesystem::path& folder,
                 const std::vector<std::string>& arguments, bool interactive = false);

/// The same with `input` on its stdin; `on_output` as base/process.hpp's run().
Finished feed_git(const Environment& environment, const std::filesystem::path& folder,
                  const std::vector<std::string>& arguments, std::string_view input, const OnOutput& on_output = {});

}  // namespace syncmanager::git
