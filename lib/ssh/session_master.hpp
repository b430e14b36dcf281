// Plays the ssh master in this process: listens at a control socket as `ssh -M` would, and runs what its clients want
// as channels of one libssh2 session. So programs that start ssh themselves share a connection that has logged in in a
// fraction of ssh's time.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/interrupt.hpp"
#include "ssh/control_place.hpp"
#include "ssh/session.hpp"

namespace syncmanager::ssh {

/// Any thread. A thread of its own does the work. Where the connection breaks, it closes the socket and whatever its
/// clients have there, as a master does that ends.
class SessionMaster {
 public:
  /// `silence` is the longest wait for a server that a command waits for: it is asked whether it is there, as ssh does
  /// with ServerAliveInterval. `note` is told why it has ended, by that thread. Throws Error(failed) where there is no
  /// socket or thread to be had.
  SessionMaster(std::unique_ptr<Session> session, std::unique_ptr<ControlPlace> place,
                std::chrono::milliseconds silence, std::function<void(const std::string&)> note);
  SessionMaster(const SessionMaster&) = delete;
  SessionMaster& operator=(const SessionMaster&) = delete;
  /// Cuts off what still runs.
  ~SessionMaster();

  [[nodiscard]] const std::string& socket() const { return place_->socket(); }
  /// Whether the connection has not broken, as far as one knows.
  [[nodiscard]] bool serves() const { return serves_; }

 private:
  std::unique_ptr<ControlPlace> place_;
  Interrupt stop_;
  std::atomic<bool> serves_ = true;
  std::jthread thread_;
};

}  // namespace syncmanager::ssh
