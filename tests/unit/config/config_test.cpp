#include "config/config.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "support.hpp"

using namespace syncmanager;
using namespace syncmanager::config;
using syncmanager::test::contains;
using syncmanager::test::errors_of;
using syncmanager::test::names_of;

BOOST_AUTO_TEST_SUITE(config_files)

BOOST_AUTO_TEST_CASE(reads_the_manual_s_example) {
  const Config config = test::read(R"([defaults]                    ; for this file
env = home, work              ; only read where SYNC_ENV (or --env) is one of these
direction = both              ; pull | push | both
computer = desk               ; this computer's name

[git "notes"]
path = ~/notes
url = ssh://git@server/srv/git/notes.git
remote = origin
name = Jane Doe
email = jane@example.org

[unison "documents"]
path = ~/Documents
url = ssh://server//srv/sync/documents
profile = sm_default

[rsync "photos"]
path = ~/Pictures/
url = server:/srv/sync/photos/
)");
  BOOST_TEST(errors_of(config) == "");
  BOOST_REQUIRE(config.projects.size() == 3);
  const Project& notes = config.projects[0];
  BOOST_TEST(notes.name == "notes");
  BOOST_TEST(notes.path == "/home/jane/notes");
  BOOST_TEST(notes.url.text == "ssh://git@server/srv/git/notes.git");
  BOOST_TEST(notes.url.host == "server");
  BOOST_TEST(notes.remote == "origin");
  BOOST_TEST(notes.user_name.value_or("") == "Jane Doe");
  BOOST_TEST(notes.user_email.value_or("") == "jane@example.org");
  BOOST_TEST(notes.envs == (std::vector<std::string>{"home", "work"}), boost::test_tools::per_element());
  BOOST_TEST(notes.computer == "desk");
  BOOST_TEST(notes.origin.file == "a.conf");
  BOOST_TEST(notes.origin.line == 6);
  const Project& documents = config.projects[1];
  BOOST_TEST((documents.client == Client::unison));
  BOOST_TEST(documents.url.path == "//srv/sync/documents");
  const Project& photos = config.projects[2];
  BOOST_TEST((photos.client == Client::rsync));
  BOOST_TEST(photos.path == "/home/jane/Pictures");
  BOOST_TEST(photos.url.path == "/srv/sync/photos/");
}

BOOST_AUTO_TEST_CASE(knows_every_key) {
  const Config config = test::read(R"([git "a"]
path = $HOME/a
url = /srv/a.git
direction = pull
env = x
group = y, z w
remote = backup
create = yes
branches = main, feature/* !feature/old
tags = no
diverged = rebase
deletions = keep
rewrites = push
park = no
name = Jane
email = j@x
hooks = commit
[unison "b"]
path = /b
url = /srv/b
profile = mine.prf
ignore = Name *.{tmp,bak}, Path a b ,
[rsync "c"]
path = /c
url = server:c
direction = push
delete = yes
max-delete = 7
backup-days = 0
exclude = *.tmp, .cache/
)");
  BOOST_TEST(errors_of(config) == "");
  BOOST_REQUIRE(config.projects.size() == 3);
  const Project& a = config.projects[0];
  BOOST_TEST(a.path == "/home/jane/a");
  BOOST_TEST((a.direction == Direction::pull));
  BOOST_TEST(a.groups == (std::vector<std::string>{"y", "z", "w"}), boost::test_tools::per_element());
  BOOST_TEST(a.remote == "backup");
  BOOST_TEST(a.create);
  BOOST_TEST(a.branches.selects("feature/new"));
  BOOST_TEST(!a.branches.selects("feature/old"));
  BOOST_TEST(!a.branches.selects("other"));
  BOOST_TEST(!a.tags);
  BOOST_TEST((a.diverged == Diverged::rebase));
  BOOST_TEST((a.deletions == Deletions::keep));
  BOOST_TEST((a.rewrites == Rewrites::push));
  BOOST_TEST(!a.park);
  BOOST_TEST(a.hooks == (std::vector<std::string>{"commit"}), boost::test_tools::per_element());
  BOOST_TEST(config.projects[1].profile == "mine");
  BOOST_TEST(config.projects[1].ignore == (std::vector<std::string>{"Name *.{tmp,bak}", "Path a b"}),
             boost::test_tools::per_element());
  const Project& c = config.projects[2];
  BOOST_TEST(c.remove);
  BOOST_TEST(c.max_delete == 7);
  BOOST_TEST(c.backup_days == 0);
  BOOST_TEST(c.exclude == (std::vector<std::string>{"*.tmp", ".cache/"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(takes_defaults_for_both_formats_and_lets_projects_override_them) {
  const Config config = test::read(R"([git]
~/old server:old
~/other third|server:other
[git "new"]
path = ~/new
url = server:new
direction = both
[rsync "r"]
path = ~/r
url = server:r
[defaults]
direction = push
remote = backup
delete = yes
ssh-config = ~/.ssh/sync
name = Jane
group = g
)");
  BOOST_TEST(errors_of(config) == "");
  BOOST_REQUIRE(config.projects.size() == 4);
  BOOST_TEST((config.projects[0].direction == Direction::push));
  BOOST_TEST(config.projects[0].remote == "backup");
  BOOST_TEST(config.projects[0].user_name.value_or("") == "Jane");
  BOOST_TEST(config.projects[0].ssh_config == "/home/jane/.ssh/sync");
  BOOST_TEST(config.projects[1].remote == "third");
  BOOST_TEST((config.projects[2].direction == Direction::both));
  BOOST_TEST(config.projects[2].computer == "laptop");
  BOOST_TEST(config.projects[3].remove);
  BOOST_TEST(config.projects[3].groups.size() == 1);
}

BOOST_AUTO_TEST_CASE(reads_a_realistic_old_file) {
  const Config config = test::read(
      "# synced by the old program\r\n"
      "env=home,work\r\n"
      "\r\n"
      "[git]\r\n"
      "~/notes\torigin|ssh://git@server/srv/notes.git \"Jane Doe\" jane@example.org\r\n"
      "$HOME/x server:repos/x.git\r\n"
      "  # a comment\r\n"
      "\"~/My Files/notes\"   server:more.git\r\n"
      "~/notes backup|/mnt/disk/notes.git\r\n"
      "[unison]\r\n"
      "~/Documents ssh://server//srv/documents sm_default.prf\r\n");
  BOOST_TEST(errors_of(config) == "");
  BOOST_TEST(names_of(config.projects) == "notes x notes-2 notes-3 Documents ");
  const Project& notes = config.projects[0];
  BOOST_TEST(notes.path == "/home/jane/notes");
  BOOST_TEST(notes.url.text == "ssh://git@server/srv/notes.git");
  BOOST_TEST(notes.user_name.value_or("") == "Jane Doe");
  BOOST_TEST(notes.user_email.value_or("") == "jane@example.org");
  BOOST_TEST(notes.origin.line == 5);
  BOOST_TEST(config.projects[1].url.path == "repos/x.git");
  BOOST_TEST(config.projects[2].path == "/home/jane/My Files/notes");
  BOOST_TEST(config.projects[3].remote == "backup");
  BOOST_TEST(config.projects[4].profile == "sm_default");
  for (const Project& project : config.projects) BOOST_TEST(project.envs.size() == 2);
}

BOOST_AUTO_TEST_CASE(lets_the_old_env_line_speak_for_old_sections_only) {
  const Config config = test::read("env=home\n[git]\n~/a s:a\n[git \"b\"]\npath = ~/b\nurl = s:b\n");
  BOOST_TEST(errors_of(config) == "");
  BOOST_REQUIRE(config.projects.size() == 2);
  BOOST_TEST(config.projects[0].envs.size() == 1);
  BOOST_TEST(config.projects[1].envs.empty());
}

BOOST_AUTO_TEST_CASE(takes_the_computer_s_name_from_the_environment) {
  Environment environment = test::jane();
  environment.computer = "desk";
  Config config;
  read("[git \"a\"]\npath = ~/a\nurl = s:a\n", "a.conf", environment, config);
  BOOST_REQUIRE(config.projects.size() == 1);
  BOOST_TEST(config.projects[0].computer == "desk");
}

BOOST_AUTO_TEST_CASE(keeps_long_values_whole) {
  const std::string path = "/srv/" + std::string(4091, 'p');
  const std::string url = "ssh://server/" + std::string(9000, 'u');
  const Config config = test::read("[git \"a\"]\npath = " + path + "\nurl = " + url + "\n[git]\n" + path + "2 " + url);
  BOOST_TEST(errors_of(config) == "");
  BOOST_REQUIRE(config.projects.size() == 2);
  BOOST_TEST(config.projects[0].path == path);
  BOOST_TEST(config.projects[0].url.text == url);
  BOOST_TEST(config.projects[1].path == path + "2");
  BOOST_TEST(config.projects[1].url.text == url);
}

BOOST_AUTO_TEST_CASE(tells_what_is_wrong_with_a_project_and_leaves_it_out) {
  const std::string start = "[git \"bad\"]\npath = ~/bad\nurl = s:bad\n";
  struct Row {
    std::string text;
    std::string_view error;
  };
  const Row rows[] = {
      {start + "directon = pull\n", "a.conf:4: unknown key 'directon', expected 'direction' or another known one\n"},
      {start + "zzzzzzz = pull\n",
       "a.conf:4: unknown key 'zzzzzzz', expected path, url, env, group, direction, remote,"},
      {start + "direction = pul\n", "a.conf:4: direction: found 'pul', expected both, pull or push\n"},
      {start + "direction =\n", "a.conf:4: direction: found '', expected both, pull or push\n"},
      {start + "tags = maybe\n", "a.conf:4: tags: found 'maybe', expected yes or no\n"},
      {start + "path = ~/other\n",
       "a.conf:4: path: found a second time, expected it once in a section; the other is in line 2\n"},
      {start + "backup-days = 3\n", "a.conf:4: 'backup-days' is for rsync, not for git\n"},
      {start + "computer = x\n", "a.conf:4: 'computer' is for a whole file: expected it in [defaults]\n"},
      {start + "remote = -x\n", "a.conf:4: remote: found '-x', expected the name of a remote such as origin\n"},
      {start + "name = J <j>\n", "a.conf:4: name: found 'J <j>', expected text without <, > and control characters\n"},
      {start + "branches = main -x\n", "a.conf:4: branches: found '-x', expected a branch name"},
      {start + "hooks = commit, push\n",
       "a.conf:4: hooks: found 'push', expected commit, checkout, merge or rewrite\n"},
      {start + "nonsense\n", "a.conf:4: found 'nonsense', expected `key = value`\n"},
      {"[git \"bad\"]\nurl = s:bad\n", "a.conf:1: [git 'bad'] has no path, expected `path = ...`\n"},
      {"[git \"bad\"]\npath = ~/bad\n", "a.conf:1: [git 'bad'] has no url, expected `url = ...`\n"},
      {"[git \"bad\"]\npath = bad\nurl = s:b\n", "a.conf:2: path: found 'bad', expected an absolute path"},
      {"[git \"bad\"]\npath =\nurl = s:b\n", "a.conf:2: path: found '', expected an absolute path"},
      {"[git \"bad\"]\npath = ~/b\nurl = -oProxyCommand=x\n", "a.conf:3: url: "},
      {"[git \"bad\"]\npath = ~/b\nurl = ext::sh -c x\n", "a.conf:3: url: "},
      {"[git \"bad\"]\npath = ~/b\nurl = repos/b\n", "a.conf:3: url: "},
      {"[git \"bad\"]\npath = ~/b\nurl = ~other/b\n",
       "a.conf:3: url: found '~other/b', expected an absolute path or a URL\n"},
      {"[git \"\"]\npath = ~/b\nurl = s:b\n", "a.conf:1: found '', expected a name of printable characters"},
      {"[git \"-x\"]\npath = ~/b\nurl = s:b\n", "a.conf:1: found '-x', expected a name of printable characters"},
      {"[git \"\xe2\x80\xaex\"]\npath = ~/b\nurl = s:b\n", "a.conf:1: found '\\u202ex', expected a name of printable"},
      {"[unison \"bad\"]\npath = ~/b\nurl = https://server/b\n",
       "a.conf:3: url: found 'https://server/b', expected a path"},
      {"[unison \"bad\"]\npath = ~/b\nurl = s:b\nprofile = ../x\n",
       "a.conf:4: profile: found '../x', expected the name"},
      {"[unison \"bad\"]\npath = ~/b\nurl = s:b\nbranches = x\n", "a.conf:4: 'branches' is for git, not for unison\n"},
      {"[rsync \"bad\"]\npath = ~/b\nurl = s:b\nmax-delete = -1\n",
       "a.conf:4: max-delete: found '-1', expected a number"},
      {"[rsync \"bad\"]\npath = ~/b\nurl = s:b\nmax-delete = 9999999999\n", "a.conf:4: max-delete: found '9999999999'"},
      {"[rsync \"bad\"]\npath = ~/b\nurl = s:b\ndelete = yes\n",
       "a.conf:1: [rsync 'bad'] has delete = yes with direction = both"},
      {"[git]\n~/bad\n", "a.conf:2: found 1 field, expected PATH [REMOTE|]URL"},
      {"[git]\nbad s:bad\n", "a.conf:2: path: found 'bad', expected an absolute path"},
      {"[git]\n~/bad rsync://x/y\n", "a.conf:2: url: "},
      {"[git]\npath = ~/bad\nurl = s:bad\n",
       "a.conf:2: mixes the two formats in one section: found 'path = ~/bad', expected"},
      {"[rsync]\n~/bad s:bad\n", "a.conf:1: found [rsync] without a name"},
  };
  for (const Row& row : rows) {
    const Config config = test::read(row.text + "[git \"good\"]\npath = ~/good\nurl = s:good\n[git]\n~/old s:old\n");
    BOOST_TEST_CONTEXT(row.text) {
      BOOST_TEST(errors_of(config).starts_with(row.error), errors_of(config));
      BOOST_TEST(config.errors.size() == 1U);
      BOOST_TEST(names_of(config.projects) == "good old ");
    }
  }
}

BOOST_AUTO_TEST_CASE(checks_remote_names_as_git_does) {
  for (const std::string_view good : {"origin", "my-remote", "a/b", "a.b", "\xc3\xbc", "head", "HEADS"}) {
    const Config config = test::read("[git \"a\"]\npath = ~/a\nurl = s:a\nremote = " + std::string(good));
    BOOST_TEST(errors_of(config) == "", good);
  }
  for (const std::string_view bad :
       {"",     "-x",     "a b",      "a..b", "a~", "a^",   "a:b", "a?",   "a*",   "a[",     "a\\",   ".a",
        "a/.b", "a.lock", "a.lock/b", "/a",   "a/", "a//b", "a.",  "a@{b", "HEAD", "a/HEAD", "HEAD/a"}) {
    const Config config = test::read("[git \"a\"]\npath = ~/a\nurl = s:a\nremote = " + std::string(bad));
    BOOST_TEST(config.errors.size() == 1U, bad);
    BOOST_TEST(config.projects.empty(), bad);
  }
}

BOOST_AUTO_TEST_CASE(tells_what_is_wrong_in_defaults_and_leaves_out_what_relies_on_it) {
  struct Row {
    std::string_view line;
    std::string_view error;
    std::string_view left;
  };
  const Row rows[] = {
      {"direction = pul", "direction: found 'pul', expected both, pull or push; the projects of this file that rely",
       "own "},
      {"directon = pull", "unknown key 'directon', expected 'direction' or another known one", "own "},
      {"direction = pull\ndirection = push", "direction: found a second time in [defaults]", "own "},
      {"path = ~/x", "'path' differs for each project: expected it in its section", "own plain folder "},
      {"url = s:x", "'url' differs for each project: expected it in its section", "own plain folder "},
      {"zzzzzzz = 1", "unknown key 'zzzzzzz', expected env, group, direction,", "own plain folder "},
      {"max-delete = x", "max-delete: found 'x', expected a number", "own plain "},
      {"computer = a b", "computer: found 'a b', expected one word", ""},
      {"nonsense", "found 'nonsense', expected `key = value`", "own plain folder "},
  };
  for (const Row& row : rows) {
    const Config config = test::read("[defaults]\n" + std::string(row.line) +
                                     "\n[git \"own\"]\npath = ~/own\nurl = s:own\ndirection = pull\n"
                                     "[git \"plain\"]\npath = ~/plain\nurl = s:plain\n"
                                     "[rsync \"folder\"]\npath = ~/folder\nurl = s:folder\n");
    BOOST_TEST_CONTEXT(row.line) {
      BOOST_TEST(config.errors.size() == 1U);
      BOOST_TEST(contains(errors_of(config), row.error), errors_of(config));
      BOOST_TEST(names_of(config.projects) == row.left);
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_an_env_line_that_nothing_heeds) {
  const Config config = test::read("env=home\n[git \"a\"]\npath = ~/a\nurl = s:a\n");
  BOOST_TEST(config.projects.empty());
  BOOST_TEST(contains(errors_of(config), "a.conf:1: found 'env' before the first section"));
}

BOOST_AUTO_TEST_CASE(keeps_names_unique_over_all_files) {
  Config config;
  read("[git \"a\"]\npath = ~/a\nurl = s:a\n[git]\n~/x/a s:b\n", "one.conf", test::jane(), config);
  read("[git \"a\"]\npath = ~/c\nurl = s:c\n[git]\n~/y/a s:d\n", "two.conf", test::jane(), config);
  BOOST_TEST(names_of(config.projects) == "a a-2 a-3 ");
  BOOST_TEST(errors_of(config) ==
             "two.conf:1: found a second project 'a', expected another name; the first is at one.conf:1\n");
}

BOOST_AUTO_TEST_CASE(lets_one_folder_have_several_remotes_but_each_only_once) {
  const auto project = [](std::string_view name, std::string_view more) {
    return "[git \"" + std::string(name) + "\"]\npath = ~/notes\nurl = s:" + std::string(name) + '\n' +
           std::string(more) + '\n';
  };
  BOOST_TEST(errors_of(test::read(project("a", "") + project("b", "remote = backup"))) == "");
  BOOST_TEST(errors_of(test::read(project("a", "env = home") + project("b", "env = work"))) == "");
  BOOST_TEST(errors_of(test::read(project("a", "remote = disk") + project("b", "remote = disk-2"))) == "");
  for (const auto* const both : {"disk disk/2", "disk/2 disk"}) {
    const std::string_view names = both;
    const auto space = names.find(' ');
    const Config nested = test::read(project("a", "remote = " + std::string(names.substr(0, space))) +
                                     project("b", "remote = " + std::string(names.substr(space + 1))));
    BOOST_TEST(contains(errors_of(nested), "a.conf:5: found a second project for '/home/jane/notes' with remote"),
               both);
  }
  const Config clash = test::read(project("a", "env = home") + project("b", "env = work, home"));
  BOOST_TEST(names_of(clash.projects) == "a ");
  BOOST_TEST(errors_of(clash) ==
             "a.conf:5: found a second project for '/home/jane/notes' with remote 'origin', expected another remote; "
             "the first is at a.conf:1\n");
}

BOOST_AUTO_TEST_CASE(reports_errors_in_the_order_of_the_lines) {
  const Config config = test::read("[git \"a\"]\n[nonsense]\n[git]\n~/x\n[git \"b\"]\noops\n");
  int last = 0;
  for (const ConfigError& error : config.errors) {
    BOOST_TEST(error.origin.line >= last);
    last = error.origin.line;
  }
  BOOST_TEST(config.errors.size() == 7U);
}

BOOST_AUTO_TEST_SUITE_END()
