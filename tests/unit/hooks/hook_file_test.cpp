#include "hooks/hook_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "hooks/hook_text.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::hooks {

namespace {

namespace fs = std::filesystem;

/// A hooks folder, and a program that writes down how it is called.
struct Fixture {
  test::TemporaryFolder folder;
  fs::path hooks = folder.path() / "hooks";
  fs::path called = folder.path() / "called";
  fs::path enqueue =
      program(folder.path() / "the program's/enqueue", "#!/bin/sh\necho \"$@\" >>'" + called.string() + "'; cat\n");
  HookPlace place{hooks, queue::Event::commit, enqueue};
  fs::path hook = hooks / "post-commit";

  static fs::path program(const fs::path& path, const std::string& text, const std::string& mode = "755") {
    fs::create_directories(path.parent_path());
    test::run_program({"sh", "-c", "printf %s \"$2\" >\"$1\" && chmod \"$3\" \"$1\"", "sh", path, text, mode});
    return path;
  }

  /// Everything in the hooks folder: kind, mode and content.
  [[nodiscard]] std::map<std::string, std::string> all() const {
    std::map<std::string, std::string> result;
    if (!fs::exists(hooks)) return result;
    for (const auto& entry : fs::recursive_directory_iterator(hooks)) {
      struct stat found {};
      BOOST_REQUIRE(lstat(entry.path().c_str(), &found) == 0);
      const std::string content = entry.is_symlink()        ? fs::read_symlink(entry.path()).string()
                                  : entry.is_regular_file() ? test::content_of(entry.path())
                                                            : std::string();
      result[entry.path().lexically_relative(hooks)] = fmt::format("{:o} {}", found.st_mode, content);
    }
    return result;
  }

  /// As git runs it; what it prints.
  [[nodiscard]] std::string run(const std::string& environment = {}) const {
    const fs::path output = folder.path() / "output";
    test::run_program({"sh", "-c",
                       "cd \"$1\" && echo input | env A=b " + environment +
                           " hooks/post-commit one 'two 2' >output 2>&1; echo \" status $?\" >>output",
                       "sh", folder.path()});
    return test::content_of(output);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hook_file, Fixture)

BOOST_AUTO_TEST_CASE(a_hook_is_made_and_goes_again) {
  BOOST_TEST((state_of(place) == HookState::missing));
  install(place);
  BOOST_TEST((state_of(place) == HookState::installed));
  BOOST_TEST(run() == " status 0\n");
  BOOST_TEST(test::content_of(called) == "commit\n");
  const auto installed = all();
  install(place);
  BOOST_TEST((all() == installed));
  uninstall(place);
  BOOST_TEST(all().empty());
  uninstall(place);
}

BOOST_AUTO_TEST_CASE(what_was_there_goes_on_working_and_comes_back_as_it_was) {
  const fs::path elsewhere = program(folder.path() / "elsewhere", "#!/bin/sh\necho elsewhere \"$@\"; exit 3\n");
  const std::string perl = "#!/usr/bin/perl\nprint \"perl @ARGV \", scalar(<STDIN>); exit 5;\n";
  const struct {
    const char* what;
    std::string text;
    std::string mode;
    fs::path link;
    std::string output;
  } rows[] = {
      {"sh",
       "#!/bin/sh -eu\necho \"$0 $*\"; cat; exit 7\n",
       "755",
       {},
       "hooks/post-commit one two 2\ninput\n status 7\n"},
      {"bash, read-only", "#!/usr/bin/env bash\n[[ $A == b ]] && echo right", "555", {}, "right\n status 0\n"},
      {"no first line", "echo \"$1\"; false\n", "700", {}, "one\n status 1\n"},
      {"perl", perl, "755", {}, "perl one two 2 input\n status 5\n"},
      {"switched off", "#!/bin/sh\necho never\n", "644", {}, " status 0\n"},
      {"a relative link", {}, {}, "../elsewhere", "elsewhere one two 2\n status 3\n"},
      {"an absolute link", {}, {}, elsewhere, "elsewhere one two 2\n status 3\n"},
      {"a link to nothing", {}, {}, "../nothing", " status 0\n"},
  };
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.what) {
      fs::remove_all(hooks);
      fs::remove(called);
      fs::create_directory(hooks);
      if (row.link.empty()) {
        program(hook, row.text, row.mode);
      } else {
        fs::create_symlink(row.link, hook);
      }
      const auto before = all();
      install(place);
      BOOST_TEST((state_of(place) == HookState::installed));
      const auto installed = all();
      install(place);
      BOOST_TEST((all() == installed));
      BOOST_TEST(run() == row.output);
      BOOST_TEST(test::content_of(called) == "commit\n");
      BOOST_TEST(run("SYNC_HOOKS=0") == row.output);
      BOOST_TEST(test::content_of(called) == "commit\n");
      uninstall(place);
      BOOST_TEST((all() == before));
      BOOST_TEST(test::content_of(elsewhere).starts_with("#!/bin/sh\necho elsewhere"));
    }
  }
}

BOOST_AUTO_TEST_CASE(odd_files_come_back_byte_for_byte) {
  using namespace std::string_literals;
  for (const std::string& text :
       {""s, "\n"s, "\r\n"s, "#!"s, "#!/bin/sh"s, "#!/bin/sh\r\necho a\r\n"s, "echo a\r\n"s,
        "#!/bin/sh\necho a\r\nexit"s, "#!/bin/sh\n\0\n"s, "\0"s, "\x7f"s + "ELF\0\n"s, "\xef\xbb\xbf#!/bin/sh\n"s}) {
    for (const fs::perms mode : {fs::perms(0755), fs::perms(0640)}) {
      fs::remove_all(hooks);
      fs::create_directory(hooks);
      std::ofstream(hook) << text;
      fs::permissions(hook, mode);
      const auto before = all();
      install(place);
      BOOST_TEST((state_of(place) == HookState::installed), text);
      uninstall(place);
      BOOST_TEST((all() == before), text);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_program_that_is_missing_or_fails_is_not_noticed) {
  fs::create_directory(hooks);
  program(hook, "#!/bin/sh -e\necho mine\n");
  install(place);
  program(enqueue, "#!/bin/sh\nexit 9\n");
  BOOST_TEST(run() == "mine\n status 0\n");
  fs::remove(enqueue);
  BOOST_TEST(run() == "mine\n status 0\n");
}

BOOST_AUTO_TEST_CASE(a_hook_of_an_older_place_is_outdated) {
  install({hooks, queue::Event::commit, "/old/enqueue"});
  BOOST_TEST((state_of(place) == HookState::outdated));
  install(place);
  BOOST_TEST((state_of(place) == HookState::installed));
  fs::permissions(hook, fs::perms::owner_read | fs::perms::owner_write);
  BOOST_TEST((state_of(place) == HookState::switched_off));
}

BOOST_AUTO_TEST_CASE(a_kill_while_it_wraps_is_finished_by_the_next_one) {
  fs::create_directory(hooks);
  program(hook, "#!/usr/bin/perl\nprint 1;\n");
  const auto before = all();
  fs::create_directory(hooks / "sync-hooks.d");
  fs::create_hard_link(hook, hooks / "sync-hooks.d/post-commit");  // as far as it came
  install(place);
  BOOST_TEST(run() == "1 status 0\n");
  uninstall(place);
  BOOST_TEST((all() == before));
}

BOOST_AUTO_TEST_CASE(a_kill_while_it_wraps_or_restores_is_finished_by_an_uninstall) {
  fs::create_directory(hooks);
  program(folder.path() / "elsewhere", "#!/bin/sh\n");
  for (const bool link : {false, true}) {
    fs::remove_all(hook);
    if (link)
      fs::create_symlink("../elsewhere", hook);
    else
      program(hook, "#!/usr/bin/perl\nprint 1;\n");
    const auto before = all();
    fs::create_directory(hooks / "sync-hooks.d");
    if (link)
      fs::create_symlink("../../elsewhere", hooks / "sync-hooks.d/post-commit");
    else
      fs::create_hard_link(hook, hooks / "sync-hooks.d/post-commit");
    program(hooks / "post-commit.sync-new", "#!/bi");
    uninstall(place);
    BOOST_TEST((all() == before));
  }
}

BOOST_AUTO_TEST_CASE(a_new_hook_is_as_open_as_the_umask_says) {
  const mode_t before = umask(077);
  install(place);
  umask(before);
  BOOST_TEST((fs::status(hook).permissions() == fs::perms::owner_all));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_read_only_is_named) {
  fs::create_directory(hooks);
  fs::permissions(hooks, fs::perms::owner_read | fs::perms::owner_exec);
  if (access(hooks.c_str(), W_OK) == 0) return;  // root writes everywhere
  BOOST_CHECK_EXCEPTION(install(place), Error, [&](const Error& error) {
    return std::string(error.what()).find(hooks.string()) != std::string::npos;
  });
  fs::permissions(hooks, fs::perms::owner_all);
}

BOOST_AUTO_TEST_CASE(another_hook_in_the_place_of_the_wrapped_one_is_not_overwritten) {
  fs::create_directory(hooks);
  program(hook, "#!/usr/bin/perl\nprint 1;\n");
  program(hooks / "sync-hooks.d/post-commit", "somebody's");
  const auto before = all();
  BOOST_CHECK_THROW(install(place), Error);
  BOOST_TEST((all() == before));
}

BOOST_AUTO_TEST_CASE(a_wrapper_that_somebody_has_changed_is_left_alone) {
  fs::create_directory(hooks);
  program(hook, "#!/usr/bin/perl\nprint 1;\n");
  install(place);
  program(hook, test::content_of(hook) + "echo added\n");
  const auto before = all();
  BOOST_CHECK_THROW(uninstall(place), Error);
  BOOST_TEST((all() == before));
}

BOOST_AUTO_TEST_CASE(a_checkout_of_files_and_a_clone_call_nothing) {
  const HookPlace checkout{hooks, queue::Event::checkout, enqueue};
  install(checkout);
  const std::string zero(40, '0');
  const std::string one(40, '1');
  const struct {
    std::string before, flag, called;
  } rows[] = {{one, "1", "checkout\n"}, {one, "0", ""}, {zero, "1", ""}, {std::string(64, '0'), "1", ""}};
  for (const auto& row : rows) {
    fs::remove(called);
    test::run_program({hooks / "post-checkout", row.before, one, row.flag});
    BOOST_TEST(test::content_of(called) == row.called, row.before << " " << row.flag);
  }
}

BOOST_AUTO_TEST_CASE(shells_of_all_kinds_run_it) {
  for (const std::string shell : {"dash", "bash", "busybox sh", "zsh"}) {
    for (const queue::Event event : {queue::Event::commit, queue::Event::checkout}) {
      fs::remove_all(hooks);
      fs::remove(called);
      fs::create_directory(hooks);
      const fs::path path = hooks / hook_name(event);
      program(path, "#!/usr/bin/env -S " + shell + " -eu\necho mine \"$1\"\n");
      install({hooks, event, enqueue});
      test::run_program({path, std::string(40, '1'), "x", "1"});
      BOOST_TEST(test::content_of(called) == std::string(to_string(event)) + "\n", shell);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::hooks
