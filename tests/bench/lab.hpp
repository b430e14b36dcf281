// The world that is measured in: a server with a clean home, near and far away, with and without a shell, and the
// commands that everybody is timed with.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bench/measure.hpp"
#include "support/delay_proxy.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

/// A way to the server, as ssh_config files describe it.
struct Link {
  std::string name;            ///< "0 ms"
  std::string key;             ///< "0ms"
  bool far = false;            ///< through a proxy that delays
  std::filesystem::path cold;  ///< every program connects anew
  std::filesystem::path warm;  ///< `ControlPath` names a master that runs: what a user has with `ControlMaster auto`
};

class Lab {
 public:
  /// `round_trip` is that of the far link.
  explicit Lab(std::chrono::milliseconds round_trip);

  [[nodiscard]] const std::vector<Link>& links() const { return links_; }
  [[nodiscard]] const Link& near() const { return links_.front(); }
  [[nodiscard]] const Link& far() const { return links_.back(); }
  [[nodiscard]] const Sandbox& world() const { return world_; }

  /// A home of its own, on the near link.
  [[nodiscard]] Computer computer(const std::string& name) const;
  /// Whether the server runs any command, or git's only. At first it has a shell.
  void set_shell(bool has_shell) const;
  /// An ssh_config for what listens on this port, as if it were the server.
  [[nodiscard]] std::filesystem::path ssh_config(const std::string& name, int port,
                                                 const std::vector<std::string>& lines = {}) const;

 private:
  void add_link(const std::string& name, bool far, int port);

  Sandbox world_;
  DelayProxy proxy_;
  std::vector<Link> links_;
  std::vector<std::unique_ptr<Program>> masters_;
};

/// One of our tools.
Contestant ours(const std::string& name, const Computer& computer, const std::filesystem::path& ssh_config,
                const std::string& tool, const Arguments& arguments = {});

/// A program that starts `git`, with what makes that connect by this ssh_config.
Contestant theirs(const std::string& name, const Computer& computer, const std::filesystem::path& ssh_config,
                  const std::vector<std::string>& argv);

}  // namespace syncmanager::test
