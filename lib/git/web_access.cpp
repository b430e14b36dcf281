#include "git/web_access.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace syncmanager::git {

WebAccess::WebAccess(const Environment& environment, bool interactive, std::chrono::milliseconds silence,
                     const Interrupt* interrupt)
    : environment_(environment), interactive_(interactive), silence_(silence), interrupt_(interrupt) {}

GitWay WebAccess::way_to(const Url& url) {
  const auto seconds =
      std::max<std::chrono::seconds::rep>(1, std::chrono::ceil<std::chrono::seconds>(silence_).count());
  GitWay way;
  way.environment = &environment_;
  way.url = url.text;
  way.silence = silence_;
  way.interrupt = interrupt_;
  way.settings = {"http.lowSpeedLimit=1", fmt::format("http.lowSpeedTime={}", seconds)};
  way.server = url.server();
  if (const std::optional<std::string> password = password_in(url.text)) {
    // Without the user either, which is the secret where the server is given a token. No other helper is asked: the
    // conf file has decided.
    way.url = url.server() + url.path;
    way.settings.insert(way.settings.end(), {"credential.helper=", "credential.helper=" + helper_for(url, &*password),
                                             "credential.useHttpPath=false"});
  } else if (interactive_) {
    way.interactive = true;
    way.questions = &questions_;
    way.settings.push_back("credential.helper=" + helper_for(url, nullptr));
  }
  return way;
}

/// The cache is one of its own for each password in a URL: the same user may have another one for another repository.
std::string WebAccess::helper_for(const Url& url, const std::string* password) {
  const std::string key = password == nullptr ? std::string() : url.server() + '\n' + url.user + '\n' + *password;
  const std::scoped_lock lock(mutex_);
  std::unique_ptr<CredentialCache>& cache = caches_[key];
  if (cache) return cache->helper();
  auto made = std::make_unique<CredentialCache>(environment_);
  if (password != nullptr) {
    const std::string server = url.server();
    const auto mark = server.find("://");
    made->store(
        {.protocol = server.substr(0, mark), .host = server.substr(mark + 3), .user = url.user, .password = *password});
  }
  cache = std::move(made);
  return cache->helper();
}

}  // namespace syncmanager::git
