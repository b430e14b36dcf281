// Reads what git-upload-pack and git-receive-pack say first: all refs of their repository, in protocol version 0
// (gitprotocol-pack(5), "Reference Discovery"). Pure.
//
// The packets' contents, where ␀ is a NUL:
//   8f0c… HEAD␀multi_ack side-band-64k symref=HEAD:refs/heads/main object-format=sha1 …
//   8f0c… refs/heads/main
//   51a2… refs/tags/v1
//   8f0c… refs/tags/v1^{}
//   (flush)
// A repository without refs has the flush alone, or before it
//   0000… capabilities^{}␀…
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "git/packet.hpp"
#include "git/refs.hpp"

namespace syncmanager::git {

class AdvertisementReader {
 public:
  void feed(std::string_view piece);

  /// Whether it has been read to its end, or can't be: there is no more to feed then.
  [[nodiscard]] bool over() const { return over_; }
  /// What it said, once: found, or failed with the server's words or with what is wrong with them.
  Listing take() { return std::move(listing_); }
  /// Whether the server knows this capability, such as `ofs-delta`.
  [[nodiscard]] bool offers(std::string_view capability) const;

 private:
  void take_packet(std::string_view data);
  void take_first(std::string_view line);
  void take_ref(std::string_view line);
  void take_capabilities(std::string_view list);
  void fail(std::string problem);

  PacketReader packets_;
  std::size_t bytes_ = 0;
  std::size_t packet_ = 0;  ///< how many there have been
  bool empty_ = false;      ///< the repository has no refs
  std::size_t hex_ = 40;    ///< digits of an object's name
  std::vector<std::string> capabilities_;
  bool over_ = false;
  Listing listing_;
};

}  // namespace syncmanager::git
