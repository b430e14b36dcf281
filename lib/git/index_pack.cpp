#include "git/index_pack.hpp"

#include <array>
#include <cerrno>
#include <chrono>

#include <poll.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"

namespace syncmanager::git {

namespace {

// It reads from the disk and computes; it tells how far it is, but there may be much to do between two of its words.
constexpr std::chrono::hours index_patience(1);

// Its last words say what is wrong; what it said of its progress is not kept.
constexpr std::size_t kept_words = 4096;

Command index_pack(const Environment& environment, const Repository& repository) {
  Command command;
  command.argv = {"git",     "-C", repository.folder().string(),          "-c", through_to_disk, "index-pack",
                  "--stdin", "-v", "--check-self-contained-and-connected"};
  command.environment = child_environment(environment);
  return command;
}

}  // namespace

IndexPack::IndexPack(const Environment& environment, const Repository& repository, const Interrupt* interrupt,
                     const OnTransfer& on_transfer)
    : interrupt_(interrupt),
      child_(index_pack(environment, repository)),
      progress_(on_transfer, {index_patience, index_patience, index_patience}) {}

void IndexPack::feed(std::string_view piece) {
  while (!piece.empty()) {
    const ssize_t count = write(child_.input.get(), piece.data(), piece.size());
    if (count > 0) {
      piece.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EINTR) {
      wait(POLLOUT);
    } else {
      fail();
    }
  }
  take_errors();
}

Completeness IndexPack::finish() {
  child_.input.reset();
  while (child_.errors) wait(0);
  switch (child_.wait()) {
    case 0: return Completeness::complete;
    case 1: return Completeness::unknown;
    default: break;
  }
  if (errors_.find("fatal: did not receive expected object") != std::string::npos) return Completeness::holes;
  fail();
}

/// For words of its, and for what `for_input` says.
void IndexPack::wait(short for_input) {
  std::array<pollfd, 3> polled{
      {{child_.errors.get(), POLLIN, 0}, {child_.input.get(), for_input, 0}, {fd_of(interrupt_), POLLIN, 0}}};
  poll(polled.data(), polled.size(), -1);
  stop_if(interrupt_);
  take_errors();
}

void IndexPack::take_errors() {
  std::array<char, 4096> buffer;
  const ssize_t count = read(child_.errors.get(), buffer.data(), buffer.size());
  if (count == 0) child_.errors.reset();
  if (count <= 0) return;
  const std::string_view piece(buffer.data(), static_cast<std::size_t>(count));
  progress_.feed(piece);
  errors_ += piece;
  if (errors_.size() > kept_words) errors_.erase(0, errors_.size() - kept_words);
}

void IndexPack::fail() {
  child_.input.reset();
  while (child_.errors) wait(0);
  const std::size_t line = errors_.find("fatal: ");
  throw Error(
      ErrorKind::failed,
      "git index-pack: " + (line == std::string::npos ? "it ended early" : std::string(trim(errors_.substr(line)))));
}

}  // namespace syncmanager::git
