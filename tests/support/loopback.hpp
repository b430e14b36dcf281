// TCP on loopback, for servers and proxies of the tests.
#pragma once

#include "base/file.hpp"

namespace syncmanager::test {

/// Listens on a free port, which `port` becomes. Throws std::runtime_error.
Fd listen_on_loopback(int& port);

/// A connection to this port, which sends each piece at once; none where nobody takes it.
Fd connect_to_loopback(int port);

/// Sends each piece at once.
void without_delay(const Fd& socket);

}  // namespace syncmanager::test
