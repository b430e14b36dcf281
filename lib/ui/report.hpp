// A finished run as a person or a program reads it. Pure: values in, text out. Everything that came from elsewhere is
// escaped here.
#pragma once

#include <string>

#include "base/api.hpp"
#include "model/outcome.hpp"
#include "model/status.hpp"
#include "ui/style.hpp"

namespace syncmanager::ui {

/// What moved, branch by branch and aligned; then the problems, each with the command that solves it; then one line
/// that sums up. Without changes: that one line. Quiet and without problems: nothing.
SYNCMANAGER_API std::string text_report(const RunReport& report, const TextStyle& style);

/// The same for a log: below a line with the time and the tool, without colour.
SYNCMANAGER_API std::string log_report(const RunReport& report);

/// As text_report(), in the words of sync-setconf: what it set in which project.
SYNCMANAGER_API std::string settings_report(const RunReport& report, const TextStyle& style);

/// As text_report(), in the words of sync-undo and of sync-delete.
SYNCMANAGER_API std::string undo_report(const RunReport& report, const TextStyle& style);
SYNCMANAGER_API std::string delete_report(const RunReport& report, const TextStyle& style);

/// As text_report(), in the words of sync-hooks, and how the hooks of each project stand.
SYNCMANAGER_API std::string hooks_report(const RunReport& report, const TextStyle& style);
SYNCMANAGER_API std::string hooks_status_report(const RunReport& report, const TextStyle& style);

/// What sync-setconf --check says of projects that it only read: `12 projects, no problems`.
SYNCMANAGER_API std::string check_report(const RunReport& report, const TextStyle& style);

/// How the projects stand: those with something to say, the problems, and one line that sums up. Those in sync are only
/// counted, unless the style is verbose. Quiet: problems alone.
SYNCMANAGER_API std::string status_report(const StatusReport& report, const TextStyle& style);

/// What rescue refs keep, each with the command that makes a branch of it.
SYNCMANAGER_API std::string rescued_report(const StatusReport& report, const TextStyle& style);

/// The JSON document of sync-manager(7): schema 1, pure ASCII, one line feed at its end. Branches and tags that are
/// in sync are left out unless `verbose`.
SYNCMANAGER_API std::string json_report(const RunReport& report, bool verbose);

/// The same document, with how each project and branch stands.
SYNCMANAGER_API std::string json_status(const StatusReport& report, bool verbose);

}  // namespace syncmanager::ui
