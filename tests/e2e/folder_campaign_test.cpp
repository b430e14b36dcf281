// Whatever people do to a folder on two computers and on the server, and whichever tool runs in between: no file's
// content is ever lost by a run, every conflict is named, and in the end all are equal. A longer one:
//   SYNC_TEST_ROUNDS=500 SYNC_TEST_SEED=7 build/bin/e2e_folder_campaign
#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include "folders.hpp"

namespace syncmanager::test {

namespace {

unsigned number_in(const char* variable, unsigned otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::stoul(text));
}

class Campaign {
 public:
  Campaign(const std::string& client, unsigned seed) : folders_(client), random_(seed) {
    for (const fs::path& root : {folders_.here, folders_.other, folders_.there}) fs::create_directories(root);
    Computer::write(folders_.here / "first", "first");
    run(folders_.world.laptop, "sync-now", {});
    run(folders_.world.desktop, "sync-now", {});
  }

  /// Somebody works in one of the folders, or a tool runs.
  void step() {
    if (any_of(3) > 0) return edit(root(any_of(3)));
    const Computer& who = any_of(2) == 0 ? folders_.world.laptop : folders_.world.desktop;
    const std::vector<std::string> tools = {"sync-now", "sync-now", "sync-pull", "sync-push"};
    Arguments arguments;
    if (any_of(8) == 0) arguments.emplace_back("--force");
    run(who, tools[any_of(tools.size())], arguments);
  }

  /// Everybody syncs until nothing moves any more; what is in conflict is decided for the one who comes first.
  void settle() {
    constexpr int rounds = 3;
    for (int i = 0; i < rounds; ++i) {
      run(folders_.world.laptop, "sync-now", {"--force", "--allow-mass-deletion"});
      run(folders_.world.desktop, "sync-now", {"--force", "--allow-mass-deletion"});
    }
    expect_tree(folders_.here, tree_of(folders_.there));
    expect_tree(folders_.other, tree_of(folders_.there));
  }

 private:
  std::size_t any_of(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  const fs::path& root(std::size_t number) const {
    return number == 0 ? folders_.here : number == 1 ? folders_.other : folders_.there;
  }

  fs::path place() {
    static const std::vector<std::string> names = {"a",   "b",   "with space", "line\nfeed",
                                                   "d/x", "d/y", "e/f/g",      "-dash"};
    return names[any_of(names.size())];
  }

  void edit(const fs::path& folder) {
    const fs::path file = folder / place();
    BOOST_TEST_MESSAGE("edit " << file);
    switch (any_of(5)) {
      case 0: fs::remove(file); return;
      case 1: rename(file, folder / place()); return;
      default: {
        // Never twice the same, nor of the same size, nor of a certain age.
        const unsigned number = ++counter_;
        Computer::write(file, fmt::format("{} {}", number, std::string(number, '.')));
        if (any_of(3) == 0) set_age(file, static_cast<int>(any_of(200)) - 100);
      }
    }
  }

  static void rename(const fs::path& from, const fs::path& to) {
    if (!fs::is_regular_file(from) || fs::exists(to)) return;
    fs::create_directories(to.parent_path());
    fs::rename(from, to);
  }

  /// Everywhere: the roots, what rsync and Unison keep.
  std::set<std::string> contents() const {
    std::set<std::string> all;
    const Sandbox& world = folders_.world;
    for (const fs::path& place :
         {folders_.here, folders_.other, folders_.there, world.laptop.home() / ".unison" / "backup",
          world.desktop.home() / ".unison" / "backup", world.server.home() / ".unison" / "backup"}) {
      const std::multiset<std::string> found = contents_in(place);
      all.insert(found.begin(), found.end());
    }
    return all;
  }

  void run(const Computer& who, const std::string& tool, Arguments arguments) {
    BOOST_TEST_MESSAGE(who.home() << ": " << tool << (arguments.empty() ? "" : " " + arguments.front()));
    const fs::path& mine = &who == &folders_.world.laptop ? folders_.here : folders_.other;
    const std::set<std::string> before = contents();
    const Tree mine_before = tree_of(mine);
    const Tree there_before = tree_of(folders_.there);
    arguments.emplace_back("--json");
    const Finished finished = who.run(tool, arguments);
    BOOST_TEST_CONTEXT(tool << " on " << who.home() << ":\n" << finished.out << finished.err) {
      BOOST_TEST((finished.status == 0 || finished.status == 1 || finished.status == 3));
      const std::set<std::string> after = contents();
      for (const std::string& content : before) BOOST_TEST(after.contains(content), "lost: " << content.substr(0, 8));
      if (tool == "sync-pull") BOOST_TEST((tree_of(folders_.there) == there_before));
      if (tool == "sync-push") BOOST_TEST((tree_of(mine) == mine_before));
      if (tool == "sync-now") require_equal_or_told(mine, Json::parse(finished.out).at("projects").at(0));
    }
  }

  /// After a run both ways, whatever differs is named, unless the run refused to begin.
  void require_equal_or_told(const fs::path& mine, const Json& project) {
    const Json& files = project.at("files");
    std::vector<std::string> told;
    for (const Json& path : files.at("conflicts")) told.push_back(path.get<std::string>());
    for (const Json& trouble : files.at("troubles")) told.push_back(trouble.get<std::string>());
    const bool began = project.at("message").is_null() || !told.empty();
    if (!began) return;
    const auto named = [&](const std::string& name) {
      return std::ranges::any_of(told, [&](const std::string& one) { return contains(one, name); });
    };
    const Tree here = tree_of(mine);
    const Tree there = tree_of(folders_.there);
    for (const auto& [name, content] : here) {
      const auto other = there.find(name);
      const bool same = other != there.end() && other->second == content;
      if (!same) BOOST_TEST(named(name), "differs and is not named: " << name);
    }
    for (const auto& [name, content] : there) {
      if (!here.contains(name)) BOOST_TEST(named(name), "only there and not named: " << name);
    }
  }

  Folders folders_;
  std::mt19937 random_;
  unsigned counter_ = 0;
};

void hold_campaign(const std::string& client) {
  Campaign campaign(client, number_in("SYNC_TEST_SEED", 1));
  const unsigned rounds = number_in("SYNC_TEST_ROUNDS", 20);
  for (unsigned i = 0; i < rounds; ++i) campaign.step();
  campaign.settle();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(folder_campaign)

BOOST_AUTO_TEST_CASE(rsync_loses_nothing_and_makes_all_equal) {
  hold_campaign("rsync");
}

BOOST_AUTO_TEST_CASE(unison_loses_nothing_and_makes_all_equal) {
  hold_campaign("unison");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
