// Files whose content is obeyed: only this user or root may have written them.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include <sys/types.h>

#include "base/file.hpp"

namespace syncmanager {

/// A file's text, or why it can't or must not be read: `others can write it (mode 666), expected …; run: chmod …`.
struct TrustedText {
  std::string text;
  std::string problem;
};

/// An open file that has not been read yet. Everything is checked on what was opened, so that it can't be exchanged in
/// between.
class TrustedFile {
 public:
  explicit TrustedFile(const std::filesystem::path& path);

  /// Which file it is, whatever name led there; the same as another's only where both could be opened.
  [[nodiscard]] std::pair<dev_t, ino_t> identity() const { return identity_; }
  [[nodiscard]] bool is_open() const { return static_cast<bool>(fd_); }
  /// Whether there is nothing of that name.
  [[nodiscard]] bool missing() const { return missing_; }
  /// `what` stands in messages: "conf file". Once.
  TrustedText read(const std::string& what);

 private:
  std::filesystem::path path_;
  Fd fd_;
  std::pair<dev_t, ino_t> identity_{};
  bool missing_ = false;
  std::string problem_;
};

}  // namespace syncmanager
