// Hooks for repositories that are yet to be made or cloned: git copies them from its template folder, git-init(1).
#pragma once

#include <filesystem>

#include "base/api.hpp"
#include "base/environment.hpp"

namespace syncmanager::hooks {

struct TemplateOutcome {
  std::filesystem::path folder;  ///< empty: git has none of its user's
  bool changed = false;
};

/// Into the folder that the user's init.templateDir names; where it names none, into one of ours, which it names from
/// then on. Throws Error(failed).
SYNCMANAGER_API TemplateOutcome install_template(const std::filesystem::path& enqueue, const Environment& environment,
                                                 bool dry_run);

/// Takes that back. Repositories that have the hooks by now keep them.
SYNCMANAGER_API TemplateOutcome uninstall_template(const std::filesystem::path& enqueue, const Environment& environment,
                                                   bool dry_run);

}  // namespace syncmanager::hooks
