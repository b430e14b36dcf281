#include "git/transfer.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "git/index_pack.hpp"
#include "git/oid.hpp"
#include "git/pack_intake.hpp"
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
                         .bytes = stats->received_bytes,
                         .deltas = stats->indexed_deltas,
                         .total_deltas = stats->total_deltas});
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

/// What to ask for. libgit2 compares each refspec with each ref of the server: where all of a kind are wanted, one
/// pattern says it.
std::vector<std::string> refspecs(const std::vector<std::string>& names, const Listing& listing) {
  const std::set<std::string> wanted(names.begin(), names.end());
  std::vector<std::string> specs;
  for (const auto& [prefix, refs] :
       {std::pair(heads_prefix, &listing.branches), {tags_prefix, &listing.tags}, {parked_prefix, &listing.parked}}) {
    const auto is_wanted = [&, start = std::string(prefix)](const auto& ref) {
      return wanted.contains(start + ref.first);
    };
    if (std::ranges::all_of(*refs, is_wanted)) {
      specs.push_back(fmt::format("{0}*:{0}*", prefix));  // a download alone makes no refs of it
      continue;
    }
    std::ranges::copy_if(wanted, std::back_inserter(specs), [start = prefix](const std::string& name) {
      return name.starts_with(start) && git_reference_is_valid_name(name.c_str()) == 1;
    });
  }
  return specs;
}

bool has_no_objects(const Repository& repository) {
  namespace fs = std::filesystem;
  const fs::path folder = repository.git_folder() / "objects";
  std::error_code problem;  // then it has
  const bool no_pack = fs::is_empty(folder / "pack", problem) && fs::is_empty(folder / "info", problem);
  const fs::directory_iterator all(folder, problem);
  return no_pack && !problem && std::distance(all, fs::directory_iterator()) == 2;
}

/// A download that goes through git index-pack. Borrows what it is given.
class Indexing {
 public:
  Indexing(const LocalSide& side, const OnTransfer& on_transfer)
      : side_(side),
        on_transfer_(on_transfer),
        intake_(side.repository,
                {.feed = [this](std::string_view piece) { feed(piece); }, .finish = [this] { finish(); }}) {}

  [[nodiscard]] Completeness completeness() const { return completeness_; }
  void rethrow() const {
    if (intake_.failure()) std::rethrow_exception(intake_.failure());
  }

 private:
  void feed(std::string_view piece) {
    if (!index_) index_.emplace(side_.environment, side_.repository, side_.interrupt, on_transfer_);
    index_->feed(piece);
  }
  void finish() {
    if (!index_) throw Error(ErrorKind::failed, "the server sent no objects");
    completeness_ = index_->finish();
  }

  const LocalSide& side_;
  const OnTransfer& on_transfer_;
  std::optional<IndexPack> index_;
  Completeness completeness_ = Completeness::unknown;
  PackIntake intake_;
};

}  // namespace

Fetched fetch(const LocalSide& side, ssh::Connection& connection, const std::string& path,
              const std::vector<std::string>& names, const OnTransfer& on_transfer) {
  Call call(connection, path, on_transfer);
  git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
  options.callbacks = callbacks_of(call);
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  const std::string act = "fetch from " + path;
  const auto remote = make<git_remote>(act, git_remote_create_anonymous, side.repository.get(), path.c_str());
  check_call(git_remote_connect(remote.get(), GIT_DIRECTION_FETCH, &options.callbacks, nullptr, nullptr), call, act);
  Fetched fetched{listing_of(remote.get(), call, act)};
  std::vector<std::string> specs = refspecs(names, fetched.listing);
  std::vector<char*> pointers;
  for (std::string& spec : specs) pointers.push_back(spec.data());
  const git_strarray wanted{pointers.data(), pointers.size()};
  std::optional<Indexing> indexing;
  if (has_no_objects(side.repository)) indexing.emplace(side, on_transfer);
  const int code = git_remote_download(remote.get(), &wanted, &options);
  if (indexing) indexing->rethrow();
  check_call(code, call, act);
  if (indexing) fetched.completeness = indexing->completeness();
  return fetched;
}

}  // namespace syncmanager::git
