// Repositories that are set up in uncommon ways: what a pull and a push come to in them is what plain git comes to in a
// twin, file by file.
#include <chrono>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

namespace fs = std::filesystem;

/// `sh -e -c SCRIPT` in the folder; what it printed. Throws where it fails.
std::string shell(const Computer& computer, const fs::path& folder, const std::string& script,
                  const std::vector<std::string>& variables = {}) {
  Command command{{"sh", "-e", "-c", script}, computer.environment(), folder};
  // The same commits on both sides, not only the same content.
  for (const char* const date : {"GIT_AUTHOR_DATE=1700000000 +0100", "GIT_COMMITTER_DATE=1700000001 +0100"}) {
    command.environment.emplace_back(date);
  }
  command.environment.insert(command.environment.end(), variables.begin(), variables.end());
  const Finished finished = syncmanager::run(command, "", std::chrono::minutes(1));
  BOOST_REQUIRE_MESSAGE(finished.ok(), script << "\n" << finished.out << finished.err);
  return finished.out;
}

constexpr const char* first_content = R"(
mkdir -p dir deep/er
for file in a.txt dir/b.txt deep/er/c.txt gone.txt run.sh; do printf 'one\ntwo\n%s\n' $file >$file; done
printf 'one\0two' >big.bin
chmod +x run.sh
ln -s a.txt link
)";

constexpr const char* next_content = R"(
mkdir -p new
for file in a.txt dir/b.txt new/file.txt; do printf 'one\n2\n%s\n' $file >$file; done
printf 'one\0 2' >big.bin
chmod -x run.sh; chmod +x dir/b.txt
ln -sf dir/b.txt link
git rm -q gone.txt
git add -A; git commit -qm next; git tag v1; git branch -f topic; git branch other
)";

struct Oddity {
  const char* name;
  const char* clone;  ///< in the home folder; $URL to $TO
  const char* setup;  ///< in the repository
};

constexpr const char* plain_clone = "git clone -q $URL $TO";

const std::vector<Oddity> oddities = {
    {"nothing odd", plain_clone, ""},
    {"a sparse checkout of folders", plain_clone, "git sparse-checkout set --cone dir"},
    {"a sparse checkout of patterns", plain_clone, "git sparse-checkout set --no-cone /a.txt '/deep/'"},
    {"a sparse index", plain_clone, "git sparse-checkout set --cone --sparse-index dir"},
    {"line ends of Windows", plain_clone, "git config core.autocrlf true; git rm -rq --cached .; git reset -q --hard"},
    {"a filter, such as LFS's", plain_clone,
     "git config filter.swap.clean 'tr a-z b-za'; git config filter.swap.smudge 'tr b-za a-z'\n"
     "git config filter.swap.required true; echo '*.bin filter=swap' >.git/info/attributes\n"
     "rm big.bin; git checkout -q big.bin"},
    {"a split index", plain_clone, "git update-index --split-index; git config core.splitIndex true"},
    {"settings of the worktree alone", plain_clone,
     "git config extensions.worktreeConfig true; git config --worktree core.autocrlf true\n"
     "git rm -rq --cached .; git reset -q --hard"},
    {"no executable files", plain_clone, "git config core.fileMode false"},
    {"no symbolic links", plain_clone, "git config core.symlinks false; rm link; git checkout -q link"},
    {"a cache of untracked files", plain_clone, "git config core.untrackedCache true; git status >/dev/null"},
    {"an index of version 4", plain_clone, "git update-index --index-version 4"},
    {"packed refs and a commit graph", plain_clone, "git pack-refs --all; git gc -q; git commit-graph write"},
    {"a shallow history", "git clone -q --depth 1 --no-single-branch $URL $TO", ""},
    {"files fetched when needed", "git clone -q --filter=blob:none $URL $TO", ""},
    {"objects borrowed from another repository", "git clone -q $URL $TO-lender; git clone -q --shared $TO-lender $TO",
     "git remote set-url origin $URL; git fetch -q"},
    {"a git folder elsewhere", "git clone -q --separate-git-dir=$TO.git $URL $TO", ""},
    {"a linked worktree beside it", plain_clone, "git worktree add -q ../$TO-linked topic"},
    {"hooks of the user's", plain_clone,
     "for hook in post-merge post-checkout pre-push reference-transaction; do\n"
     "printf '#!/bin/sh\\ncat >/dev/null; exit 0\\n' >.git/hooks/$hook; chmod +x .git/hooks/$hook; done"},
};

/// main and work have changed the same line.
constexpr const char* two_branches_in_conflict = R"(
git switch -q -c work; echo work >a.txt; git commit -qam work
git switch -q main; echo main >a.txt; git commit -qam main; echo more >b.txt; git add .; git commit -qm more
)";

struct Stopped {
  const char* begin;
  const char* abort;
  const char* go_on;
};

const std::vector<Stopped> operations = {
    {"git switch -q work; git rebase -q main || true", "git rebase --abort",
     "echo both >a.txt; git add .; GIT_EDITOR=true git rebase --continue"},
    {"git rebase -q work || true", "git rebase --abort",
     "echo both >a.txt; git add .; GIT_EDITOR=true git rebase --continue"},
    {"git merge -q work || true", "git merge --abort", "echo both >a.txt; git add .; git commit -q --no-edit"},
    {"git cherry-pick work || true", "git cherry-pick --abort",
     "echo both >a.txt; git add .; GIT_EDITOR=true git cherry-pick --continue"},
    {"git revert --no-edit work || true", "git revert --abort",
     "echo both >a.txt; git add .; GIT_EDITOR=true git revert --continue"},
    {"git format-patch -q -1 --stdout work >.git/patch; git am -q -3 .git/patch || true", "git am --abort",
     "echo both >a.txt; git add .; git am --continue"},
    {"git bisect start HEAD HEAD~2", "git bisect reset", "git bisect good; git bisect reset"},
};

struct Changes {
  std::string here = "true\n";
  std::string there = "true\n";
};

/// Each branch moves on one side at most: what happens to the others is no git command's to decide.
Changes random_changes(std::mt19937& random, int& counter) {
  const auto any = [&](unsigned count) { return static_cast<unsigned>(random() % count); };
  Changes changes;
  for (int branch = 0; branch < 4; ++branch) {
    std::string& side = any(2) == 0 ? changes.here : changes.there;
    for (unsigned commits = any(3); commits > 0; --commits) {
      ++counter;
      side += fmt::format(
          "git switch -q b{0} 2>/dev/null || git switch -q -c b{0}\n"
          "echo {1} >file-{0}; git add .; git commit -qm {1}\n",
          branch, counter);
    }
  }
  if (any(3) == 0) changes.there += fmt::format("git tag v{}\n", ++counter);
  if (any(3) == 0) changes.here += "git switch -q main\n";
  return changes;
}

constexpr const char* sync_by_hand = R"sh(
git fetch -q --prune
for branch in $(git for-each-ref --format='%(refname:strip=3)' refs/remotes/origin | grep -v HEAD); do
  if ! git rev-parse -q --verify refs/heads/$branch >/dev/null; then git branch -q --track $branch origin/$branch
  elif ! git merge-base --is-ancestor $branch origin/$branch; then git push -q origin $branch
  elif [ "$(git symbolic-ref --short HEAD)" = $branch ]; then git merge -q --ff-only origin/$branch
  else git branch -q -f $branch origin/$branch
  fi
done
git push -q -u --all origin
)sh";

/// A repository that is synced, and a twin for plain git, each with a server's repository of its own.
class Twins {
 public:
  /// Of several in one world each has a number.
  Twins(Sandbox& world, int number, const char* clone, const char* setup)
      : world_(world),
        ours_(fmt::format("ours-{}", number)),
        twin_(fmt::format("twin-{}", number)),
        seed_("seed" + twin_) {
    shell(world_.desktop, world_.desktop.home(), "git init -q -b main " + seed_);
    for (const std::string& name : both()) {
      world_.add_empty_repository(name);
      world_.owner.git(world_.bare(name), {"config", "uploadpack.allowFilter", "true"});
    }
    change_the_server(std::string(first_content) +
                      "git commit -q --allow-empty -m start\n"
                      "git add -A; git commit -qm first; git branch topic");
    for (const std::string& name : both()) {
      shell(laptop(), laptop().home(), clone, variables(name));
      shell(laptop(), folder(name), setup, variables(name));
    }
    laptop().conf(world_.section(ours_));
    expect_exit(laptop().run("sync-now"), 0);
    in_twin("git fetch -q; git branch -q --track topic origin/topic || true");
  }

  /// What the script does in a repository of the desktop's goes to both servers, on top of what they have.
  void change_the_server(const std::string& script) const {
    const fs::path seed = world_.desktop.home() / seed_;
    world_.desktop.git(seed, {"fetch", "--quiet", "--update-head-ok", url_of(twin_), "refs/heads/*:refs/heads/*"});
    shell(world_.desktop, seed, (fs::exists(seed / ".git/index") ? "git reset -q --hard\n" : "") + script);
    for (const std::string& name : both()) {
      for (const char* const what : {"--all", "--tags"})
        world_.desktop.git(seed, {"push", "--quiet", what, url_of(name)});
    }
  }

  void pull() {
    expect_exit(laptop().run("sync-pull"), 0);
    const bool linked = fs::exists(folder(twin_ + "-linked"));
    in_twin("git fetch -q; git merge -q --ff-only origin/main; git branch -q other origin/other");
    in_twin(linked ? "git -C ../" + twin_ + "-linked merge -q --ff-only origin/topic"
                   : "git branch -qf topic origin/topic");
  }

  void push() {
    in_both("mkdir -p dir; printf 'mine\\n' >dir/mine.txt; git add --sparse dir/mine.txt; git commit -qm mine");
    expect_exit(laptop().run("sync-push"), 0);
    in_twin("git push -q origin main");
  }

  void in_both(const std::string& script) const {
    for (const std::string& name : both()) shell(laptop(), folder(name), script);
  }
  void in_twin(const std::string& script) const { shell(laptop(), folder(twin_), script); }
  [[nodiscard]] Json report(const std::string& tool, int status) const { return report_of(laptop(), tool, status); }
  [[nodiscard]] const std::string& ours() const { return ours_; }

  void expect_the_same() const {
    const std::string look = R"(
git for-each-ref refs/heads refs/tags; git symbolic-ref -q HEAD || git rev-parse HEAD
git status; git status --porcelain; git ls-files -s; git ls-files -t; git stash list
)";
    BOOST_TEST(shell(laptop(), folder(ours_), look) == shell(laptop(), folder(twin_), look));
    BOOST_TEST((files_of(folder(ours_)) == files_of(folder(twin_))));
    shell(laptop(), folder(ours_), "git fsck --no-progress --connectivity-only");
  }

  void expect_the_same_servers() const {
    BOOST_TEST(world_.owner.refs(world_.bare(ours_), "refs/heads") ==
               world_.owner.refs(world_.bare(twin_), "refs/heads"));
    expect_exit(laptop().run("sync-now"), 0);
  }

 private:
  [[nodiscard]] const Computer& laptop() const { return world_.laptop; }
  [[nodiscard]] fs::path folder(const std::string& name) const { return laptop().home() / name; }

  [[nodiscard]] std::vector<std::string> variables(const std::string& name) const {
    return {"URL=" + url_of(name), "TO=" + name};
  }

  [[nodiscard]] std::string url_of(const std::string& name) const { return "file://" + world_.bare(name).string(); }

  /// Every file of the working tree: what it is, whether it can be executed, and its content.
  static std::map<std::string, std::string> files_of(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator(); ++entry) {
      const std::string name = entry->path().lexically_relative(folder).string();
      if (name == ".git") entry.disable_recursion_pending();
      if (name.starts_with(".git") || (!entry->is_symlink() && entry->is_directory())) continue;
      const bool runs = (fs::symlink_status(*entry).permissions() & fs::perms::owner_exec) != fs::perms::none;
      files[name] = entry->is_symlink() ? "-> " + fs::read_symlink(*entry).string()
                                        : (runs ? "x " : "- ") + content_of(entry->path());
    }
    return files;
  }

  [[nodiscard]] std::vector<std::string> both() const { return {ours_, twin_}; }

  Sandbox& world_;
  std::string ours_;
  std::string twin_;
  std::string seed_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(odd_repositories)

BOOST_AUTO_TEST_CASE(pull_and_push_come_to_what_plain_git_comes_to) {
  Sandbox world;
  int number = 0;
  for (const Oddity& oddity : oddities) {
    BOOST_TEST_CONTEXT(oddity.name) {
      Twins twins(world, ++number, oddity.clone, oddity.setup);
      twins.expect_the_same();
      twins.change_the_server(next_content);
      twins.pull();
      twins.expect_the_same();
      twins.push();
      twins.expect_the_same();
      twins.expect_the_same_servers();
    }
  }
}

BOOST_AUTO_TEST_CASE(what_was_stopped_can_be_continued_and_aborted_after_a_pull) {
  Sandbox world;
  int number = 0;
  for (const Stopped& stopped : operations) {
    for (const char* const end : {stopped.abort, stopped.go_on}) {
      BOOST_TEST_CONTEXT(stopped.begin << " … " << end) {
        Twins twins(world, ++number, plain_clone, "");
        twins.in_both(two_branches_in_conflict);
        twins.in_both(stopped.begin);
        twins.change_the_server(next_content);
        const Json report = twins.report("sync-pull", 3);
        BOOST_TEST(branch_of(report, twins.ours(), "topic").at("action") == "fast-forward");
        BOOST_TEST(branch_of(report, twins.ours(), "main").at("outcome") == "attention");
        twins.in_twin("git fetch -q; git branch -q other origin/other; git branch -qf topic origin/topic");
        twins.expect_the_same();
        twins.in_both(end);
        twins.expect_the_same();
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(histories_on_both_sides_come_to_what_plain_git_comes_to) {
  Sandbox world;
  for (const unsigned seed : {1U, 2U}) {
    std::mt19937 random(seed);
    Twins twins(world, static_cast<int>(seed), plain_clone, "");
    int counter = 0;
    constexpr int rounds = 8;
    for (int round = 0; round < rounds; ++round) {
      const Changes changes = random_changes(random, counter);
      BOOST_TEST_CONTEXT("seed " << seed << "\nthere: " << changes.there << "\nhere: " << changes.here) {
        twins.change_the_server(changes.there);
        twins.in_both(changes.here);
        BOOST_TEST(twins.report("sync-now", 0).at("summary").at("failed") == 0);
        twins.in_twin(sync_by_hand);
        twins.expect_the_same();
        twins.expect_the_same_servers();
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
