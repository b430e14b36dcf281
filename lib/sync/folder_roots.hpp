// Whether a folder and what its url leads to can be the two sides of a sync at all.
#pragma once

#include <string>

#include "model/project.hpp"

namespace syncmanager::sync {

/// Throws Error(usage) where the url leads to a home folder that only a shell over there could find.
void check_path(const Project& project);

/// On this computer: neither may lie in the other. `other` is the url's path, expanded. Throws Error(failed).
void check_apart(const Project& project, const std::string& other);

}  // namespace syncmanager::sync
