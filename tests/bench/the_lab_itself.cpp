// Whether the delaying proxy is a limit of its own: much data from the server by ssh alone, with and without it.
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "bench/scenario.hpp"

namespace syncmanager::test {

void the_lab_itself(Lab& lab, const Settings& settings, const Output& output) {
  const int megabytes = 2 * settings.megabytes;
  const Computer computer = lab.computer("transfer");
  const DelayProxy without_delay(lab.world().server.port(), std::chrono::milliseconds(0));
  const std::filesystem::path file = lab.world().server.home() / "zeros";
  std::ofstream(file).close();
  std::filesystem::resize_file(file, static_cast<std::uintmax_t>(megabytes) * 1'000'000);
  // ssh -F FILE server cat zeros >/dev/null
  const auto by_ssh = [&](const std::string& name, const std::filesystem::path& ssh_config) {
    return theirs(name, computer, ssh_config,
                  {"sh", "-c", "exec ssh -F \"$1\" server cat zeros >/dev/null", "sh", ssh_config});
  };
  output.doing("the proxy");
  output.done({"the-lab-itself", fmt::format("{} MB through ssh", megabytes),
               measure({by_ssh("without the proxy", lab.near().cold),
                        by_ssh("through a proxy without delay", lab.ssh_config("proxy", without_delay.port())),
                        by_ssh(fmt::format("through the proxy, {} round trip", lab.far().name), lab.far().cold)},
                       settings.big_rounds),
               false});
}

}  // namespace syncmanager::test
