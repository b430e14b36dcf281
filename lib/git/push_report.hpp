// Reads what git-receive-pack answers to a push: what became of each ref, and the words of its hooks
// (gitprotocol-pack(5), "Report Status"). Pure.
//
// The packets' contents, in bands as the client has asked for them:
//   2 remote: Resolving deltas: 100% (2/2), done.       (words for people, in any pieces)
//   1 unpack ok                                         (packets in packets)
//   1 ok refs/heads/main
//   1 ng refs/heads/topic hook declined
//   1 (flush)
//   3 the disk is full                                  (its last words)
//   (flush)
// Without bands, the packets of band 1 alone, to the end of the output.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "git/packet.hpp"

namespace syncmanager::git {

class PushReport {
 public:
  explicit PushReport(bool bands) : bands_(bands) {}

  /// Throws Error(failed) for what is no answer to a push, and for one that has no end.
  void feed(std::string_view piece);

  /// Whether the server has said all, its hooks included. Without bands, only the end of its output tells.
  [[nodiscard]] bool over() const { return over_; }
  /// What it says of each ref: empty for one that it has moved, else why not.
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& refs() const { return refs_; }
  /// Why it could not take the objects; empty where it could.
  [[nodiscard]] const std::string& unpack_problem() const { return unpack_problem_; }
  /// What it printed for people, and its last words; no more than a part of very many.
  [[nodiscard]] const std::string& words() const { return words_; }
  [[nodiscard]] const std::string& last_words() const { return last_words_; }

 private:
  void take_band(std::string_view data);
  void take_line(std::string_view line);
  void take_packets(PacketReader& reader, bool inner);

  bool bands_;
  PacketReader outer_;
  PacketReader inner_;
  std::size_t bytes_ = 0;
  bool over_ = false;
  std::map<std::string, std::string, std::less<>> refs_;
  std::string unpack_problem_;
  std::string words_;
  std::string last_words_;
};

/// Whether the line is what git-receive-pack prints for people of a ref that another push was quicker to move, or is
/// moving; `ref` is its full name.
///   error: cannot lock ref 'refs/heads/main': is at 8f0c… but expected 51a2…
bool tells_of_a_lost_race(std::string_view line, const std::string& ref);

}  // namespace syncmanager::git
