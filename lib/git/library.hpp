// libgit2's life: one Library lives as long as anything of `git` is used. Objects and refs are written through to the
// disk (fsync), because a base record must never be older than what it speaks of.
#pragma once

namespace syncmanager::git {

class Library {
 public:
  Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library();
};

}  // namespace syncmanager::git
