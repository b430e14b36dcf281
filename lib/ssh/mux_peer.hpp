// The other end of a control connection: what a master has with each of its clients. Takes requests and descriptors,
// sends answers.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/file.hpp"
#include "ssh/mux.hpp"
#include "ssh/relayed_command.hpp"

namespace syncmanager::ssh {

/// Listens for clients at `path`, which must not exist yet. Throws Error(failed).
Fd listen_for_clients(const std::string& path);

/// A command to be run, with the client's own streams.
struct MuxCommandRequest {
  std::uint32_t request = 0;
  std::string command;
  Streams streams;
};

/// One thread. Never waits.
class MuxPeer {
 public:
  /// Takes the next client that waits at the listening socket; none where there is none, or it is not this user's.
  static std::optional<MuxPeer> accept(const Fd& listening);

  /// Takes what has come. Afterwards next() has it.
  void receive();
  /// The next request that is whole; simple ones are answered at once.
  std::optional<MuxCommandRequest> next();
  void send(std::string_view message);

  void close() { socket_ = Fd(); }
  [[nodiscard]] int fd() const { return socket_.get(); }
  /// Whether the client is still there and makes sense.
  explicit operator bool() const { return static_cast<bool>(socket_); }

 private:
  explicit MuxPeer(Fd socket);
  std::optional<MuxCommandRequest> complete();
  void answer(const MuxRequest& request);

  Fd socket_;
  MuxReader reader_;
  std::deque<Fd> descriptors_;
  std::optional<MuxNewSession> wanted_;  // whose descriptors are still to come
};

}  // namespace syncmanager::ssh
