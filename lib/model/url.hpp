// Where a project's other side is: a URL as git, Unison and rsync write it, taken apart and checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/api.hpp"

namespace syncmanager {

enum class Scheme {
  local,  ///< a path, or file://
  ssh,    ///< ssh://[user@]host[:port]/path, or [user@]host:path as scp writes it
  http,
  https,
};

struct Url {
  Scheme scheme = Scheme::local;
  std::string user;         ///< empty where the URL names none
  std::string host;         ///< without the brackets of an IPv6 address
  std::optional<int> port;  ///< 1..65535
  std::string path;         ///< as the server's shell or git gets it; `~` at its start stands for a home folder there
  std::string text;         ///< the URL as it was written

  /// Projects with the same server share one connection: "user@host:port", or "" for this computer's own disk.
  [[nodiscard]] std::string server() const;
};

/// Whether http or https leads there.
inline bool is_web(const Url& url) {
  return url.scheme == Scheme::http || url.scheme == Scheme::https;
}

/// Exactly one of the two is meaningful: where `problem` is empty, `url` is valid.
struct ParsedUrl {
  Url url;
  std::string problem;  ///< what was found and what was expected, for an error message
};

/// Refuses whatever could act as an option or run a program: text, user, host or path that begin with `-`, control
/// characters, `ext::` and `fd::`, schemes other than ssh, http, https and file, and ports that are none.
/// The rules for `host:path` are those of git-clone(1): a `/` before the first `:` makes it a local path.
ParsedUrl parse_url(std::string_view text);

/// The URL without a password that may stand in it (https://user:secret@host), for messages and reports; and without
/// the user of a web URL where that is long enough to be a token (https://TOKEN@host,
/// https://TOKEN:x-oauth-basic@host).
SYNCMANAGER_API std::string without_password(std::string_view url);

/// That password, percent-decoded; nothing where there is none.
std::optional<std::string> password_in(std::string_view url);

}  // namespace syncmanager
