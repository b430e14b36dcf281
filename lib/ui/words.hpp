// Numbers as people read them. Pure, the same in every locale.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace syncmanager::ui {

/// `1,204`
std::string number(std::uint64_t value);

/// `1 project`, `1,204 projects`
std::string count(std::uint64_t value, std::string_view noun);

/// `512 bytes`, `3.1 MiB`
std::string size(std::uint64_t bytes);

/// `0.31 s`, `12.3 s`, `2 min 05 s`, `1 h 02 min`
std::string duration(std::chrono::duration<double> time);

/// `just now`, `1 minute ago`, `3 hours ago`, `5 days ago`
std::string ago(std::chrono::duration<double> time);
/// "in 5 minutes", "at once"
std::string in_time(std::chrono::duration<double> time);

/// `a, b, c`
std::string joined(const std::vector<std::string>& words, std::string_view separator);

}  // namespace syncmanager::ui
