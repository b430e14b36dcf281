#include "ssh/mux.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"

using namespace syncmanager;
using namespace syncmanager::ssh;

namespace {

/// From hexadecimal digits; spaces are for the eye, text stands in quotes.
std::string bytes(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
    } else if (text[at] == '"') {
      const std::size_t end = text.find('"', at + 1);
      result += text.substr(at + 1, end - at - 1);
      at = end + 1;
    } else {
      result.push_back(static_cast<char>(std::stoi(std::string(text.substr(at, 2)), nullptr, 16)));
      at += 2;
    }
  }
  return result;
}

/// The messages, written down: "hello 4, alive 17".
std::string read(const std::vector<std::string>& pieces) {
  struct Name {
    std::string operator()(const MuxHello& message) const { return "hello " + std::to_string(message.version); }
    std::string operator()(const MuxAlive& message) const { return "alive " + std::to_string(message.pid); }
    std::string operator()(const MuxOpened& message) const { return "opened " + std::to_string(message.session); }
    std::string operator()(const MuxRefused& message) const {
      return (message.denied ? "denied: " : "refused: ") + message.reason;
    }
    std::string operator()(const MuxExit& message) const { return "exit " + std::to_string(message.status); }
    std::string operator()(const MuxOther&) const { return "other"; }
    std::string operator()(const MuxNonsense&) const { return "nonsense"; }
  };
  MuxReader reader;
  std::string result;
  for (const std::string& piece : pieces) {
    reader.feed(piece);
    while (const std::optional<MuxMessage> message = reader.next()) {
      result += (result.empty() ? "" : ", ") + std::visit(Name(), *message);
      if (std::holds_alternative<MuxNonsense>(*message)) return result;
    }
  }
  return result;
}

/// The same of requests: "session 2 ls".
std::string read_requests(const std::vector<std::string>& pieces) {
  struct Name {
    std::string operator()(const MuxHello& request) const { return "hello " + std::to_string(request.version); }
    std::string operator()(const MuxAliveCheck& request) const { return "alive? " + std::to_string(request.request); }
    std::string operator()(const MuxNewSession& request) const {
      return "session " + std::to_string(request.request) + " " + request.command;
    }
    std::string operator()(const MuxOtherRequest& request) const { return "other " + std::to_string(request.request); }
    std::string operator()(const MuxNonsense&) const { return "nonsense"; }
  };
  MuxReader reader;
  std::string result;
  for (const std::string& piece : pieces) {
    reader.feed(piece);
    while (const std::optional<MuxRequest> request = reader.next_request()) {
      result += (result.empty() ? "" : ", ") + std::visit(Name(), *request);
      if (std::holds_alternative<MuxNonsense>(*request)) return result;
    }
  }
  return result;
}

std::vector<std::string> letters_of(const std::string& whole) {
  std::vector<std::string> letters;
  for (const char letter : whole) letters.emplace_back(1, letter);
  return letters;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mux)

BOOST_AUTO_TEST_CASE(writes_requests_as_the_protocol_has_them) {
  BOOST_TEST(mux_hello() == bytes("00000008 00000001 00000004"));
  BOOST_TEST(mux_alive_check(7) == bytes("00000008 10000004 00000007"));
  BOOST_TEST(mux_terminate(1) == bytes("00000008 10000005 00000001"));
  BOOST_TEST(mux_new_session(2, "ls", {"A=b"}) ==
             bytes("00000031 10000002 00000002 00000000"
                   " 00000000 00000000 00000000 00000000 ffffffff 00000000 00000002\"ls\" 00000003\"A=b\""));
}

BOOST_AUTO_TEST_CASE(refuses_a_command_that_no_master_would_take) {
  BOOST_TEST(mux_new_session(0, std::string(longest_mux_message - 100, 'x'), {}).size() < longest_mux_message);
  BOOST_CHECK_THROW(static_cast<void>(mux_new_session(0, std::string(longest_mux_message, 'x'), {})), Error);
}

BOOST_AUTO_TEST_CASE(reads_what_a_master_says) {
  struct Row {
    std::string hex;
    std::string read;
  };
  const std::vector<Row> table{
      {"", ""},
      {"00000008 00000001 00000004", "hello 4"},
      {"00000015 00000001 00000004 00000004\"info\" 00000001\"0\"", "hello 4"},
      {"0000000c 80000005 00000000 000004d2", "alive 1234"},
      {"0000000c 80000005 00000000 7fffffff", "alive 2147483647"},
      {"0000000c 80000005 00000000 00000000", "nonsense"},
      {"0000000c 80000005 00000000 80000000", "nonsense"},
      {"0000000c 80000005 00000000 ffffffff", "nonsense"},
      {"0000000c 80000006 00000000 00000002", "opened 2"},
      {"0000000c 80000004 00000002 00000007", "exit 7"},
      {"00000010 80000002 00000000 00000004\"no! \"", "denied: no! "},
      {"00000010 80000003 00000000 00000004\"full\"", "refused: full"},
      {"00000008 80000008 00000002", "other"},
      {"00000008 80000001 00000001", "other"},
      {"0000000c 80000006 00000000 00000002 0000000c 80000004 00000002 000000ff", "opened 2, exit 255"},
      {"0000000c 80000006 00000000", ""},
      {"00000000", "nonsense"},
      {"00000004 00000001", "nonsense"},
      {"00000008 80000004 00000002", "nonsense"},
      {"0000000c 80000003 00000000 00000009", "nonsense"},
      {"00040001", "nonsense"},
      {"ffffffff", "nonsense"},
      {"\"SSH-2.0-OpenSSH\"", "nonsense"},
  };
  for (const Row& row : table) {
    const std::string whole = bytes(row.hex);
    BOOST_TEST(read({whole}) == row.read, row.hex);
    BOOST_TEST(read(letters_of(whole)) == row.read, row.hex);
  }
}

BOOST_AUTO_TEST_CASE(writes_answers_as_a_master_has_them) {
  BOOST_TEST(mux_alive(7, 1234) == bytes("0000000c 80000005 00000007 000004d2"));
  BOOST_TEST(mux_session_opened(7, 2) == bytes("0000000c 80000006 00000007 00000002"));
  BOOST_TEST(mux_failure(7, "full") == bytes("00000010 80000003 00000007 00000004\"full\""));
  BOOST_TEST(mux_exit(2, 255) == bytes("0000000c 80000004 00000002 000000ff"));
}

BOOST_AUTO_TEST_CASE(reads_what_a_client_asks) {
  const std::string head = "10000002 00000002 00000000 ";
  const std::string plain = "00000000 00000000 00000000 00000000 ";
  struct Row {
    std::string hex;
    std::string read;
  };
  const std::vector<Row> table{
      {"", ""},
      {"00000008 00000001 00000004 00000008 10000004 00000007", "hello 4, alive? 7"},
      {"0000002e" + head + plain + "ffffffff 00000004\"dumb\" 00000002\"ls\"", "session 2 ls"},
      {"00000035" + head + plain + "ffffffff 00000004\"dumb\" 00000002\"ls\" 00000003\"A=b\"", "session 2 ls"},
      {"00000008 10000005 00000003", "other 3"},
      {"00000008 80000004 00000003", "other 3"},
      // a terminal, X11, the agent, a subsystem: somebody wants more than a command
      {"0000002a" + head + "00000001 00000000 00000000 00000000 ffffffff 00000000 00000002\"ls\"", "nonsense"},
      {"0000002a" + head + "00000000 00000001 00000000 00000000 ffffffff 00000000 00000002\"ls\"", "nonsense"},
      {"0000002a" + head + "00000000 00000000 00000001 00000000 ffffffff 00000000 00000002\"ls\"", "nonsense"},
      {"0000002a" + head + "00000000 00000000 00000000 00000001 ffffffff 00000000 00000002\"ls\"", "nonsense"},
      {"00000028" + head + plain + "ffffffff 00000000 00000000", "nonsense"},
      {"00000024" + head + plain + "ffffffff 00000000", "nonsense"},
      {"0000000c" + head, "nonsense"},
      {"00000004 00000001", "nonsense"},
      {"00040001", "nonsense"},
  };
  for (const Row& row : table) {
    const std::string whole = bytes(row.hex);
    BOOST_TEST(read_requests({whole}) == row.read, row.hex);
    BOOST_TEST(read_requests(letters_of(whole)) == row.read, row.hex);
  }
}

BOOST_AUTO_TEST_SUITE_END()
