#include "git/base_record.hpp"

#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"

namespace syncmanager::git {

namespace {

constexpr std::string_view first_line = "syncmanager base 1";
constexpr std::string_view url_key = "url ";
constexpr const char* suffix = ".base";

/// A remote's name may hold slashes; as a file name it may not.
std::string file_name(std::string_view remote) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  std::string name;
  for (const char c : remote) {
    name += plain.find(c) != std::string_view::npos ? std::string(1, c)
                                                    : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  return name + suffix;
}

std::filesystem::path records_folder(const std::filesystem::path& git_folder) {
  return git_folder / "syncmanager";
}

void write_record(const std::filesystem::path& path, const BaseRecord& record, Flush flush) {
  AtomicFile file(path);
  file.write(format_base_record(record));
  file.commit(flush);
}

}  // namespace

std::string format_base_record(const BaseRecord& record) {
  std::string text = fmt::format("{}\n{}{}\n", first_line, url_key, record.url);
  for (const auto& [branch, tip] : record.tips) text += fmt::format("{} {}\n", tip.hex(), branch);
  return text;
}

BaseRecord parse_base_record(std::string_view text) {
  const auto lines = lines_of(text);
  if (lines.size() < 2 || lines[0] != first_line || !lines[1].starts_with(url_key)) return {};
  BaseRecord record{.url = std::string(lines[1].substr(url_key.size())), .tips = {}};
  for (std::size_t i = 2; i < lines.size(); ++i) {
    const auto space = lines[i].find(' ');
    const auto tip = space == std::string_view::npos ? std::nullopt : Oid::from_hex(lines[i].substr(0, space));
    if (!tip || space + 1 == lines[i].size()) return {};
    record.tips.emplace(lines[i].substr(space + 1), *tip);
  }
  return record;
}

std::filesystem::path base_record_path(const std::filesystem::path& git_folder, std::string_view remote) {
  return records_folder(git_folder) / file_name(remote);
}

BaseRecord read_base_record(const std::filesystem::path& git_folder, std::string_view remote, const std::string& url) {
  const auto text = read_file(base_record_path(git_folder, remote));
  BaseRecord record = text ? parse_base_record(*text) : BaseRecord{};
  if (record.url != url) return {.url = url, .tips = {}};
  return record;
}

void write_base_record(const std::filesystem::path& git_folder, std::string_view remote, const BaseRecord& record,
                       Flush flush) {
  const auto path = base_record_path(git_folder, remote);
  std::error_code told_below;
  std::filesystem::create_directories(path.parent_path(), told_below);
  write_record(path, record, flush);
}

void forget_in_base_records(const std::filesystem::path& git_folder, const IsWrong& is_wrong) {
  std::error_code none;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(records_folder(git_folder), none)) {
    if (entry.path().extension() == suffix) paths.push_back(entry.path());
  }
  for (const auto& path : paths) {
    BaseRecord record = parse_base_record(read_file(path).value_or(""));
    const auto wrong = [&](const auto& known) { return is_wrong(known.first, known.second); };
    if (std::erase_if(record.tips, wrong) > 0) write_record(path, record, Flush::yes);
  }
}

}  // namespace syncmanager::git
