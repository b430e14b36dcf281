// The answer to a push, cut into pieces: whatever the server says, the reader tells what it read or refuses it, and the
// cut makes no difference.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "git/push_report.hpp"

namespace {

using syncmanager::git::PushReport;

/// What was read, as text.
std::string read(std::string_view text, bool bands, std::size_t piece) {
  PushReport report(bands);
  try {
    for (std::size_t at = 0; at < text.size() && !report.over(); at += piece) report.feed(text.substr(at, piece));
  } catch (const syncmanager::Error&) {
    return "refused";
  }
  std::string seen = report.unpack_problem() + '\n' + report.words() + '\n' + report.last_words() + '\n';
  for (const auto& [name, problem] : report.refs()) seen += name + ' ' + problem + '\n';
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  for (const bool bands : {false, true}) {
    if (read(text, bands, text.size() + 1) != read(text, bands, 3)) std::abort();
  }
  return 0;
}
