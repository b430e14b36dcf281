#include "git/glimpse.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "model/ref_name.hpp"

namespace syncmanager::git {

namespace {

// More than this is not kept: whoever has so many refs is asked by git, one repository after the other.
constexpr std::size_t most_bytes = std::size_t{32} * 1024 * 1024;

/// What can stand behind a folder's slash: of nothing else in there has been asked.
bool is_of_refs(std::string_view rest) {
  constexpr std::array<std::string_view, 3> beginnings = {"refs/", "HEAD", "packed-refs"};
  return std::ranges::any_of(beginnings, [&](std::string_view beginning) { return rest.starts_with(beginning); });
}

/// `grep: /srv/x: Permission denied` or `find: '/srv/x': No such file or directory`, cut at the path.
std::optional<std::string_view> message_in(std::string_view line) {
  constexpr std::array<std::string_view, 3> beginnings = {"find: ", "grep: ", "Binary file "};
  for (const std::string_view beginning : beginnings) {
    if (!line.starts_with(beginning)) continue;
    line.remove_prefix(beginning.size());
    if (line.starts_with('\'') || line.starts_with('`')) line.remove_prefix(1);
    return line;
  }
  return std::nullopt;
}

/// The loose refs over the packed ones.
RefMap merged(const RefMap& loose, const RefMap& packed) {
  RefMap all = loose;
  all.insert(packed.begin(), packed.end());
  return all;
}

}  // namespace

Glimpses::Glimpses(const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) folders_.try_emplace(folder);
  // A line of a repository that lies among another one's refs could be of either.
  for (const auto& [folder, glimpse] : folders_) {
    if (place_of(folder + '/')) useless_ = true;
  }
}

/// The folder that the line begins with. The constructor has made sure that there is one at most.
std::optional<Glimpses::Place> Glimpses::place_of(std::string_view line) {
  for (std::size_t slash = line.find('/'); slash != std::string_view::npos; slash = line.find('/', slash + 1)) {
    const std::string_view rest = line.substr(slash + 1);
    if (!is_of_refs(rest)) continue;
    if (const auto folder = folders_.find(line.substr(0, slash)); folder != folders_.end()) return {{folder, rest}};
  }
  return std::nullopt;
}

void Glimpses::take(std::string_view line, Part part) {
  bytes_ += line.size();
  if (bytes_ > most_bytes) give_up();
  if (useless_) return;
  if (const auto message = message_in(line)) return take_message(*message);
  const auto place = place_of(line);
  if (!place) return give_up();
  Glimpse& glimpse = place->folder->second;
  if (!take_entry(glimpse, place->rest, part)) glimpse.odd = true;
}

void Glimpses::take_message(std::string_view text) {
  const auto place = place_of(text);
  if (!place) return give_up();
  place->folder->second.odd = true;
  explained_ = true;
}

/// What stands behind the folder; whether it is all right.
bool Glimpses::take_entry(Glimpse& glimpse, std::string_view rest, Part part) {
  if (part == Part::packed) {
    constexpr std::string_view file = "packed-refs:";
    const std::size_t space = rest.find(' ');
    if (!rest.starts_with(file) || space == std::string_view::npos) return false;
    return take_ref(glimpse.packed, rest.substr(space + 1), rest.substr(file.size(), space - file.size()));
  }
  constexpr std::string_view head = "HEAD:";
  if (rest.starts_with(head)) return take_head(glimpse, rest.substr(head.size()));
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos || !(rest.starts_with(heads_prefix) || rest.starts_with(tags_prefix)))
    return false;
  return take_ref(glimpse.loose, rest.substr(0, colon), rest.substr(colon + 1));
}

bool Glimpses::take_head(Glimpse& glimpse, std::string_view content) {
  constexpr std::string_view symbolic = "ref: refs/heads/";
  const bool detached = Oid::from_hex(content).has_value();
  if (!detached && !content.starts_with(symbolic)) return false;
  const std::string_view name = detached ? std::string_view{} : content.substr(symbolic.size());
  if (!detached && !is_ref_name(name)) return false;
  if (!glimpse.head) glimpse.head = name;
  return glimpse.head == name;
}

/// The same ref may come twice where two paths lead to one repository.
bool Glimpses::take_ref(Refs& refs, std::string_view name, std::string_view oid) {
  const auto tip = Oid::from_hex(oid);
  if (!tip || !name.starts_with("refs/") || !is_ref_name(name)) return false;
  const auto add = [&](RefMap& map, std::string_view prefix) {
    const auto [ref, fresh] = map.emplace(name.substr(prefix.size()), *tip);
    return fresh || ref->second == *tip;
  };
  if (name.starts_with(heads_prefix)) return add(refs.branches, heads_prefix);
  if (name.starts_with(tags_prefix)) return add(refs.tags, tags_prefix);
  return name != "refs/heads" && name != "refs/tags";
}

void Glimpses::end_loose(int status) {
  const bool explained = std::exchange(explained_, false);
  if (status != 0 && !explained) give_up();
}

void Glimpses::end_packed(int status) {
  const bool good = status == 0 || status == 1;  // 1: it has found nothing
  if (!good && !(status == 2 && explained_)) give_up();
}

void Glimpses::give_up() {
  useless_ = true;
  folders_.clear();
}

std::optional<Listing> Glimpses::of(std::string_view folder) const {
  const auto found = folders_.find(folder);
  if (useless_ || found == folders_.end() || found->second.odd || !found->second.head) return std::nullopt;
  const Glimpse& glimpse = found->second;
  return Listing{.state = Listing::State::found,
                 .problem = {},
                 .head = *glimpse.head,
                 .branches = merged(glimpse.loose.branches, glimpse.packed.branches),
                 .tags = merged(glimpse.loose.tags, glimpse.packed.tags),
                 .parked = {}};
}

}  // namespace syncmanager::git
