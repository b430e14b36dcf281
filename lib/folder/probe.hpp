// Looks at the roots on the server before anything is copied, all of a run's in one round trip; and makes ready what
// files shall come to.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "folder/root.hpp"
#include "ssh/channel.hpp"

namespace syncmanager::folder {

struct Question {
  std::vector<std::string> paths;     ///< as in URLs: absolute, or below the home folder over there, `~/` too
  std::vector<std::string> programs;  ///< `rsync --version`: commands for the shell over there
};

struct Answer {
  std::vector<Seen> roots;            ///< in the order of the paths
  std::vector<std::string> programs;  ///< the first line of what each printed; empty: there is no such program
};

/// Throws Error(failed) where there is no shell at the other side, or it answers nonsense; Error(offline) where its
/// answer ends in the middle.
Answer probe(ssh::Connection& connection, const Question& question);

/// `path` is what probe() has told. What has expired goes while nobody waits. Throws Error(failed | offline).
void prepare_root(ssh::Connection& connection, const std::string& path, const Preparation& preparation);

/// What the server prints. Throws as probe(). Pure.
Answer parse_answer(std::string_view text, const Question& question);

}  // namespace syncmanager::folder
