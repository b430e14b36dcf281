#include "ssh/control_place.hpp"

#include <cerrno>
#include <cstdlib>
#include <random>
#include <string_view>

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "ssh/socket.hpp"

namespace syncmanager::ssh {
namespace {

namespace fs = std::filesystem;

// While it binds the socket, ssh puts a dot and 16 letters behind its name. Other systems' paths are shorter than ours.
constexpr std::size_t longest_path = 103 - 17;
constexpr std::size_t name_size = 8;

std::string random_name() {
  std::random_device random;
  return fmt::format("{:08x}", random() & 0xffffffffU);
}

/// Whether ssh takes a socket in this folder, and its path as it is: `%` and `${` would be expanded.
bool suits(const fs::path& folder) {
  const std::string& path = folder.native();
  return folder.is_absolute() && path.size() + 1 + name_size <= longest_path &&
         path.find_first_of("%$\"\\\n") == std::string::npos;
}

/// The system makes it when the user logs in, or there is none: it is not ours to make.
bool is_there(const fs::path& runtime_folder) {
  struct stat found {};
  return stat(runtime_folder.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == geteuid();
}

fs::path new_folder(const fs::path& among) {
  std::string folder = (among / "syncmanager-XXXXXX").native();
  if (mkdtemp(folder.data()) == nullptr) {
    throw Error(ErrorKind::failed, fmt::format("cannot make a folder for ssh's control socket in {}: {}",
                                               among.native(), words_of(errno)));
  }
  return folder;
}

}  // namespace

ControlPlace::ControlPlace(const Environment& environment) {
  const fs::path runtime = environment.runtime_folder / "syncmanager";
  const fs::path state = environment.state_folder();
  if (is_there(environment.runtime_folder) && suits(runtime)) {
    make_private_folder(runtime);
    socket_ = runtime / random_name();
  } else if (suits(state)) {
    make_private_folder(state);
    socket_ = state / random_name();
  } else {
    folder_ = new_folder(suits(environment.temporary_folder / "syncmanager-XXXXXX") ? environment.temporary_folder
                                                                                    : fs::path("/tmp"));
    socket_ = folder_ / random_name();
  }
}

ControlPlace::~ControlPlace() {
  unlink(socket_.c_str());
  if (!folder_.empty()) rmdir(folder_.c_str());
}

}  // namespace syncmanager::ssh
