#include "git/integrate.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"
#include "git/library.hpp"
#include "git/scratch.hpp"
#include "support/program.hpp"
#include "support/temp_repo.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;

/// A history that has diverged, as scripts for `sh -e`: `base` makes what main and the server's branch begin with, and
/// all changes that a script leaves are committed after it.
struct History {
  std::string name;
  std::string base;
  std::string ours;
  std::string theirs;
  bool clean = true;  ///< where git itself has no conflict
};

/// All files below a folder with their content.
std::map<std::string, std::string> state_of(const fs::path& folder) {
  std::map<std::string, std::string> state;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    // git renews the time of an object that it would write once more: nothing else may be written.
    const bool of_objects = entry.path().string().find("/objects") != std::string::npos;
    const auto time = of_objects || entry.is_symlink() ? 0 : entry.last_write_time().time_since_epoch().count();
    const bool is_file = !entry.is_symlink() && entry.is_regular_file();
    state[entry.path().string()] = std::to_string(time) + (is_file ? read_file(entry.path()).value() : "");
  }
  return state;
}

/// The project, and copies of it in which git does by hand what is to be done aside.
class Project {
 public:
  explicit Project(const History& history) {
    environment.home = home.path();
    environment.state_home = home.path() / "state";
    environment.variables = test::git_environment(home.path());
    // The same commits, not only the same content.
    environment.variables.insert(environment.variables.end(),
                                 {"GIT_AUTHOR_DATE=1700000000 +0100", "GIT_COMMITTER_DATE=1700000001 +0100"});
    commit("base", "printf '1\\n2\\n3\\n4\\n5\\n6\\n7\\n8\\n9\\n' >f; " + history.base);
    repo.git({"branch", "theirs"});
    commit("ours", history.ours);
    ours = oid("HEAD");
    repo.git({"checkout", "--quiet", "theirs"});
    commit("theirs", history.theirs);
    theirs = oid("HEAD");
    repo.git({"checkout", "--quiet", "main"});
  }

  void commit(const std::string& message, const std::string& script) const {
    sh(script);
    sh("git add --all; git diff --cached --quiet || git commit --quiet --message '" + message + "'");
  }

  void sh(const std::string& script) const {
    Command command{.argv = {"sh", "-ec", script}, .environment = environment.variables, .folder = repo.path()};
    const Finished done = run(command, {}, std::chrono::minutes(1));
    BOOST_TEST_REQUIRE(done.ok(), script << ": " << done.out << done.err);
  }

  [[nodiscard]] Oid oid(const std::string& name) const { return Oid::from_hex(repo.git({"rev-parse", name})).value(); }
  [[nodiscard]] Repository repository() const { return Repository::open(repo.path()).value(); }

  [[nodiscard]] Divergence diverged(const Repository& repository) const {
    return {.environment = environment,
            .here = repository,
            .repository = repository,
            .branch = "main",
            .url = server.path().string(),
            .ours = ours,
            .theirs = theirs};
  }
  [[nodiscard]] Integrated merge() const { return git::merge(diverged(repository())); }
  [[nodiscard]] Integrated rebase() const { return git::rebase(diverged(repository())); }

  /// What `git ARGUMENTS…` makes of main in a copy of the project.
  [[nodiscard]] Integrated by_hand(const std::vector<std::string>& arguments) const {
    const test::TemporaryFolder copy;
    sh("cp -a . " + (copy.path() / "repo").string());
    const Finished done = run_git(environment, copy.path() / "repo", arguments);
    if (done.ok()) {
      const Finished tip = run_git(environment, copy.path() / "repo", {"rev-parse", "HEAD"});
      return {.commit = Oid::from_hex(trim(tip.out)), .conflicts = {}, .message = {}};
    }
    const Finished files = run_git(environment, copy.path() / "repo", {"diff", "--name-only", "--diff-filter=U", "-z"});
    return {.commit = {}, .conflicts = split(files.out, std::string_view("\0", 1)), .message = done.out + done.err};
  }
  [[nodiscard]] Integrated merge_by_hand() const {
    // The other side's main is ours' counterpart.
    run_git(environment, repo.path(),
            {"push", "--quiet", "--force", server.path().string(), theirs.hex() + ":refs/heads/main"});
    return by_hand({"pull", "--quiet", "--no-rebase", "--no-edit", server.path().string(), "main"});
  }
  [[nodiscard]] Integrated rebase_by_hand() const {
    return by_hand({"rebase", "--quiet", "--rebase-merges", theirs.hex()});
  }

  Library library;
  test::TemporaryFolder home;
  test::TempRepo repo;
  Environment environment;
  Oid ours;
  Oid theirs;

 private:
  struct Server : test::TempRepo {
    Server() { git({"config", "receive.denyCurrentBranch", "ignore"}); }
  };
  Server server;
};

const std::string ours_at_top = "sed -i 1s/^/ours/ f";
const std::string theirs_at_end = "sed -i 9s/^/theirs/ f";

/// A submodule with three commits, of which the second and third follow upon each other and `other` upon the first.
const std::string submodule =
    "git init --quiet ../sub; cd ../sub;"
    "for i in 1 2 3; do git commit --quiet --allow-empty -m $i; git tag v$i; done;"
    "git checkout --quiet v1; git commit --quiet --allow-empty -m other; git tag other; git checkout --quiet main || "
    "git checkout --quiet master; cd ../repo;"
    "git -c protocol.file.allow=always submodule --quiet add ../sub sub; git -C sub checkout --quiet v1";

const std::vector<History>& histories() {
  static const std::vector<History> all = {
      {"other lines of one file", "", ours_at_top, theirs_at_end},
      {"the same line of one file", "", ours_at_top, "sed -i 1s/^/theirs/ f", false},
      {"the same change on both sides", "", ours_at_top, ours_at_top},
      {"several commits", "",
       "echo 1 >x; git add .; git commit -qm 1; echo 2 >x; git add .; git commit -qm 2; echo 3 >y",
       "echo z >z; git add .; git commit -qm z; " + theirs_at_end},
      {"a conflict in the second commit of a rebase", "", "echo 1 >x; git add .; git commit -qm 1; " + ours_at_top,
       "sed -i 1s/^/theirs/ f", false},
      {"union by .gitattributes", "echo 'f merge=union' >.gitattributes", ours_at_top, "sed -i 1s/^/theirs/ f"},
      {"union by .gitattributes of a folder", "mkdir -p a/b; echo 'g merge=union' >a/.gitattributes; echo g >a/b/g",
       "echo o >>a/b/g", "echo t >>a/b/g"},
      {"union by .gitattributes that ours brings", "", "echo 'f merge=union' >.gitattributes; " + ours_at_top,
       "sed -i 1s/^/theirs/ f", true},
      {"union by info/attributes", "echo 'f merge=union' >.git/info/attributes", ours_at_top, "sed -i 1s/^/theirs/ f"},
      {"union by core.attributesFile",
       "echo 'f merge=union' >../attributes; git config core.attributesFile \"$PWD/../attributes\"", ours_at_top,
       "sed -i 1s/^/theirs/ f"},
      {"a merge driver of the project",
       "echo 'f merge=\"own\"' | tr -d '\"' >.gitattributes; git config merge.own.driver 'cat %B >>%A; echo \"%P\" "
       ">>%A'",
       ours_at_top, "sed -i 1s/^/theirs/ f"},
      {"a merge driver that fails", "echo 'f merge=own' >.gitattributes; git config merge.own.driver false",
       ours_at_top, theirs_at_end, false},
      {"merge.default", "git config merge.default union", ours_at_top, "sed -i 1s/^/theirs/ f"},
      {"a file that is never merged", "echo 'f -merge' >.gitattributes", ours_at_top, theirs_at_end, false},
      {"another style of conflicts", "git config merge.conflictStyle diff3", ours_at_top, "sed -i 1s/^/theirs/ f",
       false},
      {"a renamed file that was changed", "", ours_at_top, "git mv f g; sed -i 9s/^/theirs/ g"},
      {"a renamed folder with a new file",
       "mkdir d; for i in 1 2 3; do seq $i 20 >d/$i; done; git config merge.directoryRenames true", "seq 4 20 >d/4",
       "git mv d e"},
      {"a renamed folder with a new file, to be looked at", "mkdir d; for i in 1 2 3; do seq $i 20 >d/$i; done",
       "seq 4 20 >d/4", "git mv d e", false},
      {"a binary file", "printf 'a\\0' >b", "printf 'b\\0' >b", "printf 'c\\0' >b", false},
      {"a file that is deleted here and changed there", "", "git rm -q f", theirs_at_end, false},
      {"a file that is changed here and deleted there", "", ours_at_top, "git rm -q f", false},
      {"a file against a folder", "", "echo x >x", "mkdir x; echo y >x/y", false},
      {"a mode against a content", "", "chmod +x f", theirs_at_end},
      {"a symbolic link", "ln -s f l", "ln -sf g l", "ln -sf h l", false},
      {"names of any bytes", "printf 1 >\"$(printf 'a\\nb\"\\\\ \\377')\"",
       "printf 2 >\"$(printf 'a\\nb\"\\\\ \\377')\"", "printf 3 >\"$(printf 'a\\nb\"\\\\ \\377')\"", false},
      {"a required filter",
       "git config filter.up.clean 'tr A-Z a-z'; git config filter.up.smudge 'tr a-z A-Z'; git config "
       "filter.up.required true; echo 'f filter=up' >.gitattributes",
       "sed -i 1s/^/OURS/ f", theirs_at_end},
      {"a conflict in a file with a filter",
       "git config filter.up.clean 'tr A-Z a-z'; git config filter.up.smudge 'tr a-z A-Z'; git config "
       "filter.up.required true; echo 'f filter=up' >.gitattributes",
       "sed -i 1s/^/OURS/ f", "sed -i 1s/^/THEIRS/ f", false},
      {"line endings that one side has made alike",
       "git config merge.renormalize true; printf '1\\r\\n2\\r\\n3\\r\\n4\\r\\n5\\r\\n' >w",
       "echo '* text=auto' >.gitattributes; git add --renormalize .", "sed -i 's/^5/5t/' w"},
      {"a filter that one side has brought",
       "git config merge.renormalize true; git config filter.up.clean 'tr A-Z a-z'; git config filter.up.smudge 'tr "
       "a-z A-Z'; printf 'A\\nB\\nC\\nD\\nE\\n' >w",
       "sed -i 's/^E/ET/' w", "echo 'w filter=up' >.gitattributes; git add --renormalize ."},
      {"a submodule that one side has moved", submodule, "git -C sub checkout --quiet v2", theirs_at_end},
      {"a submodule of which theirs follows ours", submodule, "git -C sub checkout --quiet v2",
       "git -C sub checkout --quiet v3"},
      {"a submodule that has diverged", submodule, "git -C sub checkout --quiet v2",
       "git -C sub checkout --quiet other", false},
      {"line endings of the working tree",
       "git config core.autocrlf true; git config core.safecrlf false; echo 'f merge=union' >.gitattributes; git add .;"
       " rm .gitattributes f; git checkout .",
       "printf 'ours\\r\\n' >>f", "printf 'theirs\\r\\n' >>f"},
      {"the user's language", "git config i18n.commitEncoding ISO-8859-1", ours_at_top, theirs_at_end},
      {"names and address of the project", "git config user.name Other; git config user.email other@example.org",
       ours_at_top, theirs_at_end},
      {"merge.log", "git config merge.log true", ours_at_top, theirs_at_end},
  };
  return all;
}

/// That both have come to the same.
void check_same(const Project& project, const Integrated& aside, const Integrated& by_hand) {
  BOOST_TEST(aside.conflicts == by_hand.conflicts, boost::test_tools::per_element());
  BOOST_TEST(aside.message == "");
  BOOST_TEST(aside.commit.has_value() == by_hand.commit.has_value(), by_hand.message);
  if (!aside.commit || aside.commit == by_hand.commit) return;
  BOOST_ERROR("other commits: " << project.repo.git({"cat-file", "-p", aside.commit->hex()}) << "\nbut "
                                << by_hand.commit->hex());
}

bool is_in_a_new_pack(const std::pair<const std::string, std::string>& file) {
  return file.first.find("/objects/pack/pack-") != std::string::npos;
}

/// Of scratch repositories.
std::ptrdiff_t leftovers(const Project& project) {
  return std::distance(fs::directory_iterator(project.environment.state_folder() / "scratch"), {});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(integrate)

BOOST_AUTO_TEST_CASE(joins_as_git_does_by_hand_and_leaves_the_rest_of_the_project_as_it_was) {
  for (const History& history : histories()) {
    BOOST_TEST_CONTEXT(history.name) {
      const Project project(history);
      const Integrated merged = project.merge_by_hand();
      const Integrated rebased = project.rebase_by_hand();
      BOOST_TEST(merged.commit.has_value() == history.clean, merged.message);
      const auto before = state_of(project.repo.path());
      check_same(project, project.merge(), merged);
      check_same(project, project.rebase(), rebased);
      auto after = state_of(project.repo.path());
      if (merged.commit || rebased.commit) std::erase_if(after, is_in_a_new_pack);
      BOOST_TEST((after == before));
      BOOST_TEST(leftovers(project) == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(settings_that_are_about_something_else_change_nothing) {
  const std::vector<std::string> settings = {"merge.ff only",
                                             "merge.ff false",
                                             "merge.autoStash true",
                                             "merge.stat true",
                                             "pull.rebase true",
                                             "pull.ff only",
                                             "pull.twohead ours",
                                             "branch.main.mergeOptions --squash",
                                             "branch.main.rebase true",
                                             "rebase.backend apply",
                                             "rebase.autoSquash true",
                                             "rebase.autoStash true",
                                             "rebase.updateRefs true",
                                             "rebase.rebaseMerges false",
                                             "rebase.missingCommitsCheck error",
                                             "rebase.instructionFormat %s",
                                             "rerere.enabled true",
                                             "core.editor false",
                                             "sequence.editor false",
                                             "core.sparseCheckout true",
                                             "core.hooksPath hooks",
                                             "core.fsmonitor false",
                                             "index.sparse true",
                                             "core.worktree ..",
                                             "color.ui always",
                                             "submodule.recurse true",
                                             "commit.verbose true",
                                             "notes.rewriteRef refs/notes/*",
                                             "gc.auto 1",
                                             "alias.merge log"};
  const Project project({"", "", ours_at_top, theirs_at_end});
  project.sh(
      "mkdir hooks; for i in pre-merge-commit commit-msg prepare-commit-msg pre-rebase post-checkout; do"
      " printf '#!/bin/sh\\ntouch ../ran; exit 1\\n' >hooks/$i; chmod +x hooks/$i; cp hooks/$i .git/hooks; done");
  const Integrated merged = project.merge();
  const Integrated rebased = project.rebase();
  BOOST_TEST_REQUIRE(merged.commit.has_value(), merged.message);
  BOOST_TEST_REQUIRE(rebased.commit.has_value(), rebased.message);
  const std::string refs = project.repo.git({"for-each-ref"});
  for (const std::string& setting : settings) {
    const auto space = setting.find(' ');
    const std::string key = setting.substr(0, space);
    project.home.write(".gitconfig", "");
    run_git(project.environment, project.home.path(), {"config", "--global", key, setting.substr(space + 1)});
    BOOST_TEST_CONTEXT(setting) {
      check_same(project, project.merge(), merged);
      check_same(project, project.rebase(), rebased);
    }
  }
  BOOST_TEST(project.repo.git({"for-each-ref"}) == refs);
  BOOST_TEST(!fs::exists(project.repo.git_folder() / "rr-cache"));
}

BOOST_AUTO_TEST_CASE(the_name_of_who_merges_is_the_one_that_counts_in_the_project) {
  Project project({"", "", ours_at_top, theirs_at_end});
  std::erase_if(project.environment.variables, [](const std::string& variable) {
    return variable.starts_with("GIT_AUTHOR_") || variable.starts_with("GIT_COMMITTER_");
  });
  const auto who = [&](const Integrated& joined) {
    BOOST_TEST_REQUIRE(joined.commit.has_value(), joined.message);
    return project.repo.git({"show", "--no-patch", "--format=%an <%ae>, %cn <%ce>", joined.commit->hex()});
  };
  project.home.write(".gitconfig", "[user]\n\tuseConfigOnly = true\n");
  BOOST_TEST(project.merge().message.find("no email was given and auto-detection is disabled") != std::string::npos);
  BOOST_TEST(project.rebase().message.find("no email was given and auto-detection is disabled") != std::string::npos);
  BOOST_TEST(!project.merge().commit.has_value());

  const std::string global = "[user]\n\tname = Global\n\temail = global@example.org\n";
  project.home.write(".gitconfig", global);
  BOOST_TEST(who(project.merge()) == "Global <global@example.org>, Global <global@example.org>");
  BOOST_TEST(who(project.rebase()) == "Jane Doe <jane@example.org>, Global <global@example.org>");

  project.home.write("work", "[user]\n\temail = \"work; #1\\\"@example.org\"\n");
  project.home.write(".gitconfig",
                     global + "[includeIf \"gitdir:" + project.repo.path().string() + "/\"]\n\tpath = work\n");
  BOOST_TEST(who(project.merge()) == "Global <work; #1\"@example.org>, Global <work; #1\"@example.org>");

  project.repo.git({"config", "user.name", "Of the project"});
  project.repo.git({"config", "user.email", "project@example.org"});
  BOOST_TEST(who(project.merge()) == "Of the project <project@example.org>, Of the project <project@example.org>");

  project.environment.variables.emplace_back("GIT_COMMITTER_NAME=Of the environment");
  BOOST_TEST(who(project.merge()) == "Of the project <project@example.org>, Of the environment <project@example.org>");
}

BOOST_AUTO_TEST_CASE(signs_nothing_and_asks_nobody) {
  for (const std::string value : {"true", "1", "yes"}) {
    const Project project({"", "", ours_at_top, theirs_at_end});
    project.repo.git({"config", "commit.gpgSign", value});
    for (const Integrated& joined : {project.merge(), project.rebase()}) {
      BOOST_TEST(joined.message.find("commit.gpgSign") != std::string::npos);
      BOOST_TEST(!joined.commit.has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_to_merge_what_is_to_be_signed_by_others_and_is_not) {
  const Project project({"", "git config merge.verifySignatures true", ours_at_top, theirs_at_end});
  const Integrated joined = project.merge();
  BOOST_TEST(joined.message.find("signature") != std::string::npos, joined.message);
  BOOST_TEST(!joined.commit.has_value());
}

BOOST_AUTO_TEST_CASE(refuses_histories_without_a_common_commit) {
  const Project project(
      {"", "", ours_at_top,
       "git checkout -q --orphan other; git commit -qm other; git branch -f theirs; git checkout -q theirs"});
  BOOST_TEST(project.merge().message == "fatal: refusing to merge unrelated histories");
  BOOST_TEST(project.rebase().message == "refusing to rebase unrelated histories");
  BOOST_TEST(project.rebase().conflicts.empty());
}

BOOST_AUTO_TEST_CASE(a_rebase_keeps_merges_and_refuses_those_that_a_person_has_worked_on) {
  const std::string merged =
      "git checkout -q -b side; echo s >s; git add .; git commit -qm side; git checkout -q main;"
      " echo m >m; git add .; git commit -qm main; git merge -q --no-edit --no-ff side";
  const Project clean({"", "", merged, theirs_at_end});
  check_same(clean, clean.rebase(), clean.rebase_by_hand());
  BOOST_TEST(clean.repo.git({"rev-list", "--merges", "--count", clean.rebase().commit->hex()}) == "1");

  const Project worked_on({"", "", merged + "; echo by hand >>s; git commit -qa --amend --no-edit", theirs_at_end});
  BOOST_TEST(worked_on.rebase().message ==
             "refusing to rebase a merge that has changes of its own, which would be lost: s");
  BOOST_TEST(worked_on.merge().commit.has_value());

  const std::string ignored = "; git config -f .gitmodules submodule.sub.ignore all; git add .gitmodules";
  const Project moved_submodule({"", submodule + ignored,
                                 merged + "; git -C sub checkout --quiet v2; git update-index --cacheinfo "
                                          "160000,$(git -C sub rev-parse v2),sub; git commit -q --amend --no-edit",
                                 theirs_at_end});
  BOOST_TEST(moved_submodule.rebase().message ==
             "refusing to rebase a merge that has changes of its own, which would be lost: sub");

  const Project theirs_within({"", "",
                               "git checkout -q theirs; echo t >t; git add .; git commit -qm t; git checkout -q main; "
                               "echo o >o; git add .; git commit -qm o; git merge -q --no-edit theirs",
                               theirs_at_end});
  check_same(theirs_within, theirs_within.rebase(), theirs_within.rebase_by_hand());
}

BOOST_AUTO_TEST_CASE(what_does_not_diverge_is_the_one_that_is_ahead) {
  Project project({"", "", ours_at_top, theirs_at_end});
  project.theirs = project.oid("main~");
  BOOST_TEST((project.merge().commit == project.ours));
  BOOST_TEST((project.rebase().commit == project.ours));
  project.ours = project.theirs;
  project.theirs = project.oid("main");
  BOOST_TEST((project.merge().commit == project.theirs));
  BOOST_TEST((project.rebase().commit == project.theirs));
}

BOOST_AUTO_TEST_CASE(a_dry_run_writes_nothing_into_the_project) {
  const Project project({"", "echo 'f merge=own' >.gitattributes; git config merge.own.driver 'cat %B >>%A'",
                         ours_at_top, "sed -i 1s/^/theirs/ f"});
  const auto before = state_of(project.repo.path());
  const Repository here = project.repository();
  Scratch scratch(here, here.refs("origin"), project.home.path() / "dry");
  const Divergence diverged{.environment = project.environment,
                            .here = here,
                            .repository = scratch.repository(),
                            .branch = "main",
                            .url = "x",
                            .ours = project.ours,
                            .theirs = project.theirs};
  for (const Integrated& joined : {merge(diverged), rebase(diverged)}) {
    BOOST_TEST_REQUIRE(joined.commit.has_value(), joined.message);
    BOOST_TEST(scratch.repository().has(*joined.commit));
    BOOST_TEST(!here.has(*joined.commit));
  }
  BOOST_TEST((state_of(project.repo.path()) == before));
}

BOOST_AUTO_TEST_CASE(works_from_every_kind_of_repository) {
  const std::string union_of_worktree = "git config extensions.worktreeConfig true; git config merge.default text; ";
  const std::vector<std::pair<std::string, std::string>> kinds = {
      {"a sparse checkout", "git sparse-checkout set nothing; git config merge.default union"},
      {"a setting of the worktree", union_of_worktree + "git config --worktree merge.default union"},
      {"a bare repository", "git config core.bare true; git config merge.default union"},
      {"a dirty working tree", "rm f; echo x >y; echo '* -merge' >.gitattributes; git config merge.default union"},
      {"a merge that waits", "git config merge.default union; git merge -q -s ours --no-commit theirs"},
  };
  for (const auto& [name, script] : kinds) {
    BOOST_TEST_CONTEXT(name) {
      Project project({"", "", ours_at_top, "sed -i 1s/^/theirs/ f"});
      project.sh(script);
      const auto before = state_of(project.repo.path());
      const Integrated merged = project.merge();
      BOOST_TEST_REQUIRE(merged.commit.has_value(), merged.message << merged.conflicts.size());
      BOOST_TEST(project.repo.git({"show", merged.commit->hex() + ":f"}).starts_with("ours1\ntheirs1\n2"));
      auto after = state_of(project.repo.path());
      std::erase_if(after, is_in_a_new_pack);
      BOOST_TEST((after == before));
      project.repo.git({"fsck", "--strict"});
    }
  }
}

BOOST_AUTO_TEST_CASE(works_from_a_linked_worktree) {
  const Project project({"", "git config merge.default union", ours_at_top, "sed -i 1s/^/theirs/ f"});
  project.sh("git worktree add -q ../linked theirs");
  const Repository linked = Repository::open(project.repo.path().parent_path() / "linked").value();
  const Integrated merged = merge(project.diverged(linked));
  BOOST_TEST_REQUIRE(merged.commit.has_value(), merged.message);
  BOOST_TEST(project.repository().has(*merged.commit));
}

BOOST_AUTO_TEST_CASE(heeds_replaced_commits) {
  const Project project({"", "", ours_at_top,
                         "git checkout -q --orphan other; " + theirs_at_end +
                             "; git add .; git commit -qm other; git branch -f theirs; git checkout -q theirs"});
  BOOST_TEST(!project.merge().commit.has_value());
  project.repo.git({"replace", "--graft", project.theirs.hex(), project.oid("main~").hex()});
  check_same(project, project.merge(), project.merge_by_hand());
  BOOST_TEST(project.merge().commit.has_value());
}

BOOST_AUTO_TEST_CASE(works_in_a_shallow_repository) {
  Project project({"", "echo 2 >x; git add .; git commit -qm 2; echo 3 >x", ours_at_top, theirs_at_end});
  const auto shallow = project.home.path() / "shallow";
  project.sh("git clone -q --depth 2 --no-single-branch \"file://$PWD\" " + shallow.string());
  const Integrated by_hand = project.merge_by_hand();
  const Integrated merged = merge(project.diverged(Repository::open(shallow).value()));
  check_same(project, merged, by_hand);
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_a_merge_and_leaves_nothing) {
  const Project project(
      {"", "echo 'f merge=slow' >.gitattributes; git config merge.slow.driver 'touch $HOME/started; sleep 100'",
       ours_at_top, theirs_at_end});
  const Interrupt interrupt;
  const Repository repository = project.repository();
  Divergence diverged = project.diverged(repository);
  diverged.interrupt = &interrupt;
  std::thread person([&] {
    test::wait_until([&] { return fs::exists(project.home.path() / "started"); }, "the merge driver");
    interrupt.request();
  });
  const auto interrupted = [](const Error& error) { return error.kind() == ErrorKind::interrupted; };
  BOOST_CHECK_EXCEPTION(merge(diverged), Error, interrupted);
  person.join();
  BOOST_TEST(leftovers(project) == 0);
}

BOOST_AUTO_TEST_CASE(what_a_killed_run_left_is_cleared_and_what_another_run_has_is_not) {
  const Project project({"", "", ours_at_top, theirs_at_end});
  const fs::path parent = project.environment.state_folder() / "scratch";
  const ScratchFolder of_another_run(parent);
  project.home.write("state/syncmanager/scratch/dead/objects/1", "");
  BOOST_TEST(project.merge().commit.has_value());
  BOOST_TEST(fs::exists(of_another_run.path()));
  BOOST_TEST(leftovers(project) == 1);
}

BOOST_AUTO_TEST_CASE(words_the_message_as_git_pull_does) {
  const Project project({"", "", ours_at_top, theirs_at_end});
  const fs::path server = project.home.path() / "server.git";
  project.sh("git clone -q --bare . " + server.string());
  const Repository repository = project.repository();
  for (const std::string branch : {"main", "master", "a/b's", "v=1"}) {
    const std::string ref = " update-ref \"refs/heads/" + branch + "\" ";
    project.sh("git" + ref + project.ours.hex() + "; git -C " + server.string() + ref + project.theirs.hex() +
               "; git checkout -q \"" + branch + "\"");
    Divergence diverged = project.diverged(repository);
    diverged.branch = branch;
    diverged.url = server.string();
    BOOST_TEST_CONTEXT(branch) {
      check_same(project, merge(diverged),
                 project.by_hand({"pull", "--quiet", "--no-rebase", "--no-edit", server.string(), branch}));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_url_in_a_message_is_what_git_makes_of_it) {
  const std::vector<std::pair<std::string, std::string>> urls = {
      {"ssh://server/srv/git/notes.git", "ssh://server/srv/git/notes"},
      {"ssh://jane@server:22/notes", "ssh://server:22/notes"},
      {"https://jane:se@cret@server/notes.git/", "https://server/notes"},
      {"https://server/a@b.git", "https://server/a@b"},
      {"jane@server:notes.git", "server:notes"},
      {"server:a@b", "server:a@b"},
      {"/srv/a@b:c.git", "/srv/a@b:c"},
      {"/srv/notes/.git", "/srv/notes/"},
      {"a.git", "a.git"},
      {"", ""},
  };
  for (const auto& [url, shown] : urls) BOOST_TEST(url_in_message(url) == shown);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
