#include "git/packet.hpp"

#include <charconv>

#include <fmt/format.h>

namespace syncmanager::git {

namespace {

constexpr std::size_t length_digits = 4;
constexpr std::size_t longest_packet = 65520;

/// The length that stands there. 1 to 3 mean other things in protocol version 2, which nobody has asked for.
std::optional<std::size_t> length_in(std::string_view text) {
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length, 16);
  const bool number = error == std::errc() && end == text.data() + text.size();
  const bool valid = number && (length == 0 || (length >= length_digits && length <= longest_packet));
  return valid ? std::optional(length) : std::nullopt;
}

}  // namespace

std::string packet(std::string_view data) {
  return fmt::format("{:04x}{}", data.size() + length_digits, data);
}

void PacketReader::feed(std::string_view piece) {
  buffer_.erase(0, used_);
  used_ = 0;
  buffer_ += piece;
}

std::optional<Packet> PacketReader::next() {
  const std::string_view rest = std::string_view(buffer_).substr(used_);
  if (rest.size() < length_digits) return std::nullopt;
  const auto length = length_in(rest.substr(0, length_digits));
  if (!length) return Packet{.kind = Packet::Kind::bad, .data = rest.substr(0, length_digits)};
  if (*length == 0) {
    used_ += length_digits;
    return Packet{};
  }
  if (rest.size() < *length) return std::nullopt;
  used_ += *length;
  return Packet{.kind = Packet::Kind::data, .data = rest.substr(length_digits, *length - length_digits)};
}

}  // namespace syncmanager::git
