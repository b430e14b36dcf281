#include "git/credential_cache.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/process.hpp"
#include "support/temp_repo.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::git {

namespace {

struct Place {
  test::TemporaryFolder folder;
  Environment environment;

  Place() {
    environment.temporary_folder = folder.path() / "it's \"tmp\"";
    std::filesystem::create_directory(environment.temporary_folder);
    environment.variables = test::git_environment(folder.path());
  }

  /// What git children get to know through the helper.
  [[nodiscard]] std::string asked(const std::string& helper, const std::string& host) const {
    Command command{{"git", "-c", "credential.helper=", "-c", "credential.helper=" + helper, "credential", "fill"},
                    environment.variables,
                    {}};
    command.environment.emplace_back("GIT_TERMINAL_PROMPT=0");
    return run(command, "protocol=https\nhost=" + host + "\n\n", std::chrono::seconds(30)).out;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(credential_cache)

BOOST_AUTO_TEST_CASE(gives_back_what_it_was_given_and_nothing_after_its_end) {
  const Place place;
  std::string helper;
  {
    CredentialCache cache(place.environment);
    helper = cache.helper();
    BOOST_TEST(place.asked(helper, "h:8443").empty());
    cache.store({.protocol = "https", .host = "h:8443", .user = "jane", .password = "s3=cr et"});
    BOOST_TEST(place.asked(helper, "h:8443") == "protocol=https\nhost=h:8443\nusername=jane\npassword=s3=cr et\n");
    BOOST_TEST(place.asked(helper, "h").empty());
  }
  BOOST_TEST(place.asked(helper, "h:8443").empty());
  BOOST_TEST(std::filesystem::is_empty(place.environment.temporary_folder));
}

BOOST_AUTO_TEST_CASE(two_caches_know_nothing_of_each_other) {
  const Place place;
  CredentialCache first(place.environment);
  const CredentialCache second(place.environment);
  first.store({.protocol = "https", .host = "h", .user = "jane", .password = "p"});
  BOOST_TEST(!place.asked(first.helper(), "h").empty());
  BOOST_TEST(place.asked(second.helper(), "h").empty());
}

BOOST_AUTO_TEST_CASE(refuses_a_value_that_would_be_read_as_another_line) {
  const Place place;
  CredentialCache cache(place.environment);
  const Credential credential{.protocol = "https", .host = "h", .user = "jane", .password = "x\nhost=other"};
  BOOST_CHECK_THROW(cache.store(credential), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
