// Channels to a real sshd: the same by each way there.
#include "ssh/channel.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "support/test_server.hpp"
#include "unit/ssh/ways.hpp"

using namespace syncmanager;
using namespace syncmanager::test;
using ssh::Channel;
using ssh::Connection;

namespace {

bool is_offline(const Error& error) {
  BOOST_TEST_MESSAGE(error.what());
  return error.kind() == ErrorKind::offline;
}

bool is_timeout(const Error& error) {
  BOOST_TEST_MESSAGE(error.what());
  return error.kind() == ErrorKind::timeout;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(channel)

BOOST_AUTO_TEST_CASE(runs_many_commands_on_one_connection) {
  const TestServer server;
  over(shared_ways(server), [&](Connection& connection) {
    const int before = server.connections();
    for (int i = 0; i < 200; ++i) {
      const std::unique_ptr<Channel> channel = connection.open("echo " + std::to_string(i));
      BOOST_TEST_REQUIRE(read_all(*channel) == std::to_string(i) + '\n');
    }
    BOOST_TEST(server.connections() == before);
  });
  BOOST_TEST(server.connections() == static_cast<int>(shared_ways(server).size()));
}

BOOST_AUTO_TEST_CASE(leaves_channels_in_the_middle_and_goes_on) {
  const TestServer server;
  over(shared_ways(server), [&](Connection& connection) {
    const int before = server.connections();
    std::vector<char> some(1000);
    for (int i = 0; i < 20; ++i) BOOST_TEST(connection.open("yes | head -c 10000000")->read(some) > 0U);
    BOOST_TEST(read_all(*connection.open("echo still here")) == "still here\n");
    BOOST_TEST(server.connections() == before);
  });
}

BOOST_AUTO_TEST_CASE(has_several_channels_open_at_once) {
  const TestServer server;
  over(all_ways(server), [](Connection& connection) {
    std::vector<std::unique_ptr<Channel>> channels;
    for (int i = 0; i < 8; ++i) channels.push_back(connection.open("cat"));
    for (const std::unique_ptr<Channel>& channel : channels) {
      channel->write("text");
      channel->finish_input();
    }
    for (const std::unique_ptr<Channel>& channel : channels) BOOST_TEST(read_all(*channel) == "text");
  });
}

BOOST_AUTO_TEST_CASE(starts_commands_before_it_looks_at_the_first) {
  const TestServer server;
  over(all_ways(server), [](Connection& connection) {
    for (int round = 0; round < 3; ++round) {
      std::vector<std::unique_ptr<Channel>> channels;
      for (int i = 0; i < 4; ++i) channels.push_back(connection.open("echo " + std::to_string(i)));
      channels[2].reset();  // left before anybody asked for it
      for (const std::size_t i : {3U, 0U, 1U}) BOOST_TEST(read_all(*channels[i]) == std::to_string(i) + '\n');
      BOOST_TEST(channels[3]->wait() == 0);
    }
  });
}

BOOST_AUTO_TEST_CASE(leaves_commands_that_it_never_looked_at) {
  const TestServer server;
  over(all_ways(server), [](Connection& connection) {
    for (int i = 0; i < 30; ++i) static_cast<void>(connection.open("echo unheard"));
    BOOST_TEST(read_all(*connection.open("echo heard")) == "heard\n");
  });
}

BOOST_AUTO_TEST_CASE(waits_for_a_slot_where_the_server_allows_one_channel_at_a_time) {
  const TestServer server({{"ed25519"}, {"MaxSessions 1"}, {}});
  over(shared_ways(server), [](Connection& connection) {
    for (int i = 0; i < 20; ++i) BOOST_TEST(read_all(*connection.open("echo here")) == "here\n");
  });
}

BOOST_AUTO_TEST_CASE(carries_twenty_megabytes_both_ways_at_once) {
  const TestServer server;
  over(all_ways(server), [](Connection& connection) {
    const std::unique_ptr<Channel> channel = connection.open("cat");
    std::string data;
    for (int i = 0; data.size() < 20'000'000; ++i) data.append(1000, static_cast<char>(i * 7));
    channel->write(data);  // nobody reads what comes back until all is written
    channel->finish_input();
    BOOST_TEST((read_all(*channel) == data));
    BOOST_TEST(channel->wait() == 0);
  });
}

BOOST_AUTO_TEST_CASE(tells_standard_error_and_exit_status) {
  const TestServer server;
  over(all_ways(server), [](Connection& connection) {
    const std::unique_ptr<Channel> channel = connection.open("echo out; echo trouble >&2; exit 7");
    BOOST_TEST(read_all(*channel) == "out\n");
    BOOST_TEST(channel->wait() == 7);
    BOOST_TEST(channel->errors().find("trouble\n") != std::string::npos);
    const std::unique_ptr<Channel> good = connection.open("true");
    BOOST_TEST(good->wait() == 0);
  });
}

BOOST_AUTO_TEST_CASE(tells_a_signal_that_ended_the_command) {
  const TestServer server;
  // ssh knows of no signals.
  for (const auto& [way, status] :
       {std::pair(by_libssh2(server), 128 + 15), {by_master(server), 255}, {by_children(server), 255}}) {
    BOOST_TEST_CONTEXT(way.name) {
      const std::unique_ptr<Client> client = way.client();
      const std::unique_ptr<Connection> connection = client->connect();
      const std::unique_ptr<Channel> channel = connection->open("echo begun; kill -TERM $$");
      BOOST_TEST(channel->wait() == status);
    }
  }
}

BOOST_AUTO_TEST_CASE(keeps_the_first_part_of_endless_errors_and_never_stalls) {
  const TestServer server;
  over(all_ways(server), [](Connection& connection) {
    const std::unique_ptr<Channel> channel = connection.open("yes trouble | head -c 20000000 >&2; echo done");
    BOOST_TEST(read_all(*channel) == "done\n");
    BOOST_TEST(channel->errors().size() == 65536U);
  });
}

BOOST_AUTO_TEST_CASE(gives_up_a_command_that_only_complains) {
  const TestServer server;
  over(all_ways(server), [](Connection& connection) {
    const std::unique_ptr<Channel> channel = connection.open("exec yes trouble >&2");
    BOOST_CHECK_EXCEPTION(static_cast<void>(read_all(*channel)), Error, [](const Error& error) {
      return std::string(error.what()).find("without end") != std::string::npos;
    });
  });
}

BOOST_AUTO_TEST_CASE(gives_up_a_command_that_talks_without_end_and_does_not_listen) {
  const TestServer server;
  const std::string input(std::size_t{32} * 1024 * 1024, 'x');
  const auto is_failed = [](const Error& error) { return error.kind() == ErrorKind::failed; };
  over(all_ways(server), [&](Connection& connection) {
    BOOST_CHECK_EXCEPTION(connection.open("exec yes")->write(input), Error, is_failed);
  });
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_the_reading_of_a_command_that_never_pauses) {
  const TestServer server;
  for (const Way& way : all_ways(server)) {
    BOOST_TEST_CONTEXT(way.name) {
      const Interrupt interrupt;
      const std::unique_ptr<Client> client = way.client();
      client->options.interrupt = &interrupt;
      const std::unique_ptr<Connection> connection = client->connect();
      const std::unique_ptr<Channel> channel = connection->open("exec yes");
      std::vector<char> some(100);
      BOOST_TEST(channel->read(some) > 0U);
      interrupt.request();
      const auto read_on = [&] {
        constexpr int more_than_has_come_by_now = 1'000'000;
        for (int i = 0; i < more_than_has_come_by_now; ++i) channel->read(some);
      };
      BOOST_CHECK_EXCEPTION(read_on(), Error,
                            [](const Error& error) { return error.kind() == ErrorKind::interrupted; });
    }
  }
}

BOOST_AUTO_TEST_CASE(passes_a_path_of_300_characters) {
  const TestServer server;
  const std::string name = std::string(150, 'a') + '/' + std::string(149, 'b');
  std::filesystem::create_directories(server.home() / name);
  over(all_ways(server), [&](Connection& connection) {
    const std::string expected = (server.home() / name).string() + '\n';
    BOOST_TEST(read_all(*connection.open("cd '" + name + "' && pwd")) == expected);
  });
}

BOOST_AUTO_TEST_CASE(passes_a_command_as_long_as_the_longest_listing) {
  const TestServer server;
  over(all_ways(server), [](Connection& connection) {
    const std::string word(30'000, 'x');
    BOOST_TEST((read_all(*connection.open("echo " + word)) == word + '\n'));
  });
}

BOOST_AUTO_TEST_CASE(loses_no_output_that_comes_after_a_pause) {
  const TestServer server;
  over(all_ways(server), [](Connection& connection) {
    const std::unique_ptr<Channel> channel = connection.open("(sleep 0.4; echo late) & echo early");
    BOOST_TEST(read_all(*channel) == "early\nlate\n");
  });
}

BOOST_AUTO_TEST_CASE(a_command_that_says_nothing_is_given_up_after_the_deadline) {
  const TestServer server;
  for (const Way& way : all_ways(server)) {
    BOOST_TEST_CONTEXT(way.name) {
      const std::unique_ptr<Client> client = way.client();
      client->options.timeout = std::chrono::milliseconds(1000);
      const std::unique_ptr<Connection> connection = client->connect();
      const std::unique_ptr<Channel> channel = connection->open("sleep 60");
      const auto start = std::chrono::steady_clock::now();
      BOOST_CHECK_EXCEPTION(static_cast<void>(read_all(*channel)), Error, is_timeout);
      BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(5)));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_dies_in_the_middle_is_offline_until_it_is_back) {
  TestServer server;
  for (const Way& way : all_ways(server)) {
    BOOST_TEST_CONTEXT(way.name) {
      const std::unique_ptr<Client> client = way.client();
      std::unique_ptr<Connection> connection = client->connect();
      std::unique_ptr<Channel> channel = connection->open("echo begun; exec cat");
      std::vector<char> some(100);
      BOOST_TEST(channel->read(some) == 6U);
      server.stop();
      BOOST_CHECK_EXCEPTION(static_cast<void>(read_all(*channel)), Error, is_offline);
      BOOST_CHECK_EXCEPTION(static_cast<void>(read_all(*connection->open("true"))), Error, is_offline);
      channel.reset();
      server.start();
      connection = client->connect();
      BOOST_TEST(read_all(*connection->open("echo back")) == "back\n");
    }
  }
}

BOOST_AUTO_TEST_CASE(says_what_ended_a_command_that_did_not_read_its_input) {
  const TestServer server;
  over(all_ways(server), [](Connection& connection) {
    const std::unique_ptr<Channel> channel = connection.open("exec <&-; echo full disk >&2; exit 1");
    const std::string data(50'000'000, 'x');
    BOOST_CHECK_EXCEPTION(channel->write(data), Error, [](const Error& error) {
      BOOST_TEST_MESSAGE(error.what());
      return std::string(error.what()).find("full disk") != std::string::npos;
    });
  });
}

BOOST_AUTO_TEST_SUITE_END()
