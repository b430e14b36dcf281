// A message on the desktop, by notify-send(1), for what happens in the background.
#pragma once

#include <string>
#include <vector>

#include "base/api.hpp"
#include "base/environment.hpp"
#include "model/outcome.hpp"

namespace syncmanager::ui {

/// notify-send --app-name=sync --icon=dialog-warning -- 'notes needs you' 'main: …'
/// Nothing in the texts is taken for markup, which notifications have.
std::vector<std::string> notification_command(const std::string& project, const Complaint& complaint);

/// What waits for a person in this project. Whether it could be shown: there may be no desktop, or no such program.
SYNCMANAGER_API bool show_notification(const Environment& environment, const std::string& project,
                                       const Complaint& complaint);

}  // namespace syncmanager::ui
