// What a person or a hook waits for: one project, nothing to do or one commit to push. Cold, each program makes its own
// connection; warm, all of them find a control master of the user's.
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "bench/projects.hpp"
#include "bench/scenario.hpp"

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

std::vector<Contestant> pulls(const Projects& project, const std::filesystem::path& ssh_config) {
  return {ours("sync-pull", project.computer(), ssh_config, "sync-pull", {"--conf", project.conf(1)}),
          theirs("git fetch", project.computer(), ssh_config,
                 {"git", "-C", project.clones().front(), "fetch", "--quiet", "--prune"})};
}

std::vector<Contestant> pushes(const Lab& lab, const std::string& prefix, const std::filesystem::path& ssh_config) {
  const auto first = std::make_shared<const Projects>(lab, prefix + "-ours", 1, 3);
  const auto second = std::make_shared<const Projects>(lab, prefix + "-git", 1, 3);
  return {pushing(ours("sync-push", first->computer(), ssh_config, "sync-push", {"--conf", first->conf(1)}), first),
          pushing(theirs("git push", second->computer(), ssh_config,
                         {"git", "-C", second->clones().front(), "push", "--quiet", "origin", "main"}),
                  second)};
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
      std::vector<Contestant> contestants =
          pushes(lab, fmt::format("push-{}-{}", link.key, way.substr(0, 4)), ssh_config);
      contestants.back().goals = {{Goal::Of::ratio, warm ? 1.0 : 2.0}};
      output.done({"one-project/push/" + key, fmt::format("one commit to push, {}, {} round trip", way, link.name),
                   measure(contestants, 2 * settings.rounds), link.far && !warm});
    }
  }
}

}  // namespace syncmanager::test
