#include "hooks/hook_text.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

namespace syncmanager::hooks {

namespace {

using queue::Event;
using namespace std::string_literals;

const std::filesystem::path program = "/opt/it's here/enqueue";

/// Shell scripts as people write them.
const std::string scripts[] = {
    "#!/bin/sh\necho mine\n",
    "#!/bin/sh -eu\necho mine",
    "#!/usr/bin/env bash\n\n# mine\n",
    "#!/usr/bin/env -S bash -e\ntrue\n",
    "#! /bin/zsh\ntrue\n",
    "#!/bin/busybox sh\ntrue\n",
    "#!/bin/sh",
    "#!/bin/sh\n",
    "echo without a first line of that kind\n",
    "",
    "\n",
    "#!/bin/dash\n\n\n",
    "#!/bin/ksh\necho \xff\xfe\r\n",
};

}  // namespace

BOOST_AUTO_TEST_SUITE(hook_text)

BOOST_AUTO_TEST_CASE(a_script_takes_the_block_and_is_given_back_byte_for_byte) {
  for (const std::string& script : scripts) {
    BOOST_TEST((kind_of(script) == HookKind::shell), script);
    const std::string joined = with_block(script, Event::commit, program);
    BOOST_TEST((kind_of(joined) == HookKind::joined), joined);
    BOOST_TEST(without_block(joined) == script);
    BOOST_TEST(with_block(joined, Event::commit, program) == joined);
  }
}

BOOST_AUTO_TEST_CASE(another_programs_path_takes_the_place_of_the_first) {
  const std::string script = "#!/bin/sh\necho mine\n";
  const std::string moved = with_block(with_block(script, Event::merge, "/old/enqueue"), Event::merge, program);
  BOOST_TEST(moved == with_block(script, Event::merge, program));
  BOOST_TEST(without_block(moved) == script);
}

BOOST_AUTO_TEST_CASE(the_block_stands_right_behind_the_first_line) {
  BOOST_TEST(with_block("#!/bin/sh -e\necho mine\n", Event::commit, "/x/enqueue") ==
             "#!/bin/sh -e\n"
             "# >>> sync-hooks >>>\n"
             "if [ \"${SYNC_HOOKS-}\" != 0 ] && [ -x '/x/enqueue' ]; then '/x/enqueue' commit </dev/null || :; fi\n"
             "# <<< sync-hooks <<<\n"
             "echo mine\n");
}

BOOST_AUTO_TEST_CASE(what_somebody_has_added_stays) {
  const std::string joined = with_block("#!/bin/sh\n", Event::commit, program) + "echo added\n";
  BOOST_TEST(without_block(joined) == "#!/bin/sh\necho added\n");
  const std::string ours = hook_script(Event::commit, program) + "echo added\n";
  BOOST_TEST((kind_of(ours) == HookKind::joined));
  BOOST_TEST(without_block(ours).ends_with("echo added\n"));
}

BOOST_AUTO_TEST_CASE(our_own_scripts_are_known_whatever_their_path) {
  for (const Event event : {Event::commit, Event::merge, Event::rewrite, Event::checkout}) {
    BOOST_TEST((kind_of(hook_script(event, "/somewhere/else")) == HookKind::ours));
    BOOST_TEST((kind_of(wrapping_script(event, "/somewhere/else")) == HookKind::wrapping));
    BOOST_TEST(hook_script(event, program).find("'/opt/it'\\''s here/enqueue'") != std::string::npos);
    BOOST_TEST(hook_script(event, program).find("@") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(other_programs_take_no_block) {
  for (const std::string& text :
       {"#!/usr/bin/env python3\nprint()\n"s, "#!/usr/bin/perl\n"s, "#!/usr/bin/env node\n"s, "#!/usr/bin/fish\n"s,
        "#!/bin/csh -f\n"s, "#!/bin/sh\r\necho\r\n"s, "\x7f"s + "ELF\x02\x01\0\0"s, "#!/bin/sh\n\0"s, "#!"s, "#!\n"s,
        "#!/usr/bin/env\n"s, "#!/home/sh/run\n"s}) {
    BOOST_TEST((kind_of(text) == HookKind::other), text);
  }
}

BOOST_AUTO_TEST_CASE(half_a_block_is_somebodys_text) {
  const std::string joined = with_block("#!/bin/sh\n", Event::commit, program);
  const std::string torn = joined.substr(0, joined.find("# <<<"));
  BOOST_TEST((kind_of(torn) == HookKind::shell));
  BOOST_TEST(without_block(torn) == torn);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::hooks
