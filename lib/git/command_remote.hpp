// The other side of a repository by the git program, for what libgit2 can't reach (web servers) or does worse.
#pragma once

#include <string>
#include <vector>

#include "git/git_way.hpp"
#include "git/remote.hpp"

namespace syncmanager::git {

class CommandRemote : public Remote {
 public:
  explicit CommandRemote(GitWay way) : way_(std::move(way)) {}

  ///   git -C / ls-remote --symref -- https://server/notes.git HEAD 'refs/heads/*' 'refs/tags/*' 'refs/sync/*'
  Listing list() override;
  Listing list_to_push() override;
  ///   git -C FOLDER fetch --progress --stdin … -- https://server/notes.git
  /// with the names on its input; names that the server has no more by then are left out.
  Fetched fetch(Repository& repository, const std::vector<std::string>& names, const OnTransfer& on_transfer) override;
  Listing fetch_whole(Repository& repository, const std::vector<std::string>& names,
                      const OnTransfer& on_transfer) override;
  std::vector<PushResult> push(Repository& repository, const std::vector<PushedRef>& refs,
                               const OnTransfer& on_transfer, std::string& server_words) override;
  /// Throws Error(failed): git can't.
  void create(const std::string& head) override;

 private:
  [[nodiscard]] GitWay with_settings_of_project(const Repository& repository) const;
  GitWay way_;
};

}  // namespace syncmanager::git
