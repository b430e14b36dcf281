#include "git/command_remote.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "git/git_command.hpp"
#include "git/git_failure.hpp"
#include "git/git_talk.hpp"
#include "git/ls_remote.hpp"
#include "git/push_command.hpp"

namespace syncmanager::git {

namespace {

/// The names as git fetch reads them from its input; what is no ref's name would end the whole fetch.
std::string refspecs(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    if (git_reference_is_valid_name(name.c_str()) == 1) text += name + "\n";
  }
  return text;
}

}  // namespace

Listing CommandRemote::list() {
  const std::string heads = std::string(heads_prefix) + "*";
  const std::string tags = std::string(tags_prefix) + "*";
  const std::string parked = std::string(parked_prefix) + "*";
  const Finished git =
      run_git_to(way_, way_.folder, {"ls-remote", "--symref", "--", way_.url, "HEAD", heads, tags, parked},
                 {.input = {}, .silence = way_.silence, .on_errors = {}});
  if (!git.ok()) throw git_failure("list " + way_.url, git.err);
  return parse_ls_remote(git.out);
}

Listing CommandRemote::list_to_push() {
  return list();
}

Fetched CommandRemote::fetch(Repository& repository, const std::vector<std::string>& names,
                             const OnTransfer& on_transfer) {
  const std::vector<std::string> arguments = {"fetch",
                                              "--progress",
                                              "--no-tags",
                                              "--no-prune",
                                              "--no-prune-tags",  // fetch.pruneTags would also fetch them all
                                              "--no-write-fetch-head",
                                              "--no-auto-maintenance",
                                              "--no-recurse-submodules",
                                              "--refmap=",
                                              "--stdin",
                                              "--",
                                              way_.url};
  GitWay way = with_settings_of_project(repository);
  // A pack is always written through to the disk, and kept only when it is whole; few objects would become loose ones.
  way.settings.insert(way.settings.end(), {through_to_disk, "fetch.unpackLimit=1"});
  const Patience patience = patience_with(way.silence, false);
  std::vector<std::string> wanted = names;
  constexpr int attempts = 3;  // the server's refs may come and go meanwhile
  for (int attempt = 1;; ++attempt) {
    TransferReader reader(on_transfer, patience);
    const std::string input = refspecs(wanted);
    if (input.empty()) return {list()};
    const Talk talk{.input = input, .silence = patience.at_first, .on_errors = [&](std::string_view piece) {
                      return reader.feed(piece);
                    }};
    const Finished git = run_git_to(way, repository.folder(), arguments, talk);
    const bool gone = !git.ok() && lacks_a_ref(git.err) && attempt < attempts;
    if (!git.ok() && !gone) throw git_failure("fetch from " + way_.url, git.err);
    Listing listing = list();
    if (!gone) return {std::move(listing)};
    std::erase_if(wanted, [&](const std::string& name) { return !find_ref(listing, name); });
  }
}

Listing CommandRemote::fetch_whole(Repository& repository, const std::vector<std::string>& names,
                                   const OnTransfer& on_transfer) {
  return fetch(repository, names, on_transfer).listing;  // which looks whether it has got all
}

/// A dry run fetches into a repository that is not the project's, to which the project's own settings matter as well.
GitWay CommandRemote::with_settings_of_project(const Repository& repository) const {
  GitWay way = way_;
  const auto project = Repository::open(way_.folder);
  if (project && project->git_folder() != repository.git_folder()) {
    way.settings.insert(way.settings.begin(), "include.path=" + (project->git_folder() / "config").string());
  }
  return way;
}

std::vector<PushResult> CommandRemote::push(Repository& repository, const std::vector<PushedRef>& refs,
                                            const OnTransfer& on_transfer, std::string& server_words) {
  return push_with_git(way_, repository, refs, on_transfer, server_words);
}

void CommandRemote::create(const std::string& /*head*/) {
  throw Error(ErrorKind::failed, "git can't make the repository " + way_.url, "make it on the server first");
}

}  // namespace syncmanager::git
