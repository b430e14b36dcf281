// Passwords for the length of a run, in the memory of git's own `git credential-cache`, behind a socket that only this
// user can reach: in no file, no argument and no environment. git children ask it as a credential helper.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/environment.hpp"

namespace syncmanager::git {

/// As git-credential(1) describes it.
struct Credential {
  std::string protocol;
  std::string host;  ///< with the port, where it is not the protocol's own
  std::string user;
  std::optional<std::string> password;
};

/// As git reads it. Throws Error(failed) where a value has a line break in it.
std::string text_of(const Credential& credential);

/// Any thread may use helper(). Not kept on when the run is killed: the daemon ends by itself within the hour.
class CredentialCache {
 public:
  /// Makes the socket's private folder. The daemon starts with the first credential. Throws Error(failed).
  explicit CredentialCache(const Environment& environment);
  CredentialCache(const CredentialCache&) = delete;
  CredentialCache& operator=(const CredentialCache&) = delete;
  /// Ends the daemon.
  ~CredentialCache();

  /// A value of git's setting credential.helper.
  [[nodiscard]] std::string helper() const;
  /// Throws Error(failed).
  void store(const Credential& credential);

 private:
  Environment environment_;
  std::filesystem::path folder_;
};

}  // namespace syncmanager::git
