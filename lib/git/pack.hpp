// The objects of a push, as one stream. A small one is made here (small_pack), all others by git: it takes over what
// the packs here have compressed already, and works with several threads.
//
//   git -C FOLDER pack-objects --all-progress-implied --revs --stdout --thin --delta-base-offset --progress
// with the wanted tips on its input, and ^TIP for what the other side has.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "git/remote.hpp"

namespace syncmanager::git {

struct PackOptions {
  bool thin = true;     ///< may build upon objects that are not in it, but at the other side
  bool offsets = true;  ///< may name the base of a delta by its place
};

/// Gives the pack to `write` piece by piece, and tells `on_transfer` how far it is: what either of them throws ends it.
/// Of `there`, what is not here is passed over. `interrupt` is borrowed, null: none.
/// Throws Error(failed | interrupted): the pieces are no pack then.
void make_pack(const Environment& environment, const Repository& repository, const std::vector<Oid>& wanted,
               const std::vector<Oid>& there, const PackOptions& options,
               const std::function<void(std::string_view)>& write, const OnTransfer& on_transfer,
               const Interrupt* interrupt);

}  // namespace syncmanager::git
