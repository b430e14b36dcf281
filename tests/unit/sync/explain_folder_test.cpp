#include "sync/explain_folder.hpp"

#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

namespace syncmanager::sync {

namespace {

Project photos(Direction direction = Direction::both) {
  Project project;
  project.name = "my photos";
  project.path = "/home/jane/my photos";
  project.direction = direction;
  project.max_delete = 7;
  return project;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(explain_folder)

BOOST_AUTO_TEST_CASE(says_why_a_folder_is_not_synced_and_what_solves_it) {
  using enum FolderStop;
  struct Row {
    FolderStop stop;
    Direction direction;
    bool synced_before;
    Status status;
    std::string_view message;
    std::string_view hint;
  };
  const Row rows[] = {
      {local_no_folder, Direction::both, false, Status::failed, "/home/jane/my photos is no folder",
       "move it away, or correct the path in the conf file"},
      {local_closed, Direction::both, false, Status::failed, "/home/jane/my photos can't be read",
       "see to its permissions"},
      {server_no_folder, Direction::both, true, Status::failed, "the server's /srv/photos is no folder",
       "correct the url in the conf file"},
      {server_closed, Direction::both, true, Status::failed, "the server's /srv/photos can't be read by this account",
       "see to its permissions there"},
      {nowhere, Direction::both, false, Status::failed,
       "there is neither /home/jane/my photos nor the server's /srv/photos",
       "mkdir '/home/jane/my photos', or correct the conf file"},
      {not_here, Direction::both, false, Status::failed, "nothing to push: there is no folder /home/jane/my photos",
       "to get it from the server: sync-pull 'my photos'"},
      {not_here, Direction::push, false, Status::failed, "nothing to push: there is no folder /home/jane/my photos",
       "correct the path in the conf file"},
      {not_there, Direction::both, false, Status::failed,
       "nothing to pull: there is no folder /srv/photos on the server", "to make and fill it: sync-push 'my photos'"},
      {not_there, Direction::pull, false, Status::failed,
       "nothing to pull: there is no folder /srv/photos on the server", "correct the url in the conf file"},
      {local_missing, Direction::both, true, Status::attention,
       "/home/jane/my photos is missing, though it was synced before",
       "mount its disk if it has one of its own; or get all files again: sync-pull --force 'my photos'"},
      {local_emptied, Direction::push, true, Status::attention,
       "/home/jane/my photos is empty, though it was synced before", "mount its disk if it has one of its own"},
      {local_emptied, Direction::push, false, Status::attention,
       "/home/jane/my photos is empty, and delete = yes would delete all files of the other side",
       "mount its disk if it has one of its own"},
      {server_missing, Direction::both, true, Status::attention,
       "the server's /srv/photos is missing, though it was synced before",
       "see to the server's disks; or send all files again: sync-push --force 'my photos'"},
      {server_emptied, Direction::pull, true, Status::attention,
       "the server's /srv/photos is empty, though it was synced before", "see to the server's disks"},
  };
  for (const Row& row : rows) {
    const FolderWords words = explain(row.stop, photos(row.direction), "/srv/photos", row.synced_before);
    BOOST_TEST((words.status == row.status), row.message);
    BOOST_TEST(words.message == row.message);
    BOOST_TEST(words.hint == row.hint);
  }
}

BOOST_AUTO_TEST_CASE(names_the_command_that_deletes_more_than_is_allowed) {
  const FolderWords there = explain_deletions(photos(), Side::server, 8);
  BOOST_TEST((there.status == Status::attention));
  BOOST_TEST(there.message ==
             "would delete 8 files or folders on the server, which is more than max-delete = 7: nothing was deleted");
  BOOST_TEST(there.hint ==
             "see which ones: sync-push -n -v 'my photos'; if that is right: sync-push --allow-mass-deletion "
             "'my photos'");
  const FolderWords here = explain_deletions(photos(), Side::local, 8);
  BOOST_TEST(here.message.find("folders here,") != std::string::npos, here.message);
  BOOST_TEST(here.hint.find("sync-pull --allow-mass-deletion") != std::string::npos, here.hint);
}

BOOST_AUTO_TEST_CASE(counts_conflicts_and_problems_and_lets_problems_weigh_more) {
  struct Row {
    std::size_t conflicts;
    std::size_t troubles;
    Status status;
    std::string_view message;
    std::string_view in_hint;
  };
  const Row rows[] = {
      {1, 0, Status::attention, "1 file changed on both sides", "sync-pull --force 'my photos'"},
      {2, 0, Status::attention, "2 files changed on both sides", "sync-push --force 'my photos'"},
      {0, 1, Status::failed, "1 problem while copying", "run it again"},
      {0, 3, Status::failed, "3 problems while copying", "run it again"},
      {2, 1, Status::failed, "2 files changed on both sides; 1 problem while copying", "sync-pull --force"},
  };
  for (const Row& row : rows) {
    FilesOutcome files;
    files.conflicts.assign(row.conflicts, "a");
    files.troubles.assign(row.troubles, "b");
    const FolderWords words = explain_files(photos(), files);
    BOOST_TEST((words.status == row.status), row.message);
    BOOST_TEST(words.message == row.message);
    BOOST_TEST(words.hint.find(row.in_hint) != std::string::npos, words.hint);
  }
  BOOST_TEST(explain_files(photos(), {}).message == "");
}

BOOST_AUTO_TEST_CASE(offers_for_a_conflict_only_what_the_direction_allows) {
  FilesOutcome files;
  files.conflicts = {"a"};
  const auto hint = [&](Direction direction) { return explain_files(photos(direction), files).hint; };
  BOOST_TEST(hint(Direction::pull) == "to take the server's: sync-pull --force 'my photos'");
  BOOST_TEST(hint(Direction::push) == "to keep those here: sync-push --force 'my photos'");
  BOOST_TEST(hint(Direction::both) ==
             "to take the server's: sync-pull --force 'my photos'; to keep those here: sync-push --force 'my photos'");
}

BOOST_AUTO_TEST_CASE(an_emptied_side_is_no_failure_but_a_question) {
  const FolderWords words = explain_emptied(photos());
  BOOST_TEST((words.status == Status::attention));
  BOOST_TEST(words.hint.find("sync-now --allow-mass-deletion 'my photos'") != std::string::npos, words.hint);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::sync
