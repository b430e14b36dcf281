// An ssh that holds the connection to a server and runs commands there for all threads, spoken to over its control
// socket: the user's own, which is only borrowed, one that we start and end, or one within this process.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "ssh/channel_slots.hpp"
#include "ssh/child_channel.hpp"
#include "ssh/control_place.hpp"
#include "ssh/mux_socket.hpp"
#include "ssh/session_master.hpp"

namespace syncmanager::ssh {

struct MasterSetup {
  std::string name;                           ///< the server, for messages
  std::chrono::milliseconds silence{30'000};  ///< the longest wait for the next byte
  std::chrono::milliseconds opening{30'000};  ///< the longest wait until a command has been started
  std::vector<std::string> variables;         ///< "NAME=value": what the commands shall find in their environment
  const Interrupt* interrupt = nullptr;       ///< ends the waiting; borrowed, null: nothing
};

/// Any thread.
class Master {
 public:
  /// Takes one that listens at `socket`, if there is one: problem() tells.
  Master(std::string socket, MasterSetup setup);
  /// Starts one: `argv` is an ssh that goes to the background when it has logged in, and listens at this place. Throws
  /// what ssh says as Error(auth | offline | failed).
  Master(MasterSetup setup, std::unique_ptr<ControlPlace> place, const ChildSetup& child,
         std::vector<std::string> argv);
  /// Takes one that works in this process. Throws Error(failed).
  Master(MasterSetup setup, std::unique_ptr<SessionMaster> session);
  Master(const Master&) = delete;
  Master& operator=(const Master&) = delete;
  /// Ends the one that it has started.
  ~Master();

  /// Why there is none at the socket; empty where there is.
  [[nodiscard]] const std::string& problem() const { return held_.problem(); }
  /// Whether it still answers, and nobody has given it up.
  [[nodiscard]] bool serves() const;
  /// It does not do what it is asked: nobody shall use it any more.
  void give_up() noexcept { given_up_ = true; }

  /// Whether it is the user's.
  [[nodiscard]] bool is_borrowed() const { return place_ == nullptr && session_ == nullptr; }
  [[nodiscard]] const std::string& socket() const { return socket_; }
  [[nodiscard]] const MasterSetup& setup() const { return setup_; }
  [[nodiscard]] ChannelSlots& slots() { return slots_; }

 private:
  void hold();
  void hold_own();
  void end() noexcept;

  std::string socket_;
  MasterSetup setup_;
  std::unique_ptr<ControlPlace> place_;     // of an ssh that we have started
  std::unique_ptr<SessionMaster> session_;  // that is no ssh
  // Kept open, so that the master does not take itself for idle; where we are killed, the kernel closes it.
  MuxSocket held_;
  int pid_ = 0;
  std::atomic<bool> given_up_ = false;
  ChannelSlots slots_;
};

}  // namespace syncmanager::ssh
