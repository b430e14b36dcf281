#include "git/channel_remote.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"
#include "git/advertise.hpp"
#include "git/cut_history.hpp"
#include "git/push_command.hpp"
#include "git/transfer.hpp"

namespace syncmanager::git {

ChannelRemote::ChannelRemote(ssh::Connection& connection, std::string path, const Environment& environment,
                             const Interrupt* interrupt, std::unique_ptr<Remote> by_git)
    : connection_(connection),
      path_(std::move(path)),
      environment_(environment),
      interrupt_(interrupt),
      by_git_(std::move(by_git)) {}

Listing ChannelRemote::list() {
  return advertised(connection_, path_);
}

Listing ChannelRemote::list_to_push() {
  conversation_ = std::make_unique<ReceivePack>(connection_, path_);
  return conversation_->listing();
}

Fetched ChannelRemote::fetch(Repository& repository, const std::vector<std::string>& names,
                             const OnTransfer& on_transfer) {
  // What a shallow repository lacks, only git tells the server, here and in a push.
  if (is_cut(repository)) return by_git_->fetch(repository, names, on_transfer);
  return git::fetch({environment_, repository, interrupt_}, connection_, path_, names, on_transfer);
}

Listing ChannelRemote::fetch_whole(Repository& repository, const std::vector<std::string>& names,
                                   const OnTransfer& on_transfer) {
  // libgit2 never asks for a commit that is here, whatever that lacks.
  return by_git_->fetch_whole(repository, names, on_transfer);
}

std::vector<PushResult> ChannelRemote::push(Repository& repository, const std::vector<PushedRef>& refs,
                                            const OnTransfer& on_transfer, std::string& server_words) {
  // The hook must see what is pushed: Git LFS uploads its files there.
  const bool prefers_git = has_pre_push_hook(repository) || is_cut(repository);
  if (prefers_git) return by_git_->push(repository, refs, on_transfer, server_words);
  const auto there = conversation_ ? std::move(conversation_) : std::make_unique<ReceivePack>(connection_, path_);
  return there->push({environment_, repository, interrupt_}, refs, on_transfer, server_words);
}

void ChannelRemote::create(const std::string& head) {
  std::string command = "git init --quiet --bare ";
  if (!head.empty()) command += "--initial-branch=" + shell_quote(head) + " ";
  // The home folder is where the server's shell starts; a quoted ~ would not be expanded.
  const std::string path = path_.starts_with("~/") ? path_.substr(2) : path_;
  const auto channel = connection_.open(command + "-- " + shell_quote(path));
  channel->finish_input();
  ssh::read_all(*channel);
  if (channel->wait() == 0) return;
  throw Error(ErrorKind::failed, "make " + path_ + " on the server: " + std::string(trim(channel->errors())));
}

}  // namespace syncmanager::git
