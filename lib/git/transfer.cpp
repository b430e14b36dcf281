#include "git/transfer.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/error.hpp"
#include "git/git_talk.hpp"
#include "git/oid.hpp"
#include "git/subtransport.hpp"

namespace syncmanager::git {

namespace {

/// What the callbacks of one libgit2 call share. CallbackPayload comes first, for make_transport.
struct Call : CallbackPayload {
  Carrier own_carrier;
  const OnTransfer* on_transfer = nullptr;
  const std::vector<PushedRef>* refs = nullptr;
  std::map<std::string, PushResult, std::less<>> results;
  std::string* sideband = nullptr;  ///< what the server prints
  bool stale = false;

  Call(ssh::Connection& connection, const std::string& path, const OnTransfer* progress = nullptr)
      : on_transfer(progress) {
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

/// Tells how far it is. What that throws ends the call, and comes out of check_call().
int tell(Call& call, const Transfer& transfer) noexcept {
  if (call.on_transfer == nullptr || !*call.on_transfer) return 0;
  try {
    (*call.on_transfer)(transfer);
    return 0;
  } catch (...) {
    call.own_carrier.failure = std::current_exception();
    return GIT_EUSER;
  }
}

int on_fetch_progress(const git_indexer_progress* stats, void* payload) noexcept {
  return tell(call_of(payload), {.sending = false,
                                 .objects = stats->received_objects,
                                 .total_objects = stats->total_objects,
                                 .bytes = stats->received_bytes});
}

int on_push_progress(unsigned current, unsigned total, std::size_t bytes, void* payload) noexcept {
  return tell(call_of(payload), {.sending = true, .objects = current, .total_objects = total, .bytes = bytes});
}

int on_sideband(const char* text, int size, void* payload) noexcept {
  constexpr std::size_t longest = 64 * 1024;
  std::string* words = call_of(payload).sideband;
  if (words != nullptr && words->size() < longest) words->append(text, static_cast<std::size_t>(size));
  return 0;
}

/// The lease: the server's refs, as it has just advertised them, and our own must be where they were when the push was
/// decided.
int on_push_negotiation(const git_push_update** updates, std::size_t count, void* payload) noexcept {
  Call& call = call_of(payload);
  for (std::size_t i = 0; i < count; ++i) {
    const auto same_name = [&](const PushedRef& ref) { return ref.name == updates[i]->dst_refname; };
    const auto ref = std::ranges::find_if(*call.refs, same_name);
    const bool absent = git_oid_is_zero(&updates[i]->src) == 1;
    const auto there = absent ? std::nullopt : std::optional<Oid>(from_git(updates[i]->src));
    if (ref != call.refs->end() && ref->from == there && ref->to == from_git(updates[i]->dst)) continue;
    call.results[updates[i]->dst_refname] = {.pushed = Pushed::stale, .message = {}};
    call.stale = true;
  }
  return call.stale ? GIT_EUSER : 0;
}

int on_pushed(const char* name, const char* refusal, void* payload) noexcept {
  call_of(payload).results[name] = refusal == nullptr ? PushResult{.pushed = Pushed::yes, .message = {}}
                                                      : PushResult{.pushed = Pushed::rejected, .message = refusal};
  return 0;
}

git_remote_callbacks callbacks_of(Call& call) {
  git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
  callbacks.transport = make_transport;
  callbacks.transfer_progress = on_fetch_progress;
  callbacks.push_transfer_progress = on_push_progress;
  callbacks.sideband_progress = on_sideband;
  callbacks.push_negotiation = on_push_negotiation;
  callbacks.push_update_reference = on_pushed;
  callbacks.payload = static_cast<CallbackPayload*>(&call);
  return callbacks;
}

/// What the remote advertised when it was connected.
Listing listing_of(git_remote* remote, Call& call, const std::string& act) {
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  check_call(git_remote_ls(&heads, &count, remote), call, act);
  const std::string_view branches = heads_prefix;
  const std::string_view tags = tags_prefix;
  Listing listing;
  listing.state = Listing::State::found;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view name = heads[i]->name;
    const Oid tip = from_git(heads[i]->oid);
    if (name == "HEAD" && heads[i]->symref_target != nullptr) {
      const std::string_view target = heads[i]->symref_target;
      if (target.starts_with(branches)) listing.head = target.substr(branches.size());
    } else if (name.starts_with(branches)) {
      listing.branches.emplace(name.substr(branches.size()), tip);
    } else if (name.starts_with(tags) && !name.ends_with("^{}")) {
      listing.tags.emplace(name.substr(tags.size()), tip);
    }
  }
  return listing;
}

/// One try: all of `refs`, or nothing at all where one of them is stale by now.
void push_once(Repository& repository, Call& call, const std::vector<PushedRef>& refs) {
  std::vector<std::string> texts;
  for (const PushedRef& ref : refs) texts.push_back("+" + ref.name + ":" + ref.name);  // libgit2 takes no object id
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  const git_strarray refspecs{pointers.data(), pointers.size()};
  call.refs = &refs;
  call.stale = false;
  git_push_options options = GIT_PUSH_OPTIONS_INIT;
  options.callbacks = callbacks_of(call);
  options.pb_parallelism = 0;  // as many threads as there are cores
  const std::string act = "push to " + call.own_carrier.path;
  const auto remote =
      make<git_remote>(act, git_remote_create_anonymous, repository.get(), call.own_carrier.path.c_str());
  const int code = git_remote_upload(remote.get(), &refspecs, &options);
  if (!call.stale) check_call(code, call, act);
}

}  // namespace

Listing fetch(Repository& repository, ssh::Connection& connection, const std::string& path,
              const std::vector<std::string>& names, const OnTransfer& on_transfer) {
  Call call(connection, path, &on_transfer);
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

std::vector<PushResult> push(Repository& repository, ssh::Connection& connection, const std::string& path,
                             const std::vector<PushedRef>& refs, const OnTransfer& on_transfer,
                             std::string& server_words) {
  Call call(connection, path, &on_transfer);
  std::string sideband;
  call.sideband = &sideband;
  std::vector<PushedRef> left = refs;
  do {
    push_once(repository, call, left);
    std::erase_if(left, [&](const PushedRef& ref) { return call.results.contains(ref.name); });
  } while (call.stale && !left.empty());
  server_words += words_in_sideband(sideband);
  std::vector<PushResult> results;
  for (const PushedRef& ref : refs) {
    const auto found = call.results.find(ref.name);
    const PushResult silence{.pushed = Pushed::untold, .message = "the server did not say what became of it"};
    results.push_back(found != call.results.end() ? found->second : silence);
  }
  return results;
}

}  // namespace syncmanager::git
