#include "ssh/wire.hpp"

#include <cstddef>

#include <openssl/evp.h>

namespace syncmanager::ssh {
namespace {

/// The six bits that a letter of base64 stands for, or -1.
int base64_value(char letter) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t at = alphabet.find(letter);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char letter : text) {
    const int value = base64_value(letter);
    if (value < 0) return std::nullopt;
    bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xFFFFFFU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU));
  }
  return bytes;
}

std::string encode_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends it with a zero byte
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::uint8_t> WireReader::byte() {
  if (rest_.empty()) return std::nullopt;
  const auto value = static_cast<unsigned char>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

std::optional<std::uint32_t> WireReader::number() {
  if (rest_.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char byte : rest_.substr(0, 4)) value = value << 8U | static_cast<unsigned char>(byte);
  rest_.remove_prefix(4);
  return value;
}

std::optional<std::string_view> WireReader::string() {
  const std::optional<std::uint32_t> size = number();
  if (!size || *size > rest_.size()) return std::nullopt;
  const std::string_view field = rest_.substr(0, *size);
  rest_.remove_prefix(*size);
  return field;
}

WireWriter& WireWriter::byte(std::uint8_t value) {
  blob_.push_back(static_cast<char>(value));
  return *this;
}

WireWriter& WireWriter::number(std::uint32_t value) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) byte(static_cast<std::uint8_t>(value >> shift & 0xFFU));
  return *this;
}

WireWriter& WireWriter::string(std::string_view bytes) {
  return number(static_cast<std::uint32_t>(bytes.size())).raw(bytes);
}

WireWriter& WireWriter::raw(std::string_view bytes) {
  blob_ += bytes;
  return *this;
}

std::string_view key_algorithm(std::string_view blob) {
  return WireReader(blob).string().value_or(std::string_view());
}

}  // namespace syncmanager::ssh
