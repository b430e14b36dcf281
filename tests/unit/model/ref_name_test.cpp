#include "model/ref_name.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include "base/process.hpp"
#include "support/temp_repo.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager {

BOOST_AUTO_TEST_SUITE(ref_name)

BOOST_AUTO_TEST_CASE(says_of_every_name_what_git_says) {
  const test::TemporaryFolder folder;
  std::vector<std::string> names = {"main",
                                    "a/b/c",
                                    "@",
                                    "a@b",
                                    "-x",
                                    "a.lock.b",
                                    "lock",
                                    ".lock",
                                    "a.b",
                                    "",
                                    "/",
                                    "/a",
                                    "a/",
                                    "a//b",
                                    ".a",
                                    "a/.b",
                                    "a.",
                                    "a..b",
                                    "a./b",
                                    "a@{b",
                                    "@{",
                                    "a.lock",
                                    "a.lock/b",
                                    "..",
                                    ".",
                                    "a/..",
                                    "\xff",
                                    "\xc3\xa4",
                                    "refs/heads/main",
                                    "it's",
                                    "a\"b",
                                    "$(x)",
                                    "a{b",
                                    "a]b"};
  for (int letter = 1; letter < 0x80; ++letter) names.push_back(std::string("a") + static_cast<char>(letter) + 'b');
  for (const std::string& name : names) {
    Command command;
    command.argv = {"git", "check-ref-format", "refs/heads/" + name};
    command.environment = test::git_environment(folder.path());
    BOOST_TEST(is_ref_name(name) == run(command, {}, std::chrono::minutes(1)).ok(), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager
