#include "hooks/timer_units.hpp"

#include <chrono>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/process.hpp"

using namespace syncmanager;
using namespace syncmanager::hooks;

namespace {

/// The line of the service that begins with "ExecStart=", without that.
std::string exec_start(const std::string& path) {
  const std::string text = service_unit(path).text;
  constexpr std::string_view key = "\nExecStart=";
  const std::size_t begin = text.find(key) + key.size();
  return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(timer_units)

BOOST_AUTO_TEST_CASE(writes_the_path_as_systemd_reads_it) {
  struct Row {
    std::string path;
    std::string line;
  };
  const Row rows[] = {
      {"/usr/bin/sync-now", "/usr/bin/sync-now --quiet"},
      {"/opt/my tools/sync-now", "\"/opt/my tools/sync-now\" --quiet"},
      {"/opt/50%h/sync-now", "/opt/50%%h/sync-now --quiet"},
      {"/opt/$HOME/${x}/sync-now", "/opt/$HOME/${x}/sync-now --quiet"},
      {"/opt/@SYNC_NOW@;#/sync-now", "/opt/@SYNC_NOW@;#/sync-now --quiet"},
  };
  for (const Row& row : rows) BOOST_TEST(exec_start(row.path) == row.line);
}

BOOST_AUTO_TEST_CASE(refuses_a_path_that_systemd_takes_in_no_form) {
  for (const char* const path : {"/a\"b/sync-now", "/a'b/sync-now", "/a\\b/sync-now", "/a\nb/sync-now", "/\x7f"}) {
    BOOST_CHECK_THROW(service_unit(path), Error);
  }
}

BOOST_AUTO_TEST_CASE(knows_its_own_units_for_whatever_path) {
  BOOST_TEST(is_unchanged(timer_unit().text));
  BOOST_TEST(is_unchanged(service_unit("/usr/bin/sync-now").text));
  BOOST_TEST(is_unchanged(service_unit("/elsewhere/sync-now").text));
}

BOOST_AUTO_TEST_CASE(sees_that_a_unit_has_been_changed) {
  const std::string text = timer_unit().text;
  std::string changed = text;
  changed.replace(changed.find("0/15"), 4, "0/30");
  const std::string rows[] = {
      changed, text + "\n", text.substr(0, text.size() - 1), text.substr(text.find("[Unit]")), text.substr(0, 300),
      "",      "[Unit]\n"};
  for (const std::string& row : rows) BOOST_TEST(!is_unchanged(row), row);
}

BOOST_AUTO_TEST_CASE(writes_the_path_as_cron_and_its_shell_read_it) {
  struct Row {
    std::string path;
    std::string command;
  };
  const Row rows[] = {
      {"/usr/bin/sync-now", "/usr/bin/sync-now --quiet"}, {"/my tools/sync-now", "'/my tools/sync-now' --quiet"},
      {"/50%h/sync-now", R"(/50\%h/sync-now --quiet)"},   {"/a b%c d%%/$(x)", R"('/a b'\%'c d'\%\%'/$(x)' --quiet)"},
      {"/it's/`x`", R"('/it'\''s/`x`' --quiet)"},
  };
  for (const Row& row : rows) BOOST_TEST(cron_line(row.path) == "*/15 * * * * " + row.command);
}

BOOST_AUTO_TEST_CASE(means_the_same_program_where_cron_leaves_the_backslash_to_the_shell) {
  const std::string path = "/a b%c d%%/$(x)'`y`";
  const std::string words = cron_line(path).substr(std::string("*/15 * * * * ").size());
  Command command;
  command.argv = {"/bin/sh", "-c", "printf '%s' " + words};
  const Finished shell = run(command, "", std::chrono::seconds(30));
  BOOST_TEST(shell.out == path + "--quiet");
}

BOOST_AUTO_TEST_SUITE_END()
