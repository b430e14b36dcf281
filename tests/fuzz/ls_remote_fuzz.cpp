// What `git ls-remote` prints, with a server's names in it: read whole, or refused by Error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "git/ls_remote.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string output(data, data + size);
  try {
    const auto listing = syncmanager::git::parse_ls_remote(output);
    for (const auto& [name, tip] : listing.branches) {
      if (output.find(tip.hex() + "\trefs/heads/" + name) == std::string::npos) std::abort();
    }
  } catch (const syncmanager::Error&) {
    return 0;
  }
  return 0;
}
