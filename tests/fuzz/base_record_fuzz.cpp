// A base record from a damaged disk: never more than what was written, and what is read is written the same again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "git/base_record.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = "syncmanager base 1\nurl " + std::string(data, data + size);
  const auto record = syncmanager::git::parse_base_record(text);
  const auto again = syncmanager::git::parse_base_record(syncmanager::git::format_base_record(record));
  if (again.tips != record.tips || again.url != record.url) std::abort();
  return 0;
}
