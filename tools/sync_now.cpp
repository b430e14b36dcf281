// sync-now: pull, then push, over the same connections.
#include "console.hpp"
#include "sync_tool.hpp"

int main(int argc, char** argv) {
  using namespace syncmanager;
  return tools::guarded("sync-now", [&] {
    return tools::run_sync_tool("sync-now", "Makes this computer and the server equal: pulls, then pushes.",
                                sync::Operation::now, argc, argv);
  });
}
