// A line that ends or freezes anywhere in a pull and a push: the run ends in time, nothing is lost or half done, and
// the next one does the rest.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "expect.hpp"
#include "support/faulty_line.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

namespace fs = std::filesystem;
using Fault = FaultyLine::Fault;

constexpr std::size_t all_connections = 1000;

/// What a folder holds, put back as often as asked for.
class Saved {
 public:
  Saved(fs::path folder, fs::path copy) : folder_(std::move(folder)), copy_(std::move(copy)) {
    copy_all(folder_, copy_);
  }

  void restore() const {
    fs::remove_all(folder_);
    copy_all(copy_, folder_);
  }

 private:
  static void copy_all(const fs::path& from, const fs::path& to) {
    fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  }

  fs::path folder_;
  fs::path copy_;
};

std::string noise(int seed) {
  std::string text;
  for (unsigned value = 12345U + static_cast<unsigned>(seed); text.size() < 100'000;
       value = value * 1664525U + 1013904223U) {
    text += static_cast<char>('!' + (value >> 24U) % 90U);
  }
  return text;
}

/// A laptop behind a faulty line, and work on both sides that waits to be brought to the other.
struct World {
  Sandbox sandbox;
  FaultyLine line{sandbox.server.port()};
  fs::path notes = sandbox.laptop.project("notes");
  fs::path bare = sandbox.bare("notes");

  explicit World(const std::vector<std::string>& ssh_lines = {}) {
    sandbox.add_repository("notes", {.branches = 4, .commits = 2});
    sandbox.laptop.set("SYNC_SSH_CONFIG", sandbox.server.write_ssh_config_by(line.port(), "faulty", ssh_lines));
    sandbox.laptop.conf(sandbox.section("notes"));
    expect_exit(sandbox.laptop.run("sync-now"), 0);

    sandbox.desktop.conf(sandbox.section("notes"));
    expect_exit(sandbox.desktop.run("sync-pull"), 0);
    const fs::path other = sandbox.desktop.project("notes");
    sandbox.desktop.commit(other, "there.txt", noise(1));
    sandbox.desktop.git(other, {"switch", "--quiet", "--create", "new-there", "branch-1"});
    sandbox.desktop.commit(other, "new.txt", noise(2));
    expect_exit(sandbox.desktop.run("sync-push"), 0);

    sandbox.laptop.git(notes, {"switch", "--quiet", "branch-2"});
    sandbox.laptop.commit(notes, "here.txt", noise(3));
    sandbox.laptop.git(notes, {"branch", "new-here", "branch-2"});
    sandbox.laptop.git(notes, {"switch", "--quiet", "main"});
  }

  /// Every commit that was a branch's tip is still one here and there, or behind one; and both repositories are whole.
  void expect_nothing_lost(const std::vector<std::string>& here, const std::vector<std::string>& there) const {
    sandbox.laptop.git(notes, {"fsck", "--full", "--connectivity-only"});
    sandbox.owner.git(bare, {"fsck", "--full", "--connectivity-only"});
    for (const std::string& tip : here) {
      BOOST_TEST(!sandbox.laptop.git(notes, {"branch", "--contains", tip}).empty());
    }
    for (const std::string& tip : there) {
      BOOST_TEST(!sandbox.owner.git(bare, {"branch", "--contains", tip}).empty());
    }
    BOOST_TEST(sandbox.laptop.git(notes, {"status", "--porcelain"}).empty());
  }

  [[nodiscard]] static std::vector<std::string> tips(const Computer& who, const fs::path& repository) {
    return split_lines(who.git(repository, {"for-each-ref", "--format=%(objectname)", "refs/heads"}));
  }

  static std::vector<std::string> split_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }
};

struct Sweep {
  Fault fault;
  std::size_t connections;
  std::size_t points;
  std::vector<int> statuses;  ///< that the run may end with
  std::vector<std::string> options;
};

/// Runs sync-now with the fault at each of so many points of what a whole run carries, and a whole one afterwards.
void sweep(World& world, const Sweep& sweep) {
  const Sandbox& sandbox = world.sandbox;
  const Saved laptop(sandbox.laptop.home(), sandbox.path() / "laptop.saved");
  const Saved server(sandbox.server.home(), sandbox.path() / "server.saved");
  const auto here = World::tips(sandbox.laptop, world.notes);
  const auto there = World::tips(sandbox.owner, world.bare);
  world.line.follow({.connections = 0});
  expect_exit(sandbox.laptop.run("sync-now"), 0);
  const std::size_t bytes = world.line.carried();
  BOOST_TEST(bytes > 100'000U);
  for (std::size_t point = 1; point <= sweep.points; ++point) {
    laptop.restore();
    server.restore();
    const std::size_t at = bytes * point / (sweep.points + 1);
    BOOST_TEST_CONTEXT("after " << at << " of " << bytes << " bytes") {
      world.line.follow({.fault = sweep.fault, .bytes = at, .connections = sweep.connections});
      const auto begin = std::chrono::steady_clock::now();
      const Finished run = sandbox.laptop.run("sync-now", sweep.options);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
      BOOST_TEST_CONTEXT(run.out << run.err) {
        BOOST_TEST((std::find(sweep.statuses.begin(), sweep.statuses.end(), run.status) != sweep.statuses.end()),
                   "exit " << run.status);
        BOOST_TEST(took.count() < 60);
        if (sweep.fault == Fault::breaks) BOOST_TEST(world.line.connections() > 1U);
        world.expect_nothing_lost(here, there);
      }
      world.line.follow({.connections = 0});
      expect_exit(sandbox.laptop.run("sync-now"), 0);
      expect_equal_refs(sandbox, sandbox.laptop, "notes");
      world.expect_nothing_lost(here, there);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(breaks)

// ssh alone can do what AddressFamily asks for, so that this one goes through it.
const std::vector<std::vector<std::string>> ways = {{}, {"AddressFamily inet"}};

BOOST_AUTO_TEST_CASE(a_line_that_breaks_once_is_made_anew_and_the_run_goes_on) {
  for (const auto& way : ways) {
    World world(way);
    sweep(world, {.fault = Fault::breaks, .connections = 1, .points = 6, .statuses = {0}, .options = {}});
  }
}

BOOST_AUTO_TEST_CASE(a_line_that_breaks_again_and_again_ends_the_run_and_loses_nothing) {
  for (const auto& way : ways) {
    World world(way);
    sweep(world,
          {.fault = Fault::breaks, .connections = all_connections, .points = 3, .statuses = {0, 4}, .options = {}});
  }
}

BOOST_AUTO_TEST_CASE(a_line_that_freezes_ends_the_run_in_time_and_loses_nothing) {
  for (const auto& way : ways) {
    World world(way);
    sweep(world, {.fault = Fault::freezes,
                  .connections = all_connections,
                  .points = 4,
                  .statuses = {0, 4},
                  .options = {"--timeout", "1"}});
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
