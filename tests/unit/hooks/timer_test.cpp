#include "hooks/timer.hpp"

#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/file.hpp"
#include "hooks/timer_units.hpp"
#include "support/temporary_folder.hpp"

using namespace syncmanager;
using namespace syncmanager::hooks;
namespace fs = std::filesystem;

namespace {

/// A systemctl that writes down what it is told, and knows whether the timer is enabled. A file `refusal` in its folder
/// has the words by which it refuses everything.
constexpr const char* fake_systemctl = R"(#!/bin/sh
cd "${0%/*}" || exit
echo "$*" >>told
if [ -e refusal ]; then cat refusal >&2; exit 1; fi
case "$3" in
  enable) echo enabled >state ;;
  disable) rm state ;;
  show)
    if [ -e state ]; then
      printf 'LoadState=loaded\nActiveState=active\nUnitFileState=enabled\nNextElapseUSecRealtime=soon\n'
    else
      printf 'LoadState=not-found\nActiveState=inactive\nUnitFileState=\nNextElapseUSecRealtime=\n'
    fi ;;
esac
)";

struct World {
  test::TemporaryFolder folder;
  fs::path units = folder.path() / "config/systemd/user";
  fs::path service = units / "sync-now.service";
  fs::path timer = units / "sync-now.timer";
  TimerRequest request{
      .sync_now = "/opt/sync-now", .systemctl = folder.write("systemctl", fake_systemctl), .booted = folder.path()};
  Environment environment;

  World() {
    fs::permissions(request.systemctl, fs::perms::owner_all);
    environment.config_home = folder.path() / "config";
    environment.runtime_folder = folder.path() / "run";
  }
  void refuse(const std::string& words) const { folder.write("refusal", words); }
  /// What systemd was told so far, but for questions.
  [[nodiscard]] std::string told() const {
    std::string orders;
    const std::string all = read_file(folder.path() / "told").value_or("");
    for (std::size_t begin = 0; begin < all.size(); begin = all.find('\n', begin) + 1) {
      const std::string line = all.substr(begin, all.find('\n', begin) - begin);
      if (line.find(" show ") == std::string::npos)
        orders += line.substr(std::string("--user --no-pager ").size()) + ';';
    }
    return orders;
  }
};

using Paths = std::vector<fs::path>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(timer, World)

BOOST_AUTO_TEST_CASE(writes_both_units_and_starts_the_timer) {
  const TimerReport report = install_timer(request, environment);
  BOOST_TEST((report.state == TimerState::on));
  BOOST_TEST(report.next == "soon");
  BOOST_TEST((report.changed == Paths{service, timer}));
  BOOST_TEST(read_file(service).value() == service_unit("/opt/sync-now").text);
  BOOST_TEST(read_file(timer).value() == timer_unit().text);
  BOOST_TEST(told() == "daemon-reload;enable --now sync-now.timer;");
}

BOOST_AUTO_TEST_CASE(writes_nothing_the_second_time) {
  install_timer(request, environment);
  const TimerReport again = install_timer(request, environment);
  BOOST_TEST((again.state == TimerState::on));
  BOOST_TEST(again.changed.empty());
  BOOST_TEST(again.kept.empty());
}

BOOST_AUTO_TEST_CASE(follows_a_program_that_has_moved) {
  install_timer(request, environment);
  request.sync_now = "/elsewhere/sync-now";
  BOOST_TEST((install_timer(request, environment).changed == Paths{service}));
  BOOST_TEST(read_file(service).value() == service_unit("/elsewhere/sync-now").text);
}

BOOST_AUTO_TEST_CASE(leaves_and_names_a_unit_that_somebody_has_changed) {
  install_timer(request, environment);
  const std::string own = timer_unit().text + "# mine\n";
  folder.write("config/systemd/user/sync-now.timer", own);
  BOOST_TEST((install_timer(request, environment).kept == Paths{timer}));
  BOOST_TEST((timer_status(request, environment).kept == Paths{timer}));
  const TimerReport report = uninstall_timer(request, environment);
  BOOST_TEST((report.kept == Paths{timer}));
  BOOST_TEST((report.changed == Paths{service}));
  BOOST_TEST(read_file(timer).value() == own);
}

BOOST_AUTO_TEST_CASE(stops_the_timer_and_removes_its_units) {
  install_timer(request, environment);
  const fs::path other = folder.write("config/systemd/user/other.timer", "");
  const TimerReport report = uninstall_timer(request, environment);
  BOOST_TEST((report.state == TimerState::off));
  BOOST_TEST((report.changed == Paths{service, timer}));
  BOOST_TEST(fs::exists(other));
  BOOST_TEST(told() == "daemon-reload;enable --now sync-now.timer;disable --now sync-now.timer;daemon-reload;");
}

BOOST_AUTO_TEST_CASE(has_nothing_to_do_where_there_is_no_timer) {
  const TimerReport report = uninstall_timer(request, environment);
  BOOST_TEST((report.state == TimerState::off));
  BOOST_TEST(report.changed.empty());
  BOOST_TEST(told() == "");
}

BOOST_AUTO_TEST_CASE(tells_why_systemd_could_not_be_reached) {
  refuse("Failed to connect to bus: No medium found\n");
  const TimerReport report = install_timer(request, environment);
  BOOST_TEST((report.state == TimerState::untold));
  BOOST_TEST(report.words == "Failed to connect to bus: No medium found");
  BOOST_TEST((report.changed == Paths{service, timer}));
  BOOST_TEST(told() == "daemon-reload;");
  BOOST_TEST((timer_status(request, environment).state == TimerState::untold));
}

BOOST_AUTO_TEST_CASE(leaves_no_link_to_a_timer_that_it_removed_without_systemd) {
  install_timer(request, environment);
  const fs::path link = units / "timers.target.wants/sync-now.timer";
  fs::create_directories(link.parent_path());
  fs::create_symlink(timer, link);
  refuse("Failed to connect to bus\n");
  const TimerReport report = uninstall_timer(request, environment);
  BOOST_TEST((report.state == TimerState::untold));
  BOOST_TEST((report.changed == Paths{service, timer}));
  BOOST_TEST(!fs::is_symlink(link));
}

BOOST_AUTO_TEST_CASE(tells_the_line_for_cron_and_writes_nothing_where_systemd_does_not_run) {
  request.booted = folder.path() / "nowhere";
  const TimerReport report = install_timer(request, environment);
  BOOST_TEST((report.state == TimerState::no_systemd));
  BOOST_TEST(report.cron_line == cron_line("/opt/sync-now"));
  BOOST_TEST(!fs::exists(units));
  BOOST_TEST((timer_status(request, environment).state == TimerState::no_systemd));
  BOOST_TEST((uninstall_timer(request, environment).state == TimerState::no_systemd));
  BOOST_TEST(told() == "");
}

BOOST_AUTO_TEST_CASE(sees_whether_the_timer_is_on) {
  BOOST_TEST((timer_status(request, environment).state == TimerState::off));
  install_timer(request, environment);
  BOOST_TEST((timer_status(request, environment).state == TimerState::on));
}

BOOST_AUTO_TEST_SUITE_END()
