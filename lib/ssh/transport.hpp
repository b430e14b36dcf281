// One libssh2 session on one socket: the encrypted transport that logging in and channels run over. Knows how to wait;
// host keys, logins and channels are others' work.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <libssh2.h>
#include <poll.h>

#include "base/deadline.hpp"
#include "base/file.hpp"
#include "base/interrupt.hpp"
#include "ssh/algorithms.hpp"

namespace syncmanager::ssh {

/// One thread. The libssh2 session never blocks: it is called through call(), which waits with poll(2).
class Transport {
 public:
  /// `name` is the server, for messages. Waits end at `deadline` until limit_silence(), and when `interrupt`, which may
  /// be null, is requested. Throws Error(failed).
  Transport(Fd socket, std::string name, const Deadline& deadline, const Interrupt* interrupt);
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  ~Transport();

  [[nodiscard]] LIBSSH2_SESSION* session() const { return session_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  /// What this libssh2 was built with.
  [[nodiscard]] Algorithms supported() const;
  /// Before handshake(). Whether libssh2 takes them; it does not where one kind is empty.
  [[nodiscard]] bool prefer(const Algorithms& algorithms) const;
  /// The result of libssh2_session_handshake.
  int handshake();

  /// When waits end, until limit_silence().
  [[nodiscard]] const Deadline& deadline() const { return deadline_; }
  /// Gives time back that somebody else than the server has used.
  void put_off_deadline(Deadline::Clock::duration by) { deadline_ = deadline_.later(by); }
  /// From now on this ends waits, and nothing else; outlives the transport.
  void heed(const Interrupt& interrupt) { interrupt_ = &interrupt; }
  /// From now on little waits in the socket to be sent: who asks has_room() before is never held up by that.
  void limit_unsent();
  /// Whether the socket takes a packet by now.
  [[nodiscard]] bool has_room() const;
  /// From now on a wait ends when nothing has come for that long.
  void limit_silence(std::chrono::milliseconds silence);

  /// Calls `operation`, a call of libssh2 that returns a code or a length, again and again until it does not say that
  /// it would block. Throws Error(offline) where the wait takes too long; the transport is broken then.
  template <class Operation>
  auto call(Operation operation) {
    while (true) {
      const auto result = step(operation);
      if (result != LIBSSH2_ERROR_EAGAIN) return result;
      wait();
    }
  }

  /// As call(), but returns LIBSSH2_ERROR_EAGAIN where the operation has to wait for the server. Never in the middle of
  /// a packet that is being sent: libssh2 wants the same call again then, and nothing else.
  template <class Operation>
  auto step(Operation operation) {
    while (true) {
      allowance_ = most_at_once;
      const auto result = operation();
      if (result != LIBSSH2_ERROR_EAGAIN || !half_sent()) return result;
      wait();
    }
  }

  /// Waits until the socket is ready for what libssh2 wants to do next, at most `longest`, if that is given.
  void wait(std::optional<std::chrono::milliseconds> longest = {});

  /// Throws Error(interrupted) where that is asked for: a server that never stops talking is never waited for.
  void stop_if_interrupted();

  /// How many bytes have come so far. Any call may bring what another one is waiting for: before a wait that follows
  /// several calls, wait_since() the count from before the first.
  [[nodiscard]] std::uint64_t received() const { return received_; }
  void wait_since(std::uint64_t received) {
    if (received == received_) wait();
  }

  /// Asks the server for a sign of life, which any answer is; not more often than libssh2 does it.
  [[nodiscard]] bool may_ask_for_sign() const;
  void ask_for_sign();
  /// For poll(2): that something has come from the server, where it is `awaited`, else only that it has gone; and that
  /// the socket has room, where that is wanted.
  [[nodiscard]] pollfd polled(bool awaited, bool room_wanted) const;

  /// Whether the server has ended the connection, or nothing can be sent any more.
  [[nodiscard]] bool broken() const { return broken_; }
  /// Whether it has said that it ends it, as sshd does after too many keys; a line that breaks says nothing.
  [[nodiscard]] bool dismissed() const { return dismissed_; }

  /// libssh2's words for its last error.
  [[nodiscard]] std::string last_error() const;
  /// Throws Error(offline) for a broken connection, else Error(failed): `act` and libssh2's words.
  [[noreturn]] void fail(const std::string& act) const;

 private:
  [[nodiscard]] bool half_sent() const;
  static ssize_t send(libssh2_socket_t socket, const void* data, size_t size, int flags, void** self) noexcept;
  static ssize_t receive(libssh2_socket_t socket, void* buffer, size_t size, int flags, void** self) noexcept;
  static void dismiss(LIBSSH2_SESSION* session, int reason, const char* message, int size, const char* language,
                      int language_size, void** self) noexcept;

  // libssh2 reads all that has come before it returns any of it: megabytes, that would leave the processor's cache.
  static constexpr std::size_t most_at_once = std::size_t{256} * 1024;

  static constexpr std::chrono::seconds between_questions{2};

  Fd socket_;
  std::string name_;
  Deadline deadline_;
  const Interrupt* interrupt_;
  std::optional<std::chrono::milliseconds> silence_;
  std::uint64_t received_ = 0;
  std::optional<Deadline::Clock::time_point> asked_;
  std::size_t allowance_ = most_at_once;  // bytes that the call under way may still receive
  bool broken_ = false;
  bool dismissed_ = false;
  LIBSSH2_SESSION* session_ = nullptr;
};

}  // namespace syncmanager::ssh
