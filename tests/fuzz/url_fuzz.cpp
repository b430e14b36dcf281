// URLs: what is accepted can't act as an option, and is accepted again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "model/url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto parsed = syncmanager::parse_url(text);
  if (!parsed.problem.empty()) return 0;
  const auto& url = parsed.url;
  for (const std::string& part : {url.text, url.user, url.host, url.path}) {
    if (part.starts_with('-') || part.find('\0') != std::string::npos) std::abort();
  }
  if (url.path.empty() || url.text != text) std::abort();
  return 0;
}
