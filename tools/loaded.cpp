#include "loaded.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>

#include <unistd.h>

#include "console.hpp"
#include "ui/messages.hpp"

namespace syncmanager::tools {

namespace {

std::vector<std::filesystem::path> files_of(const Options& options, const Environment& environment) {
  if (options.conf_files.empty()) return config::conf_files(environment);
  std::vector<std::filesystem::path> files;
  for (const std::string& file : options.conf_files) files.emplace_back(expand_home(file, environment));
  return files;
}

config::Selection selection_of(const Options& options, const Environment& environment) {
  config::Selection selection;
  selection.projects = options.projects;
  selection.groups = options.groups;
  if (options.client == "git") selection.client = Client::git;
  if (options.client == "unison") selection.client = Client::unison;
  if (options.client == "rsync") selection.client = Client::rsync;
  selection.env = options.env.value_or(environment.sync_env);
  selection.home = environment.home;
  return selection;
}

/// What to do where there is nothing to work on: where conf files are looked for, and one to start from.
std::string first_conf_file(const Environment& environment) {
  return "conf files are looked for as ~/.sync-conf/**/*.conf and " +
         (environment.config_home / "syncmanager/*.conf").string() +
         "\n"
         "a first one, ~/.sync-conf/projects.conf:\n"
         "\n"
         "  [git \"notes\"]\n"
         "  path = ~/notes\n"
         "  url = ssh://git@server/srv/git/notes.git\n"
         "\n"
         "sync-conf(5) describes all keys, sync-manager(7) how to set up a server";
}

void complain_about(std::string_view tool, const ConfigError& error, std::string_view hint) {
  // What has no place in a file is about the command line.
  complain(error.origin.file.empty() ? ui::message_lines(tool, error.message, hint) : ui::error_line(error));
}

}  // namespace

Environment environment_for(const Options& options) {
  Environment environment = Environment::of_process(environ);
  if (!options.ssh_config.empty()) {
    environment.ssh_config = std::filesystem::absolute(expand_home(options.ssh_config, environment)).string();
  }
  return environment;
}

Loaded load(std::string_view tool, const Options& options, const Environment& environment) {
  Loaded loaded;
  const std::vector<std::filesystem::path> files = files_of(options, environment);
  loaded.config = config::load(files, environment);
  loaded.errors = loaded.config.errors;
  std::string hint;
  if (loaded.config.projects.empty()) {
    if (loaded.errors.empty()) {
      loaded.errors.push_back({{}, files.empty() ? "found no conf file" : "found no project in the conf files"});
      hint = first_conf_file(environment);
    }
  } else {
    std::error_code problem;
    const std::filesystem::path here = std::filesystem::current_path(problem);
    const std::size_t before = loaded.errors.size();
    // Without a current folder only a relative path is an error: no project holds it.
    const config::Selection everything{
        .projects = {}, .groups = {}, .client = {}, .env = selection_of(options, environment).env, .home = {}};
    std::vector<ConfigError> none;
    loaded.all = config::select(loaded.config, everything, here, none);
    loaded.projects = config::select(loaded.config, selection_of(options, environment), here, loaded.errors);
    if (problem && loaded.errors.size() > before) {
      hint = "relative paths mean nothing here, the current folder is gone: go to another one";
    }
  }
  for (Project& project : loaded.projects) {
    // The option wins over the conf file, and that over the environment.
    if (!options.ssh_config.empty() || project.ssh_config.empty()) project.ssh_config = environment.ssh_config;
  }
  for (const ConfigError& error : loaded.errors) complain_about(tool, error, hint);
  return loaded;
}

void notice_empty_selection(std::string_view tool, const Loaded& loaded, const Options& options) {
  if (!loaded.projects.empty() || !loaded.errors.empty() || options.quiet) return;
  complain(ui::message_lines(tool, "none of the projects in the conf files is selected",
                             "--env, $SYNC_ENV, --client and --group select; sync-setconf --check reads all"));
}

}  // namespace syncmanager::tools
