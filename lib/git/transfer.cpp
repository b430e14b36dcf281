#include "git/transfer.hpp"

#include <algorithm>
#include <iterator>

#include "base/error.hpp"
#include "git/oid.hpp"
#include "git/subtransport.hpp"

namespace syncmanager::git {

namespace {

/// What the callbacks of one libgit2 call share. CallbackPayload comes first, for make_transport.
struct Call : CallbackPayload {
  Carrier own_carrier;
  const OnTransfer* on_transfer;

  Call(ssh::Connection& connection, const std::string& path, const OnTransfer& progress) : on_transfer(&progress) {
    own_carrier.connection = &connection;
    own_carrier.path = path;
    carrier = &own_carrier;
  }
};

Call& call_of(void* payload) {
  return *static_cast<Call*>(static_cast<CallbackPayload*>(payload));
}

/// As check(), but what our own code threw inside the call comes out as it was.
void check_call(int code, Call& call, const std::string& act) {
  if (code >= 0) return;
  if (call.own_carrier.failure) std::rethrow_exception(call.own_carrier.failure);
  check(code, act);
}

/// What it throws ends the call, and comes out of check_call().
int on_progress(const git_indexer_progress* stats, void* payload) noexcept {
  Call& call = call_of(payload);
  if (!*call.on_transfer) return 0;
  try {
    (*call.on_transfer)({.sending = false,
                         .objects = stats->received_objects,
                         .total_objects = stats->total_objects,
                         .bytes = stats->received_bytes});
    return 0;
  } catch (...) {
    call.own_carrier.failure = std::current_exception();
    return GIT_EUSER;
  }
}

git_remote_callbacks callbacks_of(Call& call) {
  git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
  callbacks.transport = make_transport;
  callbacks.transfer_progress = on_progress;
  callbacks.payload = static_cast<CallbackPayload*>(&call);
  return callbacks;
}

/// What the remote advertised when it was connected.
Listing listing_of(git_remote* remote, Call& call, const std::string& act) {
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  check_call(git_remote_ls(&heads, &count, remote), call, act);
  const std::string_view branches = heads_prefix;
  Listing listing;
  listing.state = Listing::State::found;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view name = heads[i]->name;
    if (name == "HEAD" && heads[i]->symref_target != nullptr) {
      const std::string_view target = heads[i]->symref_target;
      if (target.starts_with(branches)) listing.head = target.substr(branches.size());
    } else {
      add_ref(listing, name, from_git(heads[i]->oid));
    }
  }
  return listing;
}

}  // namespace

Listing fetch(Repository& repository, ssh::Connection& connection, const std::string& path,
              const std::vector<std::string>& names, const OnTransfer& on_transfer) {
  Call call(connection, path, on_transfer);
  std::vector<std::string> wanted;
  std::ranges::copy_if(names, std::back_inserter(wanted),
                       [](const std::string& name) { return git_reference_is_valid_name(name.c_str()) == 1; });
  std::vector<char*> pointers;
  for (std::string& name : wanted) pointers.push_back(name.data());
  const git_strarray refspecs{pointers.data(), pointers.size()};
  git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
  options.callbacks = callbacks_of(call);
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  const std::string act = "fetch from " + path;
  const auto remote = make<git_remote>(act, git_remote_create_anonymous, repository.get(), path.c_str());
  check_call(git_remote_download(remote.get(), &refspecs, &options), call, act);
  return listing_of(remote.get(), call, act);
}

}  // namespace syncmanager::git
