#include "ssh/channel.hpp"

#include <array>

namespace syncmanager::ssh {

std::string read_all(Channel& channel) {
  std::string all;
  std::array<char, 65536> buffer{};
  while (const std::size_t count = channel.read(buffer)) all.append(buffer.data(), count);
  return all;
}

}  // namespace syncmanager::ssh
