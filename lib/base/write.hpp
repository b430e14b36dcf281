// Writing to a descriptor that somebody else has opened, as the standard streams are.
#pragma once

#include <string_view>

#include "base/api.hpp"

namespace syncmanager {

/// Writes all of it, also where the descriptor does not block: it is waited for then. Where that fails: false, and why
/// in errno.
SYNCMANAGER_API bool write_all(int fd, std::string_view data) noexcept;

}  // namespace syncmanager
