#include "ssh/algorithms.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace syncmanager::ssh {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_weak(const std::string& name) {
  constexpr std::array<std::string_view, 7> weak{"sha1", "md5", "-cbc", "arcfour", "ssh-rsa", "ssh-dss", "ripemd"};
  return std::any_of(weak.begin(), weak.end(),
                     [&](std::string_view part) { return name.find(part) != std::string::npos; });
}

std::vector<std::string> common(const std::vector<std::string>& wanted, const std::vector<std::string>& supported) {
  std::vector<std::string> both;
  for (const std::string& name : wanted) {
    if (contains(supported, name) && !is_weak(name)) both.push_back(name);
  }
  return both;
}

}  // namespace

Algorithms choose_algorithms(const Settings& settings, const std::vector<std::string>& known,
                             const Algorithms& supported) {
  Algorithms chosen{common(settings.host_key_algorithms, supported.host_keys),
                    common(settings.key_exchanges, supported.key_exchanges),
                    common(settings.ciphers, supported.ciphers), common(settings.macs, supported.macs)};
  // A host certificate is for ssh to judge: libssh2 takes it for a key.
  std::erase_if(chosen.host_keys, [](const std::string& name) { return name.find("-cert-") != std::string::npos; });
  std::stable_partition(chosen.host_keys.begin(), chosen.host_keys.end(),
                        [&](const std::string& name) { return contains(known, name); });
  return chosen;
}

}  // namespace syncmanager::ssh
