#include "sync/job.hpp"

namespace syncmanager::sync {

bool has_step(const Project& project, Operation operation, Verb verb) {
  if (operation == Operation::fetch) return verb == Verb::pull;
  const Operation only = verb == Verb::pull ? Operation::pull : Operation::push;
  const Direction other = verb == Verb::pull ? Direction::push : Direction::pull;
  return (operation == only || operation == Operation::now) && project.direction != other;
}

}  // namespace syncmanager::sync
