#include "unit/ssh/scripted_agent.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "ssh/wire.hpp"

namespace syncmanager::test {

ScriptedAgent::ScriptedAgent(std::filesystem::path path, std::vector<std::string> answers, Then then)
    : path_(std::move(path)),
      answers_(std::move(answers)),
      then_(then),
      listening_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path_.native().copy(address.sun_path, sizeof address.sun_path - 1);
  // The socket functions take any kind of address by a pointer to the general one.
  if (bind(listening_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listening_.get(), 8) != 0) {
    throw std::runtime_error("cannot listen at " + path_.string());
  }
  thread_ = std::thread([this] { serve_all(); });
}

ScriptedAgent::~ScriptedAgent() {
  shutdown(listening_.get(), SHUT_RDWR);  // ends a waiting accept4
  thread_.join();
}

void ScriptedAgent::serve_all() const {
  while (true) {
    const Fd client(accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) return;
    serve(client);
  }
}

void ScriptedAgent::serve(const Fd& client) const {
  std::array<char, 65536> question{};
  for (const std::string& answer : answers_) {
    if (recv(client.get(), question.data(), question.size(), 0) <= 0) return;
    send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
  }
  if (then_ == Then::ends) return;
  std::array<pollfd, 2> polled{{{client.get(), POLLRDHUP, 0}, {listening_.get(), 0, 0}}};
  poll(polled.data(), polled.size(), -1);
}

std::string framed(std::string_view message) {
  return ssh::WireWriter().string(message).blob();
}

}  // namespace syncmanager::test
