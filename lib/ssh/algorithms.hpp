// Which algorithms a connection of libssh2's may use: those that ssh would use for the host and that libssh2 knows.
#pragma once

#include <string>
#include <vector>

#include "ssh/settings.hpp"

namespace syncmanager::ssh {

/// Names in order of preference.
struct Algorithms {
  std::vector<std::string> host_keys;
  std::vector<std::string> key_exchanges;
  std::vector<std::string> ciphers;
  std::vector<std::string> macs;
};

/// `known` are the algorithms of the keys that are known for the host: they come first, so that a server with several
/// keys shows one that can be checked. A kind is left empty where there is nothing in common. What is weak is never
/// among them (SHA-1, MD5, CBC, arcfour, DSA); a host that has nothing else is one for ssh itself.
Algorithms choose_algorithms(const Settings& settings, const std::vector<std::string>& known,
                             const Algorithms& supported);

}  // namespace syncmanager::ssh
