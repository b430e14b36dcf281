// A private sshd on a free loopback port, with keys, known_hosts and an ssh_config of its own, all in a temporary
// folder. Works as root and as an ordinary user; logs in as whoever runs the test. The server side has a HOME of its
// own, so that no start-up file of the account is read.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::test {

struct ServerSetup {
  std::vector<std::string> host_keys{"ed25519"};  ///< of ed25519, ecdsa, rsa
  std::vector<std::string> lines;                 ///< of sshd_config; they win over the ones the server comes with
  /// What runs instead of the client's command, in $SSH_ORIGINAL_COMMAND. A server without a shell:
  /// `git-shell -c "$SSH_ORIGINAL_COMMAND"`. Empty: the command itself, by `sh`, in the server side's HOME.
  std::string force_command;
  /// Lets the account in without a proof: for this sshd alone it has an empty password.
  bool open = false;
};

/// Throws std::runtime_error where it can't be started. The host name for the client is `server` (an alias of
/// 127.0.0.1 with the port), the URL `ssh://server/…`, with ssh_config() as what `ssh -F` reads.
class TestServer {
 public:
  explicit TestServer(ServerSetup setup = {});
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const std::string& user() const { return user_; }
  /// The home folder that commands on the server see; a place for its repositories.
  [[nodiscard]] std::filesystem::path home() const { return folder_.path() / "home"; }
  /// The client's keys, known_hosts and ssh_config.
  [[nodiscard]] std::filesystem::path client() const { return folder_.path() / "client"; }

  /// Logs in with client()/id_ed25519, which the server accepts; no agent; all host keys are known.
  [[nodiscard]] std::filesystem::path ssh_config() const { return client() / "config"; }
  /// Another one: `lines` ("IdentityFile …", "Port 1") win over what ssh_config() says.
  std::filesystem::path write_ssh_config(const std::string& name, const std::vector<std::string>& lines) const;
  /// The same for a proxy at this port, which shows the server's host keys: all of them are known.
  std::filesystem::path write_ssh_config_by(int proxy_port, const std::string& name,
                                            const std::vector<std::string>& lines = {}) const;

  /// Makes a key of the client's, client()/`name`, that the server accepts. `type` as ssh-keygen -t takes it.
  std::filesystem::path make_key(const std::string& type, const std::string& name,
                                 const std::string& passphrase = {}) const;
  /// Makes the server accept the key, of which `key`.pub is the public half.
  void authorize(const std::filesystem::path& key) const;

  /// "TYPE BASE64" of one of the server's host keys.
  [[nodiscard]] std::string host_key(const std::string& type) const;
  /// The line for known_hosts: "[127.0.0.1]:PORT TYPE BASE64".
  [[nodiscard]] std::string known_hosts_line(const std::string& type) const;
  /// Gives the server new host keys; the client's known_hosts keeps the old ones. Only while it is stopped.
  void change_host_keys() const;

  /// How many connections sshd has accepted since it was first started.
  [[nodiscard]] int connections() const;
  [[nodiscard]] std::string log() const { return content_of(folder_.path() / "log"); }

  /// Again on the same port, after stop().
  void start();
  /// Ends the server and all its connections.
  void stop();

 private:
  void write_server_config() const;
  bool try_start();

  TemporaryFolder folder_;
  ServerSetup setup_;
  std::string user_;
  int port_ = 0;
  std::unique_ptr<Program> sshd_;
};

/// A private ssh-agent without keys.
class TestAgent {
 public:
  /// Listens at `socket`, or in a folder of its own. `variables` ("NAME=value") are for its prompts: SSH_ASKPASS.
  explicit TestAgent(std::filesystem::path socket = {}, const std::vector<std::string>& variables = {});
  [[nodiscard]] const std::filesystem::path& socket() const { return socket_; }
  /// Adds a private key that has no passphrase. `options` are ssh-add's: -c asks a person before each use.
  void add(const std::filesystem::path& key, const std::vector<std::string>& options = {}) const;
  /// Takes all keys away from it.
  void remove_all() const;

 private:
  TemporaryFolder folder_;
  std::filesystem::path socket_;
  std::unique_ptr<Program> agent_;
};

/// A port on loopback on which nobody listens.
int free_port();

}  // namespace syncmanager::test
