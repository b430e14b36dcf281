// The reader of a control socket's messages: whatever comes is cut into messages, waited for, or makes no sense;
// and in pieces it is the same as in one.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>
#include <vector>

#include "ssh/mux.hpp"

namespace {

using namespace syncmanager;

/// The kinds of what `next` takes from the reader, up to the first that makes no sense.
template <class Next>
std::vector<std::size_t> kinds(std::string_view bytes, std::size_t piece, Next next) {
  ssh::MuxReader reader;
  std::vector<std::size_t> found;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    reader.feed(bytes.substr(0, piece));
    while (const auto message = next(reader)) {
      found.push_back(message->index());
      if (std::holds_alternative<ssh::MuxNonsense>(*message)) return found;
    }
  }
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto message = [](ssh::MuxReader& reader) { return reader.next(); };
  const auto request = [](ssh::MuxReader& reader) { return reader.next_request(); };
  if (kinds(bytes, size, message) != kinds(bytes, 3, message)) std::abort();
  if (kinds(bytes, size, request) != kinds(bytes, 3, request)) std::abort();
  return 0;
}
