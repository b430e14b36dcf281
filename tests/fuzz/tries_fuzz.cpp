// What came of tries to sync, which a loss of power may have spoiled: what is read of it, and written again, reads the
// same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sync/tries.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace syncmanager::sync;
  const std::string text = format_tries(parse_tries(std::string(data, data + size)));
  if (format_tries(parse_tries(text)) != text) std::abort();
  return 0;
}
