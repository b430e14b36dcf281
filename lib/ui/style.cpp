#include "ui/style.hpp"

namespace syncmanager::ui {

namespace {

/// Select Graphic Rendition of ECMA-48; only the eight colours that every palette keeps readable.
std::string_view rendition(Tone tone) {
  switch (tone) {
    case Tone::plain: return "";
    case Tone::strong: return "\x1b[1m";
    case Tone::good: return "\x1b[32m";
    case Tone::warning: return "\x1b[1;33m";
    case Tone::bad: return "\x1b[1;31m";
  }
  return "";
}

}  // namespace

std::string paint(const TextStyle& style, Tone tone, std::string_view text) {
  if (!style.colour || tone == Tone::plain || text.empty()) return std::string(text);
  return std::string(rendition(tone)).append(text).append("\x1b[0m");
}

Arrows arrows(const TextStyle& style) {
  if (style.unicode) return {"↓", "↑", "→", "→"};
  return {"pull", "push", "->", "->"};
}

}  // namespace syncmanager::ui
