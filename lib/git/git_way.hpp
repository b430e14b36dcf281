// How the git program gets to one server, and the children that go there: without prompts in the background, one
// question at a time at a terminal, ended at Ctrl-C and when the server falls silent.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "base/process.hpp"

namespace syncmanager::git {

/// The terminal at which git asks for the passwords of web servers, for all threads of a run.
struct Questions {
  std::mutex turn;                ///< held by who asks, and guards what follows
  std::set<std::string> in_vain;  ///< servers whose password nobody knew: not asked for again
};

/// What is borrowed outlives the way.
struct GitWay {
  const Environment* environment = nullptr;  ///< borrowed
  std::string url;                           ///< as git gets it, without a password
  std::string ssh_command;                   ///< what GIT_SSH_COMMAND shall be; empty: git's own choice
  bool interactive = false;                  ///< ssh and git may ask on the terminal
  std::chrono::milliseconds silence{30'000};
  const Interrupt* interrupt = nullptr;  ///< borrowed; null: none
  std::filesystem::path folder = "/";    ///< the project's repository, whose configuration counts; `/`: none
  std::vector<std::string> settings;     ///< of git's configuration, "key=value"
  std::string server;                    ///< whose password is asked for
  Questions* questions = nullptr;        ///< borrowed; null: git itself asks nothing (ssh may)
};

/// What one child is given beside its arguments.
struct Talk {
  std::string_view input;
  std::chrono::milliseconds silence{30'000};  ///< the longest, until on_errors says another
  OnErrors on_errors;                         ///< may be empty
  bool asks = false;                          ///< on the terminal
};

/// Runs `git -C FOLDER -c SETTING… ARGUMENTS…` to its end. Where it wants a password that nobody has given yet, and a
/// person sits at the terminal, it is run once more to ask. A status other than 0 is in the result; throws as
/// base/process.hpp's run().
Finished run_git_to(const GitWay& way, const std::filesystem::path& folder, const std::vector<std::string>& arguments,
                    Talk talk = {});

/// How many bytes of further arguments such a child can take (room_for_arguments() of base/process.hpp).
std::size_t room_beside(const GitWay& way, const std::filesystem::path& folder,
                        const std::vector<std::string>& arguments);

}  // namespace syncmanager::git
