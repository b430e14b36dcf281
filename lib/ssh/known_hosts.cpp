#include "ssh/known_hosts.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "ssh/wire.hpp"

namespace syncmanager::ssh {
namespace {

constexpr std::string_view hash_magic = "|1|";  // HMAC-SHA1, the only kind there is
constexpr int usual_port = 22;

/// The name's hash with the given salt.
std::string hash_name(std::string_view salt, std::string_view name) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha1(), salt.data(), static_cast<int>(salt.size()), reinterpret_cast<const unsigned char*>(name.data()),
       name.size(), digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

/// |1|SALT|HASH, both in base64
bool hashed_name_matches(std::string_view field, std::string_view name) {
  field.remove_prefix(hash_magic.size());
  const std::size_t bar = field.find('|');
  if (bar == std::string_view::npos) return false;
  const std::optional<std::string> salt = decode_base64(field.substr(0, bar));
  const std::optional<std::string> hash = decode_base64(field.substr(bar + 1));
  return salt && hash && !hash->empty() && hash_name(*salt, name) == *hash;
}

/// Whether one of the patterns matches, and none that is negated.
bool patterns_match(std::string_view field, std::string_view name) {
  bool found = false;
  for (const std::string& pattern : split(lower_case(field), ",")) {
    const bool negated = pattern.starts_with('!');
    if (!glob_match(std::string_view(pattern).substr(negated ? 1 : 0), name)) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

bool is_for(const KnownHost& known, std::string_view name) {
  return known.hosts.starts_with(hash_magic) ? hashed_name_matches(known.hosts, name)
                                             : patterns_match(known.hosts, name);
}

std::optional<HostKeyMarker> marker_of(std::string_view word) {
  if (word == "@revoked") return HostKeyMarker::revoked;
  if (word == "@cert-authority") return HostKeyMarker::cert_authority;
  return std::nullopt;
}

/// [MARKER] HOSTS ALGORITHM KEY [COMMENT]
std::optional<KnownHost> parse_line(std::string_view line) {
  const std::vector<std::string> words = split(line, " \t\r");
  if (words.empty() || words[0].starts_with('#')) return std::nullopt;
  KnownHost known;
  std::size_t first = 0;
  if (words[0].starts_with('@')) {
    const std::optional<HostKeyMarker> marker = marker_of(words[0]);
    if (!marker) return std::nullopt;
    known.marker = *marker;
    first = 1;
  }
  if (words.size() < first + 3) return std::nullopt;
  known.hosts = words[first];
  known.algorithm = words[first + 1];
  std::optional<std::string> key = decode_base64(words[first + 2]);
  if (!key || key_algorithm(*key) != known.algorithm) return std::nullopt;
  known.key = std::move(*key);
  return known;
}

}  // namespace

std::vector<KnownHost> parse_known_hosts(std::string_view text, const std::string& file) {
  std::vector<KnownHost> all;
  int number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    std::optional<KnownHost> known = parse_line(line);
    if (!known) continue;
    known->file = file;
    known->line = number;
    all.push_back(std::move(*known));
  }
  return all;
}

HostKeyCheck check_host_key(const std::vector<KnownHost>& known, std::string_view host, int port,
                            std::string_view algorithm, std::string_view key) {
  const std::string name = known_host_name(host, port);
  HostKeyCheck check;
  const auto decide = [&check](HostKeyVerdict verdict, const KnownHost& line) {
    check = {verdict, line.file, line.line};
  };
  for (const KnownHost& line : known) {
    if (line.marker == HostKeyMarker::cert_authority || !is_for(line, name)) continue;
    if (line.marker == HostKeyMarker::revoked) {
      if (line.key != key) continue;
      decide(HostKeyVerdict::revoked, line);
      return check;
    }
    if (check.verdict == HostKeyVerdict::trusted) continue;  // only a revocation could still change that
    if (line.key == key) {
      check = {HostKeyVerdict::trusted, {}, 0};
    } else if (line.algorithm == algorithm && check.verdict != HostKeyVerdict::changed) {
      decide(HostKeyVerdict::changed, line);
    } else if (check.verdict == HostKeyVerdict::unknown) {
      decide(HostKeyVerdict::other_types, line);
    }
  }
  return check;
}

std::vector<std::string> known_algorithms(const std::vector<KnownHost>& known, std::string_view host, int port) {
  const std::string name = known_host_name(host, port);
  std::vector<std::string> algorithms;
  for (const KnownHost& line : known) {
    if (line.marker != HostKeyMarker::none || !is_for(line, name)) continue;
    if (std::find(algorithms.begin(), algorithms.end(), line.algorithm) == algorithms.end()) {
      algorithms.push_back(line.algorithm);
    }
  }
  return algorithms;
}

bool has_cert_authority(const std::vector<KnownHost>& known, std::string_view host, int port) {
  const std::string name = known_host_name(host, port);
  return std::any_of(known.begin(), known.end(), [&](const KnownHost& line) {
    return line.marker == HostKeyMarker::cert_authority && is_for(line, name);
  });
}

std::string known_host_name(std::string_view host, int port) {
  const std::string name = lower_case(host);
  return port == usual_port ? name : fmt::format("[{}]:{}", name, port);
}

std::string known_hosts_line(std::string_view host, int port, std::string_view key, bool hashed) {
  std::string name = known_host_name(host, port);
  if (hashed) {
    std::array<unsigned char, 20> bytes{};  // as long as the hash, as ssh does it
    if (RAND_bytes(bytes.data(), bytes.size()) != 1) throw Error(ErrorKind::failed, "cannot get random bytes");
    const std::string salt(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    name = fmt::format("{}{}|{}", hash_magic, encode_base64(salt), encode_base64(hash_name(salt, name)));
  }
  return fmt::format("{} {} {}\n", name, key_algorithm(key), encode_base64(key));
}

std::string fingerprint(std::string_view key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(key.data(), key.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string text = encode_base64({reinterpret_cast<const char*>(digest.data()), size});
  text.resize(text.find_last_not_of('=') + 1);
  return "SHA256:" + text;
}

}  // namespace syncmanager::ssh
