#include "sync/outage.hpp"

namespace syncmanager::sync {

void Outage::note(const Error& error, bool connected) {
  constexpr int most_losses = 2;
  const std::scoped_lock lock(mutex_);
  if (connected && ++losses_ < most_losses) return;
  if (!error_) error_ = error;
}

void Outage::check() const {
  const std::scoped_lock lock(mutex_);
  if (error_) throw Error(*error_);
}

}  // namespace syncmanager::sync
