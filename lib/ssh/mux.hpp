// The messages that pass over the control socket of an ssh master: OpenSSH's PROTOCOL.mux, version 4. Only bytes; what
// carries them is MuxSocket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace syncmanager::ssh {

constexpr std::uint32_t mux_version = 4;

/// The longest message that a master takes.
constexpr std::size_t longest_mux_message = std::size_t{256} * 1024;

std::string mux_hello();
/// A command without terminal, X11 and agent. `environment` holds "NAME=value"; the master passes on what its SendEnv
/// names. The three streams of the command follow as descriptors. Throws Error(failed) where it is too long.
std::string mux_new_session(std::uint32_t request, std::string_view command,
                            const std::vector<std::string>& environment);
std::string mux_alive_check(std::uint32_t request);
std::string mux_terminate(std::uint32_t request);

/// What a master answers. `session` is a number of its own for a command that runs.
std::string mux_alive(std::uint32_t request, std::uint32_t pid);
std::string mux_session_opened(std::uint32_t request, std::uint32_t session);
std::string mux_failure(std::uint32_t request, std::string_view reason);
std::string mux_exit(std::uint32_t session, std::uint32_t status);

struct MuxHello {
  std::uint32_t version = 0;
};
struct MuxAlive {
  std::uint32_t pid = 0;
};
struct MuxOpened {
  std::uint32_t session = 0;
};
/// The request was denied by a person, or failed.
struct MuxRefused {
  bool denied = false;
  std::string reason;
};
struct MuxExit {
  std::uint32_t status = 0;
};
/// Any other message.
struct MuxOther {
  std::uint32_t type = 0;
};
/// What no master sends; nothing that follows makes sense.
struct MuxNonsense {};
using MuxMessage = std::variant<MuxHello, MuxAlive, MuxOpened, MuxRefused, MuxExit, MuxOther, MuxNonsense>;

struct MuxAliveCheck {
  std::uint32_t request = 0;
};
/// A command without terminal, X11, agent and subsystem.
struct MuxNewSession {
  std::uint32_t request = 0;
  std::string command;
};
struct MuxOtherRequest {
  std::uint32_t request = 0;
};
using MuxRequest = std::variant<MuxHello, MuxAliveCheck, MuxNewSession, MuxOtherRequest, MuxNonsense>;

/// Cuts messages out of the bytes that come over a control socket, in pieces of any size.
class MuxReader {
 public:
  void feed(std::string_view bytes) { rest_ += bytes; }
  /// The next one that is whole, of those that a master sends.
  std::optional<MuxMessage> next();
  /// The next one that is whole, of those that a client sends.
  std::optional<MuxRequest> next_request();
  /// Passes over bytes that are no message; false where they have not all come.
  bool skip(std::size_t count);

 private:
  template <class Message>
  std::optional<Message> next_by(Message (*parse)(std::string_view body));

  std::string rest_;
};

}  // namespace syncmanager::ssh
