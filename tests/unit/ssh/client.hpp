// The client's side of a test with a TestServer: connects as the tools do, with one ssh_config.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "model/url.hpp"
#include "ssh/channel.hpp"
#include "ssh/server.hpp"

namespace syncmanager::test {

struct Client {
  /// The agent is only the one that the ssh_config names. Ignores SIGPIPE, as main does.
  explicit Client(const std::filesystem::path& ssh_config);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// The server that connect() goes to, for any thread; what is changed in the client after the first time does not
  /// matter to it.
  [[nodiscard]] ssh::Server& server() const {
    std::call_once(once_, [this] { server_ = std::make_unique<ssh::Server>(url, environment, options); });
    return *server_;
  }
  [[nodiscard]] std::unique_ptr<ssh::Connection> connect() const { return server().connect(); }

  /// What a command without input prints there, over a new connection.
  [[nodiscard]] std::string run(const std::string& command) const;

  /// The error that connecting, or a first command, ends with.
  [[nodiscard]] std::optional<Error> failure() const;

  /// Whether the way was the system's ssh.
  [[nodiscard]] bool went_through_ssh() const { return notes.find("through ssh") != std::string::npos; }

  Environment environment;
  Url url;
  ssh::ConnectOptions options;
  mutable std::string notes;  ///< of all threads, a line each

 private:
  mutable std::mutex mutex_;  // guards the notes while threads write them
  mutable std::once_flag once_;
  mutable std::unique_ptr<ssh::Server> server_;
};

/// Checks that connecting fails with this kind of error, and that message and hint hold all the words.
void check_failure(const Client& client, ErrorKind kind, std::initializer_list<std::string> words);

}  // namespace syncmanager::test
