#include "ssh/identity.hpp"

#include <array>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "ssh/wire.hpp"

namespace syncmanager::ssh {
namespace {

constexpr std::string_view openssh_begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
constexpr std::string_view openssh_end = "-----END OPENSSH PRIVATE KEY-----";

/// A key that can't be opened is no key for us, as it is for ssh.
std::optional<std::string> read_key_file(const std::string& file) {
  struct stat found {};
  if (stat(file.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  if (access(file.c_str(), R_OK) != 0) return std::nullopt;
  return read_file(file);
}

/// As ssh judges it: somebody else's file is somebody else's business.
bool exposed(const std::string& file) {
  struct stat found {};
  return stat(file.c_str(), &found) == 0 && found.st_uid == getuid() && (found.st_mode & 077U) != 0;
}

/// openssh-key-v1: magic, cipher, kdf, kdf options, number of keys, public key, (encrypted) private keys.
/// See PROTOCOL.key of OpenSSH.
std::optional<Identity> parse_openssh(std::string_view text) {
  const std::size_t begin = text.find(openssh_begin) + openssh_begin.size();
  const std::size_t end = text.find(openssh_end, begin);
  if (end == std::string_view::npos) return std::nullopt;
  std::string base64;
  for (const std::string& word : split(text.substr(begin, end - begin), " \t\r\n")) base64 += word;
  const std::optional<std::string> bytes = decode_base64(base64);
  constexpr std::string_view magic("openssh-key-v1\0", 15);
  if (!bytes || !bytes->starts_with(magic)) return std::nullopt;
  WireReader reader(std::string_view(*bytes).substr(magic.size()));
  const std::optional<std::string_view> cipher = reader.string();
  if (!cipher || !reader.string() || !reader.string() || !reader.number()) return std::nullopt;
  const std::optional<std::string_view> key = reader.string();
  if (!key) return std::nullopt;
  Identity identity;
  identity.has_private = true;
  identity.encrypted = *cipher != "none";
  identity.algorithm = key_algorithm(*key);
  identity.blob = *key;
  return identity;
}

}  // namespace

std::optional<std::string> parse_public_key(std::string_view text) {
  const std::vector<std::string> words = split(text.substr(0, text.find('\n')), " \t\r");
  if (words.size() < 2) return std::nullopt;
  std::optional<std::string> blob = decode_base64(words[1]);
  if (!blob || key_algorithm(*blob) != words[0]) return std::nullopt;
  return blob;
}

std::optional<Identity> parse_private_key(std::string_view text) {
  if (text.find(openssh_begin) != std::string_view::npos) return parse_openssh(text);
  // Of an EC key the curve stays unknown, which does not matter: libssh2 can use all three.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> pem{{
      {"-----BEGIN RSA PRIVATE KEY-----", "ssh-rsa"},
      {"-----BEGIN EC PRIVATE KEY-----", "ecdsa-sha2-nistp256"},
      {"-----BEGIN DSA PRIVATE KEY-----", "ssh-dss"},
      {"-----BEGIN PRIVATE KEY-----", ""},
      {"-----BEGIN ENCRYPTED PRIVATE KEY-----", ""},
  }};
  for (const auto& [begin, algorithm] : pem) {
    if (text.find(begin) == std::string_view::npos) continue;
    Identity identity;
    identity.has_private = true;
    identity.encrypted = text.find("ENCRYPTED") != std::string_view::npos;
    identity.algorithm = algorithm;
    return identity;
  }
  return std::nullopt;
}

std::optional<Identity> read_identity(const std::string& file) {
  const std::optional<std::string> private_text = read_key_file(file);
  const std::optional<std::string> public_text = read_key_file(file + ".pub");
  if (!private_text && !public_text) return std::nullopt;
  Identity identity;
  if (private_text) {
    identity = parse_private_key(*private_text).value_or(Identity());
    // IdentityFile may also name the public half of a key that only the agent has.
    if (!identity.has_private) identity.blob = parse_public_key(*private_text).value_or("");
    identity.exposed = identity.has_private && exposed(file);
  }
  identity.file = file;
  if (identity.blob.empty() && public_text) identity.blob = parse_public_key(*public_text).value_or("");
  if (!identity.blob.empty()) identity.algorithm = key_algorithm(identity.blob);
  struct stat certificate {};
  identity.has_certificate = stat((file + "-cert.pub").c_str(), &certificate) == 0;
  return identity;
}

bool libssh2_can_use(std::string_view algorithm) {
  constexpr std::array<std::string_view, 4> usable{"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
                                                   "ecdsa-sha2-nistp521"};
  for (const std::string_view name : usable) {
    if (name == algorithm) return true;
  }
  return false;
}

}  // namespace syncmanager::ssh
