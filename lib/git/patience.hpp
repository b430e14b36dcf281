// git's own lock files are held for moments: worth a short wait, never worth removing.
#pragma once

#include <chrono>
#include <thread>

#include <git2.h>

namespace syncmanager::git {

/// Calls `function`, which returns libgit2's codes, again and again for about a second while it returns GIT_ELOCKED.
template <class Function>
int with_patience(Function function) {
  using namespace std::chrono_literals;
  constexpr int attempts = 20;
  int code = function();
  for (int i = 0; code == GIT_ELOCKED && i < attempts; ++i) {
    std::this_thread::sleep_for(50ms);
    code = function();
  }
  return code;
}

}  // namespace syncmanager::git
