// libgit2's smart protocol over our own channels, for fetches: git-upload-pack runs at the other end of whatever `ssh`
// connected. libgit2 asks for the transport through git_remote_callbacks.transport, so nothing is registered
// globally and each call brings its own connection.
#pragma once

#include <exception>
#include <memory>
#include <string>

#include <git2.h>

#include "ssh/channel.hpp"

namespace syncmanager::git {

/// What one libgit2 call needs. Outlives the call; one thread.
struct Carrier {
  ssh::Connection* connection = nullptr;  ///< borrowed
  std::string path;                       ///< the repository on the other side
  std::exception_ptr failure;             ///< what was thrown inside libgit2's callbacks; rethrow after the call
};

/// For git_remote_callbacks.transport; `payload` there must be a CallbackPayload*.
int make_transport(git_transport** out, git_remote* owner, void* payload) noexcept;

/// What stands first in every payload that is given to make_transport.
struct CallbackPayload {
  Carrier* carrier = nullptr;
};

}  // namespace syncmanager::git
