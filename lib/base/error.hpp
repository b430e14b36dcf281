// The one exception of the project: "this project, or this run, cannot go on".
// Expected results (missing, diverged, rejected) are values, not errors.
#pragma once

#include <stdexcept>
#include <string>

#include "base/api.hpp"

namespace syncmanager {

/// What kind of trouble stopped the work; decides a project's outcome and the exit code.
enum class ErrorKind {
  failed,       ///< anything that has no kind of its own
  usage,        ///< wrong command line or conf file
  auth,         ///< authentication, or a host key that is not trusted
  offline,      ///< only the network failed; trying again later may help
  timeout,      ///< the same, and the longest wait is over: trying again at once would only wait once more
  locked,       ///< another run, or git itself, holds what is needed
  interrupted,  ///< a person has pressed Ctrl-C
};

/// `message` is one sentence with act and object; `hint` says what to do about it and may be empty.
class SYNCMANAGER_API Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, std::string hint = {})
      : std::runtime_error(message), kind_(kind), hint_(std::move(hint)) {}

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

 private:
  ErrorKind kind_;
  std::string hint_;
};

}  // namespace syncmanager
