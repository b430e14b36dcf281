#include "sync/state_files.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;

/// FNV-1a: the same on every run and machine.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325U;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return value;
}

std::string name_of(const fs::path& git_folder) {
  return fmt::format("{:016x}", hash(fs::weakly_canonical(git_folder).lexically_normal().string()));
}

/// Of a folder and its other side.
std::string name_of_pair(const fs::path& folder, const std::string& other) {
  return fmt::format("{:016x}", hash(folder.lexically_normal().string() + '\n' + other));
}

}  // namespace

fs::path lock_path(const Environment& environment, const fs::path& git_folder) {
  return environment.state_folder() / "locks" / (name_of(git_folder) + ".lock");
}

fs::path folder_record_path(const Environment& environment, const fs::path& folder, const std::string& other) {
  return environment.state_folder() / "folders" / (name_of_pair(folder, other) + ".folder");
}

fs::path unison_profile_path(const Environment& environment, const fs::path& folder, const std::string& other) {
  return environment.state_folder() / "unison" / (name_of_pair(folder, other) + ".prf");
}

fs::path journal_path(const Environment& environment, const fs::path& git_folder) {
  return environment.state_folder() / "journals" / (name_of(git_folder) + ".journal");
}

fs::path last_runs_path(const Environment& environment) {
  return environment.state_folder() / "last-runs";
}

fs::path last_runs_lock_path(const Environment& environment) {
  return environment.state_folder() / "last-runs.lock";
}

fs::path tries_path(const Environment& environment) {
  return environment.state_folder() / "tries";
}

}  // namespace syncmanager::sync
