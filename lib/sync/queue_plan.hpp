// What the queue asks for, and what a run makes of it. Pure: values in, values out.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/utc.hpp"
#include "model/outcome.hpp"
#include "model/plan.hpp"
#include "model/project.hpp"
#include "queue/queue.hpp"
#include "sync/runner.hpp"
#include "sync/tries.hpp"

namespace syncmanager::sync {

/// What waits for one repository.
struct Work {
  std::string git_folder;             ///< empty: the entries tell nothing, and may stand for any
  std::vector<queue::Entry> entries;  ///< the oldest first
};

/// Which projects are in which repository, by common git folder; pointers borrow.
using ProjectsByFolder = std::map<std::string, std::vector<const Project*>>;

std::vector<Work> gather(const std::vector<queue::Entry>& entries);

/// Something has happened since it was last tried.
bool has_news(const Work& work, const Tries& tries);

/// What is to be tried now: what is new, what has waited long enough, and what waits for a time that no pause could
/// have meant (the clock was set back).
std::vector<Work> due(const std::vector<Work>& works, const Tries& tries, Time now);

/// Without what was not to be tried before something new happens, if that was not just now: a worker that starts tries
/// it once more. Somebody may have mended it, and told nobody.
Tries second_chance(const Tries& tries, Time now);

/// When the next of these is due by itself; nothing where none is.
std::optional<Time> next_due(const std::vector<Work>& works, const Tries& tries);

/// When it is quiet enough to begin: about a second after the last new event, so that a rebase is one push; but events
/// that don't end keep nobody waiting for ever.
Time quiet_after(const std::vector<Work>& works, const Tries& tries, Time now);

/// Whether a commit, or a checkout, in the repository of this project is to be synced by itself, and how.
bool reacts(const Project& project, queue::Event event);
Verb verb_of(queue::Event event);

/// The projects that the work is for; of an entry that tells nothing, all.
std::vector<const Project*> concerned(const Work& work, const queue::Entry& entry, const ProjectsByFolder& projects);

/// What has become of the projects that were asked for: by operation, by name.
using Heard = std::map<std::pair<Verb, std::string>, const ProjectOutcome*>;

/// Adds the outcomes of a run; `report` is borrowed.
void hear(Heard& heard, Operation operation, const RunReport& report);

struct Verdict {
  /// The worse, the later.
  enum class Kind {
    done,    ///< the servers have all of it
    untold,  ///< it was not asked for
    again,   ///< only time will help: a network, a lock, a rebase that goes on
    broken,  ///< time may help, but people should know
    person,  ///< somebody has to do something
  };
  Kind kind = Kind::done;
  std::string reason;
};

/// Of one project, and one operation with it.
Verdict verdict_of(const ProjectOutcome& outcome);

/// The worst that the concerned projects have come to; `done` where there are none.
Verdict verdict_of(const Work& work, const queue::Entry& entry, const ProjectsByFolder& projects, const Heard& heard);

/// What is known of a repository when a try has come to `verdict`. `dice` is a random number in [0, 1): computers that
/// lost their server together don't come back to it together.
Try after_try(const Try& before, const Work& work, const Verdict& verdict, Time now, double dice);

/// Names of entries beside which a newer one says the same. The newest stays: a run by hand that began before it may
/// settle the older ones.
std::vector<std::string> superfluous(const Work& work);

}  // namespace syncmanager::sync
