// A child that speaks and ends between two looks at its pipes: a moment that comes rarely, brought about on purpose.
#pragma once

#include <csignal>
#include <string>

namespace syncmanager::test {

/// While it lives, a child that sends SIGUSR1 is seen to its end in the middle of a poll(2), which then tells nothing
/// of what the child has said meanwhile.
class UnseenEnd {
 public:
  UnseenEnd();
  UnseenEnd(const UnseenEnd&) = delete;
  UnseenEnd& operator=(const UnseenEnd&) = delete;
  ~UnseenEnd();

  /// For sh, as a child of this process: waits until we sleep in poll(2), sends the signal, and goes on with `script`.
  static std::string script(const std::string& script);

 private:
  struct sigaction before_ {};
};

}  // namespace syncmanager::test
