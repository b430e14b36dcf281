#include "git/refusal.hpp"

#include "base/text.hpp"

namespace syncmanager::git {

std::string refusal(ssh::Channel& channel) {
  const int status = channel.wait();
  const std::string words(trim(channel.errors()));
  return words.empty() ? "the server ended the command with status " + std::to_string(status)
                       : "the server says: " + words;
}

}  // namespace syncmanager::git
