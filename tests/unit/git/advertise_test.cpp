// Advertisements of real git-upload-packs.
#include "git/advertise.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "unit/git/here.hpp"

namespace syncmanager::git {

namespace {

using namespace syncmanager::test;
using State = Listing::State;
using Strings = std::vector<std::string>;

/// A server that allows so many channels at a time; and what was done with them.
class Counted : public ssh::Connection {
 public:
  Counted(std::unique_ptr<ssh::Connection> connection, std::size_t limit)
      : connection_(std::move(connection)), limit_(limit) {}

  std::unique_ptr<ssh::Channel> open(const std::string& command) override {
    if (open_ == limit_) {
      ++refused;
      throw Error(refusal, "no more channels");
    }
    ++opened;
    most = std::max(most, ++open_);
    return std::make_unique<Channel>(*this, connection_->open(command));
  }
  [[nodiscard]] std::size_t lanes() const override { return 1; }

  std::size_t opened = 0;
  std::size_t refused = 0;
  std::size_t most = 0;  ///< at a time
  std::string written;
  ErrorKind refusal = ErrorKind::failed;

 private:
  class Channel : public ssh::Channel {
   public:
    Channel(Counted& owner, std::unique_ptr<ssh::Channel> channel) : owner_(owner), channel_(std::move(channel)) {}
    ~Channel() override { --owner_.open_; }
    std::size_t read(std::span<char> buffer) override { return channel_->read(buffer); }
    void write(std::string_view data) override {
      owner_.written += data;
      channel_->write(data);
    }
    void finish_input() override { channel_->finish_input(); }
    [[nodiscard]] const std::string& errors() const override { return channel_->errors(); }
    int wait() override { return channel_->wait(); }

   private:
    Counted& owner_;
    std::unique_ptr<ssh::Channel> channel_;
  };

  std::unique_ptr<ssh::Connection> connection_;
  std::size_t limit_;
  std::size_t open_ = 0;
};

std::vector<Listing> ask(ssh::Connection& connection, const Strings& paths, std::size_t at_once = ssh::most_channels) {
  std::vector<Listing> answers;
  auto left = paths.begin();
  const auto next = [&] { return left == paths.end() ? std::nullopt : std::optional(*left++); };
  advertise_all(connection, next, at_once, [&](Listing&& listing) { answers.push_back(std::move(listing)); });
  BOOST_TEST(answers.size() == paths.size());
  return answers;
}

constexpr std::size_t no_limit = 100;

}  // namespace

BOOST_AUTO_TEST_SUITE(advertise)

BOOST_AUTO_TEST_CASE(tells_what_the_shells_listing_tells) {
  const Here here;
  const Sample sample;
  sample.branch("x/it's");
  sample.repo.git({"tag", "v1"});
  sample.repo.git({"tag", "--annotate", "--message=x", "v2"});
  sample.repo.git({"update-ref", "refs/pull/1/head", sample.first});
  sample.repo.git({"init", "--quiet", "--bare", here.home() / "empty.git"});
  sample.repo.git({"clone", "--quiet", "--bare", "--depth=1", "file://" + sample.path(), here.home() / "shallow.git"});
  const Strings paths = {sample.path(), "empty.git", here.home() / "shallow", sample.path()};
  const Seen listed = here.list(paths, none_at_rest);
  Counted connection(here.connection(), no_limit);
  std::vector<Listing> answers = ask(connection, paths);
  BOOST_TEST(answers[0].branches.size() == 2U);
  BOOST_TEST(answers[0].tags.size() == 2U);
  BOOST_TEST(answers[1].branches.empty());
  BOOST_TEST(answers[2].branches.size() == 1U);
  for (std::size_t place = 0; place < paths.size(); ++place) {
    if (answers[place].branches.empty()) answers[place].head = listed.listings.at(place).head;  // not told of those
    BOOST_TEST(same(answers[place], listed.listings.at(place)), paths[place]);
  }
  BOOST_TEST(connection.written == "0000000000000000");
}

BOOST_AUTO_TEST_CASE(a_repository_that_is_not_there_fails_alone_with_the_servers_words) {
  const Here here;
  const Sample sample;
  const auto connection = here.connection();
  const std::vector<Listing> answers = ask(*connection, {sample.path(), "none.git", sample.path()});
  BOOST_TEST((answers[0].state == State::found));
  BOOST_TEST((answers[1].state == State::failed));
  BOOST_TEST(answers[1].problem == "the server says: fatal: 'none.git' does not appear to be a git repository");
  BOOST_TEST((answers[2].state == State::found));
}

BOOST_AUTO_TEST_CASE(one_alone_is_found_or_an_error) {
  const Here here;
  const Sample sample;
  const auto connection = here.connection();
  BOOST_TEST(advertised(*connection, sample.path()).branches.at("main").hex() == sample.second);
  BOOST_CHECK_EXCEPTION(advertised(*connection, "none.git"), Error, [](const Error& error) {
    return error.kind() == ErrorKind::failed && std::string(error.what()).find("none.git") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(says_what_servers_of_other_kinds_say) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"echo 'FATAL: R any x me DENIED' >&2; exit 1", "the server says: FATAL: R any x me DENIED"},
      {"echo Welcome; exec git upload-pack /x", "bad packet length 'Welc'"},
      {"printf '000dERR gone\\n'", "the server says: gone"},
      {"exit 7", "the server ended the command with status 7"},
      {"printf 003f", "the server ended the command with status 0"},
  };
  for (const auto& [script, words] : rows) {
    const Tools tools;
    tools.write("shell", script);
    const Here here(tools.path() / "shell");
    const auto connection = here.connection();
    const Listing answer = ask(*connection, {"x"}).front();
    BOOST_TEST((answer.state == State::failed));
    BOOST_TEST(answer.problem.starts_with(words), answer.problem);
  }
}

BOOST_AUTO_TEST_CASE(keeps_as_many_commands_under_way_as_the_server_allows) {
  const Here here;
  const Sample sample;
  const Strings paths(20, sample.path());
  struct Row {
    std::size_t limit;
    std::size_t at_once;
    std::size_t most;
  };
  for (const auto& [limit, at_once, most] : {Row{1, 8, 1}, Row{3, 8, 3}, Row{8, 8, 8}, Row{no_limit, 5, 5}}) {
    Counted connection(here.connection(), limit);
    for (const Listing& answer : ask(connection, paths, at_once)) BOOST_TEST((answer.state == State::found));
    BOOST_TEST(connection.opened == paths.size());
    BOOST_TEST(connection.most == most);
    BOOST_TEST(connection.refused == (limit < at_once ? 1U : 0U));  // asked for once, not again and again
  }
}

BOOST_AUTO_TEST_CASE(a_connection_that_fails_is_no_answer) {
  const Here here;
  const Sample sample;
  Counted none(here.connection(), 0);
  BOOST_CHECK_THROW(ask(none, {sample.path()}), Error);
  Counted lost(here.connection(), 1);
  lost.refusal = ErrorKind::offline;
  BOOST_CHECK_THROW(ask(lost, {sample.path(), sample.path()}), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
