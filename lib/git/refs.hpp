// The branches and tags of one repository, here or on a server, as plain values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/oid.hpp"

namespace syncmanager::git {

/// Short name (without refs/heads/ or refs/tags/) to tip, sorted by name.
using RefMap = std::map<std::string, Oid, std::less<>>;

/// Branches that are symbolic refs (short name), each with the full name of the ref that it stands for.
using Aliases = std::map<std::string, std::string, std::less<>>;

inline constexpr const char* heads_prefix = "refs/heads/";
inline constexpr const char* tags_prefix = "refs/tags/";
inline constexpr const char* parked_prefix = "refs/sync/";  ///< on a server

/// Where `computer` parks a branch on a server. What no ref may have in its name is a `-` there.
std::string parked_ref(std::string_view computer, std::string_view branch);
/// Where this computer remembers it.
std::string parked_here(std::string_view remote, std::string_view branch);
/// Where it notes, before the push, what it is going to park.
std::string parking_here(std::string_view remote, std::string_view branch);

/// What a repository on a server has, or why that can't be said.
struct Listing {
  enum class State {
    found,
    missing,    ///< nothing stands at this path
    uncertain,  ///< something stands there that the command can't read; ask git itself (advertisement)
    failed,     ///< git failed there: `problem`
  };
  State state = State::failed;
  std::string problem;
  bool sha256 = false;  ///< the names of its objects; where there are any, they tell it too
  std::string head;     ///< the branch that the server's HEAD names, without refs/heads/; empty where it is none
  RefMap branches;
  RefMap tags;
  RefMap parked;  ///< what computers could not publish: COMPUTER/heads/BRANCH, without refs/sync/
};

/// Adds the branch, the tag or the parked ref of this full name. Other refs, and what an annotated tag stands for
/// (`^{}`), are passed over: false.
bool add_ref(Listing& listing, std::string_view name, const Oid& tip);

/// The name in whose place, or above which, `name` would stand: a name can't also be a folder of names. Empty: none.
std::string clashing_name(const RefMap& refs, const std::string& name);

/// The tip of the ref of this full name, nothing where the listing has none.
std::optional<Oid> find_ref(const Listing& listing, std::string_view name);

}  // namespace syncmanager::git
