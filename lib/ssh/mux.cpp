#include "ssh/mux.hpp"

#include <limits>

#include "base/error.hpp"
#include "ssh/wire.hpp"

namespace syncmanager::ssh {
namespace {

enum MuxType : std::uint32_t {
  type_hello = 0x00000001,
  type_new_session = 0x10000002,
  type_alive_check = 0x10000004,
  type_terminate = 0x10000005,
  type_permission_denied = 0x80000002,
  type_failure = 0x80000003,
  type_exit_message = 0x80000004,
  type_alive = 0x80000005,
  type_session_opened = 0x80000006,
};

std::string framed(const WireWriter& message) {
  return WireWriter().string(message.blob()).blob();
}

std::string request_of(MuxType type, std::uint32_t request) {
  return framed(WireWriter().number(type).number(request));
}

MuxMessage refusal(bool denied, WireReader& reader) {
  const std::optional<std::string_view> reason = reader.string();
  if (!reason) return MuxNonsense{};
  return MuxRefused{denied, std::string(*reason)};
}

/// The process number is meant for kill(2), to which some numbers mean more than one process.
MuxMessage alive(WireReader& reader) {
  constexpr std::uint32_t largest = std::numeric_limits<std::int32_t>::max();
  const std::optional<std::uint32_t> pid = reader.number();
  if (!pid || *pid == 0 || *pid > largest) return MuxNonsense{};
  return MuxAlive{*pid};
}

/// A message whose only field of interest is the one behind the request's, or the session's, number.
template <class Message>
MuxMessage with_number(WireReader& reader) {
  const std::optional<std::uint32_t> number = reader.number();
  if (!number) return MuxNonsense{};
  return Message{*number};
}

MuxMessage parse(std::string_view body) {
  WireReader reader(body);
  const std::optional<std::uint32_t> type = reader.number();
  if (!type) return MuxNonsense{};
  if (*type == type_hello) return with_number<MuxHello>(reader);
  // There is one request on a socket, or one after the other: its number needs no look.
  if (!reader.number()) return MuxNonsense{};
  if (*type == type_permission_denied || *type == type_failure) return refusal(*type == type_permission_denied, reader);
  if (*type == type_exit_message) return with_number<MuxExit>(reader);
  if (*type == type_alive) return alive(reader);
  if (*type == type_session_opened) return with_number<MuxOpened>(reader);
  return MuxOther{*type};
}

MuxRequest new_session(std::uint32_t request, WireReader& reader) {
  const std::optional<std::string_view> reserved = reader.string();
  bool plain = true;
  for (int i = 0; i < 4; ++i) plain = reader.number() == 0U && plain;  // terminal, X11, agent, subsystem
  const std::optional<std::uint32_t> escape_character = reader.number();
  const std::optional<std::string_view> terminal = reader.string();
  const std::optional<std::string_view> command = reader.string();
  // The environment follows, which is the client's own affair.
  if (!reserved || !escape_character || !terminal || !command) return MuxNonsense{};
  // Its descriptors would follow as well.
  if (!plain || command->empty()) return MuxNonsense{};
  return MuxNewSession{request, std::string(*command)};
}

MuxRequest parse_request(std::string_view body) {
  WireReader reader(body);
  const std::optional<std::uint32_t> type = reader.number();
  const std::optional<std::uint32_t> number = reader.number();  // the version, or the request's
  if (!type || !number) return MuxNonsense{};
  if (*type == type_hello) return MuxHello{*number};
  if (*type == type_alive_check) return MuxAliveCheck{*number};
  if (*type == type_new_session) return new_session(*number, reader);
  return MuxOtherRequest{*number};
}

}  // namespace

std::string mux_hello() {
  return framed(WireWriter().number(type_hello).number(mux_version));
}

std::string mux_new_session(std::uint32_t request, std::string_view command,
                            const std::vector<std::string>& environment) {
  constexpr std::uint32_t no_escape_character = 0xffffffff;
  WireWriter message;
  message.number(type_new_session).number(request).string("");  // reserved
  message.number(0).number(0).number(0).number(0);              // terminal, X11, agent, subsystem: none of them
  message.number(no_escape_character).string("").string(command);
  for (const std::string& variable : environment) message.string(variable);
  if (message.blob().size() > longest_mux_message) {
    throw Error(ErrorKind::failed, "the command is too long for ssh's control socket");
  }
  return framed(message);
}

std::string mux_alive_check(std::uint32_t request) {
  return request_of(type_alive_check, request);
}

std::string mux_terminate(std::uint32_t request) {
  return request_of(type_terminate, request);
}

std::string mux_alive(std::uint32_t request, std::uint32_t pid) {
  return framed(WireWriter().number(type_alive).number(request).number(pid));
}

std::string mux_session_opened(std::uint32_t request, std::uint32_t session) {
  return framed(WireWriter().number(type_session_opened).number(request).number(session));
}

std::string mux_failure(std::uint32_t request, std::string_view reason) {
  return framed(WireWriter().number(type_failure).number(request).string(reason));
}

std::string mux_exit(std::uint32_t session, std::uint32_t status) {
  return framed(WireWriter().number(type_exit_message).number(session).number(status));
}

template <class Message>
std::optional<Message> MuxReader::next_by(Message (*parse)(std::string_view body)) {
  constexpr std::size_t head = 4;
  const std::optional<std::uint32_t> size = WireReader(rest_).number();
  if (!size) return std::nullopt;
  if (*size > longest_mux_message) return MuxNonsense{};
  if (rest_.size() - head < *size) return std::nullopt;
  Message message = parse(std::string_view(rest_).substr(head, *size));
  rest_.erase(0, head + *size);
  return message;
}

std::optional<MuxMessage> MuxReader::next() {
  return next_by(&parse);
}

std::optional<MuxRequest> MuxReader::next_request() {
  return next_by(&parse_request);
}

bool MuxReader::skip(std::size_t count) {
  if (rest_.size() < count) return false;
  rest_.erase(0, count);
  return true;
}

}  // namespace syncmanager::ssh
