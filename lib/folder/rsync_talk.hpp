// What rsync says, by the format that we give it, and what its exit status means. Pure.
//   @>f+++++++++ 2 we\#012ird
//   @*deleting   0 old
//          3145728  99%  500.00MB/s    0:00:00 (xfr#5, to-chk=3/9)
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/line_buffer.hpp"
#include "folder/copy_result.hpp"
#include "model/progress.hpp"

namespace syncmanager::folder {

/// The option that makes it speak so.
inline constexpr std::string_view rsync_format = "--out-format=@%i %l %n";

/// Reads its standard output piece by piece.
class RsyncReader {
 public:
  /// `on_transfer` may be empty.
  RsyncReader(bool sending, std::function<void(const Transfer&)> on_transfer)
      : side_(sending ? Side::server : Side::local), on_transfer_(std::move(on_transfer)) {
    transfer_.what = Transfer::What::files;
    transfer_.sending = sending;
  }

  void feed(std::string_view piece);

  /// What it has told so far.
  [[nodiscard]] const FilesOutcome& files() const { return files_; }
  /// Of files and folders, as rsync counts them for --max-delete.
  [[nodiscard]] std::uint64_t deletions() const { return deletions_; }

 private:
  void take_line(std::string_view line);
  void take_item(std::string_view item, std::string_view name);
  void take_progress(std::string_view line);

  Side side_;
  std::function<void(const Transfer&)> on_transfer_;
  Transfer transfer_;
  FilesOutcome files_;
  std::uint64_t deletions_ = 0;
  LineBuffer lines_{std::size_t{64} * 1024};  ///< a path, each byte of which may be escaped, and more
};

/// `\#012` of a name stands for a line feed: the name as it is.
std::string rsync_name(std::string_view printed);

/// Whether it was ssh that failed, and what rsync says follows from that only.
bool ssh_failed(int status);

/// Adds to what was read what the exit status and the error stream tell.
CopyResult rsync_result(int status, std::string_view errors, FilesOutcome files);

}  // namespace syncmanager::folder
