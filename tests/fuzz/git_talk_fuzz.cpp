// What git says while it works, with a server's words in it: cut into pieces it tells the same, and no password of a
// URL gets into an error.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "git/git_failure.hpp"
#include "git/git_talk.hpp"

namespace {

using namespace syncmanager::git;

std::string read(std::string_view text, std::size_t piece) {
  std::string seen;
  TransferReader reader(
      [&](const syncmanager::Transfer& transfer) {
        seen += std::to_string(transfer.objects) + '/' + std::to_string(transfer.total_objects) + ' ' +
                std::to_string(transfer.bytes) + ' ' + std::to_string(transfer.deltas) + '/' +
                std::to_string(transfer.total_deltas) + '\n';
      },
      patience_with(std::chrono::seconds(30), true));
  for (std::size_t at = 0; at < text.size(); at += piece) reader.feed(text.substr(at, piece));
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const bool long_line = size > 1000;  // of which nothing needs to be kept
  if (size > 0 && !long_line && read(text, size) != read(text, 3)) std::abort();
  words_of_server(text);
  words_in_sideband(text);
  const std::string secret = "fatal: Authentication failed for 'https://jane:s3cret@host/x'\n" + text;
  if (text.find("s3cret") == std::string::npos &&
      std::string(git_failure("list", secret).what()).find("s3cret") != std::string::npos) {
    std::abort();
  }
  return 0;
}
