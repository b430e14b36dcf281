// Whether time and memory grow no faster than the number of projects.
#include <algorithm>

#include <fmt/format.h>

#include "bench/projects.hpp"
#include "bench/scenario.hpp"

namespace syncmanager::test {

void many_projects(Lab& lab, const Settings& settings, const Output& output) {
  using enum Goal::Of;
  constexpr int branches = 3;
  constexpr std::size_t part = 10;
  output.doing(fmt::format("making {} projects of {} branches", settings.many_projects, branches));
  const Projects projects(lab, "many", settings.many_projects, branches);
  const std::size_t all = projects.clones().size();
  const std::size_t few = std::max<std::size_t>(1, all / part);
  const auto run = [&](std::size_t count) {
    return ours(fmt::format("sync-pull, {} projects", count), projects.computer(), lab.near().cold, "sync-pull",
                {"--conf", projects.conf(count)});
  };
  std::vector<Contestant> contestants = {run(all), run(few)};
  if (settings.many_projects == Settings().many_projects) {
    contestants[0].goals = {{mebibytes, 60}};
    contestants[1].goals = {{ratio, 1.0 / part}};
  }
  output.doing("nothing to do in many projects");
  output.done({"many-projects",
               fmt::format("{} projects of {} branches, nothing to do, 0 ms round trip", all, branches),
               measure(contestants, settings.rounds), false});
}

}  // namespace syncmanager::test
