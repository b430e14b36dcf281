// What a step of a project is given before anything was done.
#pragma once

#include <utility>

#include "sync/workspace.hpp"

namespace syncmanager::test {

/// Borrows all but the view. Without a journal nothing is taken down.
inline sync::Workspace fresh_work(const sync::Job& job, const Project& project, git::Repository& repository,
                                  git::Remote& remote, sync::View view, sync::Journal* journal = nullptr) {
  return {.job = job,
          .project = project,
          .repository = repository,
          .here = repository,
          .remote = remote,
          .journal = journal,
          .view = std::move(view),
          .branches = {},
          .tags = {},
          .server_words = {},
          .new_branches = {}};
}

}  // namespace syncmanager::test
