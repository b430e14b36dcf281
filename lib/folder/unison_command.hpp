// How Unison is started: its argument vector, from what a project asks for. Pure.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace syncmanager::folder {

struct UnisonJob {
  std::string profile;     ///< as Unison looks for it in its folder, without `.prf`
  std::string local_root;  ///< as the profile names them
  std::string server_root;
  bool pull = false;                   ///< files here may change
  bool push = false;                   ///< files on the server may change
  bool dry_run = false;                ///< none may
  bool force = false;                  ///< what has changed on both sides is decided: a pull takes the server's
  bool may_merge = false;              ///< the profile may have rules for merging
  bool allow_mass_deletion = false;    ///< an emptied root empties the other one
  bool ignore_locks = false;           ///< those that are there have been left by a run that is over
  bool ignore_archives = false;        ///< it forgets what it knows of the last sync: nothing is deleted
  std::vector<std::string> ignore;     ///< patterns of Unison's; `!pattern` is not left out after all
  std::string server_command;          ///< what runs on the server in place of what the profile says; empty: as it says
  std::filesystem::path remote_shell;  ///< what leads to the server; empty: the other side is on this computer
};

std::vector<std::string> unison_arguments(const UnisonJob& job);

}  // namespace syncmanager::folder
