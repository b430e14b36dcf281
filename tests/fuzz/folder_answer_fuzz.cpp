// What a server says about its folders: an answer that is taken has one root for each path, and only names of ours
// expire.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "folder/probe.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace syncmanager;
  using namespace syncmanager::folder;
  const Question question{.paths = {"a", "b"}, .programs = {"rsync --version"}};
  try {
    const Answer answer = parse_answer(std::string(data, data + size), question);
    if (answer.roots.size() != 2 || answer.programs.size() != 1) std::abort();
    for (const Seen& seen : answer.roots) {
      for (const std::string& name : expired_backups(seen.backups, Time(std::chrono::years(100)), 0)) {
        if (name.find('/') != std::string::npos || name.find("..") != std::string::npos) std::abort();
      }
    }
  } catch (const Error&) {
    return 0;  // a refusal is an answer, too
  }
  return 0;
}
