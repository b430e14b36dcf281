#include "ssh/find_agent.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/deadline.hpp"
#include "base/text.hpp"
#include "ssh/agent.hpp"

namespace syncmanager::ssh {
namespace {

namespace fs = std::filesystem;

using Parts = std::span<const std::string>;

/// Adds the sockets below `folder` that the parts of a pattern lead to; follows no symbolic link.
void expand(const fs::path& folder, Parts parts, std::vector<fs::path>& found) {
  std::error_code problem;  // what can't be read holds nothing for us
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem)) {
    if (!glob_match(parts.front(), entry->path().filename().native())) continue;
    std::error_code gone;
    const fs::file_type type = entry->symlink_status(gone).type();
    if (parts.size() == 1 && type == fs::file_type::socket) found.push_back(entry->path());
    if (parts.size() > 1 && type == fs::file_type::directory) expand(entry->path(), parts.subspan(1), found);
  }
}

/// Whether nobody but this user and root can exchange what stands at `path`, which holds no symbolic links.
bool is_safe_folder(const fs::path& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) return false;
  const bool foreign = found.st_uid != geteuid() && found.st_uid != 0;
  // Where the sticky bit is set, as in /tmp, others can add files and not replace ours.
  const bool open = (found.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (found.st_mode & S_ISVTX) == 0;
  if (foreign || open) return false;
  return path == path.root_path() || is_safe_folder(path.parent_path());
}

bool is_own_socket(const fs::path& path, struct stat& found) {
  struct stat folder {};
  if (lstat(path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode) || found.st_uid != geteuid()) return false;
  if (lstat(path.parent_path().c_str(), &folder) != 0 || folder.st_uid != geteuid()) return false;
  return (folder.st_mode & (S_IWGRP | S_IWOTH)) == 0 && is_safe_folder(path.parent_path());
}

/// The first agent that has keys, else the first that answers, else none.
std::string search(const Environment& environment, const Deadline& deadline, const Interrupt* interrupt) {
  std::string without_keys;
  for (const AgentPlace& place : usual_places(environment)) {
    for (const fs::path& socket : own_sockets(place)) {
      if (deadline.expired()) return without_keys;
      Agent agent(socket, interrupt);
      const std::optional<std::vector<AgentKey>> keys = agent.identities(deadline.part(4));
      if (keys && !keys->empty()) return socket;
      if (keys && without_keys.empty()) without_keys = socket;
    }
  }
  return without_keys;
}

}  // namespace

std::vector<AgentPlace> usual_places(const Environment& environment) {
  const fs::path& runtime = environment.runtime_folder;
  return {
      {runtime, "openssh_agent"},                       // Debian's and Ubuntu's unit for ssh-agent(1)
      {runtime, "ssh-agent.socket"},                    // that of other systems
      {runtime, "gcr/ssh"},                             // GNOME, since 46
      {runtime, "keyring/ssh"},                         // GNOME before
      {environment.home, ".ssh/agent/*"},               // ssh-agent(1) and sshd(8), since OpenSSH 10.1
      {environment.temporary_folder, "ssh-*/agent.*"},  // and before
      {runtime, "gnupg/S.gpg-agent.ssh"},
      {runtime, "gnupg/d.*/S.gpg-agent.ssh"},  // with another GNUPGHOME
      {environment.home, ".gnupg/S.gpg-agent.ssh"},
  };
}

std::vector<fs::path> own_sockets(const AgentPlace& place) {
  std::error_code problem;
  const fs::path folder = fs::canonical(place.folder, problem);
  if (problem) return {};
  std::vector<fs::path> candidates;
  expand(folder, split(place.pattern, "/"), candidates);
  std::vector<std::pair<std::pair<time_t, long>, fs::path>> dated;
  for (fs::path& path : candidates) {
    struct stat found {};
    if (!is_own_socket(path, found)) continue;
    dated.emplace_back(std::pair(found.st_mtim.tv_sec, found.st_mtim.tv_nsec), std::move(path));
  }
  std::sort(dated.rbegin(), dated.rend());
  std::vector<fs::path> sockets;
  for (auto& [date, path] : dated) sockets.push_back(std::move(path));
  return sockets;
}

Environment with_live_agent(Environment environment, std::chrono::milliseconds longest, const Interrupt* interrupt,
                            const std::function<void(const std::string&)>& note) {
  const Deadline deadline = Deadline::after(longest);
  std::string why = "SSH_AUTH_SOCK is not set";
  if (!environment.ssh_auth_sock.empty()) {
    Agent agent(environment.ssh_auth_sock, interrupt);
    if (agent.identities(deadline.part(2))) return environment;
    why = fmt::format("cannot use the agent at {} (SSH_AUTH_SOCK): {}", agent.path(), agent.trouble());
  }
  environment.set_agent(search(environment, deadline, interrupt));
  const std::string& found = environment.ssh_auth_sock;
  note(why + (found.empty() ? "; no other agent of yours was found" : "; using your agent at " + found));
  return environment;
}

std::optional<std::string> agent_socket(const Settings& settings, const Environment& environment) {
  const std::string& agent = settings.identity_agent;
  if (agent.empty() || agent == "SSH_AUTH_SOCK") return environment.ssh_auth_sock;
  if (agent == "none") return "";
  std::optional<std::string> expanded = expand_file(agent, settings, environment);
  if (!expanded || !expanded->starts_with('$')) return expanded;
  return environment.variable(expanded->substr(1)).value_or("");
}

}  // namespace syncmanager::ssh
