// A server's listing, cut into pieces: whatever it says, the reader tells what it read or throws Error, and the cut
// makes no difference.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "git/listing_reader.hpp"

namespace {

using syncmanager::git::Listing;
using syncmanager::git::ListingReader;

constexpr std::size_t repositories = 3;

std::string text_of(std::size_t place, const Listing& listing) {
  std::string text =
      std::to_string(place) + " " + std::to_string(static_cast<int>(listing.state)) + " " + listing.head + "\n";
  for (const auto& [name, tip] : listing.branches) text += tip.hex() + " " + name + "\n";
  for (const auto& [name, tip] : listing.tags) text += tip.hex() + " tag " + name + "\n";
  return text;
}

/// What was read, as text; an error ends it.
std::string read(std::string_view text, std::size_t piece) {
  std::string seen;
  ListingReader reader(repositories, [&](std::size_t place, Listing&& listing) { seen += text_of(place, listing); });
  for (std::size_t place = 0; place < repositories; ++place) seen += reader.ask(place);
  try {
    for (std::size_t at = 0; at < text.size(); at += piece) reader.feed(text.substr(at, piece));
  } catch (const syncmanager::Error&) {
    seen += "error\n";
  }
  for (std::size_t place = 0; reader.glimpsed() && place < repositories; ++place) {
    if (const auto listing = reader.glimpse(place)) seen += "glimpse " + text_of(place, *listing);
  }
  return seen + (reader.complete() ? "complete" : "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = "syncmanager listing 2\n" + std::string(data, data + size);
  if (read(text, text.size()) != read(text, 5)) std::abort();
  return 0;
}
