// Folders: what our care adds to rsync and Unison, called by hand. Each contestant has a folder of its own, here and on
// the server.
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "bench/scenario.hpp"

namespace syncmanager::test {

namespace {

namespace fs = std::filesystem;

/// So many files here, of which the server has a copy.
class Folder {
 public:
  Folder(const Lab& lab, std::string name, const std::string& client, int files)
      : computer_(lab.computer(name)), here_(computer_.home() / "folder"), there_(lab.world().server.home() / name) {
    constexpr std::size_t size = 20'000;
    for (int i = 0; i < files; ++i) {
      Computer::write(here_ / fmt::format("{}", i / 100) / fmt::format("{}.txt", i), fmt::format("{:>{}}\n", i, size));
    }
    computer_.conf(fmt::format("[{} \"folder\"]\npath = ~/folder\nurl = {}\n", client,
                               (client == "unison" ? "ssh://server/" : "ssh://server") + there_.string()));
  }

  [[nodiscard]] const Computer& computer() const { return computer_; }
  [[nodiscard]] const fs::path& here() const { return here_; }
  [[nodiscard]] const fs::path& there() const { return there_; }

  /// Another size each time: rsync does not see a change within one second otherwise.
  void change_one() {
    ++number_;
    Computer::write(changed(), fmt::format("{}{:>{}}\n", number_, "changed", 100 * number_));
  }
  void forget_there() const { fs::remove_all(there_); }

  /// Throws where the file that was changed last has not come to the server.
  void check() const {
    const fs::path copy = there_ / changed().lexically_relative(here_);
    if (content_of(copy) != content_of(changed())) throw std::runtime_error("the file has not been copied");
  }

 private:
  [[nodiscard]] fs::path changed() const { return here_ / "0" / "0.txt"; }

  Computer computer_;
  fs::path here_;
  fs::path there_;
  int number_ = 0;
};

enum class Work { nothing, one_file, everything };

Contestant with_work(Contestant contestant, const std::shared_ptr<Folder>& folder, Work work) {
  contestant.prepare = [folder, work] {
    if (work == Work::one_file) folder->change_one();
    if (work == Work::everything) folder->forget_there();
  };
  contestant.check = [folder] { folder->check(); };
  return contestant;
}

/// rsync -a -e 'ssh -F FILE' -- HERE/ server:THERE/
std::vector<std::string> rsync_by_hand(const Folder& folder, const fs::path& ssh_config) {
  return {"rsync",
          "-a",
          "-e",
          "ssh -F " + ssh_config.string(),
          "--",
          folder.here().string() + "/",
          "server:" + folder.there().string() + "/"};
}

/// unison -batch … HERE ssh://server/THERE
std::vector<std::string> unison_by_hand(const Folder& folder, const fs::path& ssh_config) {
  return {"unison",
          "-ui",
          "text",
          "-batch",
          "-times",
          "-silent",
          "-sshargs",
          "-F " + ssh_config.string(),
          folder.here().string(),
          "ssh://server/" + folder.there().string()};
}

std::vector<Contestant> contestants(const Lab& lab, const std::string& name, const std::string& client,
                                    const fs::path& ssh_config, int files, Work work) {
  const auto mine = std::make_shared<Folder>(lab, name + "-ours", client, files);
  const auto other = std::make_shared<Folder>(lab, name + "-by-hand", client, files);
  const bool rsync = client == "rsync";
  Contestant by_hand{.name = client + " by hand",
                     .argv = rsync ? rsync_by_hand(*other, ssh_config) : unison_by_hand(*other, ssh_config),
                     .environment = other->computer().environment()};
  // Unison goes both ways.
  const std::string tool = rsync ? "sync-push" : "sync-now";
  // That the server has lost everything is no accident.
  const Arguments arguments = work == Work::everything ? Arguments{"--force"} : Arguments();
  return {with_work(ours(tool, mine->computer(), ssh_config, tool, arguments), mine, work),
          with_work(std::move(by_hand), other, work)};
}

}  // namespace

void folders(Lab& lab, const Settings& settings, const Output& output) {
  struct Case {
    std::string key, title;
    Work work;
  };
  for (const std::string client : {"rsync", "unison"}) {
    for (const Link& link : lab.links()) {
      for (const Case& one :
           {Case{"nothing", "nothing to do", Work::nothing}, Case{"one", "one changed file", Work::one_file},
            Case{"all", "all to copy", Work::everything}}) {
        if (one.work == Work::everything && client == "unison") continue;  // it would ask whether all is to be deleted
        const std::string key = fmt::format("folders/{}/{}/{}", client, one.key, link.key);
        output.doing(fmt::format("a folder by {}, {}, {} away", client, one.title, link.name));
        output.done(
            {key,
             fmt::format("a folder of {} files by {}, {}, {} round trip", settings.files, client, one.title, link.name),
             measure(contestants(lab, fmt::format("{}-{}-{}", client, one.key, link.key), client, link.cold,
                                 settings.files, one.work),
                     settings.rounds),
             false});
      }
    }
  }
}

}  // namespace syncmanager::test
