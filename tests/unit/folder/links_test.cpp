#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "folder/links.hpp"
#include "support/sandbox.hpp"
#include "support/temporary_folder.hpp"

using namespace syncmanager::folder;
using namespace syncmanager::test;

namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(links)

BOOST_AUTO_TEST_CASE(knows_which_ones_lead_out) {
  struct Row {
    std::string path;
    std::string target;
    bool out;
  };
  const Row rows[] = {
      {"l", "a", false},         {"l", "a/b", false},   {"l", "./a", false},           {"l", "/etc", true},
      {"l", "..", true},         {"l", "../a", true},   {"d/l", "../a", false},        {"d/l", "../../a", true},
      {"d/e/l", "../..", false}, {"l", "a/../b", true}, {"d/l", "../a/../../b", true}, {"l", "", true},
      {"l", "..a", false},       {"l", "a/..b", false},
  };
  for (const Row& row : rows) BOOST_TEST(leads_out(row.path, row.target) == row.out, row.path << " -> " << row.target);
}

BOOST_AUTO_TEST_CASE(finds_them_wherever_they_are) {
  const TemporaryFolder temporary;
  const fs::path& root = temporary.path();
  Computer::write(root / "d" / "file", "x");
  Computer::write(root / ".sync-backup" / "kept" / "file", "x");
  fs::create_symlink("/etc", root / ".sync-backup" / "kept" / "out");
  fs::create_symlink("/etc", root / "d" / "line\nfeed");
  fs::create_symlink("d", root / "inside");
  fs::create_symlink("../x", root / "out");
  const std::vector<std::string> expected = {"d/line\nfeed", "out"};
  BOOST_TEST(links_out_of(root, nullptr) == expected, boost::test_tools::per_element());
  BOOST_TEST(links_out_of(root / "missing", nullptr).empty());
}

BOOST_AUTO_TEST_SUITE_END()
