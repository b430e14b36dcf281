// A TCP proxy on loopback in front of a server, whose lines break or freeze after so many bytes.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "base/file.hpp"

namespace syncmanager::test {

class FaultyLine {
 public:
  enum class Fault {
    breaks,   ///< both ends are told that the line has ended
    freezes,  ///< nobody is told anything
  };
  /// What happens to each of so many connections after so many bytes, of both directions together.
  struct Plan {
    Fault fault = Fault::breaks;
    std::size_t bytes = 0;
    std::size_t connections = 0;  ///< those that come after these are whole
  };

  /// Throws std::runtime_error.
  explicit FaultyLine(int target_port);
  FaultyLine(const FaultyLine&) = delete;
  FaultyLine& operator=(const FaultyLine&) = delete;
  /// Ends all connections.
  ~FaultyLine();

  [[nodiscard]] int port() const { return port_; }
  /// Ends all connections; those that come from now on follow this plan.
  void follow(const Plan& plan);
  /// How many bytes were let through since follow().
  [[nodiscard]] std::size_t carried();
  /// How many connections there were since then.
  [[nodiscard]] std::size_t connections();

 private:
  class Connection;
  void accept_all();

  int target_port_;
  int port_ = 0;
  Fd listener_;
  std::mutex mutex_;  ///< of all that follows
  Plan plan_;
  std::list<std::unique_ptr<Connection>> connections_;
  std::jthread thread_;
};

}  // namespace syncmanager::test
