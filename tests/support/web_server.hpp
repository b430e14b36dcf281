// A private lighttpd on a free loopback port that serves repositories by `git http-backend`, with jane's password, and
// with TLS by a certificate authority of its own where that is asked for. All in a temporary folder.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::test {

struct WebSetup {
  bool tls = false;
  std::string redirect_to{};  ///< a URL without its path: every request is sent there, once the password is right
};

/// Throws std::runtime_error where it can't be started.
class WebServer {
 public:
  static constexpr const char* user = "jane";
  static constexpr const char* password = "s3:cr/et@x";
  /// A user without a password.
  static constexpr const char* token = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";
  static constexpr const char* encoded_password = "s3%3Acr%2Fet%40x";  ///< as it stands in a URL

  /// `root` is where the repositories are.
  explicit WebServer(const std::filesystem::path& root, const WebSetup& setup = {});

  /// "https://localhost:PORT"; `login` ("jane@") stands before the host.
  [[nodiscard]] std::string url(const std::string& login = {}) const;
  /// "https://jane:PASSWORD@localhost:PORT"
  [[nodiscard]] std::string url_with_password() const;
  /// The certificate of the authority, which nobody knows.
  [[nodiscard]] std::filesystem::path authority() const { return folder_.path() / "ca.pem"; }
  /// A line for each request, with the Authorization header behind the last space, `-` where there is none.
  /// Ends the server.
  [[nodiscard]] std::string requests();

 private:
  void make_certificates() const;
  void write_config(const std::filesystem::path& root) const;
  bool try_start();

  TemporaryFolder folder_;
  WebSetup setup_;
  int port_ = 0;
  std::unique_ptr<Program> lighttpd_;
};

/// A port on loopback where connections are accepted and nobody ever answers.
class SilentServer {
 public:
  SilentServer();
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  ~SilentServer();
  [[nodiscard]] int port() const { return port_; }

 private:
  int fd_ = -1;
  int port_ = 0;
};

}  // namespace syncmanager::test
