#include "git/new_refs.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "base/file.hpp"
#include "git/library.hpp"
#include "git/repository.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

/// A repository with a commit and tags, where nothing is packed yet.
struct Fixture {
  Library library;
  test::TempRepo repo;
  Oid commit = *Oid::from_hex(repo.commit("f", "1"));
  Oid tag = tagged("v1", "main");
  Oid tag_of_tag = tagged("v1-signed", "v1");
  Repository repository = *Repository::open(repo.path());

  [[nodiscard]] Oid tagged(const std::string& name, const std::string& what) const {
    repo.git({"tag", "--annotate", "--message", "x", name, what});
    return *Oid::from_hex(repo.git({"rev-parse", "refs/tags/" + name}));
  }
  [[nodiscard]] std::string packed() const { return read_file(repo.git_folder() / "packed-refs").value_or(""); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(new_refs, Fixture)

BOOST_AUTO_TEST_CASE(are_packed_as_git_packs_them) {
  repo.git({"tag", "plain"});
  repo.git({"tag", "of-a-file", "HEAD:f"});
  for (const auto* const name : {"a/b", "a-b", "a.b", "\xc3\xa4"}) repo.git({"branch", name});
  NewRefs refs("refs/heads/other");
  for (const auto* const kind : {"heads", "tags"}) {
    const LocalRefs here = repository.refs("origin");
    for (const auto& [name, tip] : std::string(kind) == "heads" ? here.branches : here.tags) {
      BOOST_TEST(refs.add(repository.get(), std::string("refs/") + kind + "/" + name, tip), name);
    }
  }
  repo.git({"pack-refs", "--all"});
  BOOST_TEST(refs.packed() == packed());
}

BOOST_AUTO_TEST_CASE(need_what_they_name) {
  NewRefs refs("refs/heads/main");
  const Oid unknown = *Oid::from_hex(std::string(40, 'e'));
  BOOST_CHECK_THROW((void)refs.add(repository.get(), "refs/tags/v2", unknown), Error);
  BOOST_TEST(refs.packed() == NewRefs("refs/heads/main").packed());
}

BOOST_AUTO_TEST_CASE(are_refused_where_another_name_is_in_the_way) {
  NewRefs refs("refs/heads/main");
  BOOST_TEST(refs.add(repository.get(), "refs/heads/a/b", commit));
  for (const std::string name : {"a", "a/b/c", "main", "main/a"}) {
    BOOST_TEST(!refs.add(repository.get(), "refs/heads/" + name, commit), name);
  }
  for (const std::string name : {"a/c", "ab", "main-a"}) {
    BOOST_TEST(refs.add(repository.get(), "refs/heads/" + name, commit), name);
  }
}

BOOST_AUTO_TEST_CASE(are_seen_when_they_are_written_and_not_before) {
  const test::TempRepo empty;  // its HEAD names a branch that git is going to make
  Repository fresh = *Repository::open(empty.path());
  const std::string objects = (repo.git_folder() / "objects").string();
  empty.write(".git/objects/info/alternates", objects + "\n");
  fresh.gather_new_refs();
  const auto make = [&](const std::string& name) { return fresh.move_ref(name, std::nullopt, commit, "test"); };
  BOOST_TEST((make("refs/heads/topic") == Moved::yes));
  BOOST_TEST((make("refs/heads/main/x") == Moved::name_clash));
  BOOST_TEST((make("refs/heads/-x") == Moved::bad_name));
  BOOST_TEST((make("refs/heads/a..b") == Moved::bad_name));
  BOOST_TEST((fresh.move_ref("refs/tags/v1", std::nullopt, tag, "test") == Moved::yes));
  BOOST_TEST(empty.git({"for-each-ref"}) == "");
  fresh.write_new_refs();
  BOOST_TEST(empty.git({"for-each-ref", "--format=%(objectname) %(refname) %(*objectname)"}) ==
             commit.hex() + " refs/heads/topic \n" + tag.hex() + " refs/tags/v1 " + commit.hex());
  // From now on the repository is like any other.
  BOOST_TEST((make("refs/heads/topic/x") == Moved::name_clash));
  BOOST_TEST((make("refs/heads/late") == Moved::yes));
  BOOST_TEST(empty.git({"rev-parse", "late"}) == commit.hex());
  fresh.write_new_refs();
  BOOST_TEST((fresh.refs("origin").branches == RefMap{{"late", commit}, {"topic", commit}}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
