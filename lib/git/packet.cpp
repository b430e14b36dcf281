#include "git/packet.hpp"

#include <charconv>

#include <fmt/format.h>

#include "base/escape.hpp"

namespace syncmanager::git {

std::optional<std::size_t> packet_length(std::string_view digits) {
  constexpr std::size_t longest_packet = 65520;
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length, 16);
  const bool number = error == std::errc() && end == digits.data() + digits.size();
  const bool valid = number && (length == 0 || (length >= length_digits && length <= longest_packet));
  return valid ? std::optional(length) : std::nullopt;
}

std::string bad_packet_length(std::string_view digits) {
  return "bad packet length '" + escape_text(digits) + "' in the server's answer";
}

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
  const auto length = packet_length(rest.substr(0, length_digits));
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
