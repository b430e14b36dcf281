// A server's answer on its way to libgit2: cut into pieces it tells the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "git/answer_watch.hpp"

namespace {

std::string told(std::string_view answer, std::size_t piece) {
  syncmanager::git::AnswerWatch watch;
  try {
    for (std::size_t at = 0; at < answer.size(); at += piece) watch.feed(answer.substr(at, piece));
    watch.end("some words");
  } catch (const syncmanager::Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string answer(data, data + size);
  if (size > 0 && told(answer, size) != told(answer, 3)) std::abort();
  return 0;
}
