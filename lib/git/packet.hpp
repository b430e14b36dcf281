// Git's wire format: a stream of packets, each behind its length in four hexadecimal digits (gitprotocol-common(5),
// pkt-line). Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace syncmanager::git {

/// Ends a list of packets; and says goodbye.
inline constexpr std::string_view flush_packet = "0000";

/// A packet with this in it, of at most 65,516 bytes.
std::string packet(std::string_view data);

inline constexpr std::size_t length_digits = 4;

/// The length that stands there, its own digits included; 0 is a flush. Nothing where there is none: 1 to 3 mean other
/// things in protocol version 2, which nobody has asked for.
std::optional<std::size_t> packet_length(std::string_view digits);

/// For people, where there is none.
std::string bad_packet_length(std::string_view digits);
inline constexpr std::string_view bad_packet_hint =
    "look whether a start-up file of the account there prints something";

struct Packet {
  enum class Kind {
    data,
    flush,
    bad,  ///< no packet of git's: `data` has what stands where a length should; nothing behind it can be read
  };
  Kind kind = Kind::flush;
  std::string_view data;  ///< valid until the next feed()
};

class PacketReader {
 public:
  void feed(std::string_view piece);
  /// The next packet, once all of it is there.
  std::optional<Packet> next();

 private:
  std::string buffer_;
  std::size_t used_ = 0;  ///< of buffer_
};

}  // namespace syncmanager::git
