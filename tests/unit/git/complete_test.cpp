#include "git/complete.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "git/library.hpp"
#include "support/no_threads.hpp"
#include "support/temp_repo.hpp"

using namespace syncmanager;
using namespace syncmanager::git;

namespace {

/// Three commits, each with a file of its own, as loose objects.
struct History {
  Library library;
  test::TempRepo repo;
  test::TemporaryFolder home;
  Oid first = *Oid::from_hex(repo.commit("a", "1"));
  Oid second = *Oid::from_hex(repo.commit("b", "2"));
  Oid third = *Oid::from_hex(repo.commit("c", "3"));

  void lose(const std::string& revision) const {
    const std::string id = repo.git({"rev-parse", revision});
    std::filesystem::remove(repo.git_folder() / "objects" / id.substr(0, 2) / id.substr(2));
  }
  [[nodiscard]] std::unique_ptr<LookThrough> look(const Oid& tip, const std::vector<Oid>& known,
                                                  const Interrupt* interrupt) const {
    Environment environment;
    environment.variables = test::git_environment(home.path());
    return std::make_unique<LookThrough>(environment, *Repository::open(repo.path()), std::vector{tip}, known,
                                         interrupt);
  }
  [[nodiscard]] bool complete(const Oid& tip, const std::vector<Oid>& known = {}) const {
    return look(tip, known, nullptr)->complete();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(complete)

BOOST_AUTO_TEST_CASE(sees_each_kind_of_object_that_lacks) {
  for (const auto* const lost : {"HEAD", "HEAD~1", "HEAD^{tree}", "HEAD:b"}) {
    const History history;
    BOOST_TEST(history.complete(history.third));
    history.lose(lost);
    BOOST_TEST(!history.complete(history.third), lost);
  }
}

BOOST_AUTO_TEST_CASE(looks_only_behind_what_is_known) {
  const History history;
  history.lose("HEAD~2");
  BOOST_TEST(!history.complete(history.third));
  BOOST_TEST(history.complete(history.third, {history.second}));
}

BOOST_AUTO_TEST_CASE(a_known_tip_that_lacks_excludes_nothing) {
  const History history;
  const Oid unknown = *Oid::from_hex(std::string(40, 'e'));
  BOOST_TEST(history.complete(history.third, {unknown}));
  history.lose("HEAD~1");
  BOOST_TEST(!history.complete(history.third, {unknown}));
}

BOOST_AUTO_TEST_CASE(a_tag_leads_to_what_it_names) {
  const History history;
  history.repo.git({"tag", "-a", "-m", "x", "v1", "HEAD"});
  const Oid tag = *Oid::from_hex(history.repo.git({"rev-parse", "v1"}));
  BOOST_TEST(history.complete(tag));
  history.lose("HEAD:a");
  BOOST_TEST(!history.complete(tag));
}

BOOST_AUTO_TEST_CASE(needs_no_thread_of_its_own) {
  const test::NoThreads none;
  const History history;
  BOOST_TEST(history.complete(history.third));
  history.lose("HEAD:b");
  BOOST_TEST(!history.complete(history.third));
}

BOOST_AUTO_TEST_CASE(is_not_waited_for_once_a_person_interrupts) {
  const History history;
  const Interrupt interrupt;
  interrupt.request();
  const auto waits = [&] { return history.look(history.third, {}, &interrupt)->complete(); };
  const test::NoThreads none;
  BOOST_CHECK_EXCEPTION((void)waits(), Error,
                        [](const Error& error) { return error.kind() == ErrorKind::interrupted; });
}

BOOST_AUTO_TEST_SUITE_END()
