// Key files, as far as they can be read without a passphrase: which key is in them, and whether it can be used.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace syncmanager::ssh {

/// What one entry of IdentityFile stands for.
struct Identity {
  std::string file;
  std::string algorithm;  ///< ssh-ed25519…; empty where it can't be told
  std::string blob;       ///< the public key; empty where it can't be told
  bool has_private = false;
  bool encrypted = false;
  bool exposed = false;          ///< others can read the private key: ssh refuses to use it
  bool has_certificate = false;  ///< FILE-cert.pub is there
};

/// Looks at `file`, `file`.pub and `file`-cert.pub. Nothing where there is neither of the first two, or where they
/// can't be read.
std::optional<Identity> read_identity(const std::string& file);

/// "ALGORITHM BASE64 COMMENT": the key blob, or nothing.
std::optional<std::string> parse_public_key(std::string_view text);

/// Reads the outside of a private key: OpenSSH's own format, or PEM. Nothing where it is neither.
std::optional<Identity> parse_private_key(std::string_view text);

/// Whether libssh2 can log in with a key of this algorithm without more ado; with RSA it would sign by SHA-1.
bool libssh2_can_use(std::string_view algorithm);

}  // namespace syncmanager::ssh
