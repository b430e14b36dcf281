#include "git/oid.hpp"

#include <array>
#include <string>

#include "git/handle.hpp"

namespace syncmanager::git {

Oid from_git(const git_oid& oid) {
  std::array<char, GIT_OID_HEXSZ> hex{};
  git_oid_fmt(hex.data(), &oid);
  return Oid::from_hex({hex.data(), hex.size()}).value_or(Oid{});
}

git_oid to_git(const Oid& oid) {
  const std::string hex = oid.hex();
  if (hex.size() != GIT_OID_HEXSZ) throw Error(ErrorKind::failed, "object " + hex + " is not named by SHA-1");
  git_oid converted;
  check(git_oid_fromstr(&converted, hex.c_str()), "read object id " + hex);
  return converted;
}

}  // namespace syncmanager::git
