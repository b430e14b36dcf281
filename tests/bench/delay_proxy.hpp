// A TCP proxy on loopback that hands every byte on later: a server that is far away, where the kernel's own latency
// emulation is missing. Each direction of each connection has a thread that reads and one that writes.
#pragma once

#include <atomic>
#include <chrono>
#include <list>
#include <thread>

#include "base/file.hpp"

namespace syncmanager::test {

class DelayProxy {
 public:
  /// `delay` is for each direction, so that a round trip takes twice as long.
  DelayProxy(int target_port, std::chrono::milliseconds delay);
  DelayProxy(const DelayProxy&) = delete;
  DelayProxy& operator=(const DelayProxy&) = delete;
  ~DelayProxy();

  [[nodiscard]] int port() const { return port_; }

 private:
  void accept_all();

  int target_port_;
  std::chrono::milliseconds delay_;
  int port_ = 0;
  Fd listener_;
  std::atomic<bool> ending_ = false;
  std::thread acceptor_;
};

}  // namespace syncmanager::test
