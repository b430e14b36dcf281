#include "sync/explain.hpp"

#include <fmt/format.h>

#include "base/escape.hpp"

namespace syncmanager::sync {

namespace {

/// `git -C PATH WORDS`, each word quoted only where a shell needs it.
class GitLine {
 public:
  explicit GitLine(const Project& project) : line_("git -C " + shell_word(project.path.string())) {}
  GitLine& operator<<(const std::string& text) {
    line_ += " " + shell_word(text);
    return *this;
  }
  [[nodiscard]] std::string str() const { return line_; }

 private:
  std::string line_;
};

std::string commits(std::size_t count) {
  return fmt::format("{} commit{}", count, count == 1 ? "" : "s");
}

/// A command that acts on the checked-out branch: switches first where another one is checked out.
std::string on_branch(const Project& project, const std::string& branch, const BranchFacts& facts,
                      const std::string& command) {
  if (facts.checked_out) return command;
  return (GitLine(project) << "switch" << branch).str() + " && " + command;
}

Explanation explain_diverged(const Project& project, const std::string& branch, const BranchFacts& facts,
                             const git::Distance& distance) {
  const std::string merge = (GitLine(project) << "merge" << project.remote + "/" + branch).str();
  return {fmt::format("both sides moved: {} only here, {} only on the server", commits(distance.ahead),
                      commits(distance.behind)),
          on_branch(project, branch, facts, merge) + ", then sync-push"};
}

Explanation explain_conflict(const Project& project, const std::string& branch, const BranchFacts& facts,
                             const git::Distance& distance) {
  const bool merging = project.diverged == Diverged::merge;
  const std::string join = (GitLine(project) << (merging ? "merge" : "rebase") << project.remote + "/" + branch).str();
  return {fmt::format("both sides moved ({} only here, {} only on the server) and changed the same places",
                      commits(distance.ahead), commits(distance.behind)),
          "to solve it by hand: " + on_branch(project, branch, facts, join) + ", then sync-push"};
}

Explanation explain_rewritten(const Project& project, const std::string& branch, const BranchFacts& facts) {
  if (facts.local == facts.base) {
    const std::string take = (GitLine(project) << "reset"
                                               << "--keep" << project.remote + "/" + branch)
                                 .str();
    return {"its commits were rewritten on the server; nothing is lost here, the old ones are still yours",
            "to take the server's: " + on_branch(project, branch, facts, take)};
  }
  return {"its commits were rewritten here; the server still has the old ones",
          "to replace the server's: " + (GitLine(project) << "push"
                                                          << "--force-with-lease" << project.remote << branch)
                                            .str()};
}

/// Only one side has it, and went back in its history: the other one deleted it.
Explanation explain_rewound_alone(const Project& project, const std::string& branch, const BranchFacts& facts) {
  if (facts.local) {
    return {"it went back in its history here, and was deleted on the server",
            "to delete it here too: " + git_line(project, {"branch", "-D", branch})};
  }
  const std::string later = facts.base.value_or(Oid{}).hex() + ":refs/heads/" + branch;
  return {"it went back in its history on the server, and was deleted here",
          "to give the server the later commits again: " + git_line(project, {"push", project.remote, later})};
}

/// The side that went back has commits of its own by now, or the other one has.
Explanation explain_rewound_apart(const Project& project, const std::string& branch, const BranchFacts& facts) {
  const std::string merge =
      on_branch(project, branch, facts, git_line(project, {"merge", project.remote + "/" + branch}));
  if (facts.local_to_base == Relation::before) {
    return {"it went back in its history here, and the server has other commits", merge + ", then sync-push"};
  }
  // Until the server has more than it went back to, it is the one that went back, and a push asks again.
  return {"it went back in its history on the server, and here are other commits",
          merge + " && " + git_line(project, {"push", project.remote, branch})};
}

Explanation explain_rewound(const Project& project, const std::string& branch, const BranchFacts& facts) {
  if (!facts.local || !facts.server) return explain_rewound_alone(project, branch, facts);
  switch (facts.local_to_server) {
    case Relation::unrelated: return explain_rewound_apart(project, branch, facts);
    case Relation::same:
    case Relation::before: {
      const std::string forward = git_line(project, {"merge", "--ff-only", project.remote + "/" + branch});
      return {"it went back in its history here; the server still has the later commits",
              "to have them again: " + on_branch(project, branch, facts, forward)};
    }
    case Relation::after: break;
  }
  return {"it went back in its history on the server: restored from a backup, or forced by somebody",
          "to give the server the later commits again: " + git_line(project, {"push", project.remote, branch})};
}

Explanation explain_alias(const Project& project, const std::string& branch, const BranchFacts& facts) {
  const std::string_view heads = git::heads_prefix;
  std::string_view target = facts.alias_of;
  if (target.starts_with(heads)) target.remove_prefix(heads.size());
  if (!facts.server) {
    return {fmt::format("it was deleted on the server; here it is another name of {} (a symbolic ref)", target),
            "to delete it here too: " + (GitLine(project) << "symbolic-ref"
                                                          << "--delete" << git::heads_prefix + branch)
                                            .str()};
  }
  const std::string merge = (GitLine(project) << "merge" << project.remote + "/" + branch).str();
  return {fmt::format("the server has other commits for it, but here it is only another name of {} (a symbolic ref)",
                      target),
          fmt::format("to take them into {}: {}, then sync-push", target, on_branch(project, branch, facts, merge))};
}

Explanation explain_deleted(const Project& project, const std::string& branch, const BranchFacts& facts) {
  if (facts.local) {
    const bool moved = facts.local != facts.base;
    const bool comes_back = moved && project.direction == Direction::both;
    return {moved ? "it was deleted on the server, but has new commits here" : "it was deleted on the server",
            (comes_back ? "sync-push makes it there again; " : "") +
                ("to delete it here too: " + (GitLine(project) << "branch"
                                                               << "-D" << branch)
                                                 .str())};
  }
  return {"it was deleted here; the server still has it",
          "to delete it there too: " + (GitLine(project) << "push" << project.remote << "--delete" << branch).str()};
}

/// The same for all branches of a side, so that a report can tell them together.
Explanation explain_mass_deletion(const Project& project, const BranchFacts& facts) {
  const std::string again = facts.local
                                ? "there again: " + git_line(project, {"push", project.remote, "BRANCH"})
                                : "here again: " + git_line(project, {"branch", "BRANCH", project.remote + "/BRANCH"});
  return {"more than half of the branches would be deleted with it; that looks like a mistake",
          "where it is none: sync-now --allow-mass-deletion " + shell_word(project.name) + "; to have one " + again};
}

}  // namespace

Explanation explain(Reason reason, const Project& project, const std::string& branch, const BranchFacts& facts,
                    const git::Distance& distance) {
  switch (reason) {
    case Reason::diverged: return explain_diverged(project, branch, facts, distance);
    case Reason::rewritten: return explain_rewritten(project, branch, facts);
    case Reason::rewound: return explain_rewound(project, branch, facts);
    case Reason::deleted: return explain_deleted(project, branch, facts);
    case Reason::mass_deletion: return explain_mass_deletion(project, facts);
    case Reason::conflict: return explain_conflict(project, branch, facts, distance);
    case Reason::checked_out:
      return {"it was deleted on the server, but is checked out here", "switch to another branch and run sync-pull"};
    case Reason::protected_ref:
      return {"it was deleted here, but is the server's default branch", "choose another default branch there first"};
    case Reason::busy:
      return {"a rebase, merge, bisect or the like is under way on it",
              "finish or abort it: " + (GitLine(project) << "status").str()};
    case Reason::dirty:
      return {"local changes are in the way",
              "commit or stash them, then run the command again: " + (GitLine(project) << "status").str()};
    case Reason::stale: return {"it moved while it was looked at", "run the command again"};
    case Reason::rejected: return {"the server refused it", ""};
    case Reason::name_clash:
      return {"another branch's name is in the way (a name can't also be a folder of names)", "rename one of the two"};
    case Reason::alias: return explain_alias(project, branch, facts);
    case Reason::bad_name: return {"git makes no branch of this name", "rename it on the server"};
    case Reason::tag_moved: return explain_tag(project, branch);
    case Reason::published: return {"others may have fetched it from the server", ""};
  }
  return {};
}

void refuse(BranchOutcome& outcome, Reason reason, const Explanation& why) {
  outcome.action = Done::refuse;
  outcome.result = Result::attention;
  outcome.reason = reason;
  outcome.message = why.message;
  outcome.hint = why.hint;
}

std::string git_line(const Project& project, const std::vector<std::string>& words) {
  GitLine line(project);
  for (const std::string& word : words) line << word;
  return line.str();
}

Explanation explain_tag(const Project& project, const std::string& tag) {
  return {"the tag is another one here than on the server; tags are never moved",
          "to take the server's: " + (GitLine(project) << "fetch"
                                                       << "--force" << project.remote << "tag" << tag)
                                         .str()};
}

}  // namespace syncmanager::sync
