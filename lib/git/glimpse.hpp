// What the ref files of many repositories say, read without git from what find(1) and grep(1) print of them. A glimpse
// proves one thing only: that a repository has exactly the refs that are known already. Whatever looks odd in any way
// (a symbolic ref, a damaged file, another kind of storage, a message of grep's) makes no glimpse: git must be asked.
//
// The loose refs, each line after the name of its file, and behind those of each repository its HEAD:
//   /srv/git/notes.git/refs/heads/main:8f0c…
//   /srv/git/notes.git/HEAD:ref: refs/heads/main
// The packed ones, read after all of the loose ones: git packs a ref before it removes the loose file, so that a ref
// which is being packed is seen in one of the two, or in both.
//   /srv/git/notes.git/packed-refs:8f0c… refs/heads/main
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/refs.hpp"

namespace syncmanager::git {

class Glimpses {
 public:
  /// The folders with `HEAD` and `refs` in them, exactly as they stand in the lines.
  explicit Glimpses(const std::vector<std::string>& folders);

  /// One line of the first part, without its end; and the exit status of the find that printed it.
  void take_loose(std::string_view line) { take(line, Part::loose); }
  void end_loose(int status);
  /// The same of the second part, which a grep printed.
  void take_packed(std::string_view line) { take(line, Part::packed); }
  void end_packed(int status);

  /// After both parts: what a folder has, or nothing where git must be asked.
  [[nodiscard]] std::optional<Listing> of(std::string_view folder) const;

 private:
  enum class Part { loose, packed };
  struct Refs {
    RefMap branches;
    RefMap tags;
  };
  struct Glimpse {
    bool odd = false;
    std::optional<std::string> head;  ///< comes last of the loose part: what stands before it is whole
    Refs loose;
    Refs packed;
  };
  using Folders = std::map<std::string, Glimpse, std::less<>>;
  struct Place {
    Folders::iterator folder;
    std::string_view rest;  ///< of the line, behind the folder and its slash
  };

  std::optional<Place> place_of(std::string_view line);
  void take(std::string_view line, Part part);
  void take_message(std::string_view text);
  void give_up();
  static bool take_head(Glimpse& glimpse, std::string_view content);
  static bool take_ref(Refs& refs, std::string_view name, std::string_view oid);
  static bool take_entry(Glimpse& glimpse, std::string_view rest, Part part);

  Folders folders_;
  bool useless_ = false;    ///< something can't be told apart by folder: all of them are odd
  bool explained_ = false;  ///< a message of this part has named its folder
  std::size_t bytes_ = 0;
};

}  // namespace syncmanager::git
