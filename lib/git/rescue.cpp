#include "git/rescue.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace syncmanager::git {

void rescue(Repository& repository, const LocalRefs& refs, const std::string& name, const Oid& commit,
            std::chrono::system_clock::time_point now) {
  if (!repository.has(commit) || repository.contained_in_refs(commit, refs)) return;
  const auto time = fmt::gmtime(std::chrono::system_clock::to_time_t(now));
  const std::string ref = fmt::format("refs/sync/rescue/{:%Y%m%dT%H%M%SZ}/{}", time, name);
  const Moved moved = repository.move_ref(ref, std::nullopt, commit, "rescue");
  const bool kept = moved == Moved::yes || moved == Moved::stale;  // stale: kept a moment ago under the same name
  if (!kept) throw Error(ErrorKind::failed, "keep " + commit.short_hex() + " as " + ref + ": the name is taken");
}

}  // namespace syncmanager::git
