#include "ssh/transport.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"

namespace syncmanager::ssh {
namespace {

/// libssh2 wants to be set up once in a process, before its first use.
class Library {
 public:
  Library() : result_(libssh2_init(0)) {}
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() { libssh2_exit(); }
  [[nodiscard]] bool ready() const { return result_ == 0; }

 private:
  int result_;
};

bool library_ready() {
  static const Library library;
  return library.ready();
}

std::vector<std::string> names(LIBSSH2_SESSION* session, int method) {
  const char** list = nullptr;
  const int count = libssh2_session_supported_algs(session, method, &list);
  if (count <= 0) return {};
  std::vector<std::string> all(list, list + count);
  libssh2_free(session, list);
  return all;
}

}  // namespace

Transport::Transport(Fd socket, std::string name, const Deadline& deadline, const Interrupt* interrupt)
    : socket_(std::move(socket)), name_(std::move(name)), deadline_(deadline), interrupt_(interrupt) {
  if (library_ready()) session_ = libssh2_session_init_ex(nullptr, nullptr, nullptr, this);
  if (session_ == nullptr) throw Error(ErrorKind::failed, "libssh2 cannot be set up");
  // libssh2 takes functions of any type as void pointers.
  libssh2_session_callback_set(session_, LIBSSH2_CALLBACK_SEND, reinterpret_cast<void*>(&Transport::send));
  libssh2_session_callback_set(session_, LIBSSH2_CALLBACK_RECV, reinterpret_cast<void*>(&Transport::receive));
  libssh2_session_callback_set(session_, LIBSSH2_CALLBACK_DISCONNECT, reinterpret_cast<void*>(&Transport::dismiss));
  libssh2_session_set_blocking(session_, 0);
}

Transport::~Transport() {
  if (!broken_) libssh2_session_disconnect(session_, "done");
  // Freeing the session closes channels, which would wait for the server's answers: there are none any more.
  broken_ = true;
  constexpr int tries = 100;  // libssh2 frees one thing more at each
  for (int i = 0; i < tries && libssh2_session_free(session_) == LIBSSH2_ERROR_EAGAIN; ++i) continue;
}

Algorithms Transport::supported() const {
  return {names(session_, LIBSSH2_METHOD_HOSTKEY), names(session_, LIBSSH2_METHOD_KEX),
          names(session_, LIBSSH2_METHOD_CRYPT_CS), names(session_, LIBSSH2_METHOD_MAC_CS)};
}

bool Transport::prefer(const Algorithms& algorithms) const {
  const std::array<std::pair<int, const std::vector<std::string>*>, 6> preferences{{
      {LIBSSH2_METHOD_HOSTKEY, &algorithms.host_keys},
      {LIBSSH2_METHOD_KEX, &algorithms.key_exchanges},
      {LIBSSH2_METHOD_CRYPT_CS, &algorithms.ciphers},
      {LIBSSH2_METHOD_CRYPT_SC, &algorithms.ciphers},
      {LIBSSH2_METHOD_MAC_CS, &algorithms.macs},
      {LIBSSH2_METHOD_MAC_SC, &algorithms.macs},
  }};
  return std::all_of(preferences.begin(), preferences.end(), [this](const auto& preference) {
    const auto& [method, list] = preference;
    return !list->empty() &&
           libssh2_session_method_pref(session_, method, fmt::format("{}", fmt::join(*list, ",")).c_str()) == 0;
  });
}

int Transport::handshake() {
  return call([this] { return libssh2_session_handshake(session_, socket_.get()); });
}

void Transport::limit_silence(std::chrono::milliseconds silence) {
  silence_ = silence;
}

void Transport::wait(std::optional<std::chrono::milliseconds> longest) {
  const Deadline deadline = silence_ ? Deadline::after(*silence_) : deadline_;
  // What comes in meanwhile is only read after that: to poll for it as well would not wait at all.
  std::array<pollfd, 2> polled{
      {{socket_.get(), static_cast<short>(half_sent() ? POLLOUT : POLLIN), 0}, {fd_of(interrupt_), POLLIN, 0}}};
  int timeout = deadline.poll_timeout();
  if (longest) timeout = std::min(timeout, static_cast<int>(longest->count()));
  int ready = 0;
  do {
    ready = poll(polled.data(), polled.size(), timeout);
  } while (ready < 0 && errno == EINTR);
  if (polled[1].revents != 0) stop_if_interrupted();
  if (ready != 0 || (longest && !deadline.expired())) return;
  broken_ = true;
  throw Error(ErrorKind::timeout, fmt::format("{} does not answer", name_),
              "check the connection, or wait longer with --timeout");
}

void Transport::stop_if_interrupted() {
  if (interrupt_ == nullptr || !interrupt_->requested()) return;
  broken_ = true;  // what is under way is not waited for any more
  stop_if(interrupt_);
}

void Transport::limit_unsent() {
  const int most =
      128 * 1024;  // poll(2) tells of room below the half of it: for a packet of libssh2's and some short ones
  setsockopt(socket_.get(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof most);
}

bool Transport::has_room() const {
  pollfd out{socket_.get(), POLLOUT, 0};
  return poll(&out, 1, 0) > 0;
}

bool Transport::may_ask_for_sign() const {
  return !asked_ || Deadline::Clock::now() - *asked_ >= between_questions;
}

void Transport::ask_for_sign() {
  asked_ = Deadline::Clock::now();
  // libssh2 never sends the rest of this packet, if there is one. And where all is full of what was sent before, that
  // will do for a question.
  if (!has_room()) return;
  const bool with_answer = true;
  libssh2_keepalive_config(session_, with_answer, static_cast<unsigned>(between_questions.count()));
  int next = 0;
  libssh2_keepalive_send(session_, &next);
}

pollfd Transport::polled(bool awaited, bool room_wanted) const {
  return {socket_.get(), static_cast<short>((awaited ? POLLIN : POLLRDHUP) | (room_wanted ? POLLOUT : 0)), 0};
}

bool Transport::half_sent() const {
  return (libssh2_session_block_directions(session_) & LIBSSH2_SESSION_BLOCK_OUTBOUND) != 0;
}

std::string Transport::last_error() const {
  char* text = nullptr;
  int size = 0;
  libssh2_session_last_error(session_, &text, &size, 0);
  return text == nullptr ? std::string() : std::string(text, static_cast<std::size_t>(size));
}

void Transport::fail(const std::string& act) const {
  if (broken_) {
    throw Error(ErrorKind::offline, fmt::format("{}: the server ended the connection", act), "try again later");
  }
  throw Error(ErrorKind::failed, fmt::format("{}: {}", act, last_error()));
}

ssize_t Transport::send(libssh2_socket_t socket, const void* data, size_t size, int flags, void** self) noexcept {
  auto& transport = *static_cast<Transport*>(*self);
  if (transport.broken_) return -EPIPE;
  ssize_t sent = 0;
  do {
    sent = ::send(socket, data, size, flags | MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent >= 0) return sent;
  const int error = errno;
  transport.broken_ = error != EAGAIN;
  return -error;
}

void Transport::dismiss(LIBSSH2_SESSION* /*session*/, int /*reason*/, const char* /*message*/, int /*size*/,
                        const char* /*language*/, int /*language_size*/, void** self) noexcept {
  static_cast<Transport*>(*self)->dismissed_ = true;
}

ssize_t Transport::receive(libssh2_socket_t socket, void* buffer, size_t size, int flags, void** self) noexcept {
  auto& transport = *static_cast<Transport*>(*self);
  if (transport.broken_) return -ECONNRESET;
  if (transport.allowance_ == 0) return -EAGAIN;
  ssize_t received = 0;
  do {
    received = ::recv(socket, buffer, std::min(size, transport.allowance_), flags);
  } while (received < 0 && errno == EINTR);
  const int error = errno;
  transport.broken_ = received == 0 || (received < 0 && error != EAGAIN);
  if (received < 0) return -error;
  transport.received_ += static_cast<std::uint64_t>(received);
  transport.allowance_ -= static_cast<std::size_t>(received);
  // The kernel forgets this with each packet; a delayed acknowledgement costs a channel's opening 40 ms.
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
  return received;
}

}  // namespace syncmanager::ssh
