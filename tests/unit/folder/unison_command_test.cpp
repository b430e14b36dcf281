#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "folder/unison_command.hpp"

using namespace syncmanager::folder;

namespace {

using Words = std::vector<std::string>;

UnisonJob job() {
  UnisonJob job;
  job.profile = "../state/docs";
  job.local_root = "/here";
  job.server_root = "ssh://server//there";
  job.pull = true;
  job.push = true;
  return job;
}

/// Whether these words stand there in a row.
bool has(const UnisonJob& asked, const Words& words) {
  const Words all = unison_arguments(asked);
  return std::ranges::search(all, words).begin() != all.end();
}

Words closed(const std::string& root) {
  return {"-nocreation", root, "-noupdate", root, "-nodeletion", root};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unison_command)

BOOST_AUTO_TEST_CASE(closes_the_side_that_must_not_change) {
  UnisonJob asked = job();
  BOOST_TEST(!has(asked, closed("/here")));
  BOOST_TEST(!has(asked, closed("ssh://server//there")));
  asked.push = false;
  BOOST_TEST(has(asked, closed("ssh://server//there")));
  BOOST_TEST(!has(asked, closed("/here")));
  asked.push = true;
  asked.pull = false;
  BOOST_TEST(has(asked, closed("/here")));
  asked.pull = true;
  asked.dry_run = true;
  BOOST_TEST(has(asked, closed("/here")));
  BOOST_TEST(has(asked, closed("ssh://server//there")));
}

BOOST_AUTO_TEST_CASE(asks_nobody_and_ends_whatever_the_template_says) {
  BOOST_TEST(unison_arguments(job())[0] == "unison");
  BOOST_TEST(unison_arguments(job())[1] == "../state/docs");
  for (const Words& words : {Words{"-ui", "text"}, Words{"-batch"}, Words{"-repeat", ""}, Words{"-silent=false"},
                             Words{"-confirmbigdel=true"}, Words{"-auto=false"}, Words{"-retry", "0"}}) {
    BOOST_TEST(has(job(), words), words.front());
  }
}

BOOST_AUTO_TEST_CASE(force_prefers_the_side_that_the_direction_reads_and_keeps_the_other) {
  UnisonJob asked = job();
  asked.force = true;
  const Words kept = {"-backup", "Name *", "-backuplocation", "central"};
  BOOST_TEST(has(asked, {"-prefer", "ssh://server//there"}));
  BOOST_TEST(has(asked, kept));
  asked.pull = false;
  BOOST_TEST(has(asked, {"-prefer", "/here"}));
}

BOOST_AUTO_TEST_CASE(merges_only_where_both_sides_may_change) {
  const Words unmerged = {"-merge", "Name * -> false"};
  UnisonJob asked = job();
  asked.may_merge = true;
  BOOST_TEST(!has(asked, unmerged));
  asked.dry_run = true;
  BOOST_TEST(has(asked, unmerged));
  asked.dry_run = false;
  asked.push = false;
  BOOST_TEST(has(asked, unmerged));
  asked.may_merge = false;
  BOOST_TEST(!has(asked, unmerged));
}

BOOST_AUTO_TEST_CASE(leaves_out_repositories_and_what_the_user_says) {
  UnisonJob asked = job();
  asked.ignore = {"Name *.tmp", "!Name .git", "-force"};
  BOOST_TEST(has(asked, {"-ignore", "Name .git", "-ignore", "Path .sync-backup", "-ignore", "Name .sync-partial",
                         "-ignore", "Name *.tmp", "-ignorenot", "Name .git", "-ignore", "-force"}));
}

BOOST_AUTO_TEST_CASE(says_more_only_where_that_is_asked_for) {
  for (const std::string word : {"-ignorelocks", "-ignorearchives", "-sshcmd", "-prefer", "-confirmbigdel=false"}) {
    BOOST_TEST(!has(job(), {word}), word);
  }
  UnisonJob asked = job();
  asked.ignore_locks = true;
  asked.ignore_archives = true;
  asked.allow_mass_deletion = true;
  asked.remote_shell = "/libexec/remote-shell";
  for (const Words& words : {Words{"-ignorelocks"}, Words{"-ignorearchives"}, Words{"-confirmbigdel=false"},
                             Words{"-sshcmd", "/libexec/remote-shell"}}) {
    BOOST_TEST(has(asked, words), words.front());
  }
}

BOOST_AUTO_TEST_SUITE_END()
