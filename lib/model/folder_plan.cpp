#include "model/folder_plan.hpp"

namespace syncmanager {

namespace {

bool lacks_files(Root root) {
  return root == Root::missing || root == Root::empty;
}

std::optional<FolderStop> unusable(const FolderFacts& facts) {
  if (facts.local == Root::no_folder) return FolderStop::local_no_folder;
  if (facts.local == Root::closed) return FolderStop::local_closed;
  if (facts.server == Root::no_folder) return FolderStop::server_no_folder;
  if (facts.server == Root::closed) return FolderStop::server_closed;
  return std::nullopt;
}

/// A side that has lost everything, while the other has not: an unmounted disk must be neither filled nor copied.
std::optional<FolderStop> lost(const FolderFacts& facts) {
  if (lacks_files(facts.local) && facts.server == Root::filled)
    return facts.local == Root::missing ? FolderStop::local_missing : FolderStop::local_emptied;
  if (lacks_files(facts.server) && facts.local == Root::filled)
    return facts.server == Root::missing ? FolderStop::server_missing : FolderStop::server_emptied;
  return std::nullopt;
}

std::optional<FolderStop> nothing_to_copy(const FolderFacts& facts, const FolderPolicy& policy) {
  const bool here = facts.local != Root::missing;
  const bool there = facts.server != Root::missing;
  if (!here && !there) return FolderStop::nowhere;
  if (!here && !policy.pull) return FolderStop::not_here;
  if (!there && !policy.push) return FolderStop::not_there;
  return std::nullopt;
}

/// Even a first run must not delete everything because the side that it copies from is not there yet.
bool would_delete_all(const FolderFacts& facts, const FolderPolicy& policy) {
  if (!policy.deletions) return false;
  return policy.pull ? lacks_files(facts.server) : lacks_files(facts.local);
}

}  // namespace

FolderPlan decide(const FolderFacts& facts, const FolderPolicy& policy) {
  if (const auto stop = unusable(facts)) return {.stop = stop};
  const bool guarded = !policy.force && (facts.synced_before || would_delete_all(facts, policy));
  if (guarded) {
    if (const auto stop = lost(facts)) return {.stop = stop};
  }
  if (const auto stop = nothing_to_copy(facts, policy)) return {.stop = stop};
  return {.make_local = facts.local == Root::missing, .make_server = facts.server == Root::missing};
}

}  // namespace syncmanager
