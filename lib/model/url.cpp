#include "model/url.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace syncmanager {

namespace {

constexpr auto npos = std::string_view::npos;

bool is_control(char letter) {
  return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, is_control);
}

int hex_digit(char letter) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto at = digits.find(lower_case({&letter, 1}));
  return at == npos ? -1 : static_cast<int>(at);
}

/// `%41` becomes `A`; a percent sign without two digits stays, as git has it.
std::string decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const int high = escape ? hex_digit(text[i + 1]) : -1;
    const int low = escape ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      decoded += text[i];
    } else {
      decoded += static_cast<char>(16 * high + low);
      i += 2;
    }
  }
  return decoded;
}

/// `ssh` of `ssh://…` and `ext` of `ext::…`: what git takes for a scheme; empty where the text begins with none.
std::string_view scheme_of(std::string_view text) {
  const auto belongs = [](char letter) {
    return std::string_view("abcdefghijklmnopqrstuvwxyz0123456789+-.").find(lower_case({&letter, 1})) != npos;
  };
  const auto* const end = std::ranges::find_if_not(text, belongs);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

struct Authority {
  std::string_view user;
  std::string_view host;
  std::string_view port;
};

/// Cuts `user@` off the front of `text`.
std::string_view take_user(std::string_view& text) {
  const auto at = text.rfind('@');
  if (at == npos) return {};
  const std::string_view user = text.substr(0, at);
  text.remove_prefix(at + 1);
  return user;
}

/// `[user@]host[:port]`, where brackets may stand around an IPv6 address and, as git has it, around all of it:
/// `[user@host:port]`. Nothing where it is none of these.
std::optional<Authority> split_authority(std::string_view text) {
  Authority parts;
  if (!text.starts_with('[')) parts.user = take_user(text);
  if (!text.starts_with('[')) {
    const auto colon = text.find(':');
    parts.host = text.substr(0, colon);
    if (colon != npos) parts.port = text.substr(colon + 1);
    return parts;
  }
  const auto end = text.find(']');
  if (end == npos) return std::nullopt;
  const std::string_view behind = text.substr(end + 1);
  parts.host = text.substr(1, end - 1);
  if (parts.user.empty()) parts.user = take_user(parts.host);
  if (behind.starts_with(':')) {
    parts.port = behind.substr(1);
  } else if (!behind.empty()) {
    return std::nullopt;
  } else if (std::ranges::count(parts.host, ':') == 1) {
    const auto colon = parts.host.find(':');
    parts.port = parts.host.substr(colon + 1);
    parts.host = parts.host.substr(0, colon);
  }
  return parts;
}

/// `plain` undoes what the form of the URL does to its parts: percent-decoding, or nothing.
std::string read_authority(std::string_view text, std::string (*plain)(std::string_view), Url& url) {
  const auto parts = split_authority(text);
  if (!parts) return fmt::format("'{}' is no server: expected [user@]host[:port]", without_password(url.text));
  // What stands behind the colon is a password, which only the URL as a whole (`text`) keeps.
  const auto colon = is_web(url) ? parts->user.find(':') : npos;
  url.user = plain(parts->user.substr(0, colon));
  url.host = plain(parts->host);
  if (parts->port.empty()) return {};
  const auto port = parse_number(parts->port, 65535);
  if (!port || *port == 0) return "the port of the URL is none: expected a number from 1 to 65535";
  url.port = static_cast<int>(*port);
  return {};
}

/// The set that OpenSSH refuses in host names and, but for the last two, in user names.
constexpr std::string_view shell_letters = "'`\";&<>|(){}\\$";

std::string check_server(const Url& url) {
  if (url.host.empty()) return "the URL names no host";
  if (url.host.starts_with('-')) return fmt::format("the host '{}' begins with '-'", url.host);
  if (url.user.starts_with('-')) return fmt::format("the user '{}' begins with '-'", url.user);
  if (url.host.find_first_of(shell_letters) != npos || url.host.find_first_of(" /@") != npos) {
    return fmt::format("'{}' is no host name", url.host);
  }
  const bool slash = url.scheme == Scheme::ssh && url.user.find('/') != npos;  // rsync would take it for a path
  if (slash || url.user.find_first_of(shell_letters.substr(0, shell_letters.size() - 2)) != npos) {
    return fmt::format("'{}' is no user name", url.user);
  }
  if (url.scheme == Scheme::ssh && url.user.find(':') != npos) {
    return "ssh takes no password from a URL: expected ssh://[user@]host[:port]/path";
  }
  return {};
}

std::string check_parts(const Url& url) {
  if (has_control(url.user) || has_control(url.host) || has_control(url.path)) {
    return "the URL contains control characters";
  }
  if (url.scheme != Scheme::local) {
    if (std::string problem = check_server(url); !problem.empty()) return problem;
  }
  if (url.path.empty()) return "the URL has no path";
  if (url.path.starts_with('-')) return fmt::format("the path '{}' begins with '-'", url.path);
  return {};
}

/// `/~/x` and `/~user/x` are below a home folder of the server.
std::string without_slash_before_home(std::string path) {
  if (path.starts_with("/~")) path.erase(0, 1);
  return path;
}

/// What follows `file://`.
std::string read_file_url(std::string_view rest, Url& url) {
  const std::string_view host = rest.substr(0, rest.find('/'));
  if (!host.empty() && host != "localhost") {
    return "a file URL can't name another computer: expected file:///path";
  }
  url.path = decode(rest.substr(host.size()));
  return {};
}

std::string read_url(std::string_view scheme, std::string_view rest, Url& url) {
  if (scheme == "file") return read_file_url(rest, url);
  if (scheme == "ssh" || scheme == "git+ssh" || scheme == "ssh+git") {
    url.scheme = Scheme::ssh;
  } else if (scheme == "https" || scheme == "http") {
    url.scheme = scheme == "http" ? Scheme::http : Scheme::https;
  } else {
    return fmt::format("the scheme '{}' is not supported: expected ssh, https, http or file", scheme);
  }
  const std::string_view authority = rest.substr(0, rest.find('/'));
  const std::string_view path = rest.substr(authority.size());
  if (path.size() <= 1) return "the URL has no path";
  url.path = url.scheme == Scheme::ssh ? without_slash_before_home(decode(path)) : std::string(path);
  return read_authority(authority, decode, url);
}

/// `[user@]host:path`, as scp writes it; nothing in it is decoded.
std::string read_scp(std::string_view text, Url& url) {
  const auto bracket = text.starts_with('[') ? 0 : text.find("@[");
  const auto host_end = bracket == npos ? 0 : text.find(']', bracket);
  const auto colon = text.find(':', host_end == npos ? 0 : host_end);
  if (colon == npos) return fmt::format("'{}' has no path: expected host:path", text);
  url.path = without_slash_before_home(std::string(text.substr(colon + 1)));
  if (url.path.starts_with(':')) return fmt::format("'{}' is no host:path: only one ':' may stand between them", text);
  url.scheme = Scheme::ssh;
  const auto as_it_is = [](std::string_view part) { return std::string(part); };
  return read_authority(text.substr(0, colon), as_it_is, url);
}

std::string read(std::string_view text, Url& url) {
  if (text.empty()) return "expected an absolute path or a URL, found nothing";
  if (has_control(text)) return "the URL contains control characters";
  if (text.starts_with('-')) return fmt::format("'{}' begins with '-': expected an absolute path or a URL", text);
  const std::string_view scheme = scheme_of(text);
  const std::string_view behind = text.substr(scheme.size());
  if (!scheme.empty() && behind.starts_with("://")) return read_url(scheme, behind.substr(3), url);
  if (!scheme.empty() && behind.starts_with("::")) {
    return fmt::format("'{}::' runs a program and is not allowed: expected ssh, https, http or file", scheme);
  }
  const auto colon = text.find(':');
  if (colon != npos && text.find('/') > colon) return read_scp(text, url);
  if (!text.starts_with('/') && !text.starts_with('~')) {
    return fmt::format("'{}' is a relative path: expected an absolute path or a URL", text);
  }
  url.path = text;
  return {};
}

/// Where the password of a URL begins and ends.
struct PasswordPlace {
  std::size_t colon;
  std::size_t at;
};

std::optional<PasswordPlace> password_place(std::string_view url) {
  const auto mark = url.find("://");
  if (mark == npos) return std::nullopt;
  const auto begin = mark + 3;
  const auto colon = url.find(':', begin);
  if (colon == npos) return std::nullopt;
  const std::string_view authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  auto at = authority.rfind('@');
  if (at != npos) {
    at += begin;
  } else if (colon - begin < authority.size() && !parse_number(authority.substr(colon + 1 - begin), 65535)) {
    at = url.rfind('@');  // no port follows the colon: a password with a slash that should have been written %2F
  }
  if (at == npos || at < colon) return std::nullopt;
  return PasswordPlace{colon, at};
}

/// Where `jane@` begins in a web URL without a password, and how long it is.
std::optional<std::pair<std::size_t, std::size_t>> web_user_place(std::string_view url) {
  const std::string scheme = lower_case(scheme_of(url));
  if ((scheme != "https" && scheme != "http") || !url.substr(scheme.size()).starts_with("://")) return std::nullopt;
  const auto begin = scheme.size() + 3;
  const auto at = url.substr(begin, url.find_first_of("/?#", begin) - begin).rfind('@');
  if (at == npos) return std::nullopt;
  return std::pair(begin, at + 1);
}

}  // namespace

std::string Url::server() const {
  if (scheme == Scheme::local) return {};
  std::string server = host.find(':') == std::string::npos ? host : '[' + host + ']';
  if (port) server += fmt::format(":{}", *port);
  switch (scheme) {
    case Scheme::local: break;
    case Scheme::ssh: return user.empty() ? server : user + '@' + server;
    case Scheme::http: return "http://" + server;
    case Scheme::https: return "https://" + server;
  }
  return server;
}

ParsedUrl parse_url(std::string_view text) {
  ParsedUrl parsed;
  parsed.url.text = text;
  parsed.problem = read(text, parsed.url);
  if (parsed.problem.empty()) parsed.problem = check_parts(parsed.url);
  return parsed;
}

std::string without_password(std::string_view url) {
  // Shorter than any token that a server gives away.
  constexpr std::size_t longest_name = 19;
  std::string shown(url);
  if (const auto place = password_place(url)) shown.erase(place->colon, place->at - place->colon);
  const auto user = web_user_place(shown);
  if (user && user->second > longest_name + 1) shown.erase(user->first, user->second);
  return shown;
}

std::optional<std::string> password_in(std::string_view url) {
  const auto place = password_place(url);
  if (!place) return std::nullopt;
  return decode(url.substr(place->colon + 1, place->at - place->colon - 1));
}

}  // namespace syncmanager
