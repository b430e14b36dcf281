// What the listing sees of real repositories in every state: as git does, or not at all.
#include "git/listing.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "base/text.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "unit/git/here.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;
using namespace syncmanager::test;
using State = Listing::State;
using Strings = std::vector<std::string>;

/// There is no glimpse of the repository at `path`, but one of the sound one beside it.
void check_odd(const std::string& path, State state, const std::string& problem = {}) {
  const Here here;
  const Sample sound;
  const Seen seen = here.list({path, sound.path()}, all_at_rest);
  BOOST_TEST(!seen.glimpses.contains(0));
  BOOST_TEST((seen.listings.at(0).state == state));
  BOOST_TEST(seen.listings.at(0).problem.find(problem) != std::string::npos, seen.listings.at(0).problem);
  BOOST_TEST(seen.glimpses.contains(1));
  BOOST_TEST(!seen.listings.contains(1));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(listing_states)

BOOST_AUTO_TEST_CASE(these_are_clear) {
  const Here here;
  const std::vector<std::pair<std::string, std::function<void(const Sample&)>>> rows = {
      {"a lock", [](const Sample& s) { s.write("refs/heads/main.lock", ""); }},
      {"a lock of packed-refs", [](const Sample& s) { s.write("packed-refs.lock", "x"); }},
      {"empty folders", [](const Sample& s) { fs::create_directories(s.file("refs/heads/a/b")); }},
      {"no commit yet",
       [](const Sample& s) {
         s.repo.git({"symbolic-ref", "HEAD", "refs/heads/unborn"});
       }},
      {"no refs",
       [](const Sample& s) {
         s.repo.git({"update-ref", "-d", "refs/heads/main"});
       }},
      {"a detached HEAD",
       [](const Sample& s) {
         s.repo.git({"checkout", "--quiet", "--detach"});
       }},
      {"other refs",
       [](const Sample& s) {
         for (const auto* const name : {"refs/pull/1/head", "refs/remotes/origin/x", "refs/hidden", "refs/tmp"}) {
           s.repo.git({"update-ref", name, s.first});
         }
         s.repo.git({"pack-refs", "--all"});
       }},
      {"tags of tags",
       [](const Sample& s) {
         s.repo.git({"tag", "--annotate", "--message=x", "v1"});
         s.repo.git({"tag", "--annotate", "--message=x", "v2", "v1"});
         s.repo.git({"pack-refs", "--all"});
         s.repo.git({"tag", "--annotate", "--message=x", "v3", "v1"});
       }},
      {"names that are no UTF-8",
       [](const Sample& s) {
         s.branch("b\xe4");
         s.repo.git({"pack-refs", "--all"});
         s.branch("\xfc/\xc3\xa4");
       }},
      {"loose over packed",
       [](const Sample& s) {
         s.branch("x");
         s.repo.git({"pack-refs", "--all", "--no-prune"});
         s.repo.git({"update-ref", "refs/heads/x", s.second});
       }},
      {"a worktree",
       [](const Sample& s) {
         s.repo.git({"worktree", "add", "--quiet", "../tree"});
       }},
  };
  for (const auto& [why, change] : rows) {
    const Sample sample;
    change(sample);
    check_clear(here, sample, why);
  }
}

BOOST_AUTO_TEST_CASE(alternates_and_thousands_of_refs_are_clear) {
  const Here here;
  const Sample sample;
  for (int number = 0; number < 1000; ++number) {
    sample.write("refs/heads/topic/" + std::to_string(number), sample.first + '\n');
    sample.write("refs/tags/" + std::to_string(number), sample.second + '\n');
  }
  check_clear(here, sample, "loose");
  sample.repo.git({"pack-refs", "--all"});
  check_clear(here, sample, "packed");
  sample.repo.git({"clone", "--quiet", "--shared", "--bare", ".", here.home() / "shared.git"});
  const Seen seen = here.list({"shared.git"}, none_at_rest);
  BOOST_TEST(seen.glimpses.at(0).branches.size() == 1001U);
  BOOST_TEST(same(seen.glimpses.at(0), seen.listings.at(0)));
}

BOOST_AUTO_TEST_CASE(these_are_odd_and_git_is_asked) {
  struct Row {
    std::string why;
    std::function<void(const Sample&)> change;
    State state = State::found;
    std::string problem = {};
  };
  const std::string packed_x = " refs/heads/x\n";
  const std::vector<Row> rows = {
      {"a symbolic ref",
       [](const Sample& s) {
         s.repo.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
       }},
      {"an empty ref, as a crash leaves it", [](const Sample& s) { s.write("refs/heads/x", ""); }, State::failed,
       "refs/heads/x"},
      {"an empty ref before a packed one",
       [](const Sample& s) {
         s.branch("x");
         s.repo.git({"pack-refs", "--all"});
         s.write("refs/heads/x", "");
       },
       State::failed, "refs/heads/x"},
      {"a ref of zeros", [](const Sample& s) { s.write("refs/heads/x", std::string(41, '\0')); }, State::failed,
       "refs/heads/x"},
      {"garbage", [](const Sample& s) { s.write("refs/heads/x", "garbage\n"); }, State::failed, "refs/heads/x"},
      {"a bad name", [](const Sample& s) { s.write("refs/heads/x..y", s.first + '\n'); }, State::failed, "x..y"},
      {"a line too many", [](const Sample& s) { s.write("refs/heads/x", s.first + '\n' + s.second + '\n'); }},
      {"CRLF", [](const Sample& s) { s.write("refs/heads/x", s.first + "\r\n"); }},
      {"a link to a ref", [](const Sample& s) { fs::create_symlink("main", s.file("refs/heads/x")); }},
      {"a link to a folder of refs",
       [](const Sample& s) {
         s.write("elsewhere/y", s.first + '\n');
         fs::create_directory_symlink("../../elsewhere", s.file("refs/heads/x"));
       }},
      {"a link to nothing", [](const Sample& s) { fs::create_symlink("none", s.file("refs/heads/x")); }},
      {"all branches behind a link",
       [](const Sample& s) {
         fs::rename(s.file("refs/heads"), s.file("refs/branches"));
         fs::create_directory_symlink("branches", s.file("refs/heads"));
       }},
      {"HEAD is a link",
       [](const Sample& s) {
         fs::remove(s.file("HEAD"));
         fs::create_symlink("refs/heads/main", s.file("HEAD"));
       }},
      {"no refs/tags", [](const Sample& s) { fs::remove(s.file("refs/tags")); }},
      {"no refs/heads",
       [](const Sample& s) {
         s.repo.git({"pack-refs", "--all"});
         fs::remove_all(s.file("refs/heads"));
       }},
      {"another kind of storage",
       [](const Sample& s) {
         fs::remove_all(s.file("refs/heads"));
         s.write("refs/heads", "this repository uses the reftable format\n");
       },
       State::failed, "refs/heads"},
      {"no objects", [](const Sample& s) { fs::remove_all(s.file("objects")); }, State::failed, "not a git repository"},
      {"HEAD is damaged", [](const Sample& s) { s.write("HEAD", "x\n"); }, State::failed, "not a git repository"},
      {"packed-refs is a folder", [](const Sample& s) { fs::create_directory(s.file("packed-refs")); }, State::failed,
       "packed-refs"},
      {"CRLF in packed-refs", [&](const Sample& s) { s.write("packed-refs", s.first + " refs/heads/x\r\n"); },
       State::failed},
      {"garbage in packed-refs", [&](const Sample& s) { s.write("packed-refs", "garbage\n" + s.first + packed_x); },
       State::failed, "garbage"},
      {"a comment in packed-refs", [&](const Sample& s) { s.write("packed-refs", s.first + packed_x + "# x\n"); },
       State::failed, "# x"},
      {"garbage behind a tag", [&](const Sample& s) { s.write("packed-refs", s.first + packed_x + "^x\n"); },
       State::failed, "^x"},
      {"a bad name in packed-refs", [&](const Sample& s) { s.write("packed-refs", s.first + " refs/heads/x..y\n"); },
       State::failed, "x..y"},
  };
  for (const Row& row : rows) {
    const Sample sample;
    sample.branch("z");
    row.change(sample);
    BOOST_TEST_CONTEXT(row.why) {
      check_odd(sample.path(), row.state, row.problem);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_worktrees_folder_is_odd) {
  const Sample sample;
  sample.repo.git({"worktree", "add", "--quiet", "../tree"});
  fs::create_directories(sample.file("worktrees/tree/objects"));
  fs::create_directories(sample.file("worktrees/tree/refs/heads"));
  fs::create_directories(sample.file("worktrees/tree/refs/tags"));
  check_odd(sample.file("worktrees/tree"), State::found);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_odd) {
  if (geteuid() == 0) return;  // root can read all
  for (const auto* const name : {"refs/heads/x", "refs/heads/folder", "packed-refs"}) {
    const Sample sample;
    sample.branch("folder/y");
    sample.repo.git({"pack-refs", "--all", "--no-prune"});
    sample.branch("x");
    fs::permissions(sample.file(name), fs::perms::none);
    BOOST_TEST_CONTEXT(name) {
      check_odd(sample.path(), State::failed);
    }
    fs::permissions(sample.file(name), fs::perms::owner_all);
  }
}

BOOST_AUTO_TEST_CASE(whatever_is_done_to_refs_a_glimpse_is_what_git_says_or_none) {
  const Here here;
  const Sample sample;
  std::mt19937 random(1);
  const auto one_of = [&](const Strings& words) { return words[random() % words.size()]; };
  const auto ref = [&] {
    return one_of({"refs/heads/", "refs/tags/"}) + one_of({"a", "a/b", "a/b/c", "x", "x/y", "z"});
  };
  const auto commit = [&] { return one_of({sample.first, sample.second}); };
  const std::vector<std::function<Strings()>> acts = {
      [&] {
        return Strings{"update-ref", ref(), commit()};
      },
      [&] {
        return Strings{"update-ref", ref(), commit()};
      },
      [&] {
        return Strings{"update-ref", "-d", ref()};
      },
      [&] {
        return Strings{"pack-refs", "--all"};
      },
      [&] {
        return Strings{"pack-refs", "--all", "--no-prune"};
      },
      [&] { return Strings{"pack-refs"}; },
      [&] {
        return Strings{"tag", "--force", "--annotate", "--message=x", one_of({"a", "v1"}), commit()};
      },
      [&] {
        return Strings{"symbolic-ref", one_of({"refs/heads/s", ref()}), ref()};
      },
      [&] {
        return Strings{"symbolic-ref", "--delete", "refs/heads/s"};
      },
      [&] {
        return Strings{"symbolic-ref", "HEAD", "refs/heads/" + one_of({"main", "a", "x/y"})};
      },
      [&] {
        return Strings{"update-ref", "--no-deref", "HEAD", commit()};
      },
      [&] {
        return Strings{"branch", "--force", "--move", one_of({"a", "x", "z"}), one_of({"a/b", "x/y", "z"})};
      },
      [&] {
        return Strings{"worktree", "add", "--quiet", "--detach", "../tree" + std::to_string(random() % 3)};
      },
      [&] {
        return Strings{"-c", "alias.damage=!:>.git/" + ref(), "damage"};
      },
      [&] {
        return Strings{"-c", "alias.repair=!find .git/refs -size 0 -type f -delete", "repair"};
      },
      [&] {
        return Strings{"-c", "alias.lock=!touch .git/" + ref() + ".lock", "lock"};
      },
      [&] {
        return Strings{"-c", "alias.unlock=!find .git/refs -name *.lock -delete", "unlock"};
      },
  };
  int glimpses = 0;
  constexpr int rounds = 120;
  for (int round = 0; round < rounds; ++round) {
    const Strings act = acts[random() % acts.size()]();
    try {
      sample.repo.git(act);
    } catch (const std::runtime_error&) {
      continue;  // git refuses some of them
    }
    const Seen seen = here.list({sample.path()}, none_at_rest);
    if (!seen.glimpses.contains(0)) {
      sample.repo.git({"-c",
                       "alias.repair=!find .git/refs -size 0 -type f -delete; grep -lr ref: .git/refs | xargs -r rm",
                       "repair"});
      continue;
    }
    ++glimpses;
    BOOST_TEST(same(seen.glimpses.at(0), seen.listings.at(0)), "after git " << act.front() << ' ' << act.back());
  }
  BOOST_TEST(glimpses > rounds / 4);
}

BOOST_AUTO_TEST_CASE(no_ref_is_missed_where_git_packs_them_after_each_step) {
  const Sample sample;
  const Tools tools;
  for (const std::string name : {"find", "grep"}) {
    tools.write(name, program(name).string() + " \"$@\"; status=$?; git --git-dir=" +
                          (sample.repo.git_folder().string()) + " pack-refs --all; exit $status");
  }
  const Here here("sh", tools.path().string() + ":/usr/bin:/bin");
  const Seen all_loose = here.list({sample.path()}, all_at_rest);
  BOOST_TEST(fs::exists(sample.file("packed-refs")));
  BOOST_TEST(all_loose.glimpses.at(0).branches.contains("main"));
  sample.branch("x");
  const Seen one_loose = here.list({sample.path()}, all_at_rest);
  BOOST_TEST(one_loose.glimpses.at(0).branches.size() == 2U);
}

BOOST_AUTO_TEST_CASE(no_ref_is_missed_while_git_packs_them) {
  const Here here;
  const Sample sample;
  const TemporaryFolder folder;
  const auto made = folder.path() / "made";
  // One line for each branch that is there for good.
  const Program packing({"sh", "-c",
                         "cd \"$0\" && n=0 && while n=$((n+1)); do "
                         "git update-ref refs/heads/$n HEAD && echo $n && git pack-refs --all; done",
                         sample.path()},
                        made);
  wait_until([&] { return fs::exists(made); }, "git makes branches");
  std::size_t glimpses = 0;
  for (int round = 0; round < 200; ++round) {
    const std::string names = content_of(made);
    const Seen seen = here.list({sample.path()}, all_at_rest);
    glimpses += seen.glimpses.size();
    const Listing& listing = seen.glimpses.empty() ? seen.listings.at(0) : seen.glimpses.at(0);
    BOOST_TEST((listing.state == State::found));
    for (const std::string& name : split(names, "\n")) BOOST_TEST(listing.branches.contains(name), name);
  }
  BOOST_TEST(glimpses > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
