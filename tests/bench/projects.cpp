#include "bench/projects.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace syncmanager::test {

Projects::Projects(const Lab& lab, const std::string& prefix, int count, int branches)
    : computer_(lab.computer(prefix)) {
  const Sandbox& world = lab.world();
  for (int number = 0; number < count; ++number) {
    const std::string name = fmt::format("{}-{}", prefix, number);
    world.add_repository(name, {.branches = branches});
    sections_.push_back(world.section(name));
    clones_.push_back(computer_.project(name));
    repositories_.push_back(world.bare(name));
  }
  const Finished run = computer_.run("sync-pull", {"--conf", conf(sections_.size())});
  if (!run.ok()) throw std::runtime_error("sync-pull can't clone the projects: " + run.out + run.err);
}

std::filesystem::path Projects::conf(std::size_t count) const {
  const std::filesystem::path file = computer_.home() / fmt::format("first-{}.conf", count);
  const std::vector<std::string> first(sections_.begin(), sections_.begin() + static_cast<std::ptrdiff_t>(count));
  Computer::write(file, fmt::format("{}", fmt::join(first, "")));
  return file;
}

}  // namespace syncmanager::test
