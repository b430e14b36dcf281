#include "unit/ssh/client.hpp"

#include <csignal>
#include <vector>

#include <unistd.h>

#include <boost/test/unit_test.hpp>

namespace syncmanager::test {

Client::Client(const std::filesystem::path& ssh_config) {
  std::signal(SIGPIPE, SIG_IGN);
  environment = Environment::of_process(environ);
  environment.home = ssh_config.parent_path();
  environment.state_home = environment.home / "state";
  environment.runtime_folder = environment.home / "run";
  std::filesystem::create_directories(environment.runtime_folder);
  environment.ssh_auth_sock.clear();
  std::erase_if(environment.variables, [](const std::string& each) { return each.starts_with("SSH_AUTH_SOCK="); });
  url = parse_url("ssh://server/repository.git").url;
  options.ssh_config = ssh_config;
  options.timeout = std::chrono::seconds(10);
  options.note = [this](const std::string& note) {
    const std::lock_guard lock(mutex_);
    notes += note + '\n';
  };
}

std::string Client::run(const std::string& command) const {
  const std::unique_ptr<ssh::Connection> connection = ssh::Server(url, environment, options).connect();
  const std::unique_ptr<ssh::Channel> channel = connection->open(command);
  channel->finish_input();
  return read_all(*channel);
}

std::optional<Error> Client::failure() const {
  try {
    static_cast<void>(run("true"));
  } catch (const Error& error) {
    BOOST_TEST_MESSAGE(error.what() << " [" << error.hint() << "]");
    return error;
  }
  return std::nullopt;
}

void check_failure(const Client& client, ErrorKind kind, std::initializer_list<std::string> words) {
  const std::optional<Error> error = client.failure();
  BOOST_TEST_REQUIRE(error.has_value());
  BOOST_CHECK(error->kind() == kind);
  const std::string text = error->what() + std::string(" [") + error->hint() + ']';
  for (const std::string& word : words) {
    BOOST_CHECK_MESSAGE(text.find(word) != std::string::npos, "'" << word << "' is not in: " << text);
  }
}

}  // namespace syncmanager::test
