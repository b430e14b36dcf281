// Text that came from somewhere else, made safe for a terminal, a shell or a message.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace syncmanager {

/// For a terminal or a log: control characters, invalid UTF-8, and the Unicode characters that reorder or hide text
/// become visible escapes (`\x1b`, `\u202e`). Line feeds too, unless `keep_lines`.
std::string escape_text(std::string_view text, bool keep_lines = false);

/// What stands of an unexpected line in a message: its first 200 bytes, escaped; dots tell that there was more.
std::string excerpt(std::string_view line);

/// One word for a POSIX shell. Single quotes; `!` is kept apart because csh expands it even there.
std::string shell_quote(std::string_view word);

/// Has `sh` run a script with these words as its arguments, whatever shell is given the command.
std::string sh_command(std::string_view script, const std::vector<std::string>& words);

/// The same as shell_quote(), quoted only where a shell needs it, for commands that a person reads.
std::string shell_word(std::string_view word);

/// Whether the text is valid UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool is_utf8(std::string_view text);

/// As git prints a name with core.quotePath: in double quotes with C escapes where it needs them, else unchanged.
std::string git_quote(std::string_view name);

}  // namespace syncmanager
