// While it lives, no new thread is to be had: each would get a stack as large as the whole address space.
#pragma once

#include <cstddef>
#include <stdexcept>

#include <pthread.h>

namespace syncmanager::test {

class NoThreads {
 public:
  NoThreads() {
    constexpr std::size_t too_large = std::size_t(1) << 47U;
    pthread_attr_t attributes;
    if (pthread_getattr_default_np(&attributes) != 0) throw std::runtime_error("pthread_getattr_default_np failed");
    pthread_attr_getstacksize(&attributes, &before_);
    set(too_large);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;
  ~NoThreads() { set(before_); }

 private:
  static void set(std::size_t stack) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
  }

  std::size_t before_ = 0;
};

}  // namespace syncmanager::test
