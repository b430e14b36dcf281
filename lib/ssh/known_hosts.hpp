// The files of known host keys, read as sshd(8) "SSH_KNOWN_HOSTS FILE FORMAT" describes them: patterns, negation,
// hashed names, `[host]:port`, several algorithms, @revoked and @cert-authority. A malformed line is passed over, as
// ssh does. Our own, because libssh2's reader knows neither patterns nor markers and stops at the first bad line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace syncmanager::ssh {

enum class HostKeyMarker { none, revoked, cert_authority };

/// One line that names keys; `hosts` is its first field as it stands in the file.
struct KnownHost {
  HostKeyMarker marker = HostKeyMarker::none;
  std::string hosts;
  std::string algorithm;  ///< ssh-ed25519, ecdsa-sha2-nistp256, ssh-rsa…
  std::string key;        ///< the key blob, decoded
  std::string file;
  int line = 0;
};

std::vector<KnownHost> parse_known_hosts(std::string_view text, const std::string& file);

enum class HostKeyVerdict {
  trusted,
  unknown,      ///< no line is for this host
  other_types,  ///< the host is known, but with keys of other algorithms only
  changed,      ///< the host is known with another key of this algorithm: refuse
  revoked,      ///< wins over everything else
};

struct HostKeyCheck {
  HostKeyVerdict verdict = HostKeyVerdict::unknown;
  std::string file;  ///< the line that decided, for other_types, changed and revoked
  int line = 0;
};

/// `host` is HostKeyAlias or the host name, without port; names are compared without regard to case.
HostKeyCheck check_host_key(const std::vector<KnownHost>& known, std::string_view host, int port,
                            std::string_view algorithm, std::string_view key);

/// The algorithms of the keys known for this host, without duplicates, in the order of the files.
std::vector<std::string> known_algorithms(const std::vector<KnownHost>& known, std::string_view host, int port);

/// Whether a line with @cert-authority is for this host: then only ssh itself can judge the host's key.
bool has_cert_authority(const std::vector<KnownHost>& known, std::string_view host, int port);

/// The name that stands for the host in such a file: `host`, or `[host]:port` where the port is not 22.
std::string known_host_name(std::string_view host, int port);

/// A line for such a file, with its line feed; the name is hashed with a random salt where `hashed`.
std::string known_hosts_line(std::string_view host, int port, std::string_view key, bool hashed);

/// `SHA256:…` as ssh-keygen -l prints it.
std::string fingerprint(std::string_view key);

}  // namespace syncmanager::ssh
