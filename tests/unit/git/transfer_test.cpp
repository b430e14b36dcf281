// Fetches from a real git-upload-pack by libgit2.
#include "git/transfer.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "git/library.hpp"
#include "support/temp_repo.hpp"
#include "support/temporary_folder.hpp"
#include "unit/git/here.hpp"

namespace syncmanager::git {

namespace {

using namespace syncmanager::test;

/// Something that a delta saves much of.
std::string long_text(int last) {
  std::string text;
  for (int line = 0; line < 1000; ++line) text += std::to_string(line * line) + '\n';
  return text + std::to_string(last) + '\n';
}

/// An empty repository, and one that it is filled from.
struct Download {
  Library library;
  Here here;
  TempRepo there;
  TempRepo local;
  TemporaryFolder home;
  Environment environment;
  Repository repository = Repository::open(local.path()).value();

  Download() { environment.variables = git_environment(home.path()); }
  /// What the server makes its packs by.
  void pack_by(const std::string& script) const {
    const std::filesystem::path hook = home.path() / "pack";
    std::ofstream(hook) << "#!/bin/sh\n" << script << '\n';
    std::filesystem::permissions(hook, std::filesystem::perms::owner_all);
    std::ofstream(here.home() / ".gitconfig") << "[uploadpack]\n\tpackObjectsHook = " << hook.string() << '\n';
  }
  Fetched fetch(const std::vector<std::string>& names, const OnTransfer& on_transfer = {},
                const Interrupt* interrupt = nullptr) {
    const auto connection = here.connection();
    return git::fetch({environment, repository, interrupt}, *connection, there.path().string(), names, on_transfer);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(transfer)

BOOST_AUTO_TEST_CASE(tells_how_far_objects_have_come_and_then_deltas) {
  for (const bool empty : {true, false}) {
    Download download;
    if (!empty) download.local.commit("own", "1");
    for (int number = 0; number < 3; ++number) download.there.commit("text", long_text(number));
    download.there.git({"gc", "--quiet"});
    std::vector<Transfer> seen;
    download.fetch({"refs/heads/main"}, [&](const Transfer& transfer) { seen.push_back(transfer); });
    BOOST_TEST_REQUIRE(!seen.empty());
    BOOST_TEST(seen.front().total_deltas == 0U);
    BOOST_TEST(std::ranges::any_of(
        seen, [](const Transfer& transfer) { return transfer.objects == 9 && transfer.total_objects == 9; }));
    BOOST_TEST(seen.back().total_deltas == 2U);
    BOOST_TEST(seen.back().deltas == 2U);
  }
}

BOOST_AUTO_TEST_CASE(brings_what_is_parked_and_no_other_parked_ref) {
  Download download;
  const Oid parked = *Oid::from_hex(download.there.commit("f", "1"));
  download.there.git({"update-ref", "refs/sync/laptop/heads/main", parked.hex()});
  const Oid other = *Oid::from_hex(download.there.commit("f", "2"));
  download.there.git({"update-ref", "refs/sync/desktop/heads/main", other.hex()});
  download.fetch({"refs/sync/laptop/heads/main"});
  BOOST_TEST(download.repository.has(parked));
  BOOST_TEST(!download.repository.has(other));
  download.fetch({"refs/sync/laptop/heads/main", "refs/sync/desktop/heads/main"});
  BOOST_TEST(download.repository.has(other));
}

BOOST_AUTO_TEST_CASE(what_an_empty_repository_gets_is_proven_on_the_way) {
  Download download;
  download.there.commit("f", "1");
  BOOST_CHECK(download.fetch({"refs/heads/main"}).completeness == Completeness::complete);
  download.local.git({"fsck", "--full"});
  const Oid next = *Oid::from_hex(download.there.commit("f", "2"));
  BOOST_CHECK(download.fetch({"refs/heads/main"}).completeness == Completeness::unknown);  // others look
  BOOST_TEST(download.repository.has(next));
}

BOOST_AUTO_TEST_CASE(of_a_history_with_holes_an_empty_repository_keeps_nothing) {
  Download download;
  download.there.commit("f", "1");
  const Oid last = *Oid::from_hex(download.there.commit("f", "2"));
  download.pack_by("sed '/^--not/,$d' | grep -E '^[0-9a-f]{40}$' | git pack-objects --stdout -q");
  BOOST_CHECK(download.fetch({"refs/heads/main"}).completeness == Completeness::holes);
  BOOST_TEST(!download.repository.has(last));
}

BOOST_AUTO_TEST_CASE(a_server_that_sends_nothing_or_nonsense_fails) {
  for (const std::string pack :
       {"cat >/dev/null", "cat >/dev/null; echo PACK", "cat >/dev/null; head -c 70000 /dev/zero"}) {
    Download download;
    const Oid main = *Oid::from_hex(download.there.commit("f", "1"));
    download.pack_by(pack);
    BOOST_CHECK_EXCEPTION(download.fetch({"refs/heads/main"}), Error,
                          [](const Error& error) { return error.kind() == ErrorKind::failed; });
    BOOST_TEST(!download.repository.has(main), pack);
  }
}

BOOST_AUTO_TEST_CASE(what_ends_a_download_into_an_empty_repository_leaves_it_empty) {
  Download download;
  download.there.commit("big", std::string(3'000'000, 'x') + long_text(1));
  const auto fails = [](const Transfer&) { throw Error(ErrorKind::failed, "a person has enough"); };
  BOOST_CHECK_EXCEPTION(download.fetch({"refs/heads/main"}, fails), Error,
                        [](const Error& error) { return std::string(error.what()) == "a person has enough"; });
  const Oid main = *Oid::from_hex(download.there.git({"rev-parse", "main"}));
  BOOST_TEST(!download.repository.has(main));
  download.fetch({"refs/heads/main"});  // is not held up by what is left of it
  BOOST_TEST(download.repository.has(main));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
