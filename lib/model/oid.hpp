// The name of an object in git: SHA-1 or SHA-256, as a plain value.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace syncmanager {

class Oid {
 public:
  Oid() = default;  ///< the null id of no repository: size 0

  /// 40 or 64 lower-case hexadecimal digits, else nothing. The null id of all zeros is refused too.
  static std::optional<Oid> from_hex(std::string_view hex);

  [[nodiscard]] std::string hex() const;
  /// The first seven digits, for people.
  [[nodiscard]] std::string short_hex() const { return hex().substr(0, 7); }

  [[nodiscard]] bool is_sha256() const { return size_ == bytes_.size(); }

  auto operator<=>(const Oid&) const = default;  // NOLINT(modernize-use-nullptr): it sees a 0 where none stands

 private:
  std::size_t size_ = 0;
  std::array<unsigned char, 32> bytes_{};
};

}  // namespace syncmanager
