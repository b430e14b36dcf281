#include "config/quote.hpp"

#include "base/text.hpp"

namespace syncmanager::config {

std::optional<Unquoted> unquote(std::string_view text, std::size_t begin) {
  Unquoted result;
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      result.end = i + 1;
      return result;
    }
    const bool escape = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    if (escape) ++i;
    result.text += text[i];
  }
  return std::nullopt;
}

std::string quote(std::string_view text) {
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') result += '\\';
    result += letter;
  }
  return result + '"';
}

std::string write_value(std::string_view value) {
  const bool comment = value.starts_with(';') || value.find(" ;") != std::string_view::npos ||
                       value.find("\t;") != std::string_view::npos;
  const bool plain = !comment && !value.starts_with('"') && trim(value) == value;
  return plain ? std::string(value) : quote(value);
}

}  // namespace syncmanager::config
