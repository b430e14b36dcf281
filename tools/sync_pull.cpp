// sync-pull: brings the server's state here.
#include "console.hpp"
#include "sync_tool.hpp"

int main(int argc, char** argv) {
  using namespace syncmanager;
  return tools::guarded("sync-pull", [&] {
    return tools::run_sync_tool("sync-pull",
                                "Brings the server's state of all branches here; never changes the server.",
                                sync::Operation::pull, argc, argv);
  });
}
