// What `git config --list -z` prints, with whatever stands in the user's files: copied whole, or left out.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "git/settings_copy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using syncmanager::git::parse_settings;
  const auto settings = parse_settings(std::string(data, data + size));
  for (const auto& setting : settings) {
    // Each piece that parsed stands for itself.
    std::string entry = setting.key;
    if (setting.value) entry += '\n' + *setting.value;
    const auto again = parse_settings(entry);
    if (again.size() != 1 || again.front().key != setting.key || again.front().value != setting.value) std::abort();
  }
  const std::string text = syncmanager::git::settings_file(settings);
  if (!text.empty() && (text.front() != '[' || text.back() != '\n')) std::abort();
  return 0;
}
