#include "sync/worker.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/file_lock.hpp"
#include "queue/git_folder.hpp"
#include "queue/queue.hpp"
#include "queue/watch.hpp"
#include "queue/worker_place.hpp"
#include "sync/head_start.hpp"
#include "sync/queue_plan.hpp"
#include "sync/settle.hpp"

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;

Time now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// A repository that is away for longer than this has been given up.
constexpr std::chrono::hours given_up_after(90 * 24);

double dice() {
  std::random_device device;
  return std::uniform_real_distribution<double>(0, 1)(device);
}

/// Which of the three operations a project needs.
using Wanted = std::map<const Project*, std::set<Verb>>;

Wanted wanted_by(const std::vector<Work>& works, const ProjectsByFolder& projects) {
  Wanted wanted;
  for (const Work& work : works) {
    for (const queue::Entry& entry : work.entries) {
      for (const Project* const project : concerned(work, entry, projects)) {
        if (entry.token) {
          wanted[project].insert(verb_of(entry.token->event));
        } else {
          wanted[project] = {Verb::pull, Verb::push};
        }
      }
    }
  }
  return wanted;
}

/// What tells a problem from another one: how far a branch has diverged grows with each commit, and is no news.
std::string identity_of(const ProjectOutcome& outcome, const Complaint& complaint) {
  const auto branch = std::ranges::find(outcome.branches, complaint.branch, &BranchOutcome::name);
  const bool named = !complaint.branch.empty() && branch != outcome.branches.end() && branch->reason;
  return outcome.name + ": " +
         (named ? complaint.branch + " " + std::string(to_string(*branch->reason)) : complaint.message);
}

Operation operation_of(const std::set<Verb>& verbs) {
  if (verbs.size() > 1) return Operation::now;
  return verbs.contains(Verb::pull) ? Operation::pull : Operation::push;
}

/// One try to work off what is due.
class Attempt {
 public:
  Attempt(const WorkerHost& host, const Environment& environment, std::vector<Work> works)
      : host_(host),
        environment_(environment),
        works_(std::move(works)),
        known_(host.projects()),
        by_folder_(projects_by_folder(known_.projects)),
        all_by_folder_(projects_by_folder(known_.all)) {}

  /// Begins to connect to the servers that sync() will ask.
  void connect(HeadStart& head_start) const {
    for (const Request& request : requests()) head_start.begin(request, environment_, *host_.progress);
  }

  /// Asks the servers; `head_start` may be null.
  void sync(HeadStart* head_start) {
    for (Request& request : requests()) {
      request.head_start = head_start;
      run(request);
    }
  }

  /// Drops what is confirmed; what is not is written down in `tries`.
  void settle(Tries& tries) {
    for (const Work& work : works_) settle(work, tries);
  }

 private:
  /// The runs that are wanted. The commits of this computer go first.
  [[nodiscard]] std::vector<Request> requests() const {
    const Wanted wanted = wanted_by(works_, by_folder_);
    std::vector<Request> requests;
    for (const Operation operation : {Operation::push, Operation::now, Operation::pull}) {
      Request request;
      request.operation = operation;
      request.background = true;
      request.interrupt = host_.interrupt;
      for (const auto& [project, verbs] : wanted) {
        if (operation_of(verbs) == operation) request.projects.push_back(*project);
      }
      if (!request.projects.empty()) requests.push_back(std::move(request));
    }
    return requests;
  }

  void run(const Request& request) {
    RunReport& report = reports_.emplace_back(sync::run(request, environment_, *host_.progress));
    report.tool = to_string(request.operation);
    host_.finished(report);
    hear(heard_, request.operation, report);
  }

  /// That nobody is concerned tells little where a project, or the repository itself, may be away just now.
  [[nodiscard]] Verdict judge(const Work& work, const queue::Entry& entry) const {
    constexpr auto person = Verdict::Kind::person;
    if (entry.token && concerned(work, entry, by_folder_).empty()) {
      const bool away = !queue::git_folder_of(entry.token->git_folder);
      if (away && now() - entry.token->since < given_up_after) {
        return {.kind = person, .reason = "the repository is away: " + work.git_folder};
      }
      if (!concerned(work, entry, all_by_folder_).empty()) {
        return {.kind = person, .reason = "its project is for another environment than this worker's SYNC_ENV"};
      }
    }
    Verdict verdict = verdict_of(work, entry, by_folder_, heard_);
    if (known_.complete || verdict.kind != Verdict::Kind::done) return verdict;
    return {.kind = person, .reason = "a conf file has errors, and may hide a project: sync-setconf --check"};
  }

  void settle(const Work& work, Tries& tries) {
    Work left{.git_folder = work.git_folder, .entries = {}};
    std::vector<std::string> dropped;
    Verdict worst;
    for (const queue::Entry& entry : work.entries) {
      Verdict verdict = judge(work, entry);
      if (verdict.kind == Verdict::Kind::done) {
        dropped.push_back(entry.name);
      } else {
        left.entries.push_back(entry);
        if (verdict.kind > worst.kind) worst = std::move(verdict);
      }
    }
    for (std::string& name : superfluous(left)) {
      std::erase_if(left.entries, [&](const queue::Entry& entry) { return entry.name == name; });
      dropped.push_back(std::move(name));
    }
    queue::drop(queue::queue_folder(environment_.state_folder()), dropped);
    if (left.entries.empty()) {
      tries.erase(work.git_folder);
    } else {
      tries[work.git_folder] = after_try(tries[work.git_folder], left, worst, now(), dice());
      tell(work, tries[work.git_folder]);
    }
  }

  /// Whoever must do something is told so, once for each problem.
  void tell(const Work& work, Try& known) const {
    std::set<std::string> problems;
    for (const auto& [asked, outcome] : heard_) {
      const Verdict verdict = verdict_of(*outcome);
      if (!is_in(work, asked.second) || verdict.kind < Verdict::Kind::broken) continue;
      const Complaint complaint = complaint_of(*outcome);
      const std::string problem = identity_of(*outcome, complaint);
      if (known.told.contains(problem) || host_.notify(outcome->name, complaint)) problems.insert(problem);
    }
    known.told = std::move(problems);
  }

  [[nodiscard]] bool is_in(const Work& work, const std::string& project) const {
    const auto members = by_folder_.find(work.git_folder);
    return members != by_folder_.end() &&
           std::ranges::find(members->second, project, &Project::name) != members->second.end();
  }

  const WorkerHost& host_;
  const Environment& environment_;
  const std::vector<Work> works_;
  const KnownProjects known_;
  const ProjectsByFolder by_folder_;      ///< points into known_
  const ProjectsByFolder all_by_folder_;  ///< points into known_
  std::list<RunReport> reports_;
  Heard heard_;  ///< points into reports_
};

/// Tries of repositories for which nothing waits any more are forgotten.
void forget_settled(Tries& tries, const std::vector<Work>& works) {
  std::erase_if(tries, [&](const auto& known) {
    return std::ranges::find(works, known.first, &Work::git_folder) == works.end();
  });
}

class Worker {
 public:
  Worker(const WorkerHost& host, const Environment& environment)
      : host_(host),
        environment_(environment),
        folder_(queue::queue_folder(environment.state_folder())),
        watch_(folder_),
        tries_(second_chance(read_tries(environment), now())) {}

  /// Until nothing will be due by itself.
  void work() {
    while (true) {
      const std::vector<Work> works = gather(queue::waiting(folder_));
      forget_settled(tries_, works);
      std::vector<Work> ready = due(works, tries_, now());
      if (ready.empty()) {
        head_start_.reset();
        write_down();
        const auto next = next_due(works, tries_);
        if (!next) return;
        watch_.wait(*next - now(), host_.interrupt);
        continue;
      }
      flush(works);
      const auto quiet = quiet_after(ready, tries_, now());
      if (quiet > now()) {
        if (!head_start_) Attempt(host_, environment_, std::move(ready)).connect(head_start_.emplace());
        watch_.wait(quiet - now(), host_.interrupt);
        continue;
      }
      Attempt attempt(host_, environment_, std::move(ready));
      attempt.sync(head_start_ ? &*head_start_ : nullptr);
      stop_if(host_.interrupt);  // what was not reached waits on, and is not counted as tried
      attempt.settle(tries_);
      write_down();
      head_start_.reset();  // last: it waits for a login that nobody needs any more, as when a conf file has changed
    }
  }

  [[nodiscard]] bool has_news() const {
    return std::ranges::any_of(gather(queue::waiting(folder_)),
                               [&](const Work& work) { return sync::has_news(work, tries_); });
  }

 private:
  /// Each once.
  void flush(const std::vector<Work>& works) {
    std::vector<std::string> names;
    for (const Work& work : works) {
      for (const queue::Entry& entry : work.entries) {
        if (flushed_.insert(entry.name).second) names.push_back(entry.name);
      }
    }
    queue::flush(folder_, names);
  }

  /// For sync-status, and for the next worker: this one goes on without it, on a full disk say.
  void write_down() const {
    try {
      write_tries(tries_, environment_);
    } catch (const Error& error) {
      host_.progress->note(error.what());
    }
  }

  const WorkerHost& host_;
  const Environment& environment_;
  const fs::path folder_;
  queue::Watch watch_;
  Tries tries_;
  std::set<std::string> flushed_;        ///< names of entries that are on the disk
  std::optional<HeadStart> head_start_;  ///< while it is not quiet yet, for the run to come
};

}  // namespace

void work_off_queue(const WorkerHost& host, const Environment& environment) {
  Worker worker(host, environment);
  // A hook that finds the lock held leaves its token to whoever holds it. So after letting go of it the queue is looked
  // at once more.
  do {
    constexpr std::chrono::seconds patience(1);
    const auto lock =
        FileLock::acquire(queue::worker_lock(environment.state_folder()), "worker", patience, host.interrupt);
    if (!lock) return;
    worker.work();
  } while (worker.has_news());
}

}  // namespace syncmanager::sync
