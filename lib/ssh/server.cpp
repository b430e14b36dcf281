#include "ssh/server.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "ssh/agent.hpp"
#include "ssh/control_place.hpp"
#include "ssh/find_agent.hpp"
#include "ssh/mux_connection.hpp"
#include "ssh/session.hpp"
#include "ssh/session_master.hpp"
#include "ssh/session_setup.hpp"
#include "ssh/ssh_command.hpp"

namespace syncmanager::ssh {
namespace {

constexpr std::size_t children_side_by_side = 4;

// The user's master may be one whose server is long gone, as after a night's sleep of a laptop.
constexpr std::chrono::milliseconds users_master_patience(5000);

/// Nothing where another program's ssh_command does not print them. ssh -G -T [-F FILE] [-p PORT] [-l USER] -- HOST
std::optional<Settings> read_settings(const Url& url, const Environment& environment, const ConnectOptions& options) {
  const Finished finished = run(
      {ssh_settings_program(url, options), environment.variables, {}, true, options.interrupt}, "", options.timeout);
  if (finished.ok()) return parse_settings(finished.out);
  if (!options.ssh_command.empty()) return std::nullopt;
  const std::vector<std::string_view> lines = lines_of(finished.err);
  throw Error(ErrorKind::failed,
              fmt::format("cannot read the ssh configuration for {}: {}", url.host,
                          lines.empty() ? "ssh -G failed" : trim(lines.front())),
              "correct the ssh configuration");
}

/// What the user's SendEnv sends along, in bounds.
std::vector<std::string> sent_variables(const Settings& settings, const Environment& environment) {
  constexpr std::size_t longest = std::size_t{32} * 1024;
  std::vector<std::string> sent;
  std::size_t size = 0;
  for (const std::string& variable : environment.variables) {
    const std::string_view name = std::string_view(variable).substr(0, variable.find('='));
    const bool wanted = std::any_of(settings.send_env.begin(), settings.send_env.end(),
                                    [&](const std::string& pattern) { return glob_match(pattern, name); });
    if (!wanted || size + variable.size() > longest) continue;
    size += variable.size();
    sent.push_back(variable);
  }
  return sent;
}

}  // namespace

Server::Server(Url url, Environment environment, ConnectOptions options)
    : url_(std::move(url)), environment_(std::move(environment)), options_(std::move(options)) {}

std::unique_ptr<Connection> Server::connect() {
  std::unique_lock lock(mutex_);
  forget_broken_way();
  if (!way_) way_ = choose();
  const SharedWay way = way_;
  if (proven_) lock.unlock();
  try {
    std::unique_ptr<Connection> connection = connect_by(*way);
    if (lock) proven_ = true;
    return connection;
  } catch (const Unsupported& unsupported) {
    if (!lock) lock.lock();
    only_by_ssh_ = unsupported;
    leave_out_agent(unsupported.agent_trouble);
    if (way_ == way) way_.reset();
    if (!way_) way_ = choose();
    return connect_by(*way_);
  }
}

void Server::forget_broken_way() {
  const auto* const master = way_ == nullptr ? nullptr : std::get_if<std::shared_ptr<Master>>(way_.get());
  if (master == nullptr || (*master)->serves()) return;
  users_master_failed_ = users_master_failed_ || (*master)->is_borrowed();
  way_.reset();
  proven_ = false;
}

Server::SharedWay Server::choose() {
  switch (url_.scheme) {
    case Scheme::local: return by_shell();
    case Scheme::ssh: return by_the_settings();
    case Scheme::http:
    case Scheme::https: break;
  }
  throw Error(ErrorKind::failed, fmt::format("cannot run commands on {}: it is no ssh server", url_.host));
}

Server::SharedWay Server::by_shell() const {
  ChildSetup setup;
  setup.environment = environment_.variables;
  setup.name = "this computer";
  setup.silence = options_.timeout;
  setup.interrupt = options_.interrupt;
  return std::make_shared<Way>(ByChild{std::move(setup), {"sh", "-c"}, 1});
}

bool Server::has_settings() {
  if (!settings_) settings_ = read_settings(url_, environment_, options_);
  return settings_.has_value();
}

Server::SharedWay Server::by_the_settings() {
  if (!is_openssh(options_)) {
    note("through ssh: git's ssh command is no OpenSSH: one for each command");
    return by_child();
  }
  if (!has_settings()) {
    note("through ssh: git's ssh command does not tell its settings: one for each command");
    return by_child();
  }
  if (SharedWay way = without_an_ssh()) return way;
  return by_master();
}

/// Null where one has to be started.
Server::SharedWay Server::without_an_ssh() {
  if (SharedWay way = by_the_users_master()) return way;
  if (!only_by_ssh_ && !options_.ssh_command.empty())
    only_by_ssh_ = Unsupported{"git has an ssh command of its own", {}};
  return only_by_ssh_ ? nullptr : by_libssh2();
}

/// Null where there is none.
Server::SharedWay Server::by_the_users_master() {
  const std::string& socket = settings_->control_path;
  if (users_master_failed_ || socket.empty() || !std::filesystem::is_socket(socket)) return nullptr;
  // It would ask a person for each command.
  if (settings_->control_master.ends_with("ask")) return nullptr;
  MasterSetup setup = master_setup();
  setup.opening = std::min(setup.opening, users_master_patience);
  auto master = std::make_shared<Master>(socket, std::move(setup));
  if (!master->problem().empty()) {
    users_master_failed_ = true;
    note(fmt::format("not through the ssh master at {}: {}", socket, master->problem()));
    return nullptr;
  }
  note(fmt::format("through ssh: by the master that runs at {}", socket));
  return std::make_shared<Way>(std::move(master));
}

/// Null where it can't do what is asked.
Server::SharedWay Server::by_libssh2() {
  std::variant<SessionOptions, OnlyBySsh> setup = session_setup(*settings_, environment_);
  if (const auto* const only = std::get_if<OnlyBySsh>(&setup)) {
    only_by_ssh_ = Unsupported{only->why, {}};
    return nullptr;
  }
  auto& session = std::get<SessionOptions>(setup);
  session.silence = options_.timeout;
  session.interactive = options_.interactive;
  session.interrupt = options_.interrupt;
  session.name = url_.host;
  session.by_hand = ssh_by_hand(url_, options_);
  if (options_.note) session.note = options_.note;
  if (options_.for_programs) return by_session_master(session);
  note("by libssh2");
  return std::make_shared<Way>(std::move(session));
}

/// As by_libssh2(), for all who come over a control socket.
Server::SharedWay Server::by_session_master(const SessionOptions& options) {
  try {
    auto session = std::make_unique<SessionMaster>(open_session(options), std::make_unique<ControlPlace>(environment_),
                                                   options_.timeout, options_.note);
    note("by libssh2, as a master for other programs");
    return std::make_shared<Way>(std::make_shared<Master>(master_setup(), std::move(session)));
  } catch (const Unsupported& unsupported) {
    only_by_ssh_ = unsupported;
    leave_out_agent(unsupported.agent_trouble);
    return nullptr;
  }
}

/// By a master of our own, or by an ssh for each command where it can't be one.
Server::SharedWay Server::by_master() {
  note(fmt::format("through ssh: {}", only_by_ssh_->why));
  look_at_agent();
  if (!options_.ssh_command.empty() && !becomes_master(*settings_)) {
    note("its options keep it from being a master: one ssh for each command");
    return by_child();
  }
  auto place = std::make_unique<ControlPlace>(environment_);
  std::vector<std::string> argv = ssh_master_program(url_, options_, place->socket());
  try {
    return std::make_shared<Way>(
        std::make_shared<Master>(master_setup(), std::move(place), ssh_setup(), std::move(argv)));
  } catch (const Error& error) {
    // A master keeps quiet about what its proxy says, and has troubles of its own: another ssh will tell.
    const bool proxied = !settings_->proxy_jump.empty() || !settings_->proxy_command.empty();
    const bool unclear = error.kind() == ErrorKind::failed || (error.kind() == ErrorKind::offline && proxied);
    if (!unclear) throw;
    note(fmt::format("no master, but one ssh for each command: {}", error.what()));
    return by_child();
  }
}

/// ssh has no deadline for the agent that IdentityAgent names. The one of SSH_AUTH_SOCK has answered already.
void Server::look_at_agent() {
  if (options_.without_agent) return;
  const std::optional<std::string> socket = agent_socket(*settings_, environment_);
  if (!socket || socket->empty() || *socket == environment_.ssh_auth_sock) return;
  Agent agent(*socket, options_.interrupt);
  if (agent.identities(Deadline::after(options_.timeout / 2))) return;
  stop_if(options_.interrupt);
  const std::string trouble = fmt::format("cannot use the agent at {}: {}", agent.path(), agent.trouble());
  note(trouble);
  leave_out_agent(trouble);
}

/// Of the system's ssh, which would wait for it.
void Server::leave_out_agent(const std::string& trouble) {
  if (trouble.empty()) return;
  options_.without_agent = true;
  if (only_by_ssh_->hint.empty()) only_by_ssh_->hint = trouble + "; start or unlock it";
}

Server::SharedWay Server::by_child() const {
  // Where a person has to answer each of them, they come one after the other.
  const std::size_t lanes = options_.interactive ? 1 : children_side_by_side;
  return std::make_shared<Way>(ByChild{ssh_setup(), ssh_program(url_, options_, unmastered()), lanes});
}

MasterSetup Server::master_setup() const {
  MasterSetup setup;
  setup.name = url_.host;
  setup.silence = options_.timeout;
  setup.opening = options_.timeout;
  setup.variables = sent_variables(*settings_, environment_);
  setup.interrupt = options_.interrupt;
  return setup;
}

ChildSetup Server::ssh_setup() const {
  ChildSetup setup;
  setup.environment = environment_.variables;
  setup.name = url_.host;
  setup.silence = options_.timeout;
  setup.interactive = options_.interactive;
  setup.is_ssh = true;
  setup.login_hint = fmt::format("try it by hand: {}", ssh_by_hand(url_, options_));
  if (only_by_ssh_ && !only_by_ssh_->hint.empty()) setup.login_hint = only_by_ssh_->hint;
  setup.interrupt = options_.interrupt;
  return setup;
}

std::unique_ptr<Connection> Server::connect_by(const Way& way) {
  if (const auto* const child = std::get_if<ByChild>(&way)) {
    return std::make_unique<ChildConnection>(child->setup, child->argv, child->lanes);
  }
  if (const auto* const master = std::get_if<std::shared_ptr<Master>>(&way)) {
    return std::make_unique<MuxConnection>(*master);
  }
  return open_session(std::get<SessionOptions>(way));
}

std::string Server::ssh_for_lone_program() {
  {
    const std::lock_guard lock(mutex_);
    forget_broken_way();
    if (!way_ && url_.scheme == Scheme::ssh && is_openssh(options_) && has_settings()) way_ = without_an_ssh();
  }
  return ssh_for_programs();
}

std::string Server::ssh_for_programs() const {
  if (url_.scheme != Scheme::ssh) return {};
  const std::lock_guard lock(mutex_);
  const auto* const master = way_ == nullptr ? nullptr : std::get_if<std::shared_ptr<Master>>(way_.get());
  if (master != nullptr) return ssh_command_for_programs(options_, (*master)->socket());
  return ssh_command_for_programs(options_, unmastered());
}

/// What keeps an ssh from the user's master, where that is of no use: it would wait for it.
std::string Server::unmastered() const {
  return users_master_failed_ ? "none" : "";
}

void Server::note(const std::string& text) const {
  if (options_.note) options_.note(fmt::format("{}: {}", url_.host, text));
}

}  // namespace syncmanager::ssh
