// A command on a server over libssh2.
#pragma once

#include <functional>
#include <string>

#include <libssh2.h>

#include "ssh/channel.hpp"
#include "ssh/transport.hpp"

namespace syncmanager::ssh {

/// Gets its channel from the session with the command already started, and gives it back through `retire`.
class SessionChannel : public Channel {
 public:
  using Retire = std::function<void(LIBSSH2_CHANNEL*)>;
  SessionChannel(Transport& transport, LIBSSH2_CHANNEL* channel, Retire retire);
  SessionChannel(const SessionChannel&) = delete;
  SessionChannel& operator=(const SessionChannel&) = delete;
  ~SessionChannel() override;

  std::size_t read(std::span<char> buffer) override;
  void write(std::string_view data) override;
  void finish_input() override;
  [[nodiscard]] const std::string& errors() const override { return errors_; }
  int wait() override;

 private:
  bool take_output();
  bool take_errors();

  Transport& transport_;
  LIBSSH2_CHANNEL* channel_;  // belongs to the libssh2 session
  Retire retire_;
  std::string output_;           // read while a write had to wait, not yet given to the caller
  std::size_t output_used_ = 0;  // of output_
  std::string errors_;
};

}  // namespace syncmanager::ssh
