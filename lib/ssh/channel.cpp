#include "ssh/channel.hpp"

#include <array>

#include "base/error.hpp"

namespace syncmanager::ssh {

void ErrorText::add(std::string_view piece) {
  seen_ += piece.size();
  if (seen_ > most) throw Error(ErrorKind::failed, "the command on the server prints error messages without end");
  text_ += piece.substr(0, kept - text_.size());
}

void Backlog::add(std::string_view piece) {
  if (empty()) {
    text_.clear();
    used_ = 0;
  }
  if (text_.size() + piece.size() > most) {
    throw Error(ErrorKind::failed, "the command on the server prints without end and does not read its input");
  }
  text_ += piece;
}

std::size_t Backlog::take(std::span<char> buffer) {
  const std::size_t count = text_.copy(buffer.data(), buffer.size(), used_);
  used_ += count;
  return count;
}

std::string read_all(Channel& channel) {
  constexpr std::size_t most = std::size_t{64} * 1024 * 1024;
  std::string all;
  std::array<char, 65536> buffer{};
  while (const std::size_t count = channel.read(buffer)) {
    all.append(buffer.data(), count);
    if (all.size() > most) throw Error(ErrorKind::failed, "the command on the server prints without end");
  }
  return all;
}

}  // namespace syncmanager::ssh
