#include "bench/lab.hpp"

#include <fstream>

#include <fmt/format.h>

namespace syncmanager::test {

namespace {

/// The command, or git-shell in front of it where the file says so. Runs in the server side's home.
constexpr const char* server_command =
    "if test -e without-shell; then exec git shell -c \"$SSH_ORIGINAL_COMMAND\"; "
    "else exec sh -c \"$SSH_ORIGINAL_COMMAND\"; fi";

}  // namespace

Lab::Lab(std::chrono::milliseconds round_trip)
    : world_({.host_keys = {"ed25519"}, .lines = {}, .force_command = server_command}),
      proxy_(world_.server.port(), round_trip / 2) {
  std::ofstream(world_.server.client() / "known_hosts", std::ios::app)
      << "bench " << world_.server.host_key("ed25519") << '\n';
  add_link("0 ms", false, world_.server.port());
  add_link(fmt::format("{} ms", round_trip.count()), true, proxy_.port());
}

void Lab::add_link(const std::string& name, bool far, int port) {
  const std::string key = far ? "far" : "near";
  const std::string control = world_.path() / ("control-" + key);
  const Link link{name, name.substr(0, name.find(' ')) + "ms", far, ssh_config(key, port),
                  ssh_config(key + "-warm", port, {"ControlPath " + control})};
  // ssh -F …/client/near-warm -M -N server
  masters_.push_back(std::make_unique<Program>(std::vector<std::string>{"ssh", "-F", link.warm, "-M", "-N", "server"},
                                               world_.path() / ("master-" + key)));
  wait_until([&] { return std::filesystem::exists(control); }, "the master connection stands");
  links_.push_back(link);
}

std::filesystem::path Lab::ssh_config(const std::string& name, int port, const std::vector<std::string>& lines) const {
  std::vector<std::string> all = {fmt::format("Port {}", port), "HostKeyAlias bench"};
  all.insert(all.end(), lines.begin(), lines.end());
  return world_.server.write_ssh_config(name, all);
}

Computer Lab::computer(const std::string& name) const {
  return {world_.path() / name, name, near().cold};
}

void Lab::set_shell(bool has_shell) const {
  const std::filesystem::path mark = world_.server.home() / "without-shell";
  if (has_shell) {
    std::filesystem::remove(mark);
  } else {
    Computer::write(mark, "");
  }
}

Contestant ours(const std::string& name, const Computer& computer, const std::filesystem::path& ssh_config,
                const std::string& tool, const Arguments& arguments) {
  Computer user = computer;
  user.set("SYNC_SSH_CONFIG", ssh_config);
  const Command command = user.command(tool, arguments);
  return {.name = name, .argv = command.argv, .environment = command.environment};
}

Contestant theirs(const std::string& name, const Computer& computer, const std::filesystem::path& ssh_config,
                  const std::vector<std::string>& argv) {
  Computer user = computer;
  user.set("GIT_SSH_COMMAND", fmt::format("ssh -F {}", ssh_config.string()));
  return {.name = name, .argv = argv, .environment = user.environment()};
}

}  // namespace syncmanager::test
