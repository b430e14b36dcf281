#include "git/base_record.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include "base/file.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::git {

namespace {

const Oid oid = *Oid::from_hex("8f0c8f0c8f0c8f0c8f0c8f0c8f0c8f0c8f0c8f0c");

BaseRecord sample() {
  return {.url = "ssh://server/srv/notes.git", .tips = {{"main", oid}, {"topic/it's \xff", oid}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base_record)

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
  const test::TemporaryFolder folder;
  write_base_record(folder.path(), "team/origin", sample());
  const BaseRecord read = read_base_record(folder.path(), "team/origin", sample().url);
  BOOST_TEST(read.url == sample().url);
  BOOST_TEST((read.tips == sample().tips));
}

BOOST_AUTO_TEST_CASE(each_remote_has_a_record_of_its_own) {
  const test::TemporaryFolder folder;
  write_base_record(folder.path(), "a/b", sample());
  BOOST_TEST(read_base_record(folder.path(), "a", sample().url).tips.empty());
  BOOST_TEST(base_record_path(folder.path(), "a/b") != base_record_path(folder.path(), "a%2fb"));
}

BOOST_AUTO_TEST_CASE(another_server_has_no_memory) {
  const test::TemporaryFolder folder;
  write_base_record(folder.path(), "origin", sample());
  const BaseRecord read = read_base_record(folder.path(), "origin", "ssh://other/srv/notes.git");
  BOOST_TEST(read.url == "ssh://other/srv/notes.git");
  BOOST_TEST(read.tips.empty());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_forgotten_for_all_remotes) {
  const test::TemporaryFolder folder;
  forget_in_base_records(folder.path(), [](const std::string&, const Oid&) { return true; });
  write_base_record(folder.path(), "origin", sample());
  write_base_record(folder.path(), "team/backup", sample());
  folder.write("syncmanager/damaged.base", "no record");
  forget_in_base_records(folder.path(),
                         [](const std::string& branch, const Oid& tip) { return branch == "main" && tip == oid; });
  for (const std::string remote : {"origin", "team/backup"}) {
    const BaseRecord left = read_base_record(folder.path(), remote, sample().url);
    BOOST_TEST(left.tips.size() == 1U);
    BOOST_TEST(!left.tips.contains("main"));
  }
  BOOST_TEST(read_file(folder.path() / "syncmanager/damaged.base").value() == "no record");
}

BOOST_AUTO_TEST_CASE(a_record_that_is_none_is_no_memory) {
  const std::string good = format_base_record(sample());
  const std::vector<std::string> bad = {"",
                                        "\n",
                                        "syncmanager base 2\nurl x\n",
                                        "syncmanager base 1\n",
                                        "syncmanager base 1\nurl x\nnonsense main\n",
                                        "syncmanager base 1\nurl x\n" + oid.hex() + "\n",
                                        "syncmanager base 1\nurl x\n" + oid.hex() + " \n",
                                        good.substr(0, good.size() - 40)};
  for (const std::string& text : bad) BOOST_TEST(parse_base_record(text).tips.empty(), text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
