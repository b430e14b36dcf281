// sync-push: brings this computer's state to the server.
#include "console.hpp"
#include "sync_tool.hpp"

int main(int argc, char** argv) {
  using namespace syncmanager;
  return tools::guarded("sync-push", [&] {
    return tools::run_sync_tool("sync-push",
                                "Brings this computer's branches to the server; moves no branch or file here.",
                                sync::Operation::push, argc, argv);
  });
}
