#include "version.hpp"

namespace syncmanager {

std::string_view version() {
  return SYNCMANAGER_VERSION;
}

}  // namespace syncmanager
