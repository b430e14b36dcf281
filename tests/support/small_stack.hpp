// The stack's limit as low as it makes sense. Linux gives a program's arguments a quarter of it, but never less than
// 128 KiB; so they end there.
#pragma once

#include <stdexcept>

#include <sys/resource.h>

namespace syncmanager::test {

class SmallStack {
 public:
  SmallStack() {
    constexpr rlim_t size = 512 * 1024;
    if (getrlimit(RLIMIT_STACK, &before_) != 0) throw std::runtime_error("getrlimit failed");
    const rlimit small{size, before_.rlim_max};
    if (setrlimit(RLIMIT_STACK, &small) != 0) throw std::runtime_error("setrlimit failed");
  }
  SmallStack(const SmallStack&) = delete;
  SmallStack& operator=(const SmallStack&) = delete;
  ~SmallStack() { setrlimit(RLIMIT_STACK, &before_); }

 private:
  rlimit before_{};
};

}  // namespace syncmanager::test
