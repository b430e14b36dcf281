// Lines for stderr. Pure; everything that came from elsewhere is escaped here.
#pragma once

#include <string>
#include <string_view>

#include "base/api.hpp"
#include "model/outcome.hpp"

namespace syncmanager::ui {

/// `work.conf:12: message`
SYNCMANAGER_API std::string error_line(const ConfigError& error);

/// What is worth knowing, but wrong with nothing.
SYNCMANAGER_API std::string notice_line(std::string_view notice);

/// `sync-pull: message`, and the hint, where there is one, indented on lines of its own.
SYNCMANAGER_API std::string message_lines(std::string_view tool, std::string_view message, std::string_view hint = {});

}  // namespace syncmanager::ui
