#include "git/rescue.hpp"

#include <ctime>
#include <set>
#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "git/holders.hpp"

namespace syncmanager::git {

namespace {

using Clock = std::chrono::system_clock;

constexpr std::string_view prefix = "refs/sync/rescue/";
constexpr const char* time_form = "%Y%m%dT%H%M%SZ";
constexpr std::chrono::hours keeping_time(24 * 90);
constexpr std::chrono::hours a_day(24);
/// No clock that goes right has shown an earlier time since there are rescue refs.
constexpr auto first_time = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);

/// "20231114T221320Z-2/main"; nothing for a ref of somebody else's.
std::optional<Rescued> parse_name(std::string_view name) {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string time(name.substr(0, slash));
  std::tm calendar{};
  const char* const rest = strptime(time.c_str(), time_form, &calendar);
  if (rest == nullptr || (*rest != '\0' && *rest != '-')) return std::nullopt;
  return Rescued{.ref = std::string(prefix).append(name),
                 .name = std::string(name.substr(slash + 1)),
                 .since = Clock::from_time_t(timegm(&calendar)),
                 .tip = {}};
}

}  // namespace

std::vector<Rescued> rescued(const Repository& repository) {
  std::vector<Rescued> all;
  for (const auto& [name, tip] : repository.refs_below(std::string(prefix))) {
    std::optional<Rescued> one = parse_name(name);
    if (!one) continue;
    one->tip = tip;
    all.push_back(std::move(*one));
  }
  return all;  // the names sort by time
}

bool Rescuer::is_kept(const Oid& commit, Time now) {
  if (!kept_) {
    kept_.emplace();
    for (Rescued& one : rescued(*repository_)) {
      if (std::chrono::abs(now - one.since) < a_day) kept_->insert_or_assign(one.tip, std::move(one));
    }
  }
  const auto found = kept_->find(commit);
  // Somebody may have deleted it since.
  return found != kept_->end() && repository_->tip(found->second.ref) == commit;
}

void Rescuer::keep(const std::string& name, const Oid& commit, Time now) {
  if (!repository_->has(commit) || is_kept(commit, now)) return;
  constexpr int attempts = 100;
  const auto time = fmt::gmtime(Clock::to_time_t(now));
  for (int i = 1; i <= attempts; ++i) {
    const std::string count = i > 1 ? fmt::format("-{}", i) : "";
    const std::string ref = fmt::format("{}{:%Y%m%dT%H%M%SZ}{}/{}", prefix, time, count, name);
    if (repository_->move_ref(ref, std::nullopt, commit, "rescue") != Moved::yes) continue;
    made_.push_back({.ref = ref, .name = name, .since = now, .tip = commit});
    kept_->insert_or_assign(commit, made_.back());
    return;
  }
  throw Error(ErrorKind::failed,
              fmt::format("keep {} of {} under {}: every name is taken", commit.short_hex(), name, prefix));
}

void Rescuer::drop_needless() {
  std::set<Oid> wanted;
  for (const Rescued& one : made_) wanted.insert(one.tip);
  const auto holders = holders_of(*repository_, wanted);
  for (const Rescued& one : made_) {
    const auto holder = holders.find(one.tip);
    // It may have moved since, and hold the commit no more.
    const bool is_held = holder != holders.end() && repository_->tip(holder->second.name) == holder->second.tip;
    if (is_held) repository_->delete_ref(one.ref, one.tip);
  }
  made_.clear();
}

void expire_rescued(Repository& repository, Clock::time_point now) {
  for (const Rescued& one : rescued(repository)) {
    if (one.since >= first_time && now - one.since > keeping_time) repository.delete_ref(one.ref, one.tip);
  }
}

}  // namespace syncmanager::git
