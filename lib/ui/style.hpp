// How a report looks: which colours, which arrows, how much of it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace syncmanager::ui {

struct TextStyle {
  bool colour = false;
  bool unicode = false;  ///< the reader's locale is UTF-8: arrows, else ASCII for them
  bool verbose = false;  ///< also what did not change
  bool quiet = false;    ///< only what is wrong
};

enum class Tone { plain, strong, good, warning, bad };

/// `text` in its tone where the style has colours, else as it is. An empty text stays empty.
std::string paint(const TextStyle& style, Tone tone, std::string_view text);

struct Arrows {
  std::string_view here;    ///< the server's state came here
  std::string_view there;   ///< this computer's state went to the server
  std::string_view to;      ///< from one tip to another
  std::string_view advice;  ///< before what solves a problem
};

Arrows arrows(const TextStyle& style);

}  // namespace syncmanager::ui
