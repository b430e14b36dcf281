// The memory of a folder, which a loss of power may have spoiled: what is read of it, and written again, reads the
// same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sync/folder_record.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace syncmanager::sync;
  const auto record = parse_folder_record(std::string(data, data + size));
  if (record && parse_folder_record(format_folder_record(*record)) != record) std::abort();
  return 0;
}
