// A client's connection to the control socket of an ssh master: sends requests and descriptors, receives messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/deadline.hpp"
#include "base/file.hpp"
#include "base/interrupt.hpp"
#include "ssh/mux.hpp"

namespace syncmanager::ssh {

/// One thread at a time. What goes wrong with it stands in problem(); then nothing more comes of it.
class MuxSocket {
 public:
  /// Connects, where a process of this user listens there. `interrupt`, where not null, ends the waits by throwing
  /// Error(interrupted); borrowed.
  MuxSocket(const std::string& path, const Interrupt* interrupt);

  /// Greets the master and asks whether it is there: its process number.
  std::optional<int> ask_whether_alive(const Deadline& deadline);
  /// Sends all of it.
  bool send(std::string_view bytes, const Deadline& deadline);
  /// Gives the master a copy of a descriptor.
  bool pass(const Fd& fd, const Deadline& deadline);
  /// The next message; nothing at the deadline, and where no more will come.
  std::optional<MuxMessage> receive(const Deadline& deadline);

  /// Whether it works, as far as one knows.
  explicit operator bool() const { return static_cast<bool>(socket_); }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void connect(const std::string& path);
  bool ready(short events, const Deadline& deadline);
  void give_up(std::string problem);

  const Interrupt* interrupt_;
  Fd socket_;
  MuxReader reader_;
  std::string problem_;
};

}  // namespace syncmanager::ssh
