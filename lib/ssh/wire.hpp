// How ssh writes keys: base64, and numbers and strings with their length in front (RFC 4251, section 5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace syncmanager::ssh {

/// Nothing for anything but whole base64 with its padding.
std::optional<std::string> decode_base64(std::string_view text);
std::string encode_base64(std::string_view bytes);

/// Takes fields off the front of a blob, which it borrows. Nothing where the blob is too short.
class WireReader {
 public:
  explicit WireReader(std::string_view blob) : rest_(blob) {}
  std::optional<std::uint32_t> number();
  std::optional<std::string_view> string();

 private:
  std::string_view rest_;
};

/// The algorithm that a public key's blob names first; empty where it is none.
std::string_view key_algorithm(std::string_view blob);

}  // namespace syncmanager::ssh
