// An advertisement, cut into pieces: whatever the server says, the reader tells what it read or what is wrong, and the
// cut makes no difference.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "git/advertisement.hpp"

namespace {

using syncmanager::git::AdvertisementReader;
using syncmanager::git::Listing;

/// What was read, as text.
std::string read(std::string_view text, std::size_t piece) {
  AdvertisementReader reader;
  for (std::size_t at = 0; at < text.size() && !reader.over(); at += piece) reader.feed(text.substr(at, piece));
  if (!reader.over()) return "unfinished";
  const Listing listing = reader.take();
  std::string seen = std::to_string(static_cast<int>(listing.state)) + ' ' + listing.problem + ' ' + listing.head;
  for (const auto& [name, tip] : listing.branches) seen += tip.hex() + ' ' + name + '\n';
  for (const auto& [name, tip] : listing.tags) seen += tip.hex() + " tag " + name + '\n';
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  if (read(text, text.size()) != read(text, 3)) std::abort();
  return 0;
}
