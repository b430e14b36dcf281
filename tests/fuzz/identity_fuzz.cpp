// The readers of private and public key files.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ssh/identity.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(syncmanager::ssh::parse_private_key(text));
  static_cast<void>(syncmanager::ssh::parse_public_key(text));
  return 0;
}
