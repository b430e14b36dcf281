#include "ssh/control_place.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/stat.h>

#include "base/environment.hpp"
#include "support/temporary_folder.hpp"

using namespace syncmanager;
using namespace syncmanager::ssh;
using namespace syncmanager::test;
namespace fs = std::filesystem;

namespace {

struct World {
  TemporaryFolder folder;
  Environment environment;

  World() {
    environment.runtime_folder = folder.path() / "run";
    environment.state_home = folder.path() / "state";
    environment.temporary_folder = folder.path();
    fs::create_directory(environment.runtime_folder);
  }
};

fs::path folder_of(const ControlPlace& place) {
  return fs::path(place.socket()).parent_path();
}

void check_private(const fs::path& folder) {
  struct stat found {};
  BOOST_REQUIRE(stat(folder.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777U) == 0700U);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(control_place)

BOOST_AUTO_TEST_CASE(is_in_the_runtime_folder) {
  const World world;
  const ControlPlace place(world.environment);
  BOOST_TEST(folder_of(place) == world.environment.runtime_folder / "syncmanager");
  check_private(folder_of(place));
}

BOOST_AUTO_TEST_CASE(is_in_the_state_folder_where_nobody_has_made_a_runtime_folder) {
  World world;
  world.environment.runtime_folder = world.folder.path() / "none";
  const ControlPlace place(world.environment);
  BOOST_TEST(folder_of(place) == world.environment.state_folder());
  check_private(folder_of(place));
  BOOST_TEST(!fs::exists(world.environment.runtime_folder));
}

BOOST_AUTO_TEST_CASE(is_in_a_new_folder_where_the_paths_are_too_long_or_would_be_expanded) {
  for (const std::string& name : {std::string(100, 'x'), std::string("%h"), std::string("${HOME}")}) {
    World world;
    world.environment.runtime_folder = world.folder.path() / name;
    fs::create_directory(world.environment.runtime_folder);
    world.environment.state_home = world.environment.runtime_folder;
    fs::path folder;
    {
      const ControlPlace place(world.environment);
      folder = folder_of(place);
      BOOST_TEST(folder.parent_path() == world.folder.path());
      check_private(folder);
      std::ofstream(place.socket()) << "left behind";
    }
    BOOST_TEST(!fs::exists(folder));
    world.environment.temporary_folder = world.environment.runtime_folder;
    const ControlPlace place(world.environment);
    BOOST_TEST(folder_of(place).parent_path() == "/tmp");
  }
}

BOOST_AUTO_TEST_CASE(leaves_room_for_what_ssh_puts_behind_the_name) {
  for (std::size_t length = 1; length < 120; ++length) {
    World world;
    world.environment.runtime_folder = world.folder.path() / std::string(length, 'x');
    fs::create_directory(world.environment.runtime_folder);
    const ControlPlace place(world.environment);
    BOOST_TEST(place.socket().size() + 17 <= 103U);
  }
}

BOOST_AUTO_TEST_CASE(two_of_them_are_apart_and_each_removes_its_own) {
  const World world;
  const ControlPlace one(world.environment);
  std::ofstream(one.socket()) << "one";
  {
    const ControlPlace other(world.environment);
    BOOST_TEST(other.socket() != one.socket());
    std::ofstream(other.socket()) << "other";
  }
  BOOST_TEST(fs::exists(one.socket()));
  BOOST_TEST(std::distance(fs::directory_iterator(folder_of(one)), {}) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
