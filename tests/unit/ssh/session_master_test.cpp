// The master in this process: what the system's ssh, and whoever else comes over its control socket, have of it.
#include "ssh/session_master.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "ssh/channel.hpp"
#include "ssh/mux.hpp"
#include "ssh/mux_socket.hpp"
#include "support/faulty_line.hpp"
#include "support/program.hpp"
#include "support/test_server.hpp"
#include "unit/ssh/client.hpp"
#include "unit/ssh/ways.hpp"

using namespace syncmanager;
using namespace syncmanager::test;
using ssh::Channel;
using ssh::Connection;
using std::chrono::seconds;
namespace fs = std::filesystem;

namespace {

/// ssh … server SCRIPT, as rsync would run it.
Command by_ssh(const Client& client, const std::string& script) {
  const std::string line = client.server().ssh_for_programs() + " server \"$1\"";
  return {{"sh", "-c", line, "sh", script}, client.environment.variables, {}};
}

Finished run_by_ssh(const Client& client, const std::string& script, const std::string& input = {}) {
  return run(by_ssh(client, script), input, seconds(30));
}

fs::path socket_of(const Client& client) {
  const fs::directory_iterator sockets(client.environment.runtime_folder / "syncmanager");
  BOOST_REQUIRE(sockets != fs::directory_iterator());
  return sockets->path();
}

/// A connection to the control socket; none where nobody listens.
Fd connect_to(const fs::path& path) {
  Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  const bool connected = connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  return connected ? std::move(fd) : Fd();
}

bool listens(const Client& client) {
  const fs::directory_iterator sockets(client.environment.runtime_folder / "syncmanager");
  return sockets != fs::directory_iterator() && connect_to(sockets->path());
}

/// Somebody who comes to the control socket and says this; gone when it goes.
Fd stranger(const fs::path& path, std::string_view words) {
  Fd fd = connect_to(path);
  BOOST_REQUIRE(static_cast<bool>(fd));
  BOOST_REQUIRE(write(fd.get(), words.data(), words.size()) == static_cast<ssize_t>(words.size()));
  return fd;
}

/// What the master says to it before it ends the connection.
std::string answer_to(const Fd& stranger) {
  std::string answer;
  std::array<char, 4096> buffer;
  pollfd polled{stranger.get(), POLLIN, 0};
  while (poll(&polled, 1, 10'000) > 0) {
    const ssize_t count = read(stranger.get(), buffer.data(), buffer.size());
    if (count <= 0) return answer;
    answer.append(buffer.data(), static_cast<std::size_t>(count));
  }
  BOOST_ERROR("the connection has not ended");
  return answer;
}

/// A program that has printed a first line.
class Begun {
 public:
  explicit Begun(const Command& command) : child_(command) {
    pollfd polled{child_.output.get(), POLLIN, 0};
    BOOST_REQUIRE(poll(&polled, 1, 10'000) == 1);
  }

 private:
  Child child_;
};

Command with_redirection(const Client& client, const std::string& script, const std::string& redirection) {
  Command command = by_ssh(client, script);
  command.argv[2] += ' ' + redirection;
  return command;
}

struct Pair {
  Fd one;
  Fd other;
};

Pair terminal() {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(openpty(&ends[0], &ends[1], nullptr, nullptr, nullptr) == 0);
  return {Fd(ends[0]), Fd(ends[1])};
}

Pair new_pipe() {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  return {Fd(ends[0]), Fd(ends[1])};
}

bool blocks(const Fd& fd) {
  return (fcntl(fd.get(), F_GETFL) & O_NONBLOCK) == 0;
}

/// How many descriptors this process has open for it.
std::ptrdiff_t count_of(const Fd& fd) {
  struct stat wanted {};
  BOOST_REQUIRE(fstat(fd.get(), &wanted) == 0);
  std::ptrdiff_t count = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc/self/fd")) {
    struct stat found {};
    if (stat(entry.path().c_str(), &found) == 0 && found.st_ino == wanted.st_ino && found.st_dev == wanted.st_dev)
      ++count;
  }
  return count;
}

/// Hands over the descriptor so many times in one message.
void pass_together(const Fd& socket, const Fd& fd, std::size_t times) {
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) std::array<char, 256> control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = CMSG_SPACE(times * sizeof(int));
  cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(times * sizeof(int));
  const std::vector<int> numbers(times, fd.get());
  std::memcpy(CMSG_DATA(rights), numbers.data(), times * sizeof(int));
  BOOST_REQUIRE(sendmsg(socket.get(), &message, MSG_NOSIGNAL) == 1);
}

/// While it lives, this process gets no more descriptors.
class NoDescriptorsLeft {
 public:
  NoDescriptorsLeft() {
    BOOST_REQUIRE(getrlimit(RLIMIT_NOFILE, &before_) == 0);
    const Fd lowest(dup(STDERR_FILENO));
    rlimit now = before_;
    now.rlim_cur = static_cast<rlim_t>(lowest.get());
    BOOST_REQUIRE(setrlimit(RLIMIT_NOFILE, &now) == 0);
  }
  NoDescriptorsLeft(const NoDescriptorsLeft&) = delete;
  NoDescriptorsLeft& operator=(const NoDescriptorsLeft&) = delete;
  ~NoDescriptorsLeft() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

/// Of the processor, in all threads, while so much time passes.
std::chrono::microseconds work_within(std::chrono::milliseconds time) {
  const auto used = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& each) { return seconds(each.tv_sec) + std::chrono::microseconds(each.tv_usec); };
    return of(usage.ru_utime) + of(usage.ru_stime);
  };
  const std::chrono::microseconds before = used();
  poll(nullptr, 0, static_cast<int>(time.count()));
  return used() - before;
}

/// A client whose line to the server goes this way.
std::unique_ptr<Client> by_line(const TestServer& server, const FaultyLine& line) {
  auto client = std::make_unique<Client>(server.write_ssh_config_by(line.port(), "line"));
  client->options.for_programs = true;
  return client;
}

void ends_by_the_network(Channel& channel) {
  BOOST_CHECK_EXCEPTION(static_cast<void>(read_all(channel)), Error, [](const Error& error) {
    return error.kind() == ErrorKind::offline || error.kind() == ErrorKind::timeout;
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(session_master)

BOOST_AUTO_TEST_CASE(the_systems_ssh_runs_commands_over_it) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  const std::unique_ptr<Connection> connection = client->connect();
  std::string input(5'000'000, 'x');
  for (std::size_t i = 0; i < input.size(); i += 1000) input[i] = static_cast<char>(i % 251);
  const Finished finished = run_by_ssh(*client, "cat; echo complaint >&2; exit 7", input);
  BOOST_TEST((finished.out == input));
  BOOST_TEST(finished.err == "complaint\n");
  BOOST_TEST(finished.status == 7);
  BOOST_TEST(run_by_ssh(*client, "kill -9 $$").status == 128 + 9);
  BOOST_TEST(server.connections() == 1);
  BOOST_TEST(!client->went_through_ssh());
}

BOOST_AUTO_TEST_CASE(a_lone_program_has_a_connection_without_being_connected_before) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  const std::string line = client->server().ssh_for_lone_program();
  BOOST_TEST(line.find(socket_of(*client)) != std::string::npos);
  BOOST_TEST(run_by_ssh(*client, "echo here").out == "here\n");
  BOOST_TEST(server.connections() == 1);

  const Client by_ssh_only(server.write_ssh_config("special", {"AddressFamily inet"}));
  BOOST_TEST(by_ssh_only.server().ssh_for_lone_program().find(" -S ") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_keeps_nobody_waiting) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  const std::unique_ptr<Connection> connection = client->connect();
  const std::unique_ptr<Channel> full = connection->open("yes | head -c 40000000; yes | head -c 1000000 >&2");
  std::vector<char> some(2);
  BOOST_TEST(full->read(some) == 2U);
  BOOST_TEST(run_by_ssh(*client, "echo here").out == "here\n");
  BOOST_TEST(read_all(*full).size() == 40'000'000U - 2);
  BOOST_TEST(full->wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_ends_its_own_command_only) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  const std::unique_ptr<Connection> connection = client->connect();
  const fs::path ended = server.client() / "ended";
  const std::unique_ptr<Channel> other = connection->open("echo begun; cat");
  std::vector<char> some(6);
  BOOST_TEST(other->read(some) == 6U);
  {
    Child child(by_ssh(*client, "echo begun; cat; touch " + ended.string()));
    pollfd polled{child.output.get(), POLLIN, 0};
    BOOST_REQUIRE(poll(&polled, 1, 10'000) == 1);
  }
  wait_until([&] { return fs::exists(ended); }, "its command has read the end of its input");
  other->write("still here\n");
  other->finish_input();
  BOOST_TEST(read_all(*other) == "still here\n");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(who_makes_no_sense_is_sent_away) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  const std::unique_ptr<Connection> connection = client->connect();
  const std::string wire_ten("\0\0\0\x0a", 4);
  const std::string a_terminal = ssh::mux_new_session(0, "ls", {}).replace(19, 1, "\x01");
  for (const std::string& words :
       {std::string("GET / HTTP/1.1\r\n\r\n"), std::string(5, '\xff'), wire_ten + "0123456789",
        std::string("\0\0\0\x08\0\0\0\x01\0\0\0\x05", 12), a_terminal}) {
    const Fd fd = stranger(socket_of(*client), words);
    if (words == wire_ten + "0123456789") continue;  // some request, which is refused; it may ask on
    BOOST_TEST(answer_to(fd) == ssh::mux_hello());
  }
  const Fd silent = stranger(socket_of(*client), ssh::mux_new_session(0, "echo here", {}));  // no descriptors follow
  BOOST_TEST(read_all(*connection->open("echo here")) == "here\n");
}

BOOST_AUTO_TEST_CASE(a_command_may_be_silent_for_longer_than_the_deadline) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  client->options.timeout = seconds(1);
  const std::unique_ptr<Connection> connection = client->connect();
  BOOST_TEST(run_by_ssh(*client, "sleep 3; echo done").out == "done\n");
}

BOOST_AUTO_TEST_CASE(gives_up_a_line_that_breaks_or_freezes_and_finds_a_new_one) {
  const TestServer server;
  FaultyLine line(server.port());
  for (const FaultyLine::Fault fault : {FaultyLine::Fault::breaks, FaultyLine::Fault::freezes}) {
    const std::unique_ptr<Client> client = by_line(server, line);
    client->options.timeout = seconds(2);
    line.follow({fault, 30'000, 1});
    const std::unique_ptr<Connection> connection = client->connect();
    const std::unique_ptr<Channel> channel = connection->open("yes | head -c 100000; sleep 60");
    ends_by_the_network(*channel);
    wait_until([&] { return !listens(*client); }, "the master has ended");
    const std::unique_ptr<Connection> next = client->connect();
    BOOST_TEST(read_all(*next->open("echo here")) == "here\n");
    BOOST_TEST(client->notes.find("server: the connection has ended") != std::string::npos);
    BOOST_TEST(!client->went_through_ssh());
  }
}

BOOST_AUTO_TEST_CASE(leaves_no_socket) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  fs::path socket;
  {
    ssh::Server own(client->url, client->environment, client->options);
    const std::unique_ptr<Connection> connection = own.connect();
    const std::unique_ptr<Channel> channel = connection->open("sleep 60");  // is not waited for
    socket = socket_of(*client);
    BOOST_TEST(fs::exists(socket));
  }
  BOOST_TEST(!fs::exists(socket));
}

BOOST_AUTO_TEST_CASE(ends_at_once_while_the_server_is_frozen) {
  const TestServer server;
  FaultyLine line(server.port());
  const std::unique_ptr<Client> client = by_line(server, line);
  line.follow({});
  std::size_t login = 0;
  {
    ssh::Server own(client->url, client->environment, client->options);
    const std::unique_ptr<Connection> connection = own.connect();
    login = line.carried();
  }
  const std::size_t part_of_a_request = 40;
  line.follow({FaultyLine::Fault::freezes, login + part_of_a_request, 1});
  std::chrono::steady_clock::time_point begin;
  {
    ssh::Server own(client->url, client->environment, client->options);
    const std::unique_ptr<Connection> connection = own.connect();
    const std::unique_ptr<Channel> channel = connection->open("true");
    wait_until([&] { return line.carried() == login + part_of_a_request; }, "the line is frozen");
    begin = std::chrono::steady_clock::now();
  }
  BOOST_CHECK(std::chrono::steady_clock::now() - begin < client->options.timeout / 2);
}

BOOST_AUTO_TEST_CASE(a_command_that_outlives_its_client_keeps_nobody_waiting) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  client->options.timeout = seconds(2);
  const std::unique_ptr<Connection> connection = client->connect();
  const std::unique_ptr<Channel> other = connection->open("cat");
  {
    std::list<Begun> children;  // as many as make the channels full that we open at most
    for (int i = 0; i < 7; ++i) children.emplace_back(by_ssh(*client, "echo begun; exec sleep 20"));
  }
  BOOST_TEST(run_by_ssh(*client, "echo here").out == "here\n");
  other->write("still here\n");
  other->finish_input();
  BOOST_TEST(read_all(*other) == "still here\n");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_before_its_command_has_begun_ends_it_too) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  const std::unique_ptr<Connection> connection = client->connect();
  const fs::path ended = server.client() / "ended";
  const Pair input = new_pipe();
  const Fd nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  {
    ssh::MuxSocket socket(socket_of(*client), nullptr);
    const Deadline deadline = Deadline::after(seconds(10));
    const std::string request = ssh::mux_new_session(0, "cat; touch " + ended.string(), {});
    BOOST_REQUIRE(socket.send(ssh::mux_hello() + request, deadline));
    for (const Fd* stream : {&input.one, &nothing, &nothing}) BOOST_REQUIRE(socket.pass(*stream, deadline));
    while (const std::optional<ssh::MuxMessage> message = socket.receive(deadline)) {
      if (std::holds_alternative<ssh::MuxOpened>(*message)) break;
    }
  }
  wait_until([&] { return fs::exists(ended); }, "its command has read the end of its input");
}

BOOST_AUTO_TEST_CASE(a_terminal_that_nobody_reads_keeps_nobody_waiting) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  const std::unique_ptr<Connection> connection = client->connect();
  const Pair screen = terminal();
  const std::string path = ttyname(screen.other.get());
  const fs::path full = server.client() / "full";
  const std::string script = "(yes | head -c 1000000; touch " + full.string() + "; sleep 20) >&2";
  Child child(with_redirection(*client, script, "2>" + path));
  wait_until([&] { return fs::exists(full); }, "all of it is under way");
  BOOST_TEST(run_by_ssh(*client, "echo here").out == "here\n");
}

BOOST_AUTO_TEST_CASE(leaves_the_streams_of_its_clients_as_they_are) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  const std::unique_ptr<Connection> connection = client->connect();
  const Pair pipe = new_pipe();
  const Pair screen = terminal();
  const Fd& tty = screen.other;
  for (const std::array<const Fd*, 3>& streams :
       {std::array{&pipe.one, &pipe.other, &pipe.other}, {&tty, &tty, &tty}}) {
    ssh::MuxSocket socket(socket_of(*client), nullptr);
    const Deadline deadline = Deadline::after(seconds(10));
    BOOST_REQUIRE(socket.send(ssh::mux_hello() + ssh::mux_new_session(0, "true", {}), deadline));
    for (const Fd* stream : streams) BOOST_REQUIRE(socket.pass(*stream, deadline));
    while (socket.receive(deadline)) continue;
    for (const Fd* stream : streams) BOOST_TEST(blocks(*stream));
  }
  // Both ends of the pipe, and the terminal, are open here only.
  wait_until([&] { return count_of(pipe.one) == 2 && count_of(tty) == 1; }, "they are closed");
}

BOOST_AUTO_TEST_CASE(keeps_no_descriptor_that_it_does_not_know) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  const std::unique_ptr<Connection> connection = client->connect();
  const Pair pipe = new_pipe();
  for (const std::size_t times : {1U, 2U, 3U, 9U}) {
    const Fd fd = stranger(socket_of(*client), ssh::mux_hello());
    pass_together(fd, pipe.one, times);
    BOOST_TEST(read_all(*connection->open("echo here")) == "here\n");
  }
  wait_until([&] { return count_of(pipe.one) == 2; }, "they are closed");
}

BOOST_AUTO_TEST_CASE(does_not_spin_where_it_gets_no_descriptor_for_a_client) {
  const TestServer server;
  const std::unique_ptr<Client> client = by_session_master(server).client();
  const std::unique_ptr<Connection> connection = client->connect();
  // Connected only after that, by somebody who can.
  Child other({{"sh", "-c", "read line; " + client->server().ssh_for_programs() + " server 'echo here'"},
               client->environment.variables,
               {}});
  {
    const NoDescriptorsLeft none;
    BOOST_REQUIRE(write(other.input.get(), "\n", 1) == 1);
    BOOST_CHECK(work_within(std::chrono::milliseconds(500)) < std::chrono::milliseconds(150));
  }
  std::array<char, 5> answer{};
  pollfd polled{other.output.get(), POLLIN, 0};
  BOOST_REQUIRE(poll(&polled, 1, 10'000) == 1);
  BOOST_REQUIRE(read(other.output.get(), answer.data(), answer.size()) == 5);
  BOOST_TEST(std::string_view(answer.data(), answer.size()) == "here\n");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
