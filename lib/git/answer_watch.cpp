#include "git/answer_watch.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"
#include "git/git_talk.hpp"
#include "git/packet.hpp"

namespace syncmanager::git {

namespace {

constexpr char pack_band = 1;
constexpr char words_band = 2;
constexpr char error_band = 3;
constexpr std::size_t kept = std::size_t{8} * 1024;  // of a packet, and of all words

std::string one_line(std::string_view text) {
  std::string line;
  for (const std::string_view piece : lines_of(text)) {
    if (trim(piece).empty()) continue;
    if (!line.empty()) line += "; ";
    line += trim(piece);
  }
  return line;
}

}  // namespace

void AnswerWatch::feed(std::string_view piece) {
  while (!piece.empty() && in_packets_) {
    if (left_ == 0)
      take_length(piece);
    else
      take_data(piece);
  }
}

void AnswerWatch::take_length(std::string_view& piece) {
  const std::size_t count = std::min(piece.size(), length_digits - length_.size());
  length_ += piece.substr(0, count);
  piece.remove_prefix(count);
  if (length_.size() < length_digits) return;
  if (any_ && length_ == "PACK") {
    in_packets_ = false;
    return;
  }
  const std::optional<std::size_t> length = packet_length(length_);
  if (!length) throw Error(ErrorKind::failed, bad_packet_length(length_), std::string(bad_packet_hint));
  left_ = *length - std::min(*length, length_digits);
  length_.clear();
  any_ = true;
}

void AnswerWatch::take_data(std::string_view& piece) {
  const std::string_view data = piece.substr(0, left_);
  const bool of_pack = (packet_.empty() ? data : packet_).front() == pack_band;
  const std::size_t wanted = of_pack ? 1 : kept;
  if (!of_pack) others_ += data.size();
  if (others_ > most_others) throw Error(ErrorKind::failed, "the server's answer has no end");
  packet_ += data.substr(0, wanted - std::min(wanted, packet_.size()));
  left_ -= data.size();
  piece.remove_prefix(data.size());
  if (left_ == 0) take_packet();
}

void AnswerWatch::take_packet() {
  constexpr std::string_view error = "ERR ";
  const std::string packet = std::exchange(packet_, {});
  const std::string_view rest = std::string_view(packet).substr(1);
  if (packet.front() == words_band) take_words(rest);
  if (packet.front() == error_band) {
    take_words("\n" + std::string(rest));
    throw Error(ErrorKind::failed, "the server says: " + words(), "run git fsck in the repository on the server");
  }
  if (packet.starts_with(error)) {
    throw Error(ErrorKind::failed,
                "the server says: " + shortened(one_line(rest.substr(error.size() - 1)), longest_server_line));
  }
}

void AnswerWatch::take_words(std::string_view words) {
  words_ += words;
  if (words_.size() > 2 * kept) words_.erase(0, words_.size() - kept);
}

std::string AnswerWatch::words() const {
  return one_line(words_in_sideband(words_));
}

void AnswerWatch::end(std::string_view errors) {
  if (!in_packets_) return;
  take_words("\n" + std::string(errors));
  const std::string last = words();
  throw Error(ErrorKind::failed, "the server stopped in the middle of its answer" + (last.empty() ? last : ": " + last),
              "try again; if it stays so, ask the server's admin");
}

}  // namespace syncmanager::git
