#include "sync/folder_record.hpp"

#include <filesystem>
#include <vector>

#include "base/file.hpp"
#include "base/state_word.hpp"
#include "base/text.hpp"
#include "sync/state_files.hpp"

namespace syncmanager::sync {

namespace {

constexpr std::string_view record_header = "syncmanager folder 1";

std::filesystem::path path_of(const Environment& environment, const Project& project) {
  return folder_record_path(environment, project.path, without_password(project.url.text));
}

}  // namespace

std::optional<FolderRecord> parse_folder_record(std::string_view text) {
  const std::vector<std::string_view> lines = lines_of(text);
  if (lines.empty() || lines.front() != record_header) return std::nullopt;
  std::optional<Time> synced;
  FolderRecord record;
  for (const std::string_view line : lines) {
    const std::vector<std::string> words = split(line, " ");
    if (words.size() != 2) continue;
    if (words[0] == "synced") synced = parse_utc(words[1]);
    if (words[0] == "looked") record.looked = parse_utc(words[1]).value_or(Time());
    if (words[0] == "files") record.had_files = words[1] != "none";
    if (words[0] == "told") record.told.insert(raw_word(words[1]));
  }
  if (!synced) return std::nullopt;
  record.first_synced = *synced;
  return record;
}

std::string format_folder_record(const FolderRecord& record) {
  std::string text = std::string(record_header) + "\nsynced " + format_utc(record.first_synced) + '\n';
  text += "looked " + format_utc(record.looked) + '\n';
  if (!record.had_files) text += "files none\n";
  for (const std::string& name : record.told) text += "told " + state_word(name) + '\n';
  return text;
}

std::optional<FolderRecord> read_folder_record(const Environment& environment, const Project& project) {
  const std::optional<std::string> text = read_file(path_of(environment, project));
  return text ? parse_folder_record(*text) : std::nullopt;
}

void write_folder_record(const Environment& environment, const Project& project, const FolderRecord& record) {
  const std::filesystem::path path = path_of(environment, project);
  make_private_folder(path.parent_path());
  AtomicFile file(path, 0600);
  file.write(format_folder_record(record));
  file.commit();
}

}  // namespace syncmanager::sync
