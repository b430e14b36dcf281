#include "command_line.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>

#include "console.hpp"
#include "ui/messages.hpp"
#include "version.hpp"

namespace syncmanager::tools {

namespace {

constexpr const char* selection_group = "Which projects";
constexpr const char* output_group = "What is shown";
constexpr unsigned most_jobs = 64;
constexpr unsigned longest_wait = 24 * 60 * 60;

/// `-f, --conf FILE`; a name without a short form stands under the other long ones.
class HelpFormat : public CLI::Formatter {
 public:
  HelpFormat() { column_width(30); }

  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode /*mode*/) const override {
    std::string operands;
    std::string described;
    for (const CLI::Option* option : app->get_options(&CLI::Option::get_positional)) {
      operands += option->get_required() ? ' ' + option->get_name() : " [" + option->get_name() + "...]";
      described += make_option(option, true);
    }
    std::string text = app->get_description() + "\n\nUsage: " + name + " [OPTION...]" + operands + "\n\n" + described;
    for (const std::string& group : app->get_groups()) {
      const auto in_group = [&](const CLI::Option* option) {
        return option->get_group() == group && option->nonpositional();
      };
      const std::vector<const CLI::Option*> options = app->get_options(in_group);
      if (!options.empty()) text += make_group(group, false, options);
    }
    return text + '\n' + app->get_footer() + '\n';
  }

  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    if (is_positional) return option->get_name(true);
    const std::string short_form = option->get_snames().empty() ? "    " : "-" + option->get_snames().front() + ", ";
    return short_form + "--" + option->get_lnames().front();
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    const bool takes_value = option->get_type_size() != 0 && !option->get_positional();
    return takes_value ? " " + option->get_type_name() : std::string();
  }
};

CLI::Validator whole_number(unsigned least, unsigned most) {
  const auto problem = [=](const std::string& text) {
    unsigned value = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    const bool good = error == std::errc{} && stopped == end && value >= least && value <= most;
    if (good) return std::string();
    return "'" + text + "' is no whole number from " + std::to_string(least) + " to " + std::to_string(most);
  };
  return CLI::Validator(problem, "");
}

CLI::Validator one_of(const std::vector<std::string>& words) {
  const auto problem = [words](const std::string& text) {
    if (std::find(words.begin(), words.end(), text) != words.end()) return std::string();
    return "'" + text + "' is none of " + CLI::detail::join(words, ", ");
  };
  return CLI::Validator(problem, "");
}

/// A list that takes one value each time it is given: `-f A -f B PROJECT`.
CLI::Option* add_list(CLI::App& app, const std::string& names, std::vector<std::string>& values,
                      const std::string& description) {
  return app.add_option(names, values, description)->allow_extra_args(false)->take_all();
}

/// Some of CLI11's messages begin with a capital; others with the name of an operand.
std::string lower_first(std::string message) {
  const bool word = message.size() > 1 && std::islower(static_cast<unsigned char>(message[1])) != 0;
  if (word) message.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(message.front())));
  return message;
}

}  // namespace

CommandLine::CommandLine(const std::string& tool, const std::string& purpose, const Kind& kind)
    : app_(std::make_unique<CLI::App>(purpose, tool)) {
  app_->formatter(std::make_shared<HelpFormat>());
  app_->set_help_flag();
  app_->option_defaults()->multi_option_policy(
      CLI::MultiOptionPolicy::TakeLast);  // an alias's option can be overridden
  if (!kind.actions.empty()) add_action(kind.actions);
  if (kind.takes_projects) {
    const std::string none = kind.actions.empty() ? "; none: all" : "";
    app_->add_option("PROJECT", options_.projects, "name, path, or . for this folder's" + none)->take_all();
  }
  add_selection(kind.takes_projects);
  add_run(kind);
  add_output();
  app_->footer(!kind.changes   ? "Exit status: 0 nothing waits for a person, 1 a project can't be read, 2 wrong usage\n"
                                 "or conf file, 3 a person must decide; with --fetch also 4 only the network failed,\n"
                                 "5 no access to a server, 6 locked by another run, 130 interrupted."
               : kind.connects ? "Exit status: 0 everything in sync, 1 a project failed, 2 wrong usage or conf\n"
                                 "file, 3 a person must decide, 4 only the network failed, 5 no access to a\n"
                                 "server, 6 locked by another run, 130 interrupted."
                               : "Exit status: 0 all is done, or right, 1 a project failed, 2 wrong usage or conf\n"
                                 "file, 3 a person must decide, 6 locked by another run, 130 interrupted.");
}

CommandLine::~CommandLine() = default;

void CommandLine::add_flag(const std::string& name, bool& value, const std::string& purpose) {
  app_->add_flag(name, value, purpose);
}

void CommandLine::add_file(const std::string& name, std::string& value, const std::string& purpose,
                           const std::string& excluded) {
  app_->add_option(name, value, purpose)->type_name("FILE")->excludes(app_->get_option(excluded));
}

void CommandLine::add_operand(const std::string& name, std::string& value, const std::string& purpose) {
  app_->add_option(name, value, purpose)->required();
}

void CommandLine::add_action(const std::vector<std::string>& actions) {
  app_->add_option("ACTION", options_.action, CLI::detail::join(actions, ", "))->required()->check(one_of(actions));
}

void CommandLine::add_selection(bool takes_projects) {
  if (!takes_projects) {
    add_list(*app_, "-p,--project", options_.projects, "name or path; default: this folder's; repeatable")
        ->type_name("PROJECT")
        ->group(selection_group);
  }
  add_list(*app_, "-f,--conf", options_.conf_files, "read this, not the usual conf files; repeatable")
      ->type_name("FILE")
      ->group(selection_group);
  app_->add_option("--env", options_.env, "as this environment; default: $SYNC_ENV")
      ->type_name("ID")
      ->group(selection_group);
  app_->add_option("-c,--client", options_.client, "only projects of git, unison or rsync")
      ->type_name("CLIENT")
      ->check(one_of({"git", "unison", "rsync"}))
      ->group(selection_group);
  add_list(*app_, "-g,--group", options_.groups, "only projects of this group; repeatable")
      ->type_name("NAME")
      ->group(selection_group);
}

void CommandLine::add_run(const Kind& kind) {
  const std::string what = "What is done";
  const std::string none = "Taken by all tools, without effect here";
  const std::string group = kind.connects ? what : none;
  const std::string of_changes = kind.connects && kind.changes ? what : none;
  app_->add_flag("-n,--dry-run", options_.dry_run, "only say what would be done")->group(kind.changes ? what : none);
  app_->add_option("-j,--jobs", options_.jobs, "projects of a server at a time; default: 4")
      ->type_name("N")
      ->check(whole_number(1, most_jobs))
      ->group(group);
  app_->add_flag("--force", options_.force, "decide what would wait for a person")->group(of_changes);
  app_->add_flag("--allow-mass-deletion", options_.allow_mass_deletion, "delete more than half of the branches")
      ->group(of_changes);
  app_->add_option("--timeout", options_.timeout, "longest silence of a server; default: 30")
      ->type_name("SECONDS")
      ->check(whole_number(1, longest_wait))
      ->group(group);
  app_->add_option("--lock-timeout", options_.lock_timeout, "longest wait for another run; default: 10")
      ->type_name("SECONDS")
      ->check(whole_number(0, longest_wait))
      ->group(what);
  app_->add_option("--ssh-config", options_.ssh_config, "as ssh -F; default: $SYNC_SSH_CONFIG")
      ->type_name("FILE")
      ->group(group);
  app_->add_flag("--no-progress", options_.no_progress, "no lines that change while it works")->group(group);
}

void CommandLine::add_output() {
  const std::map<std::string, ui::ColourMode> modes = {
      {"auto", ui::ColourMode::automatic}, {"always", ui::ColourMode::always}, {"never", ui::ColourMode::never}};
  app_->add_flag("--json", options_.json, "one JSON document on standard output")->group(output_group);
  CLI::Option* const quiet = app_->add_flag("-q,--quiet", options_.quiet, "only what is wrong")->group(output_group);
  app_->add_flag("-v,--verbose", options_.verbose, "also what did not change")->excludes(quiet)->group(output_group);
  app_->add_option("--color", colour_, "auto, always or never; default: auto")
      ->type_name("WHEN")
      ->check(one_of({"auto", "always", "never"}))
      ->group(output_group);
  app_->set_version_flag("--version", app_->get_name() + " " + std::string(version()), "print the version")
      ->group(output_group);
  app_->set_help_flag("-h,--help", "print this help")->group(output_group);
}

std::optional<int> CommandLine::parse(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
    if (colour_ == "always") options_.colour = ui::ColourMode::always;
    if (colour_ == "never") options_.colour = ui::ColourMode::never;
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    print(app_->help());
    return 0;
  } catch (const CLI::CallForVersion& version) {
    print(std::string(version.what()) + "\n");
    return 0;
  } catch (const CLI::ParseError& error) {
    complain(ui::message_lines(app_->get_name(), lower_first(error.what()), "try '" + app_->get_name() + " --help'"));
    return 2;
  }
}

}  // namespace syncmanager::tools
