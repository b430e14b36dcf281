// A token of the queue, which a loss of power may have spoiled: what is read of it, and written again, reads the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "queue/token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace syncmanager::queue;
  const auto token = parse_token(std::string(data, data + size));
  if (token && parse_token(format_token(*token)) != token) std::abort();
  return 0;
}
