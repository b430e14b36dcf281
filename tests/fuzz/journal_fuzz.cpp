// The journal, which a kill may have cut and anybody of the user's programs may have written to: what is read of it,
// and written again, reads the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sync/journal.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace syncmanager::sync;
  const std::string text = format_journal(parse_journal(std::string(data, data + size)));
  if (format_journal(parse_journal(text)) != text) std::abort();
  return 0;
}
