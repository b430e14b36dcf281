#include "git/push_command.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace syncmanager::git {

namespace {

std::vector<PushedRef> refs(const std::vector<std::string>& names) {
  std::vector<PushedRef> refs;
  for (const std::string& name : names) refs.push_back({.name = name, .from = std::nullopt, .to = {}});
  return refs;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(push_command)

BOOST_AUTO_TEST_CASE(reads_what_became_of_each_ref) {
  struct Row {
    std::string line;
    Pushed pushed;
    std::string message;
  };
  const std::vector<Row> rows = {
      {" \tabc:refs/heads/x\tabc..def", Pushed::yes, ""},
      {"+\tabc:refs/heads/x\tabc...def (forced update)", Pushed::yes, ""},
      {"*\tabc:refs/heads/x\t[new branch]", Pushed::yes, ""},
      {"=\tabc:refs/heads/x\t[up to date]", Pushed::yes, ""},
      {"!\tabc:refs/heads/x\t[rejected] (stale info)", Pushed::stale, ""},
      {"!\tabc:refs/heads/x\t[remote rejected] (hook declined)", Pushed::rejected, "hook declined"},
      {"!\tabc:refs/heads/x\t[remote rejected] (no (really not))", Pushed::rejected, "no (really not)"},
      {"!\tabc:refs/heads/x\t[remote failure] (remote failed to report status)", Pushed::untold,
       "the server did not say what became of it"},
      {"!\tabc:refs/heads/x\tno reason", Pushed::rejected, "no reason"},
  };
  for (const Row& row : rows) {
    const auto results = parse_push_porcelain("To ssh://server/x\n" + row.line + "\nDone\n", refs({"refs/heads/x"}));
    BOOST_TEST((results.at(0).pushed == row.pushed), row.line);
    BOOST_TEST(results.at(0).message == row.message);
  }
}

BOOST_AUTO_TEST_CASE(a_ref_of_which_nothing_is_said_is_untold) {
  const auto results = parse_push_porcelain("*\ta:refs/heads/y\t[new branch]\n!\tnonsense\n", refs({"refs/heads/x"}));
  BOOST_TEST((results.at(0).pushed == Pushed::untold));
  BOOST_TEST(!results.at(0).message.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
