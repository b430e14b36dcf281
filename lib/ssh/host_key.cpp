#include "ssh/host_key.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "ssh/identity.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/wire.hpp"

namespace syncmanager::ssh {
namespace {

namespace fs = std::filesystem;

/// The name and port that the files of known hosts go by: an alias stands without a port.
struct KnownName {
  std::string host;
  int port = 22;
};

KnownName known_name(const Settings& settings) {
  if (!settings.host_key_alias.empty()) return {settings.host_key_alias, 22};
  return {settings.host_name, settings.port};
}

HostKeyCheck look_up(const Settings& settings, const std::vector<KnownHost>& known, std::string_view key) {
  const KnownName name = known_name(settings);
  return check_host_key(known, name.host, name.port, key_algorithm(key), key);
}

std::string describe(std::string_view key) {
  return fmt::format("{} {}", key_algorithm(key), fingerprint(key));
}

[[noreturn]] void refuse_changed(const SessionOptions& options, std::string_view key, const HostKeyCheck& check) {
  const KnownName name = known_name(options.settings);
  throw Error(ErrorKind::auth,
              fmt::format("the host key of {} has changed: it now shows {}, which is not the key in {}:{}",
                          options.name, describe(key), check.file, check.line),
              fmt::format("somebody may be listening in; only if you know why it has changed, remove the old key with: "
                          "ssh-keygen -f {} -R '{}'",
                          check.file, known_host_name(name.host, name.port)));
}

[[noreturn]] void refuse_revoked(const SessionOptions& options, std::string_view key, const HostKeyCheck& check) {
  throw Error(
      ErrorKind::auth,
      fmt::format("the host key of {} is revoked in {}:{}: {}", options.name, check.file, check.line, describe(key)),
      "do not connect to this server; ask its admin for a new key");
}

[[noreturn]] void refuse_unknown(const SessionOptions& options, std::string_view key, const HostKeyCheck& check) {
  const std::string why = check.verdict == HostKeyVerdict::other_types
                              ? fmt::format("only keys of other kinds are known, in {}:{}", check.file, check.line)
                              : "it is not known yet";
  throw Error(
      ErrorKind::auth, fmt::format("cannot trust the host key of {}: {}: {}", options.name, why, describe(key)),
      fmt::format("compare the fingerprint with the server's, then accept it once by hand with: {}", options.by_hand));
}

/// Nothing where the file is one that can't hold keys, such as /dev/null.
std::optional<fs::path> file_for_new_keys(const Settings& settings) {
  if (settings.user_known_hosts.empty() || settings.user_known_hosts.front() == "none") return std::nullopt;
  const fs::path file = settings.user_known_hosts.front();
  const fs::file_status status = fs::status(file);
  if (fs::exists(status) && !fs::is_regular_file(status)) return std::nullopt;
  return file;
}

void record(const SessionOptions& options, std::string_view key) {
  const std::optional<fs::path> file = file_for_new_keys(options.settings);
  if (!file) return;
  const KnownName name = known_name(options.settings);
  if (file->has_parent_path() && !fs::exists(file->parent_path())) make_private_folder(file->parent_path());
  append_line(*file, known_hosts_line(name.host, name.port, key, options.settings.hash_known_hosts), 0600);
  options.note(fmt::format("{}: new host key {} recorded in {}", options.name, describe(key), file->string()));
}

/// ssh would ask the server for another of its keys, or look at what is known for the host's port 22.
void leave_to_ssh(const SessionOptions& options, std::string_view key) {
  const std::vector<std::string> known = known_algorithms(options);
  if (std::any_of(known.begin(), known.end(), [](const std::string& name) { return !libssh2_can_use(name); })) {
    throw Unsupported{"the known host key is of a kind that only ssh can check", {}};
  }
  const KnownName name = known_name(options.settings);
  if (name.port == 22) return;
  const HostKeyCheck check = check_host_key(options.known_hosts, name.host, 22, key_algorithm(key), key);
  if (check.verdict == HostKeyVerdict::trusted) {
    throw Unsupported{"the host key is known for another port only, which ssh accepts", {}};
  }
}

}  // namespace

std::vector<KnownHost> read_known_hosts(const Settings& settings) {
  std::vector<KnownHost> known;
  for (const auto* const files : {&settings.user_known_hosts, &settings.global_known_hosts}) {
    for (const std::string& file : *files) {
      std::error_code out_of_reach;
      if (file == "none" || !fs::is_regular_file(file, out_of_reach)) continue;
      std::vector<KnownHost> more = parse_known_hosts(read_file(file).value_or(""), file);
      known.insert(known.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
  }
  return known;
}

std::vector<std::string> known_algorithms(const SessionOptions& options) {
  const KnownName name = known_name(options.settings);
  return known_algorithms(options.known_hosts, name.host, name.port);
}

void check_host_key(const SessionOptions& options, std::string_view key) {
  HostKeyCheck check = look_up(options.settings, options.known_hosts, key);
  if (check.verdict == HostKeyVerdict::unknown && options.settings.host_keys == HostKeyPolicy::accept_new) {
    // Another connection, or another run, may have recorded a key meanwhile.
    check = look_up(options.settings, read_known_hosts(options.settings), key);
  }
  switch (check.verdict) {
    case HostKeyVerdict::trusted: return;
    case HostKeyVerdict::changed: refuse_changed(options, key, check);
    case HostKeyVerdict::revoked: refuse_revoked(options, key, check);
    case HostKeyVerdict::unknown:
    case HostKeyVerdict::other_types: break;
  }
  leave_to_ssh(options, key);
  switch (options.settings.host_keys) {
    case HostKeyPolicy::ask: refuse_unknown(options, key, check);
    case HostKeyPolicy::accept_new:
      // A key of another kind beside one that is known is not new: somebody in the middle would show just that.
      if (check.verdict == HostKeyVerdict::other_types) refuse_unknown(options, key, check);
      return record(options, key);
    case HostKeyPolicy::off:
      return options.note(fmt::format("{}: host key {} accepted unchecked, as StrictHostKeyChecking no asks",
                                      options.name, describe(key)));
  }
}

}  // namespace syncmanager::ssh
