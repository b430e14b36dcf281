// Where Unison's profiles come from and go to: templates of the user's or built in, and one file for each project in
// the state folder, which Unison is led to from its own.
#pragma once

#include <string>

#include "base/environment.hpp"
#include "model/project.hpp"

namespace syncmanager::sync {

/// The URL as Unison names a root; `ssh://HOST/PATH` is below the home folder there, `ssh://HOST//PATH` is not.
std::string unison_root(const Project& project);

/// The path in it, as the server's shell knows it. Pure.
std::string unison_folder(const Project& project);

/// The project's template, filled in. Throws Error(usage) where there is none of its name, it can't be used, or others
/// can write it.
std::string unison_profile(const Project& project, const Environment& environment);

/// Writes the profile where nothing else stands already. Returns what to call it to Unison. Throws Error(failed).
std::string place_profile(const Project& project, const std::string& profile, const Environment& environment);

}  // namespace syncmanager::sync
