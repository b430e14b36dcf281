// The options that all tools share, and the means to add a tool's own. Yields plain values; does nothing of what they
// ask for. CLI11 stays behind it, since its header takes seconds to compile.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ui/terminal.hpp"

namespace CLI {
class App;
}

namespace syncmanager::tools {

struct Options {
  std::string action;  ///< where there are several
  std::vector<std::string> projects;
  std::vector<std::string> conf_files;
  std::optional<std::string> env;
  std::string client;  ///< empty: all
  std::vector<std::string> groups;
  bool dry_run = false;
  bool force = false;
  bool allow_mass_deletion = false;
  unsigned jobs = 4;
  unsigned timeout = 30;       ///< seconds
  unsigned lock_timeout = 10;  ///< seconds
  std::string ssh_config;
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool no_progress = false;
  ui::ColourMode colour = ui::ColourMode::automatic;
};

/// What kind of tool it is.
struct Kind {
  /// A tool that does not connect to servers takes the options for that too, so that a script can give all tools the
  /// same ones, and says so in --help.
  bool connects = true;
  bool changes = true;                    ///< else what only matters to changes is taken without effect as well
  bool takes_projects = true;             ///< as its arguments; else by -p
  std::vector<std::string> actions = {};  ///< of which the first argument is one; empty: it does one thing only
};

class CommandLine {
 public:
  /// `purpose` is what --help says first.
  CommandLine(const std::string& tool, const std::string& purpose, const Kind& kind);
  ~CommandLine();

  /// The options of one tool alone, which stand first in --help. `value` is set by parse().
  void add_flag(const std::string& name, bool& value, const std::string& purpose);
  /// `excluded` is an option that cannot be given as well.
  void add_file(const std::string& name, std::string& value, const std::string& purpose, const std::string& excluded);
  void add_operand(const std::string& name, std::string& value, const std::string& purpose);

  /// The exit code where nothing is left to do: after --help, --version and a usage error, which are printed here.
  std::optional<int> parse(int argc, const char* const* argv);

  [[nodiscard]] const Options& options() const { return options_; }

 private:
  void add_action(const std::vector<std::string>& actions);
  void add_selection(bool takes_projects);
  void add_run(const Kind& kind);
  void add_output();

  std::unique_ptr<CLI::App> app_;
  Options options_;
  std::string colour_ = "auto";
};

}  // namespace syncmanager::tools
