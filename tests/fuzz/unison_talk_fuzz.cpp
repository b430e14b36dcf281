// What Unison says, with names of a hostile server in it: read whole and in pieces, and no conflict that stands there
// in its own line is passed over.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "folder/unison_profile.hpp"
#include "folder/unison_progress.hpp"
#include "folder/unison_talk.hpp"
#include "folder/unison_version.hpp"

namespace {

using namespace syncmanager;
using namespace syncmanager::folder;

std::string progress(std::string_view text, std::size_t piece) {
  std::string seen;
  UnisonProgress reader([&](const Transfer& transfer) {
    seen += std::to_string(transfer.objects) + ' ' + std::to_string(transfer.bytes) + '\n';
  });
  for (std::size_t at = 0; at < text.size(); at += piece) reader.feed(text.substr(at, piece));
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  if (size > 0 && progress(text, size) != progress(text, 3)) std::abort();
  const UnisonView view{
      .local_first = true, .pull = true, .push = true, .dry_run = size % 2 == 0, .force = size % 3 == 0};
  const std::string errors = "Looking\nSynchronization complete\n  skipped: a (contents changed on both sides)\n";
  const CopyResult result = unison_result(1, text, errors, view);
  if (std::ranges::find(result.files.conflicts, "a") == result.files.conflicts.end() &&
      result.files.conflicts.size() < 1000)
    std::abort();
  unison_result(2, text, "Synchronization\n" + text, view);
  unison_result(3, "", text, view);
  parse_unison_version(text);
  comes_first(text, "/a");
  may_merge(text);
  server_program(text, [&] { return std::string(text); });
  return 0;
}
