// Unison's profiles, which are made from templates: `{{ local_path }}` and `{{ server_path }}` stand for the two roots.
// Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace syncmanager::folder {

/// A template that is always there: the text of `sm_default`; empty for another name.
std::string_view builtin_template(std::string_view name);

/// The template filled in. `origin` is its name for messages. Throws Error(usage) where it does not name both roots
/// once or has another placeholder, and where a root can't stand in a profile.
std::string fill_template(std::string_view text, const std::string& local_root, const std::string& server_root,
                          const std::string& origin);

/// Whether the first root is this one: Unison shows it on the left.
bool comes_first(std::string_view profile, const std::string& root);

/// Whether it, or a file that it includes, may have rules for merging.
bool may_merge(std::string_view profile);

/// What the profile has run on the server: `unison`, unless `servercmd` or `addversionno` say otherwise. `version_here`
/// tells this computer's, `2.52.1`, and is only asked where the name has it.
std::string server_program(std::string_view profile, const std::function<std::string()>& version_here);

}  // namespace syncmanager::folder
