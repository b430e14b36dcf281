// Which version of the library this process runs with.
#pragma once

#include <string_view>

#include "base/api.hpp"

namespace syncmanager {

/// `0.1.0`
SYNCMANAGER_API std::string_view version();

}  // namespace syncmanager
