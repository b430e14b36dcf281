// For runs and steps that nobody watches.
#pragma once

#include <string>

#include "model/progress.hpp"

namespace syncmanager::test {

struct NoProgress : Progress {
  void queued(const std::string& /*project*/) noexcept override {}
  void started(const std::string& /*project*/) noexcept override {}
  void transferred(const std::string& /*project*/, const Transfer& /*transfer*/) noexcept override {}
  void finished(const ProjectOutcome& /*project*/) noexcept override {}
  void note(const std::string& /*line*/) noexcept override {}
};

}  // namespace syncmanager::test
