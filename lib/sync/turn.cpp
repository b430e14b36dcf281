#include "sync/turn.hpp"

namespace syncmanager::sync {

void attempt(const Job& job, Turn& turn, const std::function<void()>& step) noexcept {
  const auto begin = std::chrono::steady_clock::now();
  const auto fail_with = [&](const Error& error) {
    fail(*turn.slot.outcome, error);
    turn.done = true;
  };
  try {
    stop_if(job.request.interrupt);
    step();
  } catch (const Error& error) {
    fail_with(error);
  } catch (const std::exception& error) {
    fail_with(Error(ErrorKind::failed, error.what()));
  }
  turn.busy += std::chrono::steady_clock::now() - begin;
  turn.slot.outcome->seconds = turn.busy;
  if (!turn.done) return;
  turn.lock.reset();
  job.progress.finished(*turn.slot.outcome);
}

}  // namespace syncmanager::sync
