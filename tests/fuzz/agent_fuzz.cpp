// The reader of an agent's answers.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ssh/agent.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  static_cast<void>(syncmanager::ssh::parse_identities(message));
  static_cast<void>(syncmanager::ssh::parse_signature(message));
  static_cast<void>(syncmanager::ssh::is_refusal(message));
  return 0;
}
