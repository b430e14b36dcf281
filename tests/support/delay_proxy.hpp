// A TCP proxy on loopback that hands every byte on later: a server that is far away, where the kernel's own latency
// emulation is missing. One thread carries all connections. The handshake of TCP takes its round trip too. There is no
// loss, no narrow link and no slow start: it shows what waiting costs, and nothing else.
#pragma once

#include <chrono>
#include <thread>

#include "base/file.hpp"

namespace syncmanager::test {

class DelayProxy {
 public:
  /// `delay` is for each direction, so that a round trip takes twice as long. Throws std::runtime_error.
  DelayProxy(int target_port, std::chrono::milliseconds delay);
  DelayProxy(const DelayProxy&) = delete;
  DelayProxy& operator=(const DelayProxy&) = delete;
  /// Closes all connections.
  ~DelayProxy();

  [[nodiscard]] int port() const { return port_; }

 private:
  int port_ = 0;
  Fd listener_;
  Fd ending_;  ///< an eventfd that becomes readable when all is to end
  std::thread thread_;
};

}  // namespace syncmanager::test
