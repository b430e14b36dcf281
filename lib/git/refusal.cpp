#include "git/refusal.hpp"

#include "base/text.hpp"
#include "git/git_talk.hpp"

namespace syncmanager::git {

std::string refusal(ssh::Channel& channel) {
  const int status = channel.wait();
  const std::string words = words_in_sideband(trim(channel.errors()));
  return words.empty() ? "the server ended the command with status " + std::to_string(status)
                       : "the server says: " + std::string(trim(words));
}

}  // namespace syncmanager::git
