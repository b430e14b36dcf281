#include "world.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iterator>
#include <thread>

#include <fmt/format.h>

#include "base/text.hpp"
#include "support/program.hpp"

namespace syncmanager::campaign {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto longest = 60s;

std::string words(const Finished& run) {
  return fmt::format("status {}\n{}{}", run.status, run.out, run.err);
}

}  // namespace

World::World()
    : tower_(sandbox_.path() / "tower", "tower", sandbox_.server.ssh_config()),
      computers_{sandbox_.laptop, sandbox_.desktop, tower_} {
  sandbox_.add_repository("notes", {.branches = 3, .commits = 2});
  const std::array<std::string, 3> rules = {"", "diverged = merge\n", "diverged = rebase\nrewrites = refuse\n"};
  for (std::size_t i = 0; i < computers_.size(); ++i) {
    computers_[i].conf(sandbox_.section("notes", rules[i]));
    if (i == 2) git(computers_[i], computers_[i].home(), {"config", "--global", "user.email", "joe@example.org"});
    run(computers_[i], "sync-now", {});
  }
  remember_tips();
}

Finished World::git(const test::Computer& computer, const fs::path& folder, Strings arguments) {
  Command command{{"git", "-C", folder.string()}, computer.environment(), computer.home()};
  std::ranges::move(arguments, std::back_inserter(command.argv));
  return syncmanager::run(command, "", longest);
}

World::Strings World::lines(const test::Computer& computer, const fs::path& folder, const Strings& arguments) {
  const Finished run = git(computer, folder, arguments);
  if (!run.ok()) throw Broken(fmt::format("git {} in {}: {}", arguments.front(), folder.string(), run.err));
  return split(run.out, "\n");
}

World::Strings World::branches(const test::Computer& computer, const fs::path& folder) {
  return lines(computer, folder, {"for-each-ref", "--format=%(refname:strip=2)", "refs/heads"});
}

World::Commits World::reachable() const {
  Commits all;
  const auto add = [&](const test::Computer& computer, const fs::path& folder) {
    for (const std::string& commit : lines(computer, folder, {"rev-list", "--all"})) all.insert(commit);
  };
  for (const test::Computer& computer : computers_) add(computer, project(computer));
  add(sandbox_.owner, sandbox_.bare("notes"));
  return all;
}

void World::remember_tips() {
  const Strings tips = {"for-each-ref", "--format=%(objectname)", "refs/heads"};
  const auto add = [&](const test::Computer& computer, const fs::path& folder) {
    for (const std::string& tip : lines(computer, folder, tips)) known_.insert(tip);
  };
  for (const test::Computer& computer : computers_) add(computer, project(computer));
  add(sandbox_.owner, sandbox_.bare("notes"));
}

World::Work World::uncommitted(const test::Computer& computer) {
  const fs::path folder = project(computer);
  Work work;
  const Finished status =
      git(computer, folder, {"status", "--porcelain", "-z", "--no-renames", "--untracked-files=all"});
  for (const std::string& entry : split(status.out, std::string_view("\0", 1))) {
    const std::string path = entry.substr(3);
    const bool staged = entry[0] != ' ' && entry[0] != '?';
    work[path] = fs::exists(folder / path) ? "file " + test::content_of(folder / path) : "gone";
    if (staged) work[path] += " staged " + git(computer, folder, {"ls-files", "--stage", "--", path}).out;
  }
  return work;
}

void World::require_kept(const test::Computer& computer, const Work& before, const Finished& run, bool stashing) const {
  const Work after = uncommitted(computer);
  for (const auto& [path, content] : before) {
    const auto found = after.find(path);
    if (found != after.end() && found->second == content) continue;
    const std::string now = found == after.end() ? "clean" : found->second;
    const bool stashed =
        stashing && git(computer, project(computer), {"rev-parse", "--verify", "-q", "refs/stash"}).ok();
    if (!stashed)
      throw Broken(
          fmt::format("{}: {} was {} and is {}\n{}", project(computer).string(), path, content, now, words(run)));
  }
}

void World::require_status(const Finished& run, const std::string& what, Allowed allowed) {
  const std::string text = run.out + run.err;
  if (run.status == 0 || run.status == 3) return;
  if (run.status == 6 && allowed != Allowed::nothing) return;
  if (run.status == 1 && allowed == Allowed::trouble_with_locks && text.find(".lock") != std::string::npos) return;
  throw Broken(what + ": " + words(run));
}

void World::run(const test::Computer& who, const std::string& tool, const Strings& arguments, bool stashing) {
  const Work before = fs::exists(project(who)) ? uncommitted(who) : Work();
  const Finished run = who.run(tool, arguments);
  require_status(run, tool, Allowed::nothing);
  require_kept(who, before, run, stashing);
}

void World::run_beside(const test::Computer& one, const test::Computer& other) {
  const Work of_one = uncommitted(one);
  const Work of_other = uncommitted(other);
  Finished first;
  std::jthread beside([&] { first = one.run("sync-now"); });
  const Finished second = other.run("sync-now");
  beside.join();
  for (const Finished* run : std::array<const Finished*, 2>{&first, &second})
    require_status(*run, "sync-now", Allowed::locked);
  require_kept(one, of_one, first, false);
  require_kept(other, of_other, second, false);
}

void World::commit_meanwhile(const test::Computer& who, const Step& step) {
  Finished run;
  std::jthread beside([&] { run = who.run("sync-now"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(step.first % 60));
  commit(who, step);
  beside.join();
  require_status(run, "sync-now", Allowed::trouble_with_locks);
}

void World::kill(const test::Computer& who, const Step& step) {
  const Work before = uncommitted(who);
  const Command command = who.command(step.second % 2 == 0 ? "sync-now" : "sync-pull", {});
  {
    test::Program program(command.argv, who.home() / "killed.log", command.environment);
    std::this_thread::sleep_for(std::chrono::milliseconds(step.first % 100));
    ::kill(program.pid(), SIGKILL);
    program.wait();
  }
  const std::string here = project(who).string();
  const std::string there = sandbox_.bare("notes").string();
  test::wait_until([&] { return test::processes_with(here).empty() && test::processes_with(there).empty(); },
                   "the end of the children of a killed run");
  // The next run succeeds, or names the lock that it found; a person removes it then.
  constexpr int attempts = 10;
  for (int i = 0; i < attempts; ++i) {
    const Finished next = who.run("sync-now");
    require_status(next, "sync-now after a kill", Allowed::trouble_with_locks);
    require_kept(who, before, next, false);
    if (next.status != 1) return;
    const std::string text = next.out + next.err;
    bool removed = false;
    for (const fs::path& folder : {project(who) / ".git", sandbox_.bare("notes")}) {
      std::vector<fs::path> locks;
      for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const bool named = text.find(entry.path().filename().string()) != std::string::npos;
        if (entry.path().extension() == ".lock" && named) locks.push_back(entry.path());
      }
      for (const fs::path& lock : locks) removed = fs::remove(lock) || removed;
    }
    if (!removed) throw Broken("a run after a kill names a lock that is not there: " + words(next));
  }
  throw Broken("no run succeeds after a kill");
}

void World::commit(const test::Computer& who, const Step& step) {
  const fs::path folder = project(who);
  const std::string file = fmt::format("file-{}.txt", step.first % 4);
  ++counter_;
  test::Computer::write(folder / file, fmt::format("{}\n{}\n", counter_, step.second % 3));
  git(who, folder, {"add", "--", file});
  git(who, folder, {"commit", "--quiet", "-m", fmt::format("commit {}", counter_)});
}

bool World::user_step(const test::Computer& who, const Step& step) {
  const fs::path folder = project(who);
  const Strings all = branches(who, folder);
  if (all.empty()) return true;
  const std::string branch = all[step.first % all.size()];
  const std::string fresh = fmt::format("topic-{}", step.second % 8);
  const std::string file = fmt::format("file-{}.txt", step.first % 4);
  const auto act = [&](Strings arguments) { return git(who, folder, std::move(arguments)).ok(); };
  ++counter_;
  switch (step.act) {
    case Act::commit: commit(who, step); return true;
    case Act::amend:
      act({"commit", "--quiet", "--amend", "--allow-empty", "-m", fmt::format("amended {}", counter_)});
      return true;
    case Act::reset: act({"reset", "--quiet", "--keep", fmt::format("HEAD~{}", 1 + step.first % 2)}); return true;
    case Act::merge:
      if (!act({"merge", "--quiet", "--no-edit", branch})) act({"merge", "--abort"});
      return true;
    case Act::rebase:
      if (!act({"rebase", "--quiet", branch})) act({"rebase", "--abort"});
      return true;
    case Act::branch: act({"branch", step.first % 3 == 0 ? fresh + "/deep" : fresh, branch}); return true;
    case Act::switch_branch: act({"switch", "--quiet", branch}); return true;
    case Act::delete_branch: act({"branch", "-D", branch}); return true;
    case Act::rename_branch: act({"branch", "-m", branch, fresh}); return true;
    case Act::tag: act({"tag", fmt::format("v{}", counter_), branch}); return true;
    case Act::edit: test::Computer::write(folder / file, fmt::format("edited {}\n", counter_)); return true;
    case Act::scribble:
      test::Computer::write(folder / fmt::format("note-{}.txt", step.first % 3), fmt::format("{}\n", counter_));
      return true;
    case Act::remove: fs::remove(folder / file); return true;
    case Act::stage: act({"add", "--all"}); return true;
    case Act::tidy:
      act({"reset", "--quiet", "--hard"});
      act({"clean", "--quiet", "-fd"});
      return true;
    default: return false;
  }
}

void World::others_step(const Step& step) {
  const fs::path bare = sandbox_.bare("notes");
  const Strings all = branches(sandbox_.owner, bare);
  if (all.empty()) return;
  const std::string branch = all[step.first % all.size()];
  const std::string ref = "refs/heads/" + branch;
  ++counter_;
  if (step.act == Act::others_delete) {
    if (branch != "main") git(sandbox_.owner, bare, {"update-ref", "-d", ref});
    return;
  }
  const std::string parent = step.act == Act::others_rewrite ? ref + "~1" : ref;
  const Finished made = git(sandbox_.owner, bare,
                            {"commit-tree", "-p", parent, "-m", fmt::format("theirs {}", counter_), ref + "^{tree}"});
  if (made.ok()) git(sandbox_.owner, bare, {"update-ref", ref, std::string(trim(made.out))});
}

void World::tool_step(const test::Computer& who, const Step& step) {
  switch (step.act) {
    case Act::pull: return run(who, "sync-pull", {});
    case Act::push: return run(who, "sync-push", {});
    case Act::now: return run(who, "sync-now", {});
    case Act::force_pull: return run(who, "sync-pull", {"--force"}, true);
    case Act::force_push: return run(who, "sync-push", {"--force"});
    case Act::undo: return run(who, "sync-undo", {});
    case Act::sync_delete: {
      const Strings all = branches(who, project(who));
      if (all.empty()) return;
      return run(who, "sync-delete", {"-p", "notes", all[step.first % all.size()]});
    }
    case Act::both_at_once: return run_beside(who, computer(step.computer + 1));
    case Act::twice_at_once: return run_beside(who, who);
    case Act::commit_meanwhile: return commit_meanwhile(who, step);
    case Act::kill: return kill(who, step);
    case Act::settle: return settle();
    default: return;
  }
}

void World::settle() {
  constexpr int rounds = 3;
  for (int round = 0; round < rounds; ++round) {
    for (const test::Computer& who : computers_) run(who, "sync-now", {});
  }
  require_equal_or_told();
  require_quiet();
  for (const test::Computer& who : computers_) {
    const Finished fsck = git(who, project(who), {"fsck", "--no-progress", "--no-dangling"});
    if (!fsck.ok()) throw Broken("git fsck: " + words(fsck));
  }
  const Finished fsck = git(sandbox_.owner, sandbox_.bare("notes"), {"fsck", "--no-progress", "--no-dangling"});
  if (!fsck.ok()) throw Broken("git fsck on the server: " + words(fsck));
}

void World::require_equal_or_told() {
  const auto tips = [](const test::Computer& computer, const fs::path& folder) {
    std::map<std::string, std::string> result;
    for (const std::string& line :
         lines(computer, folder, {"for-each-ref", "--format=%(objectname) %(refname:strip=2)", "refs/heads"})) {
      const auto space = line.find(' ');
      result[line.substr(space + 1)] = line.substr(0, space);
    }
    return result;
  };
  const auto there = tips(sandbox_.owner, sandbox_.bare("notes"));
  for (const test::Computer& who : computers_) {
    auto here = tips(who, project(who));
    const Finished foreseen = who.run("sync-now", {"--dry-run"});
    const Finished run = who.run("sync-now", {"--json"});
    if (foreseen.status != run.status) {
      throw Broken(fmt::format("a dry run ends with {}, the real one: {}", words(foreseen), words(run)));
    }
    const auto document = nlohmann::json::parse(run.out);
    std::set<std::string> told;
    for (const auto& branch : document.at("projects").at(0).at("branches")) {
      if (branch.at("outcome") != "ok") told.insert(branch.at("name").get<std::string>());
    }
    std::set<std::string> names;
    for (const auto& [name, tip] : here) names.insert(name);
    for (const auto& [name, tip] : there) names.insert(name);
    for (const std::string& name : names) {
      const auto other = there.find(name);
      const auto own = here.find(name);
      const bool equal = own != here.end() && other != there.end() && own->second == other->second;
      if (!equal && !told.contains(name)) {
        throw Broken(fmt::format("{} differs on {} and on the server, and nothing tells it: {}", name,
                                 project(who).string(), words(run)));
      }
    }
  }
}

void World::require_quiet() {
  const auto everything = [&] {
    std::vector<test::Snapshot> all = {test::snapshot(sandbox_.bare("notes"))};
    for (const test::Computer& who : computers_) all.push_back(test::snapshot(project(who) / ".git"));
    return all;
  };
  const auto before = everything();
  for (const test::Computer& who : computers_) run(who, "sync-now", {});
  const auto after = everything();
  for (std::size_t i = 0; i < before.size(); ++i) {
    std::string changed;
    for (const std::string& name : split(test::differences(before[i], after[i]), " ")) {
      // git renews the time of an object that it would have to write again.
      const bool touched = name.starts_with("objects/") && before[i].contains(name);
      if (!touched && name != "index" && name != ".") changed += " " + name;
    }
    if (!changed.empty()) throw Broken("a sync at rest has written" + changed);
  }
}

void World::make(const Step& step) {
  const test::Computer& who = computer(step.computer);
  if (step.act == Act::others_commit || step.act == Act::others_rewrite || step.act == Act::others_delete) {
    others_step(step);
  } else if (!user_step(who, step)) {
    tool_step(who, step);
    const Commits kept = reachable();
    for (const std::string& tip : known_) {
      if (!kept.contains(tip)) throw Broken("a commit that was the tip of a branch is nowhere any more: " + tip);
    }
    remember_tips();
    return;
  }
  // What users drop themselves, before anybody else has it, is theirs to drop.
  remember_tips();
  const Commits kept = reachable();
  std::erase_if(known_, [&](const std::string& tip) { return !kept.contains(tip); });
}

}  // namespace syncmanager::campaign
