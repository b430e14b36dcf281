#include "ssh/agent.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include "ssh/socket.hpp"
#include "ssh/wire.hpp"

namespace syncmanager::ssh {
namespace {

// draft-miller-ssh-agent, section 6.1; the two other failures are what older agents say.
constexpr std::uint8_t failure = 5;
constexpr std::uint8_t old_failure = 30;
constexpr std::uint8_t older_failure = 102;
constexpr std::uint8_t request_identities = 11;
constexpr std::uint8_t identities_answer = 12;
constexpr std::uint8_t request_signature = 13;
constexpr std::uint8_t signature_answer = 14;

// What OpenSSH takes from an agent at most.
constexpr std::uint32_t longest_message = 256 * 1024;
constexpr std::uint32_t most_keys = 2048;

constexpr std::string_view makes_no_sense = "its answer makes no sense";

/// Whether the message is of this type; the reader stands behind it then.
bool takes_type(WireReader& reader, std::uint8_t type) {
  const std::optional<std::uint8_t> found = reader.byte();
  return found && *found == type;
}

}  // namespace

std::string identities_request() {
  return WireWriter().byte(request_identities).blob();
}

std::string sign_request(std::string_view blob, std::string_view data, std::uint32_t flags) {
  return WireWriter().byte(request_signature).string(blob).string(data).number(flags).blob();
}

std::optional<std::vector<AgentKey>> parse_identities(std::string_view message) {
  WireReader reader(message);
  if (!takes_type(reader, identities_answer)) return std::nullopt;
  const std::optional<std::uint32_t> count = reader.number();
  if (!count || *count > most_keys) return std::nullopt;
  std::vector<AgentKey> keys;
  for (std::uint32_t i = 0; i < *count; ++i) {
    const std::optional<std::string_view> blob = reader.string();
    const std::optional<std::string_view> comment = reader.string();
    if (!blob || !comment) return std::nullopt;
    keys.push_back({std::string(*blob), std::string(*comment)});
  }
  return keys;
}

std::optional<AgentSignature> parse_signature(std::string_view message) {
  WireReader reader(message);
  if (!takes_type(reader, signature_answer)) return std::nullopt;
  WireReader signature(reader.string().value_or(std::string_view()));
  const std::optional<std::string_view> algorithm = signature.string();
  const std::optional<std::string_view> bytes = signature.string();
  if (!algorithm || !bytes) return std::nullopt;
  return AgentSignature{std::string(*algorithm), std::string(*bytes)};
}

bool is_refusal(std::string_view message) {
  const std::optional<std::uint8_t> type = WireReader(message).byte();
  return type && (*type == failure || *type == old_failure || *type == older_failure);
}

Agent::Agent(std::string path, const Interrupt* interrupt) : path_(std::move(path)), interrupt_(interrupt) {
  connect();
}

void Agent::connect() {
  if (path_.size() > longest_socket_path) {
    return give_up(fmt::format("its path is longer than the {} bytes that a socket's may have", longest_socket_path));
  }
  struct stat found {};
  if (stat(path_.c_str(), &found) != 0) return give_up(words_of(errno));
  if (!S_ISSOCK(found.st_mode)) return give_up("it is no socket");
  Fd fd = local_socket(path_, ::connect);
  // Where it has not even taken in the clients before us, connect() would block.
  if (!fd) return give_up(errno == EAGAIN ? "it does not answer" : words_of(errno));
  socket_ = std::move(fd);
}

std::optional<std::vector<AgentKey>> Agent::identities(const Deadline& deadline) {
  const std::optional<std::string> answer = ask(identities_request(), deadline);
  if (!answer) return std::nullopt;
  std::optional<std::vector<AgentKey>> keys = parse_identities(*answer);
  if (!keys) give_up(is_refusal(*answer) ? "it does not tell its keys" : std::string(makes_no_sense));
  return keys;
}

std::optional<AgentSignature> Agent::sign(std::string_view blob, std::string_view data, std::uint32_t flags,
                                          const Deadline& deadline) {
  const std::optional<std::string> answer = ask(sign_request(blob, data, flags), deadline);
  if (!answer || is_refusal(*answer)) return std::nullopt;
  std::optional<AgentSignature> signature = parse_signature(*answer);
  if (!signature) give_up(std::string(makes_no_sense));
  return signature;
}

std::optional<std::string> Agent::ask(std::string_view message, const Deadline& deadline) {
  if (!socket_ || !send(WireWriter().string(message).blob(), deadline)) return std::nullopt;
  const std::optional<std::string> head = receive(4, deadline);
  if (!head) return std::nullopt;
  const std::uint32_t size = WireReader(*head).number().value_or(0);
  if (size <= longest_message) return receive(size, deadline);
  give_up(std::string(makes_no_sense));
  return std::nullopt;
}

bool Agent::send(std::string_view bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    if (!ready(POLLOUT, deadline)) return false;
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EINTR && errno != EAGAIN) {
      give_up(words_of(errno));
      return false;
    }
  }
  return true;
}

std::optional<std::string> Agent::receive(std::size_t size, const Deadline& deadline) {
  std::string bytes(size, '\0');
  std::size_t count = 0;
  while (count < size) {
    if (!ready(POLLIN, deadline)) return std::nullopt;
    const ssize_t received = ::recv(socket_.get(), bytes.data() + count, size - count, 0);
    if (received > 0) {
      count += static_cast<std::size_t>(received);
    } else if (received == 0) {
      give_up("it ended the connection");
      return std::nullopt;
    } else if (errno != EINTR && errno != EAGAIN) {
      give_up(words_of(errno));
      return std::nullopt;
    }
  }
  return bytes;
}

bool Agent::ready(short events, const Deadline& deadline) {
  std::array<pollfd, 2> polled{{{socket_.get(), events, 0}, {fd_of(interrupt_), POLLIN, 0}}};
  int count = 0;
  do {
    count = poll(polled.data(), polled.size(), deadline.poll_timeout());
  } while (count < 0 && errno == EINTR);
  const bool interrupted = polled[1].revents != 0;
  if (count > 0 && !interrupted) return true;
  give_up(interrupted ? "interrupted" : "it does not answer");
  return false;
}

void Agent::give_up(std::string trouble) {
  trouble_ = std::move(trouble);
  socket_.reset();
}

}  // namespace syncmanager::ssh
