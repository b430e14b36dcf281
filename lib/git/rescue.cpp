#include "git/rescue.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace syncmanager::git {

void rescue(Repository& repository, const LocalRefs& refs, const std::string& name, const Oid& commit,
            std::chrono::system_clock::time_point now) {
  if (!repository.has(commit) || repository.contained_in_refs(commit, refs)) return;
  constexpr int attempts = 100;
  const auto time = fmt::gmtime(std::chrono::system_clock::to_time_t(now));
  for (int i = 1; i <= attempts; ++i) {
    const std::string count = i > 1 ? fmt::format("-{}", i) : "";
    const std::string ref = fmt::format("refs/sync/rescue/{:%Y%m%dT%H%M%SZ}{}/{}", time, count, name);
    if (repository.move_ref(ref, std::nullopt, commit, "rescue") == Moved::yes) return;
  }
  throw Error(ErrorKind::failed,
              fmt::format("keep {} of {} under refs/sync/rescue/: every name is taken", commit.short_hex(), name));
}

}  // namespace syncmanager::git
