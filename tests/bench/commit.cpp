// What the hooks add to a commit: with a server that is there, and with one that nobody reaches.
#include <stdexcept>

#include <fmt/format.h>

#include "bench/projects.hpp"
#include "bench/scenario.hpp"
#include "support/test_server.hpp"

namespace syncmanager::test {

namespace {

/// git -C CLONE commit --quiet --message note, of a file that is staged before.
Contestant committing(const std::string& name, const Projects& project, const std::filesystem::path& ssh_config) {
  const std::filesystem::path clone = project.clones().front();
  Computer user = project.computer();
  user.set("SYNC_SSH_CONFIG", ssh_config);
  Contestant contestant{.name = name,
                        .argv = {"git", "-C", clone, "commit", "--quiet", "--message", "note"},
                        .environment = user.environment()};
  contestant.prepare = [user, clone, number = 0]() mutable {
    Computer::write(clone / "note.txt", fmt::format("{}\n", ++number));
    user.git(clone, {"add", "note.txt"});
  };
  return contestant;
}

void install_hooks(const Projects& project) {
  const Finished run = project.computer().run("sync-hooks", {"--conf", project.conf(1), "install", "--all"});
  if (!run.ok()) throw std::runtime_error("sync-hooks can't install: " + run.out + run.err);
}

}  // namespace

void commit(Lab& lab, const Settings& settings, const Output& output) {
  constexpr int more_rounds = 10;  // each takes milliseconds
  const struct {
    std::string key, name;
    std::filesystem::path ssh_config;
  } networks[] = {{"reached", "server near by", lab.near().cold},
                  {"away", "no network", lab.ssh_config("away", free_port())}};
  for (const auto& network : networks) {
    output.doing("git commit, " + network.name);
    const Projects with(lab, "commit-hooks-" + network.key, 1, 3);
    const Projects without(lab, "commit-plain-" + network.key, 1, 3);
    install_hooks(with);
    output.done({"commit/" + network.key, "git commit, " + network.name,
                 measure({committing("git commit, with hooks", with, network.ssh_config),
                          committing("git commit, without", without, network.ssh_config)},
                         more_rounds * settings.rounds),
                 false});
  }
}

}  // namespace syncmanager::test
