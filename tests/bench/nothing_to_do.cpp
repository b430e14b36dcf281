// How long it takes to find out that many projects have nothing to do: the run that happens most often.
#include <algorithm>

#include <fmt/format.h>

#include "bench/projects.hpp"
#include "bench/scenario.hpp"

namespace syncmanager::test {

namespace {

constexpr int branches = 10;
constexpr int rounds_of_slow_ones = 2;
constexpr std::size_t part = 5;  ///< one `part`th of the projects, where all of them would take minutes

/// Makes the commands for all contestants.
class Contestants {
 public:
  explicit Contestants(const Projects& projects)
      : projects_(projects),
        conf_(projects.conf(projects.clones().size())),
        list_(projects.computer().home() / "list"),
        short_list_(projects.computer().home() / "short-list"),
        mr_config_(projects.computer().home() / "mrconfig") {
    std::string list;
    std::string mr_config = "[DEFAULT]\ngit_update = git fetch --quiet --prune \"$@\"\n";
    for (std::size_t number = 0; number < projects.clones().size(); ++number) {
      if (number == std::max<std::size_t>(1, projects.clones().size() / part)) Computer::write(short_list_, list);
      const std::string& path = projects.clones()[number];
      list += path + '\n';
      mr_config +=
          fmt::format("[{}]\ncheckout = git clone {} {}\n", path, projects.repositories()[number].string(), path);
    }
    if (projects.clones().size() == 1) Computer::write(short_list_, list);
    Computer::write(list_, list);
    Computer::write(mr_config_, mr_config);
  }

  [[nodiscard]] Contestant sync_pull(const Link& link) const {
    return ours("sync-pull", projects_.computer(), link.cold, "sync-pull", {"--conf", conf_});
  }

  [[nodiscard]] Contestant git_fetch_warm(const Link& link) const {
    return theirs("git fetch, 8 at a time, control master", projects_.computer(), link.warm, git_fetch(list_, 8));
  }

  [[nodiscard]] Contestant git_fetch_in_turn(const Link& link) const {
    Contestant result =
        theirs("git fetch, one after the other", projects_.computer(), link.cold, git_fetch(short_list_, 1));
    const std::size_t all = projects_.clones().size();
    result.scale = static_cast<double>(all) / static_cast<double>(std::max<std::size_t>(1, all / part));
    result.rounds = rounds_of_slow_ones;
    return result;
  }

  [[nodiscard]] Contestant myrepos(const std::string& name, const std::filesystem::path& ssh_config) const {
    Contestant result = theirs(name, projects_.computer(), ssh_config,
                               {"mr", "--trust-all", "--directory", projects_.computer().home(), "--config", mr_config_,
                                "-j4", "--quiet", "update"});
    result.rounds = rounds_of_slow_ones;
    return result;
  }

  /// The least that git must do on the server, without any network.
  [[nodiscard]] Contestant git_floor() const {
    return on_the_server("floor: git for-each-ref on the server",
                         "for folder; do git --git-dir=\"$folder\" for-each-ref; done");
  }

  /// The least that can be done there with the files of the refs, which are not all kinds of refs.
  [[nodiscard]] Contestant file_floor() const {
    return on_the_server("floor: grep in the ref files on the server",
                         "grep -r '' $(printf '%s/refs ' \"$@\"); grep -Hs '' $(printf '%s/packed-refs ' \"$@\"); :");
  }

 private:
  /// xargs -a FILE -P8 -I{} git -C {} fetch --quiet --prune
  static std::vector<std::string> git_fetch(const std::string& list, int at_a_time) {
    return {"xargs", "-a",      list,     fmt::format("-P{}", at_a_time), "-I{}", "git", "-C", "{}",
            "fetch", "--quiet", "--prune"};
  }

  [[nodiscard]] Contestant on_the_server(const std::string& name, const std::string& script) const {
    Contestant result{.name = name, .argv = {"sh", "-c", script, "sh"}, .environment = {}};
    result.environment = projects_.computer().environment();
    for (const auto& folder : projects_.repositories()) result.argv.push_back(folder);
    return result;
  }

  const Projects& projects_;
  std::string conf_;
  std::string list_;
  std::string short_list_;
  std::string mr_config_;
};

/// The contestant with goals, which are meant for the usual size only.
Contestant with(Contestant contestant, const Settings& settings, std::vector<Goal> goals) {
  if (settings.projects == Settings().projects) contestant.goals = std::move(goals);
  return contestant;
}

std::vector<Contestant> with_a_shell(const Contestants& make, const Settings& settings, const Link& link) {
  using enum Goal::Of;
  const auto goals = [&](Contestant contestant, std::vector<Goal> list) {
    return with(std::move(contestant), settings, std::move(list));
  };
  std::vector<Contestant> result = {
      goals(make.sync_pull(link), {{seconds, link.far ? 0.8 : 0.25}}),
      // Ours starts cold and must wait for the login, which leaves less of the difference on a long way.
      goals(make.git_fetch_warm(link), {{ratio, link.far ? 3.0 : 6.0}}),
      make.myrepos("mr -j4, control master", link.warm),
      goals(make.myrepos("mr -j4", link.cold), {{ratio, 25}}),
      make.git_fetch_in_turn(link),
  };
  if (!link.far) {
    result.push_back(goals(make.git_floor(), {{ratio, 1 / 1.3}}));
    result.push_back(make.file_floor());
  }
  return result;
}

std::vector<Contestant> without_a_shell(const Contestants& make, const Settings& settings, const Link& link) {
  using enum Goal::Of;
  return {with(make.sync_pull(link), settings, {{seconds, link.far ? 2.5 : 0.4}}),
          with(make.git_fetch_warm(link), settings, {{ratio, 2}})};
}

}  // namespace

void nothing_to_do(Lab& lab, const Settings& settings, const Output& output) {
  output.doing(fmt::format("making {} projects of {} branches", settings.projects, branches));
  const Projects projects(lab, "idle", settings.projects, branches);
  const Contestants make(projects);
  for (const bool has_shell : {true, false}) {
    lab.set_shell(has_shell);
    for (const Link& link : lab.links()) {
      output.doing(fmt::format("nothing to do, {} away{}", link.name, has_shell ? "" : ", no shell"));
      const auto contestants = has_shell ? with_a_shell(make, settings, link) : without_a_shell(make, settings, link);
      output.done({fmt::format("nothing-to-do/{}{}", link.key, has_shell ? "" : "/no-shell"),
                   fmt::format("{} projects of {} branches, nothing to do, {} round trip{}", settings.projects,
                               branches, link.name, has_shell ? "" : ", server without a shell"),
                   measure(contestants, settings.rounds), has_shell});
    }
  }
  lab.set_shell(true);
}

}  // namespace syncmanager::test
