// What tests of syncing by itself share: hooks that are installed, a queue that is watched, and a worker that ends.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <sys/file.h>

#include "base/file.hpp"
#include "expect.hpp"
#include "support/program.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

inline std::filesystem::path queue_of(const Computer& computer) {
  return computer.home() / ".state/syncmanager/queue";
}

inline std::filesystem::path worker_log(const Computer& computer) {
  return computer.home() / ".state/syncmanager/worker.log";
}

inline std::size_t queued(const Computer& computer) {
  std::error_code none;
  const std::filesystem::directory_iterator entries(queue_of(computer), none);
  return none ? 0 : static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

/// Asked with a shared lock, as hooks ask.
inline bool worker_runs(const Computer& computer) {
  const std::string lock = computer.home() / ".state/syncmanager/worker.lock";
  const Fd fd(open(lock.c_str(), O_RDONLY | O_CLOEXEC));
  return fd && flock(fd.get(), LOCK_SH | LOCK_NB) != 0;
}

/// As a worker does, so that no other can work.
inline Fd hold_worker_lock(const Computer& computer) {
  const std::string lock = computer.home() / ".state/syncmanager/worker.lock";
  Fd fd(open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  wait_until([&] { return flock(fd.get(), LOCK_EX | LOCK_NB) == 0; }, "the lock of the worker is free");
  return fd;
}

inline void wait_for_worker(const Computer& computer) {
  constexpr std::chrono::seconds longest(60);
  wait_until([&] { return !worker_runs(computer); }, "the worker ends; its log: " + content_of(worker_log(computer)),
             longest);
}

/// Until all that hooks have queued is on the server, and nothing works any more.
inline void wait_until_synced(const Computer& computer) {
  constexpr std::chrono::seconds longest(60);
  wait_until([&] { return queued(computer) == 0; }, "the queue is worked off", longest);
  wait_for_worker(computer);
}

/// Until the worker has tried all that is queued, whatever came of it.
inline void wait_until_tried(const Computer& computer) {
  const auto tried = [&] {
    const std::string tries = content_of(computer.home() / ".state/syncmanager/tries");
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(queue_of(computer), none)) {
      if (!contains(tries, entry.path().filename().string())) return false;
    }
    return true;
  };
  wait_until(tried, "the worker has tried", std::chrono::seconds(60));
}

inline void install_hooks(const Computer& computer, const std::string& project) {
  expect_exit(computer.run("sync-hooks", {"install", project}), 0);
}

}  // namespace syncmanager::test
