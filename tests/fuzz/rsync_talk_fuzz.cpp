// What rsync says, with names and words of a hostile server in it: cut into pieces it tells the same, and only so much
// is kept.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "folder/rsync_talk.hpp"

namespace {

using namespace syncmanager;
using namespace syncmanager::folder;

RsyncReader read(std::string_view text, std::size_t piece) {
  RsyncReader reader(false, [](const Transfer&) {});
  for (std::size_t at = 0; at < text.size(); at += piece) reader.feed(text.substr(at, piece));
  return reader;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  if (size == 0) return 0;
  const RsyncReader whole = read(text, size);
  const RsyncReader cut = read(text, 3);
  if (whole.files().moves != cut.files().moves || whole.deletions() != cut.deletions()) std::abort();
  if (whole.files().moves.size() > FilesOutcome::most_moves) std::abort();
  if (whole.files().here.replaced > whole.files().here.copied) std::abort();
  for (const int status : {0, 12, 23}) rsync_result(status, text, whole.files());
  return 0;
}
