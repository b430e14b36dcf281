// Reads what the listing command prints on the server: first a glimpse of all repositories, then what git says of those
// that it was asked for. Pure: the caller carries the bytes and writes the questions.
//
//   syncmanager listing 2
//   → /srv/git/notes.git → missing → ./blog/.git          (each after a tab: one for each path that was given)
//   …lines of loose refs (glimpse.hpp)…
//   loose 0                                               (the status of the find that printed them)
//   …lines of packed refs…
//   packed 0
// and then for each question, which is the place of a repository in a line of its own,
//   repository 2 ref: refs/heads/main
//   format sha256                                         (where it is not sha1)
//   8f0c… refs/heads/main
//   end 0
// until the questions end:
//   bye
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/glimpse.hpp"
#include "git/refs.hpp"

namespace syncmanager::git {

/// Whatever a login shell prints before the greeting is passed over, with or without the end of its line.
class ListingReader {
 public:
  using Done = std::function<void(std::size_t, Listing&&)>;

  /// `done` is called with the place in the list of each repository that git was asked for.
  ListingReader(std::size_t repositories, Done done) : repositories_(repositories), done_(std::move(done)) {}

  /// Takes a piece of the answer. Throws Error(failed) for an answer that breaks the form above, or has no end.
  void feed(std::string_view piece);

  /// Whether the greeting came: else the server has no shell for us.
  [[nodiscard]] bool greeted() const { return part_ > Part::greeting; }
  /// Whether the first part is there, so that glimpse() can tell.
  [[nodiscard]] bool glimpsed() const { return part_ >= Part::answers; }
  [[nodiscard]] bool complete() const { return part_ == Part::over; }

  /// What was seen of a repository: missing or uncertain as it is, found by its files; nothing where git must be asked.
  [[nodiscard]] std::optional<Listing> glimpse(std::size_t place) const;

  /// The question for git's own answer: what to write to the command. In ascending order of the places.
  std::string ask(std::size_t place);

 private:
  enum class Part { greeting, places, loose, packed, answers, over };

  void count(std::size_t bytes);
  void take_line(std::string_view line);
  void take_places(std::string_view line);
  void take_answer(std::string_view line);
  void begin_answer(std::string_view line);
  void take_ref(std::string_view line);
  void finish_answer(bool good);

  std::size_t repositories_;
  Done done_;
  Part part_ = Part::greeting;
  std::string rest_;  ///< the beginning of a line whose end has not come yet
  std::vector<std::string> places_;
  std::optional<Glimpses> glimpses_;
  std::vector<std::size_t> asked_;
  std::size_t answered_ = 0;  ///< of asked_
  bool inside_ = false;       ///< an answer
  std::size_t bytes_ = 0;     ///< of the part, or of one answer
  Listing current_;
};

}  // namespace syncmanager::git
