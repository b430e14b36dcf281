// Whether much data moves as fast as through git alone: files that don't compress, and a long history of small objects.
#include <cstring>
#include <random>
#include <stdexcept>

#include <fmt/format.h>

#include "bench/scenario.hpp"

namespace syncmanager::test {

namespace {

/// A repository on the server, full, and what is made of it: clones of it, and empty ones that it is pushed to.
struct Load {
  std::string name;   ///< of the repository
  std::string about;  ///< what is in it
};

std::string random_bytes(std::size_t size, std::mt19937_64& random) {
  std::string bytes(size, '\0');
  for (std::size_t at = 0; at + sizeof(std::uint64_t) <= size; at += sizeof(std::uint64_t)) {
    const std::uint64_t value = random();
    std::memcpy(bytes.data() + at, &value, sizeof value);
  }
  return bytes;
}

/// One commit with this many files of a megabyte, for `git fast-import`.
std::string stream_of_files(int megabytes) {
  constexpr std::size_t size = 1'000'000;
  std::mt19937_64 random(1);  // the same files in every run
  std::string stream =
      "commit refs/heads/main\ncommitter Jane Doe <jane@example.org> 1700000000 +0000\ndata 6\nfiles\n";
  for (int number = 0; number < megabytes; ++number) {
    stream += fmt::format("M 100644 inline {}.bin\ndata {}\n{}\n", number, size, random_bytes(size, random));
  }
  return stream;
}

/// Throws unless both have the same branches.
void check_equal(const Computer& computer, const std::filesystem::path& one, const std::filesystem::path& other) {
  if (computer.refs(one, "refs/heads") != computer.refs(other, "refs/heads")) {
    throw std::runtime_error(fmt::format("{} and {} differ", one.string(), other.string()));
  }
}

class Transfers {
 public:
  Transfers(const Lab& lab, Load load)
      : lab_(lab), load_(std::move(load)), computer_(lab.computer("of-" + load_.name)) {
    for (const std::string who : {"ours", "git"}) {
      Computer::write(conf(who), fmt::format("[git \"{0}\"]\npath = {1}\nurl = ssh://server{2}\n", who,
                                             source(who).string(), target(who).string()));
      Computer::write(clone_conf(who), fmt::format("[git \"{0}\"]\npath = {1}\nurl = {2}\n", who, clone(who).string(),
                                                   lab.world().url(load_.name)));
      // A clone of its own for each, whose remote is the empty repository.
      computer_.git(computer_.home(), {"clone", "--quiet", lab.world().bare(load_.name), source(who)});
      computer_.git(source(who), {"remote", "set-url", "origin", "ssh://server" + target(who).string()});
    }
  }

  [[nodiscard]] std::vector<Contestant> clones(const Link& link) const {
    return {cloning("ours", ours("sync-pull", computer_, link.cold, "sync-pull", {"--conf", clone_conf("ours")})),
            cloning("git", theirs("git clone", computer_, link.cold,
                                  {"git", "clone", "--quiet", lab_.world().url(load_.name), clone("git")}))};
  }

  [[nodiscard]] std::vector<Contestant> pushes(const Link& link) const {
    return {pushing("ours", ours("sync-push", computer_, link.cold, "sync-push", {"--conf", conf("ours")})),
            pushing("git", theirs("git push", computer_, link.cold,
                                  {"git", "-C", source("git"), "push", "--quiet", "origin", "main"}))};
  }

  [[nodiscard]] const Load& load() const { return load_; }

 private:
  [[nodiscard]] std::filesystem::path source(const std::string& who) const { return computer_.project("from-" + who); }
  [[nodiscard]] std::filesystem::path clone(const std::string& who) const { return computer_.project("clone-" + who); }
  [[nodiscard]] std::filesystem::path target(const std::string& who) const {
    return lab_.world().bare(load_.name + "-pushed-" + who);
  }
  [[nodiscard]] std::filesystem::path conf(const std::string& who) const { return computer_.home() / (who + ".conf"); }
  [[nodiscard]] std::filesystem::path clone_conf(const std::string& who) const {
    return computer_.home() / (who + "-clone.conf");
  }

  [[nodiscard]] Contestant cloning(const std::string& who, Contestant contestant) const {
    contestant.prepare = [this, who] { std::filesystem::remove_all(clone(who)); };
    contestant.check = [this, who] { check_equal(computer_, clone(who), lab_.world().bare(load_.name)); };
    return contestant;
  }

  /// Each run starts from an empty repository there, and from no memory of one here.
  [[nodiscard]] Contestant pushing(const std::string& who, Contestant contestant) const {
    contestant.prepare = [this, who] {
      std::filesystem::remove_all(target(who));
      lab_.world().add_empty_repository(load_.name + "-pushed-" + who);
      computer_.git(source(who), {"update-ref", "-d", "refs/remotes/origin/main"});
    };
    contestant.check = [this, who] { check_equal(computer_, source(who), target(who)); };
    return contestant;
  }

  const Lab& lab_;
  Load load_;
  Computer computer_;
};

void measure_all(const Lab& lab, const Transfers& transfers, bool usual, const Settings& settings,
                 const Output& output) {
  const Load& load = transfers.load();
  const auto table = [&](const char* what, const Link& link, std::vector<Contestant> contestants, double least) {
    if (usual) contestants.back().goals = {{Goal::Of::ratio, least}};
    output.doing(fmt::format("{} of {}, {} away", what, load.about, link.name));
    output.done({fmt::format("big/{}/{}/{}", what, load.name, link.key),
                 fmt::format("{} of {}, {} round trip", what, load.about, link.name),
                 measure(contestants, settings.big_rounds), link.far && load.name == "files"});
  };
  table("clone", lab.near(), transfers.clones(lab.near()), 1);
  table("clone", lab.far(), transfers.clones(lab.far()), 2);
  table("push", lab.near(), transfers.pushes(lab.near()), 1);
}

}  // namespace

void big_transfers(Lab& lab, const Settings& settings, const Output& output) {
  const Sandbox& world = lab.world();
  output.doing("making big repositories");
  world.add_empty_repository("files");
  world.owner.git(world.bare("files"), {"fast-import", "--quiet"}, stream_of_files(settings.megabytes));
  world.add_repository("history", {.branches = 1, .commits = settings.commits});
  const Settings usual;
  measure_all(lab, Transfers(lab, {"files", fmt::format("{} MB of files", settings.megabytes)}),
              settings.megabytes == usual.megabytes, settings, output);
  measure_all(lab, Transfers(lab, {"history", fmt::format("{} commits", settings.commits)}),
              settings.commits == usual.commits, settings, output);
}

}  // namespace syncmanager::test
