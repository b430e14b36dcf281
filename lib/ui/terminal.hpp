// What stands behind a standard stream, and what it can show. Reads the process's locale and the terminal driver;
// prints nothing.
#pragma once

#include <cstddef>

#include "base/api.hpp"
#include "base/environment.hpp"

namespace syncmanager::ui {

struct WindowSize {
  std::size_t rows = 24;
  std::size_t columns = 80;
};

/// As the terminal driver knows it now; the size of a VT100 where it knows none.
WindowSize window_size(int fd);

SYNCMANAGER_API bool is_terminal(int fd);

/// Whether `fd` is a terminal that understands cursor movements and colours.
SYNCMANAGER_API bool is_capable_terminal(int fd, const Environment& environment);

/// Whether this process may write to the terminal without disturbing somebody: it is in the foreground, and nobody is
/// typing a secret there (echo is off while ssh or git ask for a passphrase).
bool is_free_terminal(int fd);

/// Whether the user's locale writes UTF-8.
SYNCMANAGER_API bool is_utf8_locale();

enum class ColourMode { automatic, always, never };

/// $NO_COLOR and a stream that is no terminal mean none, unless the user asks for `always`.
SYNCMANAGER_API bool wants_colour(ColourMode mode, int fd, const Environment& environment);

}  // namespace syncmanager::ui
