// Points in time as state files hold them: `2026-11-24T22:57:26.123Z`. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace syncmanager {

/// To the millisecond: what is written down is read back as the same.
using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

std::string format_utc(Time time);

/// Nothing for a text that is not of this form, or tells a year that is not from 1970 to 2261.
std::optional<Time> parse_utc(const std::string& text);

}  // namespace syncmanager
