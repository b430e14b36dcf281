// What is true of folders by rsync and by Unison alike.
#include <filesystem>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "folders.hpp"

namespace syncmanager::test {

namespace {

const auto clients = boost::unit_test::data::make({"rsync", "unison"});

}  // namespace

BOOST_AUTO_TEST_SUITE(folder_clients)

BOOST_DATA_TEST_CASE(two_sides_that_were_empty_have_lost_nothing, clients, client) {
  const Folders folders(client);
  fs::create_directory(folders.here);
  expect_exit(folders.world.laptop.run("sync-now"), 0);
  BOOST_TEST(fs::exists(folders.there));
  Computer::write(folders.here / "first", "1");
  expect_exit(folders.world.laptop.run("sync-now"), 0);
  expect_tree(folders.there, Tree{{"first", "1"}});
  for (const auto& entry : fs::directory_iterator(folders.there)) fs::remove_all(entry.path());
  expect_exit(folders.world.laptop.run("sync-now"), 3);
  expect_tree(folders.here, Tree{{"first", "1"}});
}

BOOST_DATA_TEST_CASE(says_that_the_program_is_missing_here, clients, client) {
  const Folders folders(client);
  folders.begin_with({{"a", "1"}});  // so that it is tried at once the next time
  Computer::write(folders.here / "b", "2");
  const fs::path some = folders.world.path() / "bin";
  fs::create_directory(some);
  for (const std::string program : {"sh", "ssh", "git"}) fs::create_symlink("/usr/bin/" + program, some / program);
  Computer laptop = folders.world.laptop;
  laptop.set("PATH", some.string());
  const Finished run = laptop.run("sync-push");
  expect_exit(run, 1);
  BOOST_TEST(contains(run.out, std::string("cannot run ") + client + ": no such program"), run.out);
}

BOOST_DATA_TEST_CASE(says_what_to_do_where_there_is_no_folder_on_either_side, clients, client) {
  const Folders folders(client);
  const Finished both = folders.world.laptop.run("sync-now");
  expect_exit(both, 1);
  BOOST_TEST(contains(both.out, "there is neither"), both.out);
  BOOST_TEST(contains(both.out, "mkdir " + folders.here.string()), both.out);
  folders.conf("direction = pull\n");
  const Finished pull = folders.world.laptop.run("sync-now");
  expect_exit(pull, 1);
  BOOST_TEST(contains(pull.out, "correct the url in the conf file"), pull.out);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
