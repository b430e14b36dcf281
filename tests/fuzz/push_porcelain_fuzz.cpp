// What `git push --porcelain` prints, with a server's words in it: one result for each ref, never a push that was not
// confirmed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "git/push_command.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace syncmanager::git;
  const std::string output(data, data + size);
  const std::string name = "refs/heads/a";
  const std::vector<PushedRef> refs = {{.name = name, .from = {}, .to = {}}};
  const auto results = parse_push_porcelain(output, refs);
  const bool named = output.find(":" + name + "\t") != std::string::npos;
  if (results.size() != 1 || (results[0].pushed == Pushed::yes && !named)) std::abort();
  return 0;
}
