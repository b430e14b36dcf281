#include "ssh/agent.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/interrupt.hpp"
#include "ssh/identity.hpp"
#include "ssh/wire.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_server.hpp"
#include "unit/ssh/scripted_agent.hpp"

using namespace syncmanager;
using namespace syncmanager::ssh;
using namespace syncmanager::test;
using namespace std::string_literals;

namespace {

Deadline soon() {
  return Deadline::after(std::chrono::seconds(10));
}

Deadline at_once() {
  return Deadline::after(std::chrono::milliseconds(50));
}

std::string blob_of(const std::filesystem::path& key) {
  return parse_public_key(content_of(key.string() + ".pub")).value();
}

/// A key file that nobody accepts.
std::filesystem::path make_key(const TemporaryFolder& folder, const std::string& type) {
  std::filesystem::path key = folder.path() / type;
  run_program({"ssh-keygen", "-q", "-t", type, "-N", "", "-C", "a " + type + " key", "-f", key});
  return key;
}

std::string identities(std::uint32_t count, const std::vector<std::pair<std::string, std::string>>& keys) {
  WireWriter writer;
  writer.byte(12).number(count);
  for (const auto& [blob, comment] : keys) writer.string(blob).string(comment);
  return writer.blob();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(agent)

BOOST_AUTO_TEST_CASE(asks_as_the_protocol_has_it) {
  BOOST_TEST(identities_request() == "\x0b"s);
  BOOST_TEST(sign_request("blob", "data!", rsa_sha2_512) == "\x0d\0\0\0\x04"s + "blob\0\0\0\x05"s + "data!\0\0\0\x04"s);
}

BOOST_AUTO_TEST_CASE(reads_lists_of_keys) {
  const auto keys = parse_identities(identities(2, {{"blob", "jane@laptop"}, {"other", ""}}));
  BOOST_TEST_REQUIRE(keys.has_value());
  BOOST_TEST(keys->size() == 2U);
  BOOST_TEST(keys->at(0).blob == "blob");
  BOOST_TEST(keys->at(0).comment == "jane@laptop");
  BOOST_TEST(keys->at(1).blob == "other");
  BOOST_TEST(parse_identities(identities(0, {})).value().empty());
}

BOOST_AUTO_TEST_CASE(reads_no_list_that_is_not_whole) {
  const std::string whole = identities(1, {{"blob", "comment"}});
  for (std::size_t size = 0; size < whole.size(); ++size) BOOST_CHECK(!parse_identities(whole.substr(0, size)));
  BOOST_CHECK(!parse_identities(identities(2, {{"blob", "comment"}})));
  BOOST_CHECK(!parse_identities(identities(0xffffffffU, {{"blob", "comment"}})));
  BOOST_CHECK(!parse_identities("\x0e\0\0\0\0"s));
}

BOOST_AUTO_TEST_CASE(takes_no_more_keys_than_openssh_does) {
  const auto many = [](std::uint32_t count) {
    return identities(count, std::vector<std::pair<std::string, std::string>>(count, {"b", "c"}));
  };
  BOOST_TEST(parse_identities(many(2048)).value().size() == 2048U);
  BOOST_CHECK(!parse_identities(many(2049)));
}

BOOST_AUTO_TEST_CASE(reads_signatures) {
  const std::string inner = WireWriter().string("ssh-ed25519").string("bytes").blob();
  const std::string whole = WireWriter().byte(14).string(inner).blob();
  const auto signature = parse_signature(whole);
  BOOST_TEST_REQUIRE(signature.has_value());
  BOOST_TEST(signature->algorithm == "ssh-ed25519");
  BOOST_TEST(signature->bytes == "bytes");
  for (std::size_t size = 0; size < whole.size(); ++size) BOOST_CHECK(!parse_signature(whole.substr(0, size)));
  BOOST_CHECK(!parse_signature(identities(0, {})));
}

BOOST_AUTO_TEST_CASE(knows_a_refusal) {
  for (const std::string& refusal : {"\x05"s, "\x1e"s, "\x66"s}) BOOST_TEST(is_refusal(refusal));
  for (const std::string& other : {""s, "\x0c"s, "\x06"s}) BOOST_TEST(!is_refusal(other));
}

BOOST_AUTO_TEST_CASE(lists_the_keys_of_an_agent) {
  const TemporaryFolder folder;
  const TestAgent real;
  Agent agent(real.socket());
  BOOST_TEST(agent.identities(soon()).value().empty());
  const auto key = make_key(folder, "ed25519");
  real.add(key);
  const auto keys = agent.identities(soon());
  BOOST_TEST_REQUIRE(keys.has_value());
  BOOST_TEST_REQUIRE(keys->size() == 1U);
  BOOST_TEST(keys->front().blob == blob_of(key));
  BOOST_TEST(keys->front().comment == "a ed25519 key");
  BOOST_TEST(agent.trouble().empty());
}

BOOST_AUTO_TEST_CASE(lists_hundreds_of_keys) {
  const TemporaryFolder folder;
  const std::string blob(200, 'b');
  const ScriptedAgent many(
      folder.path() / "agent",
      {framed(identities(1000, std::vector<std::pair<std::string, std::string>>(1000, {blob, "c"})))},
      ScriptedAgent::Then::ends);
  Agent agent(many.path());
  const auto keys = agent.identities(soon());
  BOOST_TEST_REQUIRE(keys.has_value());
  BOOST_TEST(keys->size() == 1000U);
  BOOST_TEST(std::all_of(keys->begin(), keys->end(), [&](const AgentKey& key) { return key.blob == blob; }));
}

BOOST_AUTO_TEST_CASE(an_rsa_key_signs_as_the_flags_say) {
  const TemporaryFolder folder;
  const TestAgent real;
  const auto rsa = make_key(folder, "rsa");
  const auto ed25519 = make_key(folder, "ed25519");
  real.add(rsa);
  real.add(ed25519);
  Agent agent(real.socket());
  BOOST_TEST(agent.sign(blob_of(rsa), "data", rsa_sha2_512, soon()).value().algorithm == "rsa-sha2-512");
  BOOST_TEST(agent.sign(blob_of(rsa), "data", rsa_sha2_256, soon()).value().algorithm == "rsa-sha2-256");
  const auto signature = agent.sign(blob_of(ed25519), "data", 0, soon());
  BOOST_TEST(signature.value().algorithm == "ssh-ed25519");
  BOOST_TEST(signature.value().bytes.size() == 64U);
}

BOOST_AUTO_TEST_CASE(a_refused_signature_does_not_end_the_connection) {
  const TemporaryFolder folder;
  const TestAgent real;
  Agent agent(real.socket());
  BOOST_CHECK(!agent.sign(blob_of(make_key(folder, "ed25519")), "data", 0, soon()));
  BOOST_TEST(agent.trouble().empty());
  BOOST_CHECK(agent.identities(soon()));
}

BOOST_AUTO_TEST_CASE(says_why_there_is_no_agent) {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "");
  const std::string dead = folder.path() / "dead";
  { const ScriptedAgent gone(dead, {}, ScriptedAgent::Then::ends); }
  const std::string long_path = folder.path() / std::string(120, 'x');
  const std::vector<std::pair<std::string, std::string>> table{
      {folder.path() / "nothing", "No such file or directory"},
      {file, "it is no socket"},
      {folder.path(), "it is no socket"},
      {dead, "Connection refused"},
      {long_path, "its path is longer than the 107 bytes that a socket's may have"},
  };
  for (const auto& [path, trouble] : table) {
    Agent agent(path);
    BOOST_TEST(agent.trouble() == trouble);
    BOOST_CHECK(!agent.identities(soon()));
    BOOST_TEST(agent.trouble() == trouble);
  }
}

BOOST_AUTO_TEST_CASE(gives_up_on_an_answer_that_makes_no_sense) {
  const TemporaryFolder folder;
  const std::string inner = WireWriter().string("ssh-ed25519").string("bytes").blob();
  const std::vector<std::pair<std::string, std::string>> table{
      {"", "it ended the connection"},
      {"\0\0"s, "it ended the connection"},
      {"\0\0\0\x09\x0c\0\0\0\0"s, "it ended the connection"},
      {"\0\0\0\0"s, "its answer makes no sense"},
      {"\0\4\0\1\x0c"s, "its answer makes no sense"},
      {"\xff\xff\xff\xff"s, "its answer makes no sense"},
      {"SSH-2.0-what?\n", "its answer makes no sense"},
      {framed("\x06"), "its answer makes no sense"},
      {framed(identities(3, {})), "its answer makes no sense"},
      {framed(WireWriter().byte(14).string(inner).blob()), "its answer makes no sense"},
      {framed("\x05"), "it does not tell its keys"},
  };
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto& [answer, trouble] = table[i];
    const ScriptedAgent peer(folder.path() / std::to_string(i), {answer}, ScriptedAgent::Then::ends);
    Agent agent(peer.path());
    BOOST_CHECK(!agent.identities(soon()));
    BOOST_TEST(agent.trouble() == trouble);
  }
  const ScriptedAgent peer(folder.path() / "sign", {framed(identities(0, {}))}, ScriptedAgent::Then::ends);
  Agent agent(peer.path());
  BOOST_CHECK(!agent.sign("blob", "data", 0, soon()));
  BOOST_TEST(agent.trouble() == "its answer makes no sense");
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_ever) {
  const TemporaryFolder folder;
  const std::vector<std::vector<std::string>> table{{}, {"\0\0"s}, {"\0\0\0\x05\x0c"s}};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const ScriptedAgent peer(folder.path() / std::to_string(i), table[i], ScriptedAgent::Then::hangs);
    Agent agent(peer.path());
    BOOST_CHECK(!agent.identities(at_once()));
    BOOST_TEST(agent.trouble() == "it does not answer");
    // What comes late must not be taken for the answer to this.
    BOOST_CHECK(!agent.sign("blob", "data", 0, soon()));
  }
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_the_waiting) {
  const TemporaryFolder folder;
  const ScriptedAgent peer(folder.path() / "agent", {}, ScriptedAgent::Then::hangs);
  const Interrupt interrupt;
  interrupt.request();
  Agent agent(peer.path(), &interrupt);
  BOOST_CHECK(!agent.identities(Deadline::after(std::chrono::hours(1))));
  BOOST_TEST(agent.trouble() == "interrupted");
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_an_agent_that_reads_nothing) {
  const TemporaryFolder folder;
  const ScriptedAgent peer(folder.path() / "agent", {}, ScriptedAgent::Then::hangs);
  Agent agent(peer.path());
  BOOST_CHECK(!agent.sign("blob", std::string(4'000'000, 'x'), 0, at_once()));
  BOOST_TEST(agent.trouble() == "it does not answer");
}

BOOST_AUTO_TEST_SUITE_END()
