#include "model/oid.hpp"

#include <algorithm>

namespace syncmanager {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

}  // namespace

std::optional<Oid> Oid::from_hex(std::string_view hex) {
  if (hex.size() != 40 && hex.size() != 64) return std::nullopt;
  Oid oid;
  oid.size_ = hex.size() / 2;
  for (std::size_t i = 0; i < oid.size_; ++i) {
    const auto high = digits.find(hex[2 * i]);
    const auto low = digits.find(hex[2 * i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    oid.bytes_[i] = static_cast<unsigned char>(high << 4U | low);
  }
  if (std::ranges::all_of(oid.bytes_, [](unsigned char byte) { return byte == 0; })) return std::nullopt;
  return oid;
}

std::string Oid::hex() const {
  std::string hex;
  hex.reserve(2 * size_);
  for (std::size_t i = 0; i < size_; ++i) {
    hex += digits[bytes_[i] >> 4U];
    hex += digits[bytes_[i] & 0xfU];
  }
  return hex;
}

}  // namespace syncmanager
