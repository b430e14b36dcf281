#include "unit/ssh/ways.hpp"

#include <fstream>

namespace syncmanager::test {

std::unique_ptr<Client> Way::client() const {
  auto client = std::make_unique<Client>(ssh_config);
  client->options.ssh_command = ssh_command;
  client->options.for_programs = for_programs;
  return client;
}

Way by_libssh2(const TestServer& server) {
  return {"libssh2", server.ssh_config(), "", false};
}

Way by_session_master(const TestServer& server) {
  Way way = by_libssh2(server);
  way.name = "session master";
  way.for_programs = true;
  return way;
}

Way by_master(const TestServer& server) {
  return {"master", server.write_ssh_config("through_ssh", {"AddressFamily inet"}), "", false};
}

Way by_children(const TestServer& server) {
  const std::filesystem::path program = server.client() / "my-ssh";
  std::ofstream(program) << "#!/bin/sh\nexec ssh -F '" << server.ssh_config().string() << "' -o BatchMode=yes \"$@\"\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  return {"children", server.ssh_config(), program.string(), false};
}

}  // namespace syncmanager::test
