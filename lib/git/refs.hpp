// The branches and tags of one repository, here or on a server, as plain values.
#pragma once

#include <map>
#include <string>

#include "model/oid.hpp"

namespace syncmanager::git {

/// Short name (without refs/heads/ or refs/tags/) to tip, sorted by name.
using RefMap = std::map<std::string, Oid, std::less<>>;

/// Branches that are symbolic refs (short name), each with the full name of the ref that it stands for.
using Aliases = std::map<std::string, std::string, std::less<>>;

inline constexpr const char* heads_prefix = "refs/heads/";
inline constexpr const char* tags_prefix = "refs/tags/";

}  // namespace syncmanager::git
