// The lines that stand at the bottom of a terminal, and the bytes (ECMA-48) that replace or remove them. Writes nothing
// by itself. Between two calls the cursor rests at the start of the line below.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace syncmanager::ui {

class Screen {
 public:
  /// Replaces what was drawn by `lines`, each cut to fit. Empty where the same lines stand there already.
  std::string show(const std::vector<std::string>& lines, std::size_t columns);

  /// Removes what was drawn; empty where nothing was. `columns` may have changed since: lines that were wrapped by it
  /// are removed whole.
  std::string clear(std::size_t columns);

  /// What was drawn stays; somebody else has written below it.
  void forget() { drawn_.clear(); }

 private:
  std::vector<std::string> drawn_;
};

}  // namespace syncmanager::ui
