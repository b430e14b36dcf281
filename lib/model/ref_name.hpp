// Which names git lets a ref have. Says nothing of a name's length, or of what a branch may be called beyond that.
#pragma once

#include <string_view>

namespace syncmanager {

/// The rules of git-check-ref-format(1) for `refs/heads/NAME`, where `name` is a part of such a name, or all of it.
bool is_ref_name(std::string_view name);

}  // namespace syncmanager
