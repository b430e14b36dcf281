#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "folder/rsync_command.hpp"

using namespace syncmanager::folder;

namespace {

using Words = std::vector<std::string>;

RsyncJob push() {
  RsyncJob job;
  job.sending = true;
  job.host = "jane@server";
  job.folder = "/srv/it's here";
  job.remote_shell = "/usr/libexec/it's/remote-shell";
  job.backup = "2026-11-24T22-57-26.123Z";
  job.timeout = std::chrono::seconds(30);
  return job;
}

bool has(const Words& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

std::ptrdiff_t place_of(const Words& words, const std::string& word) {
  return std::ranges::find(words, word) - words.begin();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rsync_command)

BOOST_AUTO_TEST_CASE(sends_to_a_server_by_the_runs_own_shell) {
  const Words expected = {"rsync",
                          "-a",
                          "--no-D",
                          "--no-h",
                          "--outbuf=L",
                          "--out-format=@%i %l %n",
                          "--info=progress2",
                          "--update",
                          "--partial-dir=.sync-partial",
                          "--backup",
                          "--backup-dir=.sync-backup/2026-11-24T22-57-26.123Z",
                          "--temp-dir=.sync-backup/temp",
                          "--filter=- .sync-backup",
                          "--filter=- .sync-partial",
                          "--filter=- .git",
                          "-e",
                          "'/usr/libexec/it''s/remote-shell'",
                          R"(--rsync-path=cd '/srv/it'\''s here' && rsync)",
                          "--timeout=30",
                          "--",
                          "./",
                          "jane@server:./"};
  BOOST_TEST(rsync_arguments(push()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(takes_no_link_out_of_the_folder_from_the_server) {
  RsyncJob job = push();
  BOOST_TEST(!has(rsync_arguments(job), "--safe-links"));
  job.sending = false;
  const Words pull = rsync_arguments(job);
  BOOST_TEST(has(pull, "--safe-links"));
  BOOST_TEST(has(pull, "--chmod=Fug-s"));
  BOOST_TEST((Words(pull.end() - 3, pull.end()) == Words{"--", "jane@server:./", "./"}));
}

BOOST_AUTO_TEST_CASE(copies_on_this_computer_without_a_shell) {
  RsyncJob job = push();
  job.host.clear();
  job.folder = "/media/a:b";
  const Words words = rsync_arguments(job);
  BOOST_TEST((Words(words.end() - 3, words.end()) == Words{"--", "./", "/media/a:b/"}));
  BOOST_TEST(!has(words, "-e"));
  BOOST_TEST(!has(words, "--timeout=30"));
}

BOOST_AUTO_TEST_CASE(leaves_out_what_it_keeps_before_what_the_user_says) {
  RsyncJob job = push();
  job.exclude = {"*.tmp", "!.git", "!!", "!", "/cache/", "--delete"};
  const Words words = rsync_arguments(job);
  const Words in_order = {
      "--filter=- .sync-backup", "--filter=- .sync-partial", "--filter=- *.tmp", "--filter=+ .git", "--filter=+ !",
      "--filter=- /cache/",      "--filter=- --delete",      "--filter=- .git"};
  for (const std::string& word : in_order) BOOST_TEST(has(words, word), word);
  BOOST_TEST(std::ranges::is_sorted(in_order, {}, [&](const std::string& word) { return place_of(words, word); }));
  BOOST_TEST(!has(words, "--delete"));
  BOOST_TEST(!has(words, "--filter=+ "));
}

BOOST_AUTO_TEST_CASE(leaves_alone_what_it_is_told_whatever_its_name) {
  RsyncJob job = push();
  BOOST_TEST(rsync_input(job) == "");
  BOOST_TEST(!has(rsync_arguments(job), "--exclude-from=-"));
  job.left_alone = {"a b", "line\nfeed", "back\\slash", "w[i]ld\\*"};
  BOOST_TEST(has(rsync_arguments(job), "--exclude-from=-"));
  std::string expected = "/a b|/line\nfeed|/back\\slash|/w\\[i]ld\\\\\\*|";
  std::ranges::replace(expected, '|', '\0');
  BOOST_TEST(rsync_input(job) == expected);
}

BOOST_AUTO_TEST_CASE(deletes_only_where_that_is_asked_for) {
  RsyncJob job = push();
  job.max_delete = 7;
  BOOST_TEST(!has(rsync_arguments(job), "--max-delete=7"));
  job.deletions = true;
  BOOST_TEST(has(rsync_arguments(job), "--delete"));
  BOOST_TEST(has(rsync_arguments(job), "--max-delete=7"));
  job.max_delete = -1;
  for (const std::string& word : rsync_arguments(job)) BOOST_TEST(!word.starts_with("--max-delete"));
}

BOOST_AUTO_TEST_CASE(counts_deletions_without_a_change) {
  RsyncJob job = push();
  job.max_delete = 7;
  const Words words = rsync_deletions(job);
  for (const std::string word : {"--dry-run", "--delete", "--existing"}) {
    BOOST_TEST(has(words, word), word);
  }
  BOOST_TEST(!has(words, "--ignore-existing"));  // it hides folders that are to make way
  BOOST_TEST(!has(words, "--max-delete=7"));
}

BOOST_AUTO_TEST_SUITE_END()
