// The tips that a repository and one remote had when they last agreed, branch by branch: the memory that tells 'deleted
// there' from 'new here'. One file for each remote inside the repository's common git folder, replaced atomically.
//
//   syncmanager base 1
//   url ssh://git@server/srv/git/notes.git
//   8f0c… main
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/file.hpp"
#include "git/refs.hpp"

namespace syncmanager::git {

struct BaseRecord {
  std::string url;  ///< the record speaks of this server only; under another URL it means nothing
  RefMap tips;
};

std::string format_base_record(const BaseRecord& record);

/// An empty record for text that is not one: no memory is always safe, a wrong one is not.
BaseRecord parse_base_record(std::string_view text);

/// Where the record of `remote` is. `git_folder` is the common git folder.
std::filesystem::path base_record_path(const std::filesystem::path& git_folder, std::string_view remote);

/// The record of `remote` where it speaks of `url`, else an empty one for that URL.
BaseRecord read_base_record(const std::filesystem::path& git_folder, std::string_view remote, const std::string& url);

/// Takes out of the records of all remotes, whatever their URLs, the tips of which `is_wrong` is true. Throws
/// Error(failed); then each record is whole, as it was or as it shall be.
using IsWrong = std::function<bool(const std::string& branch, const Oid& tip)>;
void forget_in_base_records(const std::filesystem::path& git_folder, const IsWrong& is_wrong);

/// Throws Error(failed); then the old record stands. Without a flush, a loss of power may bring an older record back,
/// or none: what both sides have by then is equal, whatever the record says.
void write_base_record(const std::filesystem::path& git_folder, std::string_view remote, const BaseRecord& record,
                       Flush flush = Flush::yes);

}  // namespace syncmanager::git
