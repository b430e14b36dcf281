// How git children get to web servers, for all threads of a run. A password or a token in a conf file's URL, and what
// a person answers at the terminal, is kept for the run in a CredentialCache; all else (certificates, proxies, headers,
// the user's own helpers) is git's configuration, which the children read themselves.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "git/credential_cache.hpp"
#include "git/git_way.hpp"
#include "model/url.hpp"

namespace syncmanager::git {

/// Any thread. Outlives the ways that it gives.
class WebAccess {
 public:
  /// `environment` and `interrupt` are borrowed.
  WebAccess(const Environment& environment, bool interactive, std::chrono::milliseconds silence,
            const Interrupt* interrupt);

  /// The way to the repository of an http or https URL. Throws Error(failed).
  GitWay way_to(const Url& url);

 private:
  std::string helper_for(const Url& url, bool secret);
  [[nodiscard]] Credential filled(Credential known) const;

  const Environment& environment_;
  const bool interactive_;
  const std::chrono::milliseconds silence_;
  const Interrupt* const interrupt_;
  Questions questions_;
  std::mutex mutex_;  ///< guards caches_
  std::map<std::string, std::unique_ptr<CredentialCache>> caches_;
};

}  // namespace syncmanager::git
