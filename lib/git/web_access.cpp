#include "git/web_access.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "git/git_way.hpp"

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
  const bool secret = without_password(url.text) != url.text;
  way.interactive = interactive_ && !password_in(url.text);
  if (way.interactive) way.questions = &questions_;
  if (secret) {
    // Without the user either, which is the secret where the server is given a token. No other helper is asked: the
    // conf file has decided.
    way.url = url.server() + url.path;
    way.settings.insert(way.settings.end(), {"credential.helper=", "credential.helper=" + helper_for(url, secret),
                                             "credential.useHttpPath=false"});
  } else if (interactive_) {
    way.settings.push_back("credential.helper=" + helper_for(url, secret));
  }
  return way;
}

/// With what the user's own helpers know of a user that must not be seen; without a password where they know nothing,
/// as of a token. git credential fill, with the user on its input
Credential WebAccess::filled(Credential known) const {
  GitWay way;
  way.environment = &environment_;
  way.interrupt = interrupt_;
  const std::string input = text_of(known);
  const Talk talk{.input = input, .silence = silence_, .on_errors = {}};
  const Finished answer = run_git_to(way, environment_.home, {"credential", "fill"}, talk);
  known.password = "";
  if (!answer.ok()) return known;
  for (const std::string_view line : lines_of(answer.out)) {
    if (line.starts_with("username=")) known.user = line.substr(line.find('=') + 1);
    if (line.starts_with("password=")) known.password = line.substr(line.find('=') + 1);
  }
  return known;
}

/// The cache is one of its own for each password in a URL: the same user may have another one for another repository.
std::string WebAccess::helper_for(const Url& url, bool secret) {
  const std::string key =
      secret ? url.server() + '\n' + url.user + '\n' + password_in(url.text).value_or("") : std::string();
  const std::scoped_lock lock(mutex_);
  std::unique_ptr<CredentialCache>& cache = caches_[key];
  if (cache) return cache->helper();
  auto made = std::make_unique<CredentialCache>(environment_);
  if (secret) {
    const std::string server = url.server();
    const auto mark = server.find("://");
    const Credential known{.protocol = server.substr(0, mark),
                           .host = server.substr(mark + 3),
                           .user = url.user,
                           .password = password_in(url.text)};
    made->store(known.password ? known : filled(known));
  }
  cache = std::move(made);
  return cache->helper();
}

}  // namespace syncmanager::git
