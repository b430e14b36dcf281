// Conf files to projects: finds them, reads both formats, checks every key. A bad line is an error with its place, and
// everything else is still loaded.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/api.hpp"
#include "base/environment.hpp"
#include "model/outcome.hpp"
#include "model/project.hpp"

namespace syncmanager::config {

/// A key as it was set for a project or in [defaults].
struct Setting {
  Origin origin;
  std::string key;
  std::string value;
};

struct Config {
  std::vector<Project> projects;  ///< in the order of the files; names are unique
  std::vector<ConfigError> errors;
  std::vector<Setting> settings;  ///< all that were accepted, in the order of the files
};

/// `~/.sync-conf/**/*.conf`, then `$XDG_CONFIG_HOME/syncmanager/*.conf`, each sorted by name. Hidden files and folders,
/// `unison-templates` and symbolic links to folders are left out. A folder that can't be listed stands for its files,
/// so that load() tells why.
SYNCMANAGER_API std::vector<std::filesystem::path> conf_files(const Environment& environment);

/// Reads the files. Refuses one that somebody else can write, or owns (but for root). Never throws for a bad file:
/// that is one of `errors`.
SYNCMANAGER_API Config load(const std::vector<std::filesystem::path>& files, const Environment& environment);

/// As load(), for the text of one file; no file is touched. Adds to what `config` holds already, whose names are taken.
/// A project with an error in its section is left out as a whole: half of what it asks for could do harm.
SYNCMANAGER_API void read(std::string_view text, const std::string& file, const Environment& environment,
                          Config& config);

/// Which projects a run is about.
struct Selection {
  std::vector<std::string> projects;  ///< names, paths, or `.`; empty: all
  std::vector<std::string> groups;    ///< any of these; empty: all
  std::optional<Client> client;
  std::string env;             ///< as --env or $SYNC_ENV: a list; empty selects only what is for everywhere
  std::filesystem::path home;  ///< what `~` at the front of a path stands for
};

/// The selected projects, in the order of `config`. A name, path or group that fits none, or a named project that
/// another option leaves out, is an entry in `errors`.
/// `here` is the current folder, for `.` and for relative paths.
SYNCMANAGER_API std::vector<Project> select(const Config& config, const Selection& selection,
                                            const std::filesystem::path& here, std::vector<ConfigError>& errors);

/// What `sync-setconf --check` says beyond errors, `FILE:LINE: ...`: what is accepted, and does less than one might
/// think.
SYNCMANAGER_API std::vector<std::string> notices(const Config& config);

/// The text of an old-format file in today's format, comments kept. Throws Error(usage) for a file with problems.
SYNCMANAGER_API std::string import_legacy(std::string_view text, const std::string& file);

}  // namespace syncmanager::config
