// Fails a run at each of its system calls that change something, by hand: `sweep`. A kill, a full disk, a disk that
// fails, a folder that may not be written: whatever it was, the next run makes everything equal, and nothing is lost.
// `sweep rename KILL` looks at one call and one fault only.
//
//   strace -f -qq -e trace=none -e inject=rename:signal=KILL:when=3 sync-now
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "support/program.hpp"
#include "support/sandbox.hpp"

namespace {

using namespace syncmanager;
using namespace syncmanager::test;
namespace fs = std::filesystem;

constexpr std::array calls = {"write", "rename", "unlink", "fsync", "openat", "mkdir", "pwrite64"};
constexpr std::array faults = {"signal=KILL", "error=EIO", "error=ENOSPC", "error=EACCES"};

struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string words(const Finished& run) {
  return fmt::format("status {}\n{}{}", run.status, run.out, run.err);
}

/// A laptop with something to do for each rule, and the way back to there.
class Lab {
 public:
  Lab() {
    world_.add_repository("notes", {.branches = 6, .commits = 2});
    laptop().conf(world_.section("notes"));
    world_.desktop.conf(world_.section("notes"));
    for (const Computer* computer : {&world_.laptop, &world_.desktop}) {
      if (!computer->run("sync-now").ok()) throw Broken("the lab can't be set up");
    }
    const fs::path theirs = world_.desktop.project("notes");
    world_.desktop.commit(theirs, "new/file.txt", "theirs\n");
    world_.desktop.commit(theirs, "file.txt", std::string(200'000, 'x'));
    world_.desktop.git(theirs, {"branch", "fresh"});
    world_.desktop.git(theirs, {"branch", "-D", "branch-1"});
    world_.desktop.git(theirs, {"tag", "v1"});
    rewrite(world_.desktop, theirs, "branch-2");
    if (!world_.desktop.run("sync-push").ok()) throw Broken("the lab can't be filled");
    rewrite(laptop(), here(), "branch-3");
    laptop().git(here(), {"branch", "-D", "branch-4"});
    laptop().git(here(), {"branch", "mine", "branch-5"});
    Computer::write(here() / "untracked.txt", "mine\n");
    Computer::write(here() / "staged.txt", "mine, too\n");
    laptop().git(here(), {"add", "staged.txt"});
    tips_ = tips();
    for (const fs::path& place : places()) fs::copy(place, kept(place), all);
  }

  void reset() const {
    for (const fs::path& place : places()) {
      fs::remove_all(place);
      fs::copy(kept(place), place, all);
    }
  }

  /// The run with a fault; false where it ended before it met it.
  [[nodiscard]] bool run(const std::string& call, const std::string& fault, int when, Finished& finished) const {
    Command command = laptop().command("sync-now", {});
    const fs::path told = trace();
    const std::vector<std::string> strace = {"strace",
                                             "-f",
                                             "-qq",
                                             "-o",
                                             told.string(),
                                             "-e",
                                             "trace=" + call,
                                             "-e",
                                             fmt::format("inject={}:{}:when={}", call, fault, when)};
    command.argv.insert(command.argv.begin(), strace.begin(), strace.end());
    finished = syncmanager::run(command, "", std::chrono::minutes(2));
    wait_until([&] { return processes_with(here().string()).empty() && processes_with(bare().string()).empty(); },
               "the end of the children");
    const std::string text = content_of(told);
    return contains(text, "(INJECTED)") || contains(text, "killed by SIGKILL");
  }

  /// The calls of the last run, as strace tells them.
  [[nodiscard]] fs::path trace() const { return world_.path() / "strace"; }

  /// After what happened: the next run makes everything equal, or names a lock that a person may remove.
  void check(const Finished& faulty) const {
    Finished next;
    for (int i = 0;; ++i) {
      next = laptop().run("sync-now");
      if (next.status == 0) break;
      if (i > 5 || !remove_named_locks(next.out + next.err)) {
        throw Broken(fmt::format("the next run: {}\nafter: {}", words(next), words(faulty)));
      }
    }
    const auto require = [&](bool holds, const std::string& what) {
      if (!holds) throw Broken(fmt::format("{}\nafter: {}and then: {}", what, words(faulty), words(next)));
    };
    for (const std::string branch : {"branch-1", "branch-4"}) require(!has(branch), branch + " is there");
    for (const std::string branch : {"fresh", "mine", "main"}) require(has(branch), branch + " is not there");
    const std::string prefix = "refs/heads";
    require(laptop().refs(here(), prefix) == world_.owner.refs(bare(), prefix), "the sides differ");
    require(laptop().git(here(), {"status", "--porcelain"}) == "A  staged.txt\n?? untracked.txt",
            "the working tree: " + laptop().git(here(), {"status", "--porcelain"}));
    require(content_of(here() / "untracked.txt") == "mine\n", "untracked.txt has changed");
    laptop().git(here(), {"fsck", "--no-progress", "--no-dangling"});
    world_.owner.git(bare(), {"fsck", "--no-progress", "--no-dangling"});
    const std::set<std::string> kept = reachable();
    for (const std::string& tip : tips_) require(kept.contains(tip), tip + " is lost");
  }

 private:
  static constexpr auto all = fs::copy_options::recursive | fs::copy_options::copy_symlinks;

  [[nodiscard]] const Computer& laptop() const { return world_.laptop; }
  [[nodiscard]] fs::path here() const { return laptop().project("notes"); }
  [[nodiscard]] fs::path bare() const { return world_.bare("notes"); }
  [[nodiscard]] std::vector<fs::path> places() const { return {here(), bare(), laptop().home() / ".state"}; }
  [[nodiscard]] fs::path kept(const fs::path& place) const {
    return world_.path() / ("kept-" + place.filename().string());
  }

  static void rewrite(const Computer& who, const fs::path& folder, const std::string& branch) {
    const std::string id = who.git(folder, {"commit-tree", "-p", branch + "~1", "-m", "again", branch + "^{tree}"});
    who.git(folder, {"update-ref", "refs/heads/" + branch, id});
  }

  [[nodiscard]] bool has(const std::string& branch) const {
    return !laptop().tip(here(), "refs/heads/" + branch).empty();
  }

  [[nodiscard]] std::set<std::string> tips() const {
    std::set<std::string> result;
    for (const auto& [who, folder] : {std::pair{&laptop(), here()}, std::pair{&world_.owner, bare()}}) {
      for (std::string& tip : split(who->git(folder, {"for-each-ref", "--format=%(objectname)", "refs/heads"}), "\n")) {
        result.insert(std::move(tip));
      }
    }
    return result;
  }

  [[nodiscard]] std::set<std::string> reachable() const {
    std::set<std::string> result;
    for (const auto& [who, folder] : {std::pair{&laptop(), here()}, std::pair{&world_.owner, bare()}}) {
      for (std::string& commit : split(who->git(folder, {"rev-list", "--all"}), "\n")) result.insert(std::move(commit));
    }
    return result;
  }

  [[nodiscard]] bool remove_named_locks(const std::string& text) const {
    bool removed = false;
    for (const fs::path& place : {here() / ".git", bare()}) {
      std::vector<fs::path> locks;
      for (const auto& entry : fs::recursive_directory_iterator(place)) {
        const bool named = contains(text, entry.path().filename().string());
        if (entry.path().extension() == ".lock" && named) locks.push_back(entry.path());
      }
      for (const fs::path& lock : locks) removed = fs::remove(lock) || removed;
    }
    return removed;
  }

  Sandbox world_;
  std::set<std::string> tips_;
};

/// Every place of one call where one fault can happen; how many of them broke a promise.
int sweep(const Lab& lab, const std::string& call, const std::string& fault) {
  int broken = 0;
  int met = 0;
  constexpr int most = 400;
  for (int when = 1; when <= most; ++when) {
    lab.reset();
    try {
      Finished run;
      if (!lab.run(call, fault, when, run)) break;
      ++met;
      lab.check(run);
    } catch (const std::exception& error) {
      ++broken;
      const std::string trace = fmt::format("{}-{}-{}.strace", call, fault.substr(fault.find('=') + 1), when);
      fs::copy_file(lab.trace(), trace, fs::copy_options::overwrite_existing);
      fmt::print("{} {} at number {} (its calls are in {}): {}\n", call, fault, when, trace, error.what());
    }
  }
  fmt::print("{:9} {:13} {:3} places, {} broken\n", call, fault, met, broken);
  std::fflush(stdout);
  return broken;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view only = argc > 1 ? argv[1] : "";
  const std::string_view only_fault = argc > 2 ? argv[2] : "";
  const Lab lab;
  int broken = 0;
  for (const char* const call : calls) {
    for (const char* const fault : faults) {
      const bool wanted = (only.empty() || only == call) && std::string_view(fault).ends_with(only_fault);
      if (wanted) broken += sweep(lab, call, fault);
    }
  }
  return broken == 0 ? 0 : 1;
}
