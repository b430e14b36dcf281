// Conf files to projects: finds them, reads both formats, checks every key. A bad line is an error with its place, and
// everything else is still loaded.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"

namespace syncmanager::config {

struct Config {
  std::vector<Project> projects;  ///< in the order of the files; names are unique
  std::vector<ConfigError> errors;
};

/// `~/.sync-conf/**/*.conf`, then `$XDG_CONFIG_HOME/syncmanager/*.conf`, each sorted by name.
std::vector<std::filesystem::path> conf_files(const Environment& environment);

/// Reads the files. Refuses one that somebody else can write, or owns (but for root). Never throws for a bad file:
/// that is one of `errors`.
Config load(const std::vector<std::filesystem::path>& files, const Environment& environment);

/// As load(), for the text of one file; pure. `taken` holds the names of projects that were read before.
void read(std::string_view text, const std::string& file, const Environment& environment, Config& config);

/// Which projects a run is about.
struct Selection {
  std::vector<std::string> projects;  ///< names, paths, or `.`; empty: all
  std::vector<std::string> groups;    ///< any of these; empty: all
  std::optional<Client> client;
  std::string env;  ///< as --env or $SYNC_ENV; empty selects only what is for everywhere
};

/// The selected projects. A name, path or group that fits none is an entry in `errors`, with what would have fitted.
/// `here` is the current folder, for `.` and for relative paths.
std::vector<Project> select(const Config& config, const Selection& selection, const std::filesystem::path& here,
                            std::vector<ConfigError>& errors);

/// What `sync-setconf --check` says beyond errors: keys that are accepted but whose feature does not exist yet.
std::vector<std::string> notices(const Config& config);

/// The text of an old-format file in today's format, comments kept. Throws Error(usage) for a file with problems.
std::string import_legacy(std::string_view text, const std::string& file);

}  // namespace syncmanager::config
