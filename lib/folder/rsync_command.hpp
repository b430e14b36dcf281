// How rsync is started: argument vectors, from what a project asks for. Pure.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace syncmanager::folder {

/// One way of one project. rsync runs in the root here, so that no path of this computer is an argument.
struct RsyncJob {
  bool sending = false;                 ///< from here to the server; else the other way
  std::string host;                     ///< `[user@]host`; empty: the other side is on this computer
  std::string folder;                   ///< the other side's root, as its shell or this computer's disk knows it
  std::string guard;                    ///< before it over there, for a shell, as guard() makes it; or empty
  std::filesystem::path remote_shell;   ///< what leads to the host
  std::vector<std::string> exclude;     ///< patterns of rsync's; `!pattern` is not left out after all
  std::vector<std::string> left_alone;  ///< paths below the root where nothing shall change: links that lead out of it
  std::string backup;                   ///< a folder's name below the backup folder, for what is replaced or deleted
  bool deletions = false;               ///< what the source lacks is deleted
  int max_delete = 0;                   ///< rsync itself stops there; below 0: never
  bool dry_run = false;
  std::chrono::seconds timeout{0};  ///< of silence; 0: for ever
};

std::vector<std::string> rsync_arguments(const RsyncJob& job);

/// What it is to be given on its standard input: there may be too many paths for arguments.
std::string rsync_input(const RsyncJob& job);

/// Only tells what would be deleted, also to make way for something else; passes over what would be new.
std::vector<std::string> rsync_deletions(RsyncJob job);

}  // namespace syncmanager::folder
