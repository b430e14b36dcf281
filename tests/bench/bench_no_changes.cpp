// How long it takes to find out that many projects have nothing to do: ours, git's own fetch, myrepos, and the least
// that the server must do for it. Prints a table, and JSON with --json. Run by hand; the ratios count, not the seconds.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "bench/delay_proxy.hpp"
#include "bench/measure.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

struct Settings {
  int projects = 100;
  int branches = 10;
  int rounds = 7;
  int delay = 0;  ///< milliseconds for each direction
  bool without_shell = false;
  bool json = false;
};

/// The server, a computer with clones of all of its projects, and what its rivals need.
class Lab {
 public:
  explicit Lab(const Settings& settings)
      : settings_(settings),
        world_({.host_keys = {"ed25519"},
                .lines = {},
                .force_command = settings.without_shell ? "git shell -c \"$SSH_ORIGINAL_COMMAND\"" : ""}) {
    if (settings.delay > 0) {
      proxy_ = std::make_unique<DelayProxy>(world_.server.port(), std::chrono::milliseconds(settings.delay));
    }
    const std::string port = fmt::format("Port {}", proxy_ ? proxy_->port() : world_.server.port());
    ssh_config_ = world_.server.write_ssh_config("bench", {port, "HostKeyAlias bench"});
    Computer::write(world_.server.client() / "known_hosts", "bench " + world_.server.host_key("ed25519") + '\n');
    world_.laptop.set("SYNC_SSH_CONFIG", ssh_config_.string());
    make_projects();
  }

  [[nodiscard]] std::vector<Contestant> contestants() const {
    std::vector<Contestant> result = {ours("sync-pull"), ours("sync-now"), git_fetch(), floor()};
    if (std::system("command -v mr >/dev/null") == 0) result.push_back(myrepos());
    return result;
  }

  /// The shared connection that git's own fetch is given; ours connects anew in every run.
  void start_master() {
    master_ = std::make_unique<Program>(
        std::vector<std::string>{"ssh", "-F", ssh_config_, "-M", "-N", "-S", control_path(), "server"},
        world_.path() / "master");
    wait_until([this] { return std::filesystem::exists(control_path()); }, "the master connection stands");
  }

 private:
  static std::string name(int number) { return fmt::format("p{}", number); }
  [[nodiscard]] std::string control_path() const { return world_.path() / "control"; }
  [[nodiscard]] std::string list() const { return world_.path() / "list"; }

  void make_projects() {
    std::string conf;
    std::string list_text;
    std::string mr_text = "[DEFAULT]\ngit_update = git fetch --quiet --prune \"$@\"\n";
    for (int number = 0; number < settings_.projects; ++number) {
      world_.add_repository(name(number), {.branches = settings_.branches});
      conf += world_.section(name(number));
      const std::string path = world_.laptop.project(name(number)).string();
      list_text += path + '\n';
      mr_text += fmt::format("[{}]\ncheckout = git clone {} {}\n", path, world_.url(name(number)), path);
    }
    world_.laptop.conf(conf);
    Computer::write(list(), list_text);
    Computer::write(world_.laptop.home() / ".mrconfig", mr_text);
    const Finished run = world_.laptop.run("sync-pull");
    if (!run.ok()) throw std::runtime_error("sync-pull can't clone the projects: " + run.out + run.err);
  }

  [[nodiscard]] std::vector<std::string> environment(const std::string& git_ssh_command) const {
    Computer computer = world_.laptop;
    computer.set("GIT_SSH_COMMAND", git_ssh_command);
    return computer.environment();
  }

  [[nodiscard]] Contestant ours(const std::string& tool) const {
    const Command command = world_.laptop.command(tool, {});
    return {tool, command.argv, command.environment};
  }

  [[nodiscard]] Contestant git_fetch() const {
    return {"git fetch, 8 at a time, warm master",
            {"xargs", "-a", list(), "-P8", "-I{}", "git", "-C", "{}", "fetch", "--quiet", "--prune"},
            environment(fmt::format("ssh -F {} -S {}", ssh_config_.string(), control_path()))};
  }

  [[nodiscard]] Contestant myrepos() const {
    return {"mr -j4 update",
            {"mr", "--trust-all", "--directory", world_.laptop.home(), "--config", world_.laptop.home() / ".mrconfig",
             "-j4", "--quiet", "update"},
            environment(fmt::format("ssh -F {}", ssh_config_.string()))};
  }

  [[nodiscard]] Contestant floor() const {
    std::vector<std::string> argv = {"sh", "-c", "for folder; do git --git-dir=\"$folder\" for-each-ref; done", "sh"};
    for (int number = 0; number < settings_.projects; ++number) argv.push_back(world_.bare(name(number)));
    return {"floor: git for-each-ref on the server", argv, world_.owner.environment()};
  }

  Settings settings_;
  Sandbox world_;
  std::unique_ptr<DelayProxy> proxy_;
  std::filesystem::path ssh_config_;
  std::unique_ptr<Program> master_;
};

void print_table(const std::vector<Measurement>& results) {
  const double ours = results.front().median();
  std::cout << fmt::format("{:<40} {:>10} {:>10} {:>12}\n", "", "median s", "ratio", "peak MiB");
  for (const Measurement& result : results) {
    std::cout << fmt::format("{:<40} {:>10.3f} {:>10.2f} {:>12.1f}\n", result.name, result.median(),
                             result.median() / ours, static_cast<double>(result.peak_kib) / 1024);
  }
}

void print_json(const Settings& settings, const std::vector<Measurement>& results) {
  nlohmann::json document = {{"projects", settings.projects},
                             {"branches", settings.branches},
                             {"delay_ms", settings.delay},
                             {"without_shell", settings.without_shell},
                             {"results", nlohmann::json::array()}};
  for (const Measurement& result : results) {
    document["results"].push_back({{"name", result.name},
                                   {"median_seconds", result.median()},
                                   {"seconds", result.seconds},
                                   {"ratio", result.median() / results.front().median()},
                                   {"peak_kib", result.peak_kib}});
  }
  std::cout << document.dump(2) << '\n';
}

}  // namespace

}  // namespace syncmanager::test

int main(int argc, char** argv) {
  using namespace syncmanager::test;
  Settings settings;
  CLI::App app("Measures runs that find nothing to do.");
  app.add_option("--projects", settings.projects, "how many projects")->check(CLI::Range(1, 100'000));
  app.add_option("--branches", settings.branches, "branches of each")->check(CLI::Range(1, 10'000));
  app.add_option("--rounds", settings.rounds, "how often each is measured")->check(CLI::Range(1, 1'000));
  app.add_option("--delay", settings.delay, "milliseconds on the way to the server, and back")
      ->check(CLI::Range(0, 10'000));
  app.add_flag("--without-shell", settings.without_shell, "a server that runs git's commands only");
  app.add_flag("--json", settings.json, "JSON instead of a table");
  CLI11_PARSE(app, argc, argv);
  try {
    Lab lab(settings);
    lab.start_master();
    const std::vector<Measurement> results = measure(lab.contestants(), settings.rounds);
    if (settings.json) {
      print_json(settings, results);
    } else {
      std::cout << fmt::format("{} projects of {} branches, nothing to do, medians of {} rounds\n", settings.projects,
                               settings.branches, settings.rounds);
      print_table(results);
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "bench_no_changes: " << error.what() << '\n';
    return 1;
  }
}
