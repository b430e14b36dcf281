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
