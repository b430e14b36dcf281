#include "base/process.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "support/small_stack.hpp"
#include "support/temporary_folder.hpp"
#include "support/unseen_end.hpp"

using namespace syncmanager;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr seconds patience(20);

Command shell(const std::string& script) {
  return {{"sh", "-c", script}, {}, {}};
}

Finished run_shell(const std::string& script, std::string_view input = {}) {
  return run(shell(script), input, patience);
}

/// Waits for one line of a child.
std::string read_line(const Fd& from) {
  std::string line;
  char letter = 0;
  pollfd polled{from.get(), POLLIN, 0};
  while (poll(&polled, 1, 20'000) == 1 && read(from.get(), &letter, 1) == 1 && letter != '\n') line += letter;
  return line;
}

/// Whether nobody holds the write end any more, after at most `patience`.
bool ends(const Fd& from) {
  char letter = 0;
  pollfd polled{from.get(), POLLIN, 0};
  return poll(&polled, 1, 20'000) == 1 && read(from.get(), &letter, 1) == 0;
}

class SignalSetting {
 public:
  SignalSetting(int signal, void (*handler)(int)) : signal_(signal), before_(std::signal(signal, handler)) {}
  SignalSetting(const SignalSetting&) = delete;
  SignalSetting& operator=(const SignalSetting&) = delete;
  ~SignalSetting() { std::signal(signal_, before_); }

 private:
  int signal_;
  void (*before_)(int);
};

}  // namespace

BOOST_AUTO_TEST_SUITE(process)

BOOST_AUTO_TEST_CASE(collects_what_a_child_prints_and_its_status) {
  const Finished finished = run_shell("echo out; echo err >&2; exit 7");
  BOOST_TEST(finished.out == "out\n");
  BOOST_TEST(finished.err == "err\n");
  BOOST_TEST(finished.status == 7);
  BOOST_TEST(!finished.ok());
  BOOST_TEST(run_shell("true").ok());
}

BOOST_AUTO_TEST_CASE(turns_a_fatal_signal_into_a_status_as_shells_do) {
  BOOST_TEST(run_shell("kill -9 $$").status == 128 + SIGKILL);
}

BOOST_AUTO_TEST_CASE(passes_arguments_as_they_are) {
  const std::string hostile = "a b\n'\"$(id)*";
  BOOST_TEST(run({{"printf", "%s|%s", hostile, ""}, {}, {}}, "", patience).out == hostile + "|");
}

BOOST_AUTO_TEST_CASE(gives_the_child_its_environment_and_nothing_else) {
  const Finished finished = run({{"env"}, {"A=1", "B=x y"}, {}}, "", patience);
  BOOST_TEST(finished.out == "A=1\nB=x y\n");
}

BOOST_AUTO_TEST_CASE(runs_the_child_in_its_folder) {
  const test::TemporaryFolder folder;
  const Finished finished = run({{"pwd", "-P"}, {}, folder.path()}, "", patience);
  BOOST_TEST(finished.out == std::filesystem::canonical(folder.path()).string() + "\n");
}

BOOST_AUTO_TEST_CASE(names_a_missing_program_and_says_what_to_do) {
  BOOST_CHECK_EXCEPTION(run({{"no-such-program"}, {}, {}}, "", patience), Error, [](const Error& error) {
    return error.kind() == ErrorKind::failed &&
           error.what() == std::string("cannot run no-such-program: no such program") &&
           error.hint() == "install no-such-program, or put its folder into PATH";
  });
}

BOOST_AUTO_TEST_CASE(names_a_missing_folder) {
  BOOST_CHECK_EXCEPTION(run({{"true"}, {}, "/no/such/folder"}, "", patience), Error, [](const Error& error) {
    return error.what() == std::string("cannot run true in /no/such/folder: No such file or directory");
  });
}

BOOST_AUTO_TEST_CASE(names_a_program_that_may_not_run) {
  BOOST_CHECK_EXCEPTION(run({{"/dev/null"}, {}, {}}, "", patience), Error, [](const Error& error) {
    return error.what() == std::string("cannot run /dev/null: Permission denied");
  });
}

BOOST_AUTO_TEST_CASE(moves_more_than_the_pipes_hold_both_ways_at_once) {
  const std::string input(3'000'000, 'x');
  const Finished finished = run_shell("tee /dev/stderr", input);
  BOOST_TEST((finished.out == input));
  BOOST_TEST((finished.err == input));
}

BOOST_AUTO_TEST_CASE(ends_the_input_of_a_child_that_gets_none) {
  BOOST_TEST(run_shell("cat").ok());
}

BOOST_AUTO_TEST_CASE(survives_a_child_that_does_not_want_its_input) {
  const std::string input(3'000'000, 'x');
  for (auto* const handler : {SIG_DFL, SIG_IGN}) {
    const SignalSetting setting(SIGPIPE, handler);
    BOOST_TEST(run_shell("exec <&-; echo enough; exit 3", input).status == 3);
  }
}

BOOST_AUTO_TEST_CASE(gives_the_child_the_usual_signals) {
  const SignalSetting pipe(SIGPIPE, SIG_IGN);
  const SignalSetting interrupt(SIGINT, SIG_IGN);
  // A shell cannot trap what was ignored when it began, but its children show it: SigIgn is a mask in hexadecimal.
  const std::string ignored = run_shell("sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status").out;
  const unsigned long mask = std::stoul(ignored, nullptr, 16);
  BOOST_TEST((mask & (1UL << (SIGPIPE - 1))) == 0U);
  BOOST_TEST((mask & (1UL << (SIGINT - 1))) == 0U);
}

BOOST_AUTO_TEST_CASE(does_not_let_a_child_hold_the_pipes_of_another) {
  Child first(shell("cat"));
  const Child second(shell("cat"));
  first.input.reset();
  BOOST_TEST(first.ended_within(patience));
  BOOST_TEST(ends(first.output));
}

BOOST_AUTO_TEST_CASE(works_where_this_process_has_no_standard_input) {
  const Fd kept(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10));
  close(STDIN_FILENO);
  const Finished finished = run_shell("cat; echo err >&2", "text");
  if (kept) dup2(kept.get(), STDIN_FILENO);
  BOOST_TEST(finished.out == "text");
  BOOST_TEST(finished.err == "err\n");
}

BOOST_AUTO_TEST_CASE(shows_errors_as_they_come) {
  std::string seen;
  int pieces = 0;
  const Finished finished =
      run(shell("echo one >&2; read line; echo two >&2"), "\n", patience, [&](std::string_view piece) {
        seen += piece;
        ++pieces;
        return patience;
      });
  BOOST_TEST(seen == "one\ntwo\n");
  BOOST_TEST(finished.err == seen);
  BOOST_TEST(pieces >= 1);
}

BOOST_AUTO_TEST_CASE(keeps_the_end_of_endless_errors) {
  const std::string size = std::to_string(5 * kept_errors);
  const Finished finished = run_shell("yes | head -c " + size + " >&2; echo the end >&2");
  BOOST_TEST(finished.err.size() >= kept_errors);
  BOOST_TEST(finished.err.size() <= 3 * kept_errors);
  BOOST_TEST(finished.err.ends_with("\nthe end\n"));
}

BOOST_AUTO_TEST_CASE(knows_how_many_arguments_a_child_can_take) {
  const test::SmallStack small;
  for (const std::size_t size : {std::size_t{1}, std::size_t{50'000}}) {
    const std::vector<std::string> environment = {"A=" + std::string(size, 'x')};
    std::size_t room = room_for_arguments(environment);
    Command command{{"true"}, environment, {}};
    for (; room > 1000; room -= 1000) command.argv.emplace_back(1000 - 1 - sizeof(char*), 'a');
    BOOST_TEST(run(command, "", patience).ok());
    BOOST_TEST(command.argv.size() > 50);
  }
}

BOOST_AUTO_TEST_CASE(gives_up_on_a_child_that_says_nothing) {
  BOOST_CHECK_EXCEPTION(run(shell("exec sleep 60"), "", milliseconds(100)), Error, [](const Error& error) {
    return error.kind() == ErrorKind::timeout && error.what() == std::string("sh said nothing for 0.1 s");
  });
}

BOOST_AUTO_TEST_CASE(gives_up_on_a_child_that_closed_its_streams_and_stays) {
  BOOST_CHECK_THROW(run(shell("exec >&- 2>&-; sleep 60"), "", milliseconds(100)), Error);
}

BOOST_AUTO_TEST_CASE(is_patient_with_a_child_that_goes_on_talking) {
  const Command slow = shell("for i in 1 2 3 4 5 6; do echo $i; sleep 0.2; done");
  BOOST_TEST(run(slow, "", milliseconds(1000)).out == "1\n2\n3\n4\n5\n6\n");
}

BOOST_AUTO_TEST_CASE(is_as_patient_as_what_the_child_said_asks_for) {
  const auto after = [](milliseconds silence) { return [silence](std::string_view) { return silence; }; };
  BOOST_TEST(run(shell("echo long >&2; sleep 2; echo done"), "", milliseconds(1000), after(patience)).out == "done\n");
  BOOST_CHECK_EXCEPTION(run(shell("echo short >&2; exec sleep 60"), "", patience, after(milliseconds(100))), Error,
                        [](const Error& error) { return error.what() == std::string("sh said nothing for 0.1 s"); });
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_what_a_child_leaves_behind) {
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(run_shell("sleep 15 & echo done").out == "done\n");
  BOOST_TEST((std::chrono::steady_clock::now() - begin < seconds(10)));
}

BOOST_AUTO_TEST_CASE(ends_a_child_early_when_a_person_interrupts) {
  const auto is_interruption = [](const Error& error) { return error.kind() == ErrorKind::interrupted; };
  for (const auto* const script : {"echo started >&2; exec sleep 60", "echo started >&2; exec >&- 2>&-; sleep 60"}) {
    const Interrupt interrupt;
    Command command = shell(script);
    command.interrupt = &interrupt;
    const auto on_start = [&](std::string_view) {
      interrupt.request();
      return patience;
    };
    BOOST_CHECK_EXCEPTION(run(command, "", patience, on_start), Error, is_interruption);
    BOOST_CHECK_EXCEPTION(run(command, "", patience), Error, is_interruption);
  }
}

BOOST_AUTO_TEST_CASE(takes_the_last_words_of_a_child_that_ends_between_two_looks_at_its_pipes) {
  const test::UnseenEnd unseen_end;
  const Finished finished = run_shell(test::UnseenEnd::script("echo out; echo err >&2; exit 3"));
  BOOST_TEST(finished.out == "out\n");
  BOOST_TEST(finished.err == "err\n");
  BOOST_TEST(finished.status == 3);
}

BOOST_AUTO_TEST_CASE(waits_for_a_child_again_and_again_with_one_answer) {
  Child child(shell("exit 5"));
  BOOST_TEST(child.wait() == 5);
  BOOST_TEST(child.wait() == 5);
  BOOST_TEST(child.wait(milliseconds(0)) == 5);
  BOOST_TEST(child.ended_within(milliseconds(0)));
}

BOOST_AUTO_TEST_CASE(tells_whether_a_child_has_ended_without_ending_it) {
  Child child(shell("read line; exit 4"));
  BOOST_TEST(!child.ended_within(milliseconds(1)));
  child.input.reset();
  BOOST_TEST(child.ended_within(patience));
  BOOST_TEST(child.wait() == 4);
}

BOOST_AUTO_TEST_CASE(ends_a_child_at_the_deadline) {
  Child child(shell("exec sleep 60"));
  BOOST_TEST(child.wait(milliseconds(10)) == 128 + SIGTERM);
}

BOOST_AUTO_TEST_CASE(kills_a_child_that_does_not_want_to_end) {
  Child child(shell("trap '' TERM; echo ready; while :; do sleep 0.1; done"));
  BOOST_TEST(read_line(child.output) == "ready");
  BOOST_TEST(child.wait(milliseconds(10)) == 128 + SIGKILL);
}

BOOST_AUTO_TEST_CASE(ends_the_whole_group_of_a_child_with_it) {
  std::array<int, 2> ends_of_pipe{};
  BOOST_REQUIRE(pipe2(ends_of_pipe.data(), O_CLOEXEC) == 0);
  const Fd read_end(ends_of_pipe[0]);
  Fd write_end(ends_of_pipe[1]);
  {
    // The grandchild inherits a write end through /proc: the pipe ends only when it does.
    const std::string held = "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(write_end.get());
    const Child child(shell("sleep 60 3>" + held + " & echo ready; wait"));
    BOOST_TEST(read_line(child.output) == "ready");
    write_end.reset();
  }
  BOOST_TEST(ends(read_end));
}

BOOST_AUTO_TEST_CASE(gives_a_child_its_own_group_only_where_asked) {
  Command command = shell("ps -o pgid= -p $$ 2>/dev/null || cut -d' ' -f5 /proc/$$/stat");
  BOOST_TEST(std::stoi(run(command, "", patience).out) != getpgrp());
  command.own_group = false;
  BOOST_TEST(std::stoi(run(command, "", patience).out) == getpgrp());
}

BOOST_AUTO_TEST_CASE(keeps_its_output_and_errors_from_blocking) {
  const Child child(shell("cat"));
  for (const Fd* const fd : {&child.output, &child.errors}) {
    char letter = 0;
    BOOST_TEST(read(fd->get(), &letter, 1) == -1);
    BOOST_TEST(errno == EAGAIN);
  }
}

BOOST_AUTO_TEST_SUITE_END()
