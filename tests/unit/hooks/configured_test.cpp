#include "hooks/configured.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "git/library.hpp"
#include "support/program.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::hooks {

BOOST_AUTO_TEST_SUITE(configured)

BOOST_AUTO_TEST_CASE(only_new_gits_have_hooks_in_their_configuration) {
  const struct {
    const char* printed;
    bool has;
  } rows[] = {{"git version 2.39.5\n", false},
              {"git version 2.53.0", false},
              {"git version 2.54.0\n", true},
              {"git version 2.55.0.618.g1a3e64c6c4\n", true},
              {"git version 3.0.1 (Apple-1)", true},
              {"git version 2.54.rc0", true},
              {"", false},
              {"git", false},
              {"git version x.y", false}};
  for (const auto& row : rows) BOOST_TEST(has_configured_hooks(row.printed) == row.has, row.printed);
}

BOOST_AUTO_TEST_CASE(the_configuration_is_given_back_byte_for_byte) {
  const git::Library library;
  const test::TempRepo repo;
  repo.git({"config", "user.name", "Jane Doe"});
  const auto config = repo.path() / ".git/config";
  const std::string before = test::content_of(config);
  const auto repository = git::Repository::open(repo.path());
  const Environment environment;
  const ConfiguredHook hook{environment, *repository, queue::Event::commit, "/it's/enqueue"};
  BOOST_TEST((state_of(hook) == HookState::missing));
  install(hook);
  install(hook);
  BOOST_TEST((state_of(hook) == HookState::installed));
  BOOST_TEST(repo.git({"config", "--get-all", "hook.sync-commit.event"}) == "post-commit");
  BOOST_TEST(repo.git({"config", "hook.sync-commit.command"}) ==
             "if [ \"${SYNC_HOOKS-}\" != 0 ] && [ -x '/it'\\''s/enqueue' ]; then "
             "'/it'\\''s/enqueue' commit \"$@\" </dev/null || :; fi; :");
  const ConfiguredHook elsewhere{environment, *repository, queue::Event::commit, "/other/enqueue"};
  BOOST_TEST((state_of(elsewhere) == HookState::outdated));
  uninstall(hook);
  BOOST_TEST(test::content_of(config) == before);
  uninstall(hook);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::hooks
