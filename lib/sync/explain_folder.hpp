// Why a folder project is not synced, or not wholly, in words, and what solves it. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "model/folder_plan.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"

namespace syncmanager::sync {

struct FolderWords {
  Status status = Status::failed;
  std::string message;
  std::string hint;
};

/// `server_path` is the root over there, as the server told it.
FolderWords explain(FolderStop stop, const Project& project, const std::string& server_path, bool synced_before);

/// More deletions than `max-delete` on one side.
FolderWords explain_deletions(const Project& project, Side side, std::uint64_t number);

/// One side, or a whole folder of it, is empty, and Unison would have emptied the other side.
FolderWords explain_emptied(const Project& project);

/// What waits for a person or could not be copied; an empty message where there is nothing of the kind.
FolderWords explain_files(const Project& project, const FilesOutcome& files);

}  // namespace syncmanager::sync
