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

std::optional<MuxMessage> MuxReader::next() {
  constexpr std::size_t head = 4;
  const std::optional<std::uint32_t> size = WireReader(rest_).number();
  if (!size) return std::nullopt;
  if (*size > longest_mux_message) return MuxNonsense{};
  if (rest_.size() - head < *size) return std::nullopt;
  MuxMessage message = parse(std::string_view(rest_).substr(head, *size));
  rest_.erase(0, head + *size);
  return message;
}

}  // namespace syncmanager::ssh
