// The ways to a server, for tests of what is true of all of them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "ssh/channel.hpp"
#include "support/test_server.hpp"
#include "unit/ssh/client.hpp"

namespace syncmanager::test {

struct Way {
  std::string name;
  std::filesystem::path ssh_config;
  std::string ssh_command;
  bool for_programs = false;

  [[nodiscard]] std::unique_ptr<Client> client() const;
};

Way by_libssh2(const TestServer& server);
/// The same, as a master in this process.
Way by_session_master(const TestServer& server);
/// By one ssh that we start and end.
Way by_master(const TestServer& server);
/// By an ssh for each command, as a program that does not take OpenSSH's options.
Way by_children(const TestServer& server);

inline std::vector<Way> all_ways(const TestServer& server) {
  return {by_libssh2(server), by_session_master(server), by_master(server), by_children(server)};
}

/// Those with one connection for all channels.
inline std::vector<Way> shared_ways(const TestServer& server) {
  return {by_libssh2(server), by_session_master(server), by_master(server)};
}

/// Runs the body once for each way, with a connection.
template <class Body>
void over(const std::vector<Way>& ways, Body body) {
  for (const Way& way : ways) {
    BOOST_TEST_CONTEXT(way.name) {
      const std::unique_ptr<Client> client = way.client();
      const std::unique_ptr<ssh::Connection> connection = client->connect();
      body(*connection);
    }
  }
}

}  // namespace syncmanager::test
