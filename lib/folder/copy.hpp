// Runs rsync and Unison: real programs, as children, over the connection that the whole run shares.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "folder/copy_result.hpp"
#include "folder/rsync_command.hpp"
#include "folder/unison_command.hpp"
#include "folder/unison_talk.hpp"
#include "model/progress.hpp"

namespace syncmanager::folder {

struct CopySetup {
  const Environment* environment = nullptr;  ///< borrowed
  std::string ssh_command;                   ///< for a shell: what leads to the server; empty: no server
  std::string server;                        ///< its name, for messages
  std::string login_hint;                    ///< what to do where it lets nobody in
  bool interactive = false;                  ///< ssh may ask on the terminal
  const Interrupt* interrupt = nullptr;      ///< ends it early; borrowed, null: nothing does
  int held = -1;  ///< the descriptor of a lock that is to last as long as the program works, even if this one is killed
  std::function<void(const Transfer&)> on_transfer;  ///< may be empty
  /// The longest wait for the guard of a program to let it run; 0: it has none.
  std::chrono::milliseconds guarded{0};
};

/// Copies into or out of `root`. Where the server is not reached, the line breaks or the program can't be started, the
/// result has Error(auth | offline | failed | interrupted), and what was copied before.
CopyResult run_rsync(const CopySetup& setup, const RsyncJob& job, const std::filesystem::path& root);

/// How much rsync would delete. `files` of the result names the first of it. Throws what run_rsync() has as an error.
struct Deletions {
  std::uint64_t count = 0;
  CopyResult result;
};
Deletions count_deletions(const CopySetup& setup, const RsyncJob& job, const std::filesystem::path& root);

/// Throws as count_deletions().
CopyResult run_unison(const CopySetup& setup, const UnisonJob& job, const UnisonView& view);

/// `unison version 2.52.1 (ocaml 4.13.1)`, of the Unison here. Throws as count_deletions().
std::string unison_version(const Environment& environment, const Interrupt* interrupt);

}  // namespace syncmanager::folder
