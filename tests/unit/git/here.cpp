#include "unit/git/here.hpp"

#include <csignal>
#include <utility>

#include <boost/test/unit_test.hpp>

namespace syncmanager::test {

namespace fs = std::filesystem;

fs::path program(const std::string& name) {
  for (const char* const folder : {"/usr/bin/", "/bin/"}) {
    if (fs::exists(folder + name)) return folder + name;
  }
  BOOST_TEST_MESSAGE("there is no " << name << " here");
  return {};
}

void Tools::link(const std::string& name, const fs::path& target) const {
  fs::create_symlink(target, path() / name);
}

void Tools::write(const std::string& name, const std::string& script) const {
  fs::permissions(folder_.write(name, "#!/bin/sh\n" + script), fs::perms::owner_all);
}

bool same(const git::Listing& one, const git::Listing& other) {
  return one.state == other.state && one.head == other.head && one.branches == other.branches && one.tags == other.tags;
}

bool all_at_rest(std::size_t /*place*/) {
  return true;
}

bool none_at_rest(std::size_t /*place*/) {
  return false;
}

Here::Here(const std::string& shell, const std::string& path) {
  std::signal(SIGPIPE, SIG_IGN);
  argv_ = {"env", "-C", home().string()};
  if (!path.empty()) argv_.push_back("PATH=" + path);
  argv_.insert(argv_.end(), {shell, "-c"});
  setup_.environment = git_environment(home());
  setup_.name = "here";
}

std::unique_ptr<ssh::Connection> Here::connection() const {
  return std::make_unique<ssh::ChildConnection>(setup_, argv_, 1);
}

Seen Here::list(const std::vector<std::string>& paths, const Judge& at_rest) const {
  Seen seen;
  const auto on_glimpse = [&](std::size_t place, const git::Listing& listing) {
    BOOST_TEST(seen.glimpses.emplace(place, listing).second);
    return at_rest(place);
  };
  const auto on_listing = [&](std::size_t place, git::Listing&& listing) {
    BOOST_TEST(seen.listings.emplace(place, std::move(listing)).second);
  };
  const auto there = connection();
  BOOST_TEST((git::list(*there, paths, on_glimpse, on_listing) == git::ListResult::complete));
  return seen;
}

git::ListResult Here::try_list() const {
  const auto there = connection();
  return git::list(
      *there, {"~/x"}, [](std::size_t, const git::Listing&) { return false; }, [](std::size_t, git::Listing&&) {});
}

Sample::Sample()
    : repo([]() -> const TempRepo& {
        static const TempRepo model = [] {
          TempRepo made;
          made.commit("a", "1");
          made.commit("a", "2");
          return made;
        }();
        return model;
      }()),
      first(repo.git({"rev-parse", "HEAD^"})),
      second(repo.git({"rev-parse", "HEAD"})) {}

void check_clear(const Here& here, const Sample& sample, const std::string& why) {
  const Seen seen = here.list({sample.path()}, none_at_rest);
  BOOST_TEST_CONTEXT(why) {
    BOOST_TEST_REQUIRE(seen.glimpses.contains(0));
    BOOST_TEST((seen.listings.at(0).state == git::Listing::State::found));
    BOOST_TEST(same(seen.glimpses.at(0), seen.listings.at(0)));
  }
}

}  // namespace syncmanager::test
