// The old format, and a whole conf file on its way to projects: nothing throws, names are unique, and an import means
// the same projects.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "config/legacy.hpp"
#include "config/quote.hpp"

using namespace syncmanager;
using namespace syncmanager::config;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

/// A line that was understood is understood in the same way when all its fields stand in quotes.
void check_line(std::string_view line, Client client) {
  const ParsedLegacy parsed = parse_legacy_line(line, client);
  if (!parsed.problem.empty()) return;
  const LegacyProject& project = parsed.project;
  std::string again = quote(project.path) + ' ';
  again += quote(project.remote.empty() ? project.url : project.remote + '|' + project.url);
  if (project.user_name) again += ' ' + quote(*project.user_name) + '\t' + quote(project.user_email.value_or(""));
  if (!project.profile.empty()) again += ' ' + quote(project.profile);
  const ParsedLegacy second = parse_legacy_line(again, client);
  expect(second.problem.empty());
  expect(second.project.path == project.path && second.project.url == project.url);
  expect(second.project.remote == project.remote && second.project.profile == project.profile);
  expect(second.project.user_name == project.user_name && second.project.user_email == project.user_email);
}

Config read_text(std::string_view text) {
  Environment environment;
  environment.home = "/home/jane";
  Config config;
  read(text, "x.conf", environment, config);
  return config;
}

bool same(const Project& one, const Project& other) {
  return one.name == other.name && one.client == other.client && one.path == other.path &&
         one.url.text == other.url.text && one.remote == other.remote && one.user_name == other.user_name &&
         one.user_email == other.user_email && one.profile == other.profile && one.envs == other.envs &&
         one.direction == other.direction;
}

void check_import(std::string_view text, const Config& before) {
  const Config after = read_text(import_legacy(text, "x.conf"));
  expect(after.errors.empty() && after.projects.size() == before.projects.size());
  for (std::size_t i = 0; i < before.projects.size(); ++i) expect(same(before.projects[i], after.projects[i]));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  check_line(text, Client::git);
  check_line(text, Client::unison);
  const Config config = read_text(text);
  std::set<std::string> names;
  for (const Project& project : config.projects) expect(names.insert(project.name).second);
  if (config.errors.empty()) check_import(text, config);
  return 0;
}
