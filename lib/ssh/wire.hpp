// How ssh writes keys and messages: base64, and numbers and strings with their length in front (RFC 4251, section 5).
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
  std::optional<std::uint8_t> byte();
  std::optional<std::uint32_t> number();
  std::optional<std::string_view> string();

 private:
  std::string_view rest_;
};

/// Puts fields behind each other.
class WireWriter {
 public:
  WireWriter& byte(std::uint8_t value);
  WireWriter& number(std::uint32_t value);
  /// With its length in front, which four bytes must be able to tell.
  WireWriter& string(std::string_view bytes);
  /// Without a length: what is a blob already.
  WireWriter& raw(std::string_view bytes);
  [[nodiscard]] const std::string& blob() const { return blob_; }

 private:
  std::string blob_;
};

/// The algorithm that a public key's blob names first; empty where it is none.
std::string_view key_algorithm(std::string_view blob);

}  // namespace syncmanager::ssh
