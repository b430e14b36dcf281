// Both sides of one git project as they were last seen, and the facts of each branch and tag that follow from them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "git/base_record.hpp"
#include "git/listing.hpp"
#include "git/repository.hpp"
#include "model/facts.hpp"
#include "model/plan.hpp"
#include "model/project.hpp"

namespace syncmanager::sync {

struct View {
  git::LocalRefs local;
  git::Worktrees worktrees;
  git::Listing server;
  git::BaseRecord base;
};

/// The record belongs to the project's URL, whatever the password in it.
git::BaseRecord base_of(const Project& project, const git::Repository& repository);

/// Both sides, this computer's as it is now. Throws Error.
View view_of(const Project& project, const git::Repository& repository, git::Listing listing);

/// The tip of this name; nothing where there is none.
std::optional<Oid> tip_of(const git::RefMap& refs, const std::string& name);

/// Whether this worktree is the one at the project's path, whichever way that leads there.
bool is_own_tree(const Project& project, const std::filesystem::path& folder);

/// How many refs of this computer it holds.
std::size_t count_refs(const View& view);

/// Every selected branch name that this computer, the server or the base record knows.
std::set<std::string> branch_names(const View& view, const Project& project);
/// Every tag name of both sides; none where the project leaves tags alone.
std::set<std::string> tag_names(const View& view, const Project& project);

/// Reads the relations from `objects`. A tip of the server whose objects are not there yet counts as unrelated: ask
/// only where that can't matter, or fetch first (needed_tips). Throws Error(failed) where the repository `here` has
/// the branch and can't read it.
BranchFacts branch_facts(const View& view, const git::Repository& objects, const git::Repository& here,
                         const std::string& name);
/// Throws as branch_facts().
TagFacts tag_facts(const View& view, const git::Repository& here, const std::string& name);

/// The server's refs (full names) that `verb` needs in order to decide and to act, with their tips.
git::RefMap needed_tips(const View& view, const Project& project, Verb verb);

/// The tips of this computer's branches, tags and remote-tracking refs.
std::set<Oid> tips_here(const View& view);

/// Whether nothing is to be done at all: every selected branch and tag is the same here, there, in the base record and
/// in the remote-tracking refs.
bool at_rest(const View& view, const Project& project);

/// The base record after a run: what both sides have now, and what was remembered of everything else.
git::BaseRecord next_base(const View& view, const Project& project);

}  // namespace syncmanager::sync
