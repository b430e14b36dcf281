#include "ssh/ssh_failure.hpp"

#include <array>

#include <fmt/format.h>

#include "base/text.hpp"

namespace syncmanager::ssh {
namespace {

enum class Reason { changed_key, unknown_key, login, network };

struct Saying {
  std::string_view words;
  Reason reason;
};

/// The first row that is found decides: a changed key is also followed by 'verification failed', and a refused login
/// by 'connection closed'.
constexpr std::array<Saying, 18> sayings{{
    {"REMOTE HOST IDENTIFICATION HAS CHANGED", Reason::changed_key},
    {"REVOKED HOST KEY DETECTED", Reason::changed_key},
    {"Host key verification failed", Reason::unknown_key},
    {"Permission denied (", Reason::login},
    {"Too many authentication failures", Reason::login},
    {"Could not resolve", Reason::network},
    {"Connection refused", Reason::network},
    {"Connection timed out", Reason::network},
    {"Operation timed out", Reason::network},
    {"No route to host", Reason::network},
    {"Network is unreachable", Reason::network},
    {"Host is down", Reason::network},
    {"Connection reset", Reason::network},
    {"Connection closed", Reason::network},
    {"closed by remote host", Reason::network},
    {"not responding", Reason::network},
    {"Broken pipe", Reason::network},
    {"client_loop: send disconnect", Reason::network},
}};

Error error_for(Reason reason, const std::string& name, std::string_view line, const std::string& hint) {
  const std::string words = fmt::format("cannot connect to {}: {}", name, line);
  switch (reason) {
    case Reason::changed_key:
      return {ErrorKind::auth, fmt::format("the host key of {} has changed or is revoked: {}", name, line),
              "if the server was installed anew, remove its old key with ssh-keygen -R; if not, ask its admin"};
    case Reason::unknown_key:
      return {ErrorKind::auth, words, "log in once by hand with ssh, and compare the fingerprint with the server's"};
    case Reason::login: return {ErrorKind::auth, words, hint};
    case Reason::network:
      return {ErrorKind::offline, words, "check the network and the host name, and try again later"};
  }
  return {ErrorKind::failed, words};
}

}  // namespace

Error ssh_failure(const std::string& name, std::string_view errors, const std::string& hint) {
  std::string_view last = "it ended without a word";
  const std::vector<std::string_view> lines = lines_of(errors);
  for (const Saying& saying : sayings) {
    for (const std::string_view line : lines) {
      if (line.find(saying.words) != std::string_view::npos) {
        return error_for(saying.reason, name, trim(line.substr(line.find_first_not_of("@ "))), hint);
      }
    }
  }
  for (const std::string_view line : lines) {
    if (!trim(line).empty()) last = trim(line);
  }
  return {ErrorKind::failed, fmt::format("ssh to {} failed: {}", name, last)};
}

}  // namespace syncmanager::ssh
