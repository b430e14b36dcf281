// What a run of rsync or Unison came to, as the readers of their words tell it.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "model/outcome.hpp"

namespace syncmanager::folder {

enum class Ending {
  complete,   ///< all was done; conflicts and files that are left for the other way may remain
  partial,    ///< some files could not be copied: they are among the troubles
  refused,    ///< it would delete too much, and did nothing
  held,       ///< somebody else works on the same folders, by the program's own lock
  forgotten,  ///< Unison's memory of the last sync is there on one side only; it did nothing
  offline,    ///< the line broke, or the other side fell silent
  misfit,     ///< the two sides' programs don't understand each other
  failed,     ///< anything else
};

struct CopyResult {
  Ending ending = Ending::complete;
  FilesOutcome files;
  bool ran = true;    ///< false: its guard kept it from running, and nothing else is known
  std::string words;  ///< the line of the program's that says why it ended so; empty where it is complete
  std::optional<Error> error = std::nullopt;  ///< what ended it from outside, and counts for more than `ending`
};

}  // namespace syncmanager::folder
