#include "git/command_remote.hpp"

#include "base/error.hpp"
#include "git/push_command.hpp"

namespace syncmanager::git {

Listing CommandRemote::list() {
  throw Error(ErrorKind::failed, "list " + way_.url + ": not by the git program");
}

Listing CommandRemote::fetch(Repository& /*repository*/, const std::vector<std::string>& /*names*/,
                             const OnTransfer& /*on_transfer*/) {
  throw Error(ErrorKind::failed, "fetch from " + way_.url + ": not by the git program");
}

std::vector<PushResult> CommandRemote::push(Repository& repository, const std::vector<PushedRef>& refs,
                                            const OnTransfer& /*on_transfer*/, std::string& server_words) {
  return push_with_git(*way_.environment, repository.folder(), way_.url, way_.ssh_command, refs, way_.interactive,
                       server_words);
}

void CommandRemote::create(const std::string& /*head*/) {
  throw Error(ErrorKind::failed, "the git program makes no repositories on servers", "make it there first");
}

}  // namespace syncmanager::git
