#include "sync/settle.hpp"

#include <string>

#include "queue/git_folder.hpp"

namespace syncmanager::sync {

ProjectsByFolder projects_by_folder(const std::vector<Project>& projects) {
  ProjectsByFolder by_folder;
  for (const Project& project : projects) {
    if (project.client != Client::git) continue;
    const auto folder = queue::git_folder_of(project.path);
    if (folder) by_folder[folder->string()].push_back(&project);
  }
  return by_folder;
}

bool settle_queue(const std::vector<queue::Entry>& before, const std::vector<Project>& projects, Operation operation,
                  const RunReport& report, const Environment& environment) {
  if (before.empty()) return false;
  Heard heard;
  hear(heard, operation, report);
  const ProjectsByFolder by_folder = projects_by_folder(projects);
  std::vector<std::string> done;
  for (const Work& work : gather(before)) {
    for (const queue::Entry& entry : work.entries) {
      const bool known = !concerned(work, entry, by_folder).empty();
      if (known && verdict_of(work, entry, by_folder, heard).kind == Verdict::Kind::done) done.push_back(entry.name);
    }
  }
  queue::drop(queue::queue_folder(environment.state_folder()), done);
  return done.size() < before.size();
}

}  // namespace syncmanager::sync
