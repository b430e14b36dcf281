// Looks at a server's answer on its way to libgit2, which passes over what a server says when it gives up. Pure.
//   "0030\3upload-pack: not our ref"   the error band of side-band-64k (gitprotocol-pack(5))
//   "001eERR access denied"            instead of anything else
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace syncmanager::git {

class AnswerWatch {
 public:
  /// How much there may be beside the pack, refs and words for people: nobody waits for the end of it.
  static constexpr std::size_t most_others = std::size_t{256} * 1024 * 1024;

  /// Throws Error(failed) with the server's words where it gives up, and where this is no answer of git's.
  void feed(std::string_view piece);
  /// The answer has ended, and the command has printed `errors` beside it. Throws Error(failed), unless the answer was
  /// of a kind that shows its own end.
  void end(std::string_view errors);

 private:
  void take_length(std::string_view& piece);
  void take_data(std::string_view& piece);
  void take_packet();
  void take_words(std::string_view words);
  [[nodiscard]] std::string words() const;

  bool in_packets_ = true;  ///< false: a pack as it is, for which no band was agreed upon
  bool any_ = false;
  std::string length_;      ///< the digits of it that have come
  std::size_t others_ = 0;  ///< bytes that are not of the pack
  std::size_t left_ = 0;    ///< of the packet
  std::string packet_;      ///< its beginning; of a pack only the band's number
  std::string words_;       ///< the last ones that were printed for people
  std::size_t seen_ = 0;    ///< of such words
};

}  // namespace syncmanager::git
