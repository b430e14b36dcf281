// What a person or a hook waits for: one project, nothing to do or one commit to push. Cold, each program makes its own
// connection; warm, all of them find a control master of the user's.
#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "bench/projects.hpp"
#include "bench/scenario.hpp"
#include "queue/queue.hpp"
#include "support/program.hpp"

namespace syncmanager::test {

namespace {

/// Throws where the branch is not the same on both sides.
void check_pushed(const Projects& project) {
  const std::string here = project.computer().tip(project.clones().front(), "refs/heads/main");
  const std::string there = project.computer().tip(project.repositories().front(), "refs/heads/main");
  if (here != there) throw std::runtime_error("main has not been pushed");
}

/// A project of its own, so that nobody finds the other's commits.
Contestant pushing(Contestant contestant, const std::shared_ptr<const Projects>& project) {
  contestant.prepare = [project, number = 0]() mutable {
    project->computer().commit(project->clones().front(), "note.txt", fmt::format("{}\n", ++number));
  };
  contestant.check = [project] { check_pushed(*project); };
  return contestant;
}

/// What a hook starts once a commit is made; it connects while it waits for quiet. Here it finds the commit's token.
Contestant worker(const std::shared_ptr<const Projects>& project, const std::filesystem::path& ssh_config) {
  constexpr double quiet = 1;  // second: sync/queue_plan.cpp
  Computer user = project->computer();
  user.set("SYNC_SSH_CONFIG", ssh_config);
  user.conf(content_of(project->conf(1)));
  const std::filesystem::path program = std::filesystem::path(SYNCMANAGER_LIBEXEC) / "worker";
  Contestant contestant{.name = "the worker, after its second of quiet", .argv = {program}, .environment = {}};
  contestant.environment = user.environment();
  contestant.waits = quiet;
  contestant = pushing(std::move(contestant), project);
  contestant.prepare = [make_commit = contestant.prepare, project] {
    make_commit();
    const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    queue::add(queue::queue_folder(project->computer().home() / ".state/syncmanager"),
               {.event = queue::Event::commit, .since = now, .git_folder = project->clones().front() / ".git"});
  };
  return contestant;
}

std::vector<Contestant> pulls(const Projects& project, const std::filesystem::path& ssh_config) {
  return {ours("sync-pull", project.computer(), ssh_config, "sync-pull", {"--conf", project.conf(1)}),
          theirs("git fetch", project.computer(), ssh_config,
                 {"git", "-C", project.clones().front(), "fetch", "--quiet", "--prune"})};
}

Contestant git_push(const std::shared_ptr<const Projects>& project, const std::filesystem::path& ssh_config) {
  return pushing(theirs("git push", project->computer(), ssh_config,
                        {"git", "-C", project->clones().front(), "push", "--quiet", "origin", "main"}),
                 project);
}

Contestant sync_push(const std::shared_ptr<const Projects>& project, const std::filesystem::path& ssh_config) {
  return pushing(ours("sync-push", project->computer(), ssh_config, "sync-push", {"--conf", project->conf(1)}),
                 project);
}

}  // namespace

void one_project(Lab& lab, const Settings& settings, const Output& output) {
  const Projects project(lab, "one", 1, 3);
  for (const Link& link : lab.links()) {
    for (const bool warm : {false, true}) {
      const std::string way = warm ? "control master" : "cold";
      const std::string key = fmt::format("{}/{}", link.key, warm ? "warm" : "cold");
      const auto& ssh_config = warm ? link.warm : link.cold;
      output.doing(fmt::format("one project, {} away, {}", link.name, way));
      output.done({"one-project/pull/" + key,
                   fmt::format("one project, nothing to do, {}, {} round trip", way, link.name),
                   measure(pulls(project, ssh_config), 2 * settings.rounds), false});
      const auto project_of = [&](const std::string& who) {
        return std::make_shared<const Projects>(
            lab, fmt::format("push-{}-{}-{}", link.key, warm ? "warm" : "cold", who), 1, 3);
      };
      const auto by_git = project_of("git");
      output.done(
          {"one-project/push/" + key, fmt::format("one commit to push, {}, {} round trip", way, link.name),
           measure({sync_push(project_of("ours"), ssh_config), git_push(by_git, ssh_config)}, 2 * settings.rounds),
           false});
      output.doing(fmt::format("one commit in the background, {} away, {}", link.name, way));
      Contestant peer = git_push(by_git, ssh_config);
      peer.goals = {{Goal::Of::ratio, warm ? 1.0 : 2.0}};
      output.done({"one-project/background/" + key,
                   fmt::format("one commit to push in the background, {}, {} round trip", way, link.name),
                   measure({worker(project_of("worker"), ssh_config), peer}, 2 * settings.rounds), link.far && !warm});
    }
  }
}

}  // namespace syncmanager::test
