// The reader of `ssh -G`: whatever it prints is read or refused by an Error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "ssh/settings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const syncmanager::ssh::Settings settings = syncmanager::ssh::parse_settings(text);
    for (const std::string& file : settings.identity_files) {
      static_cast<void>(syncmanager::ssh::expand_file(file, settings, syncmanager::Environment{}));
    }
  } catch (const syncmanager::Error&) {
    return 0;
  }
  return 0;
}
