// What the git hooks call, as `enqueue EVENT [ARGUMENT...]`, with the arguments that git gives them: puts a token into
// the queue and has a worker running. It ends within milliseconds, whatever becomes of network and servers, and never
// with a status that git would show: a commit is made.
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/write.hpp"
#include "queue/git_folder.hpp"
#include "queue/queue.hpp"
#include "queue/worker_place.hpp"

namespace {

using namespace syncmanager;
namespace fs = std::filesystem;

std::string git_dir() {
  const char* const value = std::getenv("GIT_DIR");
  return value == nullptr ? std::string() : value;
}

void tell(const std::string& what) {
  write_all(STDERR_FILENO, "sync: " + what + "; run sync-now later\n");
}

/// post-checkout(OLD, NEW, FLAG): files were checked out where the flag is 0, and what is cloned or added comes from no
/// commit. The scripts know that too; configured hooks of git's have no script.
bool is_checkout_of_nothing(const std::vector<std::string_view>& arguments) {
  constexpr std::size_t all = 3;
  return arguments.size() == all &&
         (arguments[2] != "1" || arguments[0].find_first_not_of('0') == std::string_view::npos);
}

void enqueue(std::string_view event_name, const std::vector<std::string_view>& arguments) {
  const auto event = queue::parse_event(event_name);
  if (!event) throw Error(ErrorKind::usage, "there is no event '" + std::string(event_name) + "'");
  if (*event == queue::Event::checkout && is_checkout_of_nothing(arguments)) return;
  const auto git_folder = queue::common_git_folder(fs::current_path(), git_dir());
  if (!git_folder) throw Error(ErrorKind::failed, "this folder is in no repository");
  const fs::path state = state_folder_of(environ);
  if (state.empty()) throw Error(ErrorKind::failed, "no home folder is known");
  const Time now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  queue::add(queue::queue_folder(state), {.event = *event, .since = now, .git_folder = *git_folder});
  try {
    queue::wake_worker(fs::read_symlink("/proc/self/exe").parent_path() / "worker", state, environ);
  } catch (const std::exception& error) {
    tell("this waits in the queue, and nothing syncs it by itself: " + std::string(error.what()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc > 1) enqueue(argv[1], {argv + 2, argv + argc});
  } catch (const std::exception& error) {
    tell("this is not going to be synced by itself: " + std::string(error.what()));
  }
  return 0;
}
