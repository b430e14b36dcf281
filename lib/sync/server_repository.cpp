#include "sync/server_repository.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/escape.hpp"

namespace syncmanager::sync {

namespace {

/// The server's path as a word of its shell, which expands a tilde only where it is not quoted.
std::string server_word(const std::string& path) {
  return path.starts_with("~/") ? "~/" + shell_quote(path.substr(2)) : shell_quote(path);
}

/// sync-now makes it whether there is a folder here or not.
Error no_such_repository(const Project& project) {
  const std::string by_now = project.create ? "run sync-now, which makes it"
                                            : "set create = yes in its section and run sync-now, which makes it then";
  return {ErrorKind::failed, "there is no repository " + without_password(project.url.text),
          (project.direction == Direction::pull ? "correct the url" : "correct the url, or " + by_now) +
              ", or make it on the server: git init --bare " + server_word(project.url.path)};
}

/// A repository that is made on a disk must not land in the empty folder where the disk should be mounted.
void require_place(const std::filesystem::path& repository) {
  const std::filesystem::path folder = (repository / "").parent_path().parent_path();
  if (std::filesystem::is_directory(folder)) return;
  throw Error(ErrorKind::failed, "there is no folder " + folder.string() + " to make the repository in",
              "mount its disk, or make the folder: mkdir -p " + shell_quote(folder.string()));
}

/// The server's repository as git itself tells it, or made where it lacks and may be.
git::Listing found_or_made(const Job& job, const Project& project, git::Remote& remote, git::Listing listing,
                           const std::string& head, ProjectOutcome& outcome) {
  switch (listing.state) {
    case git::Listing::State::found: return listing;
    case git::Listing::State::uncertain: return remote.list();
    case git::Listing::State::failed:
      throw Error(ErrorKind::failed, "list " + without_password(project.url.text) + ": " + listing.problem);
    case git::Listing::State::missing: break;
  }
  if (!project.create || !has_step(project, job.request.operation, Verb::push)) throw no_such_repository(project);
  if (project.url.scheme == Scheme::local) require_place(expand_home(project.url.path, job.environment));
  if (!job.request.dry_run) remote.create(head);
  outcome.message =
      job.request.dry_run ? "would make the repository on the server" : "made the repository on the server";
  git::Listing made;
  made.state = git::Listing::State::found;
  made.head = head;
  return made;
}

/// libgit2 reads no others yet.
void require_sha1(const Project& project, const git::Listing& listing) {
  const auto is_sha256 = [](const auto& ref) { return ref.second.is_sha256(); };
  const bool sha256 = listing.sha256 || std::ranges::any_of(listing.branches, is_sha256) ||
                      std::ranges::any_of(listing.tags, is_sha256);
  if (!sha256) return;
  throw Error(ErrorKind::failed,
              "the objects in " + without_password(project.url.text) +
                  " have SHA-256 names, and only repositories with SHA-1 names can be synced",
              "use git itself for it, or bring its content into a new repository: git init --object-format=sha1");
}

}  // namespace

git::Listing settled(const Job& job, const Project& project, git::Remote& remote, git::Listing listing,
                     const std::string& head, ProjectOutcome& outcome) {
  listing = found_or_made(job, project, remote, std::move(listing), head, outcome);
  require_sha1(project, listing);
  return listing;
}

}  // namespace syncmanager::sync
