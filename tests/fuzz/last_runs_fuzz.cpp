// What runs came to, which a loss of power may have spoiled: what is read of it, and written again, reads the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sync/last_runs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace syncmanager::sync;
  const std::string text = format_last_runs(parse_last_runs(std::string(data, data + size)));
  if (format_last_runs(parse_last_runs(text)) != text) std::abort();
  return 0;
}
