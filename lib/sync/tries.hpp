// What came of the tries to work off the queue, for each repository: when the next one is due, and what people have
// been told already. A file that only the worker writes; where it is lost, all is tried at once.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "base/utc.hpp"

namespace syncmanager::sync {

struct Try {
  unsigned failures = 0;          ///< in a row, since something new happened
  Time last;                      ///< when it was tried
  std::optional<Time> next;       ///< nothing: not before something else happens
  std::string reason;             ///< why it has not worked
  std::set<std::string> entries;  ///< names of those of the queue that it was about
  std::set<std::string> told;     ///< problems that a person has been notified of

  bool operator==(const Try&) const = default;
};

/// By common git folder.
using Tries = std::map<std::string, Try>;

/// Lines that are damaged are passed over. Pure.
Tries parse_tries(std::string_view text);
std::string format_tries(const Tries& tries);

/// Nothing where there is no file, or it can't be read.
Tries read_tries(const Environment& environment);
/// Throws Error(failed).
void write_tries(const Tries& tries, const Environment& environment);

}  // namespace syncmanager::sync
