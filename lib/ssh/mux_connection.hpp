// A connection whose channels are sessions of an ssh master, each over a control connection of its own.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "ssh/channel.hpp"
#include "ssh/master.hpp"

namespace syncmanager::ssh {

/// One thread; the master serves any number of connections. Whether the server opens the session, and whether the
/// master is still there, shows in the channel.
class MuxConnection : public Connection {
 public:
  explicit MuxConnection(std::shared_ptr<Master> master) : master_(std::move(master)) {}
  std::unique_ptr<Channel> open(const std::string& command) override;
  [[nodiscard]] std::size_t lanes() const override { return master_->slots().limit(); }

 private:
  std::shared_ptr<Master> master_;
  std::size_t open_ = 0;  // channels of this connection
};

}  // namespace syncmanager::ssh
