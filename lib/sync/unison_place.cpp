#include "sync/unison_place.hpp"

#include <filesystem>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/file.hpp"
#include "base/trusted_file.hpp"
#include "folder/unison_profile.hpp"
#include "sync/state_files.hpp"

namespace syncmanager::sync {

namespace {

namespace fs = std::filesystem;

/// Nothing where there is no such file.
std::optional<std::string> read_template(const fs::path& path) {
  TrustedFile file(path);
  if (file.missing()) return std::nullopt;
  TrustedText content = file.read("template");
  if (!content.problem.empty()) throw Error(ErrorKind::usage, path.string() + ": " + content.problem);
  return std::move(content.text);
}

std::string template_text(const std::string& name, const Environment& environment) {
  const fs::path folder = environment.home / ".sync-conf" / "unison-templates";
  for (const fs::path& path : {folder / (name + ".prf"), folder / name}) {
    if (std::optional<std::string> text = read_template(path)) return std::move(*text);
  }
  const std::string_view built_in = folder::builtin_template(name);
  if (built_in.empty()) {
    throw Error(ErrorKind::usage, fmt::format("there is no template '{}' for Unison", escape_text(name)),
                fmt::format("make it: {}", (folder / (name + ".prf")).string()));
  }
  return std::string(built_in);
}

/// Where Unison keeps its own files (its manual, 'The .unison Directory').
fs::path folder_of_unison(const Environment& environment) {
  const std::optional<std::string> named = environment.variable("UNISON");
  return named && !named->empty() ? fs::path(*named) : environment.home / ".unison";
}

std::string without_slash(std::string path) {
  if (path.starts_with('/')) path.erase(0, 1);
  return path;
}

}  // namespace

std::string unison_folder(const Project& project) {
  const Url& url = project.url;
  if (!url.text.starts_with("ssh://")) return url.path;
  const std::string path = without_slash(url.path);
  return path.empty() ? "~" : path;
}

std::string unison_root(const Project& project) {
  const Url& url = project.url;
  std::string path = unison_folder(project);
  if (url.scheme == Scheme::local) return path;
  if (path == "~") path.clear();
  if (path.starts_with("~/")) path.erase(0, 2);
  return "ssh://" + url.server() + "/" + path;
}

std::string unison_profile(const Project& project, const Environment& environment) {
  return folder::fill_template(template_text(project.profile, environment), project.path.string(), unison_root(project),
                               project.profile);
}

std::string place_profile(const Project& project, const std::string& profile, const Environment& environment) {
  const fs::path path = unison_profile_path(environment, project.path, without_password(project.url.text));
  make_private_folder(path.parent_path());
  if (read_file(path) != profile) {
    AtomicFile file(path, 0600);
    file.write(profile);
    file.commit(Flush::no);
  }
  const fs::path own = folder_of_unison(environment);
  std::error_code problem;
  fs::create_directories(own, problem);  // what is missing can't be left again by `..`
  const fs::path canonical = fs::canonical(own, problem);
  if (problem) throw Error(ErrorKind::failed, "cannot make " + own.string() + ": " + problem.message());
  return fs::canonical(path).replace_extension().lexically_relative(canonical).string();
}

}  // namespace syncmanager::sync
