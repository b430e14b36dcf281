#include "ssh/server.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "ssh/session_setup.hpp"
#include "ssh/settings.hpp"
#include "ssh/ssh_command.hpp"

namespace syncmanager::ssh {
namespace {

constexpr std::size_t children_side_by_side = 4;

/// ssh -G -T [-F FILE] [-p PORT] [-l USER] -- HOST
Settings read_settings(const Url& url, const Environment& environment, const ConnectOptions& options) {
  const Finished finished = run(
      {ssh_settings_program(url, options), environment.variables, {}, true, options.interrupt}, "", options.timeout);
  if (finished.ok()) return parse_settings(finished.out);
  const std::vector<std::string_view> lines = lines_of(finished.err);
  throw Error(ErrorKind::failed,
              fmt::format("cannot read the ssh configuration for {}: {}", url.host,
                          lines.empty() ? "ssh -G failed" : trim(lines.front())),
              "correct the ssh configuration");
}

}  // namespace

Server::Server(Url url, Environment environment, ConnectOptions options)
    : url_(std::move(url)), environment_(std::move(environment)), options_(std::move(options)) {}

std::unique_ptr<Connection> Server::connect() {
  std::unique_lock lock(mutex_);
  if (!way_) way_ = choose();
  const SharedWay way = way_;
  if (proven_) lock.unlock();
  try {
    std::unique_ptr<Connection> connection = connect_by(*way);
    if (lock) proven_ = true;
    return connection;
  } catch (const Unsupported& unsupported) {
    if (!lock) lock.lock();
    if (way_ == way) way_ = by_ssh(unsupported.why, unsupported.hint);
    return connect_by(*way_);
  }
}

Server::SharedWay Server::choose() const {
  switch (url_.scheme) {
    case Scheme::local: return by_shell();
    case Scheme::ssh: return options_.ssh_command.empty() ? by_the_settings() : by_ssh("GIT_SSH_COMMAND is set", {});
    case Scheme::http:
    case Scheme::https: break;
  }
  throw Error(ErrorKind::failed, fmt::format("cannot run commands on {}: it is no ssh server", url_.host));
}

/// By libssh2, or by ssh where that can't do it.
Server::SharedWay Server::by_the_settings() const {
  std::variant<SessionOptions, OnlyBySsh> setup =
      session_setup(read_settings(url_, environment_, options_), environment_);
  if (const auto* const only = std::get_if<OnlyBySsh>(&setup)) return by_ssh(only->why, {});
  auto& session = std::get<SessionOptions>(setup);
  session.silence = options_.timeout;
  session.interactive = options_.interactive;
  session.interrupt = options_.interrupt;
  session.name = url_.host;
  session.by_hand = ssh_by_hand(url_, options_);
  if (options_.note) session.note = options_.note;
  return std::make_shared<Way>(std::move(session));
}

Server::SharedWay Server::by_shell() const {
  ChildSetup setup;
  setup.environment = environment_.variables;
  setup.name = "this computer";
  setup.silence = options_.timeout;
  setup.interrupt = options_.interrupt;
  return std::make_shared<Way>(ByChild{std::move(setup), {"sh", "-c"}, 1});
}

Server::SharedWay Server::by_ssh(const std::string& why, const std::string& hint) const {
  note(fmt::format("{}: through ssh: {}", url_.host, why));
  ChildSetup setup;
  setup.environment = environment_.variables;
  setup.name = url_.host;
  setup.silence = options_.timeout;
  setup.interactive = options_.interactive;
  setup.is_ssh = true;
  setup.login_hint = hint.empty() ? fmt::format("try it by hand: {}", ssh_by_hand(url_, options_)) : hint;
  setup.interrupt = options_.interrupt;
  return std::make_shared<Way>(ByChild{std::move(setup), ssh_program(url_, options_), children_side_by_side});
}

std::unique_ptr<Connection> Server::connect_by(const Way& way) {
  if (const auto* const child = std::get_if<ByChild>(&way)) {
    return std::make_unique<ChildConnection>(child->setup, child->argv, child->lanes);
  }
  return open_session(std::get<SessionOptions>(way));
}

std::string Server::ssh_for_git() const {
  return url_.scheme == Scheme::ssh ? ssh_command_for_git(options_) : std::string();
}

void Server::note(const std::string& text) const {
  if (options_.note) options_.note(text);
}

}  // namespace syncmanager::ssh
