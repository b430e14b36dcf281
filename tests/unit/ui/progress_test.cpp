#include "ui/progress.hpp"

#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "base/deadline.hpp"
#include "base/file.hpp"

namespace syncmanager::ui {

namespace {

using std::chrono::milliseconds;

const Timing at_once{.grace = milliseconds(0), .interval = milliseconds(1)};
const Timing never{.grace = std::chrono::hours(1), .interval = milliseconds(1)};
const Transfer transfer{.sending = false, .objects = 1, .total_objects = 2, .bytes = 3};

/// A terminal, and the side of it that reads what is written there.
class PseudoTerminal {
 public:
  PseudoTerminal() : reader_(posix_openpt(O_RDWR | O_NOCTTY)) {
    BOOST_REQUIRE(grantpt(reader_.get()) == 0);
    BOOST_REQUIRE(unlockpt(reader_.get()) == 0);
    terminal_ = Fd(open(ptsname(reader_.get()), O_RDWR | O_NOCTTY));
    BOOST_REQUIRE(terminal_);
  }

  [[nodiscard]] int fd() const { return terminal_.get(); }

  void echo(bool on) {
    termios settings{};
    BOOST_REQUIRE(tcgetattr(fd(), &settings) == 0);
    settings.c_lflag = on ? settings.c_lflag | ECHO : settings.c_lflag & ~static_cast<tcflag_t>(ECHO);
    BOOST_REQUIRE(tcsetattr(fd(), TCSANOW, &settings) == 0);
  }

  /// Everything that was written so far, and at least up to `expected`.
  const std::string& read_until(const std::string& expected) {
    const Deadline deadline = Deadline::after(std::chrono::seconds(20));
    while (seen_.find(expected) == std::string::npos && !deadline.expired()) read_for(milliseconds(50));
    return seen_;
  }

  const std::string& read_rest() {
    while (read_for(milliseconds(0))) {
    }
    return seen_;
  }

 private:
  bool read_for(milliseconds wait) {
    pollfd waiting{reader_.get(), POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(wait.count())) <= 0) return false;
    std::string buffer(4096, '\0');
    const ssize_t length = ::read(reader_.get(), buffer.data(), buffer.size());
    if (length <= 0) return false;
    seen_.append(buffer, 0, static_cast<std::size_t>(length));
    return true;
  }

  Fd reader_;
  Fd terminal_;
  std::string seen_;
};

ProjectOutcome finished(const std::string& name) {
  ProjectOutcome outcome;
  outcome.name = name;
  return outcome;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(progress)

BOOST_AUTO_TEST_CASE(draws_a_transfer_and_removes_it_at_the_end) {
  PseudoTerminal terminal;
  {
    const auto progress = terminal_progress(terminal.fd(), false, at_once);
    progress->started("notes");
    progress->transferred("notes", transfer);
    BOOST_TEST(terminal.read_until("objects").find("  notes  receiving 1 of 2 objects  3 bytes") != std::string::npos);
  }
  BOOST_TEST(terminal.read_rest().ends_with("\r\x1b[1A\x1b[J"));
}

BOOST_AUTO_TEST_CASE(draws_nothing_for_a_short_run) {
  PseudoTerminal terminal;
  {
    const auto progress = terminal_progress(terminal.fd(), false, never);
    progress->started("notes");
    progress->transferred("notes", transfer);
    progress->finished(finished("notes"));
    progress->note("a note for -v");
  }
  BOOST_TEST(terminal.read_rest() == "");
}

BOOST_AUTO_TEST_CASE(prints_every_note_when_verbose) {
  PseudoTerminal terminal;
  {
    const auto progress = terminal_progress(terminal.fd(), true, never);
    progress->note("server: ssh\x1b");
    progress->note("last");
  }
  BOOST_TEST(terminal.read_rest() == "server: ssh\\x1b\r\nlast\r\n");
}

BOOST_AUTO_TEST_CASE(leaves_the_terminal_alone_while_a_secret_is_typed) {
  PseudoTerminal terminal;
  terminal.echo(false);
  const auto progress = terminal_progress(terminal.fd(), true, at_once);
  progress->transferred("notes", transfer);
  progress->note("first");
  progress->note("second");
  BOOST_TEST(terminal.read_until("second") == "first\r\nsecond\r\n");
  terminal.echo(true);
  BOOST_TEST(terminal.read_until("objects").find("receiving") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(takes_calls_from_many_threads) {
  PseudoTerminal terminal;
  {
    const auto progress = terminal_progress(terminal.fd(), true, at_once);
    std::vector<std::jthread> threads;
    for (int number = 0; number < 4; ++number) {
      threads.emplace_back([&progress, name = "project-" + std::to_string(number)] {
        progress->started(name);
        for (int step = 0; step < 200; ++step) progress->transferred(name, transfer);
        progress->finished(finished(name));
      });
    }
  }
  const std::string& seen = terminal.read_rest();
  BOOST_TEST((seen.empty() || seen.ends_with("\x1b[J")));
}

BOOST_AUTO_TEST_CASE(plain_progress_prints_nothing_but_notes) {
  PseudoTerminal terminal;
  for (const bool verbose : {false, true}) {
    const auto progress = plain_progress(terminal.fd(), verbose);
    progress->started("notes");
    progress->transferred("notes", transfer);
    progress->note(verbose ? "told" : "hidden");
    progress->finished(finished("notes"));
  }
  BOOST_TEST(terminal.read_rest() == "told\r\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::ui
