// Which Unisons understand each other. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace syncmanager::folder {

struct UnisonVersion {
  unsigned major = 0;
  unsigned minor = 0;
  std::string text;  ///< `2.52.1`

  bool operator==(const UnisonVersion&) const = default;
};

/// Of `unison version 2.52.1 (ocaml 4.13.1)`; nothing for other words.
std::optional<UnisonVersion> parse_unison_version(std::string_view line);

/// Since 2.52 they speak one protocol, which later ones keep to; before, each series understood only itself. 2.52 and
/// 2.53 also speak to those since 2.48, as far as these allow. A pair that may work is not refused.
bool fit(const UnisonVersion& here, const UnisonVersion& there);

}  // namespace syncmanager::folder
