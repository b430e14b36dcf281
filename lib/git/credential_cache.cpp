#include "git/credential_cache.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"

namespace syncmanager::git {

namespace {

constexpr std::chrono::seconds longest_answer(30);
constexpr int lifetime = 3600;  // seconds; each use of a password begins them anew

/// One line of a credential; a value with a line feed in it would be read as another line.
std::string line(std::string_view key, const std::string& value) {
  const bool broken = std::ranges::any_of(value, [](char c) { return c == '\n' || c == '\r' || c == '\0'; });
  if (broken) throw Error(ErrorKind::failed, fmt::format("the {} in a URL contains a line break", key));
  return fmt::format("{}={}\n", key, value);
}

}  // namespace

std::string text_of(const Credential& credential) {
  std::string text =
      line("protocol", credential.protocol) + line("host", credential.host) + line("username", credential.user);
  if (credential.password) text += line("password", *credential.password);
  return text;
}

CredentialCache::CredentialCache(const Environment& environment) : environment_(environment) {
  // A short path: a socket's may have a hundred bytes. mkdtemp makes it for this user alone.
  std::string name = (environment.temporary_folder / "sync-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw Error(ErrorKind::failed, fmt::format("make a folder in {}: {}", environment.temporary_folder.string(),
                                               std::generic_category().message(errno)));
  }
  folder_ = name;
}

/// git credential-cache --socket=/tmp/sync-4bX2aQ/socket exit
CredentialCache::~CredentialCache() {
  try {
    Command command{{"git", "credential-cache", "--socket=" + (folder_ / "socket").string(), "exit"}, {}, {}};
    command.environment = child_environment(environment_);
    run(command, {}, longest_answer);
  } catch (const Error&) {
    // Without git there is no daemon either; and one that does not answer ends by itself.
  }
  std::error_code ignored;  // an empty folder that stays does no harm
  std::filesystem::remove_all(folder_, ignored);
}

std::string CredentialCache::helper() const {
  return fmt::format("cache --timeout={} --socket={}", lifetime, shell_quote((folder_ / "socket").string()));
}

/// git credential-cache --timeout=3600 --socket=/tmp/sync-4bX2aQ/socket store, with the credential on its input
void CredentialCache::store(const Credential& credential) {
  Command command{{"git", "credential-cache", fmt::format("--timeout={}", lifetime),
                   "--socket=" + (folder_ / "socket").string(), "store"},
                  {},
                  {}};
  command.environment = child_environment(environment_);
  const Finished stored = run(command, text_of(credential), longest_answer);
  if (!stored.ok()) throw Error(ErrorKind::failed, "git credential-cache: " + std::string(trim(stored.err)));
}

}  // namespace syncmanager::git
