#include "git/git_failure.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "model/url.hpp"

namespace syncmanager::git {

namespace {

enum class Cause { login, permission, proxy, certificate, silence, network, not_tls, too_large, absent };

struct Saying {
  std::string_view words;
  Cause cause;
};

/// The first row that is found decides: what the server says comes with an unexpected end of the connection as well.
constexpr std::array sayings = std::to_array<Saying>({
    {"Authentication failed for", Cause::login},
    {"could not read Username", Cause::login},
    {"could not read Password", Cause::login},
    {"terminal prompts disabled", Cause::login},
    {"returned error: 401", Cause::login},
    {"RPC failed; HTTP 401", Cause::login},
    {"returned error: 403", Cause::permission},
    {"RPC failed; HTTP 403", Cause::permission},
    {"returned error: 407", Cause::proxy},
    {"Proxy CONNECT aborted", Cause::proxy},
    {"response 407", Cause::proxy},
    {"certificate verification failed", Cause::certificate},
    {"certificate verify failed", Cause::certificate},
    {"SSL certificate problem", Cause::certificate},
    {"Problem with the SSL CA cert", Cause::certificate},
    {"error setting certificate", Cause::certificate},
    {"no alternative certificate subject name", Cause::certificate},
    {"certificate subject name", Cause::certificate},
    {"SSL peer certificate", Cause::certificate},
    {"certificate required", Cause::certificate},
    {"local SSL certificate", Cause::certificate},
    {"could not load PEM client certificate", Cause::certificate},
    {"An unexpected TLS packet was received", Cause::not_tls},
    {"wrong version number", Cause::not_tls},
    {"RPC failed; HTTP 413", Cause::too_large},
    {"returned error: 413", Cause::too_large},
    {"timed out", Cause::silence},
    {"Timeout was reached", Cause::silence},
    {"Operation too slow", Cause::silence},
    {"returned error: 429", Cause::network},
    {"returned error: 5", Cause::network},
    {"RPC failed; HTTP 429", Cause::network},
    {"RPC failed; HTTP 5", Cause::network},
    {"RPC failed; curl", Cause::network},
    {"Could not resolve", Cause::network},
    {"Failed to connect", Cause::network},
    {"Couldn't connect", Cause::network},
    {"Connection refused", Cause::network},
    {"No route to host", Cause::network},
    {"Network is unreachable", Cause::network},
    {"Empty reply from server", Cause::network},
    {"Connection reset", Cause::network},
    {"Recv failure", Cause::network},
    {"Send failure", Cause::network},
    {"transfer closed", Cause::network},
    {"SSL connect error", Cause::network},
    {"SSL_ERROR_SYSCALL", Cause::network},
    {"TLS connection was non-properly terminated", Cause::network},
    {"early EOF", Cause::network},
    {"unexpected disconnect", Cause::network},
    {"the remote end hung up unexpectedly", Cause::network},
    {"' not found", Cause::absent},
    {"is this a git repository", Cause::absent},
    {"does not appear to be a git repository", Cause::absent},
});

ErrorKind kind_of(Cause cause) {
  switch (cause) {
    case Cause::login:
    case Cause::permission:
    case Cause::proxy:
    case Cause::certificate: return ErrorKind::auth;
    case Cause::silence: return ErrorKind::timeout;
    case Cause::network: return ErrorKind::offline;
    case Cause::not_tls:
    case Cause::too_large:
    case Cause::absent: break;
  }
  return ErrorKind::failed;
}

std::string_view hint_of(Cause cause) {
  switch (cause) {
    case Cause::login: return "run it on a terminal, which asks for the password, or give git a credential helper";
    case Cause::permission: return "ask the server's admin for access, or log in as somebody else";
    case Cause::proxy: return "set http.proxy of git to http://NAME:PASSWORD@HOST:PORT";
    case Cause::certificate:
      return "for an authority of your own: git config --global http.sslCAInfo FILE, with its certificate in FILE";
    case Cause::silence: return "check the network, or wait longer with --timeout";
    case Cause::network: return "check the network and the URL, and try again later";
    case Cause::not_tls: return "the server does not speak TLS at that port: check the port, or whether http is meant";
    case Cause::too_large: return "ask the server's admin to accept larger pushes";
    case Cause::absent: return "check the URL, or make the repository on the server; some hide what you may not see";
  }
  return {};
}

/// `https://jane:secret@host/x` as it may stand in a line, in quotes or not.
std::string without_passwords(std::string_view line) {
  std::string clean;
  while (!line.empty()) {
    const auto end = std::min(line.find_first_of(" '\"<>"), line.size());
    clean += without_password(line.substr(0, end));
    if (end < line.size()) clean += line[end];
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return clean;
}

void cut_front(std::string_view& line, std::string_view front) {
  if (line.starts_with(front)) line.remove_prefix(front.size());
}

/// A line without what the message says already: "fatal: unable to access 'URL': ", and " for 'URL'".
std::string plain(std::string_view line) {
  line = trim(line);
  for (const std::string_view front : {"remote: ", "fatal: ", "error: "}) cut_front(line, front);
  if (line.starts_with("unable to access '")) {
    const auto end = line.find("': ");
    if (end != std::string_view::npos) line.remove_prefix(end + 3);
  }
  std::string text = without_passwords(line);
  const auto begin = text.find(" for 'http");
  const auto end = begin == std::string::npos ? begin : text.find('\'', begin + 6);
  if (end != std::string::npos) text.erase(begin, end + 1 - begin);
  return text;
}

/// The last of git's own words; its server's, or anybody's, where it has none.
std::string last_words(const std::vector<std::string_view>& lines) {
  std::string_view last;
  std::string_view own;
  for (const std::string_view line : lines) {
    if (trim(line).empty()) continue;
    last = line;
    if (line.starts_with("fatal: ") || line.starts_with("error: ")) own = line;
  }
  if (last.empty()) return "git ended without a word";
  return plain(own.empty() ? last : own);
}

}  // namespace

Error git_failure(const std::string& act, std::string_view errors) {
  const std::vector<std::string_view> lines = lines_of(errors);
  for (const Saying& saying : sayings) {
    for (const std::string_view line : lines) {
      // The server's words are not git's: a hook may say anything.
      if (line.starts_with("remote: ") || line.find(saying.words) == std::string_view::npos) continue;
      return {kind_of(saying.cause), fmt::format("{}: {}", act, plain(line)), std::string(hint_of(saying.cause))};
    }
  }
  return {ErrorKind::failed, fmt::format("{}: {}", act, last_words(lines))};
}

bool wants_to_ask(std::string_view errors) {
  return errors.find("terminal prompts disabled") != std::string_view::npos;
}

bool lacks_a_ref(std::string_view errors) {
  return errors.find("couldn't find remote ref") != std::string_view::npos;
}

}  // namespace syncmanager::git
