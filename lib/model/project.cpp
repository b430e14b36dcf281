#include "model/project.hpp"

#include "base/text.hpp"

namespace syncmanager {

bool BranchFilter::selects(std::string_view branch) const {
  bool selected = globs_.empty() || globs_.front().starts_with('!');
  for (const std::string_view glob : globs_) {
    const bool excludes = glob.starts_with('!');
    if (glob_match(excludes ? glob.substr(1) : glob, branch)) selected = !excludes;
  }
  return selected;
}

std::string_view to_string(Client client) {
  switch (client) {
    case Client::git: return "git";
    case Client::unison: return "unison";
    case Client::rsync: return "rsync";
  }
  return "";
}

std::string_view to_string(Direction direction) {
  switch (direction) {
    case Direction::both: return "both";
    case Direction::pull: return "pull";
    case Direction::push: return "push";
  }
  return "";
}

}  // namespace syncmanager
