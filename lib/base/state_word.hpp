// Any text as one word of a line, as state files hold it: without spaces and line feeds, and never empty. Pure.
#pragma once

#include <string>
#include <string_view>

namespace syncmanager {

std::string state_word(std::string_view raw);

/// What state_word() was made of.
std::string raw_word(std::string_view word);

}  // namespace syncmanager
