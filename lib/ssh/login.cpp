#include "ssh/login.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "ssh/agent.hpp"
#include "ssh/agent_login.hpp"
#include "ssh/identity.hpp"
#include "ssh/wire.hpp"

namespace syncmanager::ssh {
namespace {

constexpr int most_offers = 5;  // sshd's MaxAuthTries is 6, and it counts the one that ends the connection

std::string joined(const std::vector<std::string>& list) {
  return fmt::format("{}", fmt::join(list, ", "));
}

/// Whether PubkeyAcceptedAlgorithms let a key of this type log in. That of RSA is the name of no signature; whether it
/// may sign in another way is judged by blob_to_show().
bool is_accepted(const std::vector<std::string>& algorithms, std::string_view type) {
  return algorithms.empty() || type == "ssh-rsa" ||
         std::find(algorithms.begin(), algorithms.end(), type) != algorithms.end();
}

class Login {
 public:
  Login(Transport& transport, const SessionOptions& options);

  /// Whether a key was accepted.
  bool try_agent();
  bool try_files();
  /// Whether the server takes the user's word for it (RFC 4252, section 5.2). Costs a round trip.
  bool try_without_proof();
  /// Throws Unsupported where ssh can do what is left.
  void leave_to_ssh() const;
  [[noreturn]] void give_up() const;

 private:
  bool is_configured(std::string_view blob) const;
  /// The keys that may be offered, those of the identity files first.
  std::vector<AgentKey> selected(std::vector<AgentKey> keys) const;
  /// Whether this key can be offered; remembers why not.
  bool may_offer(const std::string& what, std::string_view algorithm, std::string_view blob, bool by_libssh2);
  bool offer_from_agent(const AgentKey& key);
  bool offer_file(const Identity& identity);
  void note_login(const std::string& what) const;
  /// A key that the server did not want; throws where it has ended the connection.
  void refuse(const std::string& what);
  [[noreturn]] void refuse_disconnected() const;
  bool accepted() const { return libssh2_userauth_authenticated(transport_.session()) != 0; }
  bool has_trouble() const { return agent_ && !agent_->trouble().empty(); }
  /// What is wrong with the agent; empty where nothing is.
  std::string trouble() const;
  /// What the user can do.
  std::string hint() const;

  Transport& transport_;
  const SessionOptions& options_;
  std::optional<Agent> agent_;
  std::vector<Identity> identities_;
  std::set<std::string, std::less<>> offered_;                  // key blobs
  std::vector<std::string> refused_;                            // keys that the server did not want
  std::map<std::string, std::string, std::less<>> not_signed_;  // by the agent: key blobs, with what they are called
  std::vector<std::string> only_by_ssh_;                        // keys that libssh2 can't use
  std::vector<std::string> encrypted_;                          // key files
};

Login::Login(Transport& transport, const SessionOptions& options) : transport_(transport), options_(options) {
  for (const std::string& file : options.settings.identity_files) {
    if (std::optional<Identity> identity = read_identity(file)) identities_.push_back(std::move(*identity));
  }
}

bool Login::is_configured(std::string_view blob) const {
  return std::any_of(identities_.begin(), identities_.end(),
                     [&](const Identity& identity) { return identity.blob == blob; });
}

std::vector<AgentKey> Login::selected(std::vector<AgentKey> keys) const {
  const auto configured = [this](const AgentKey& key) { return is_configured(key.blob); };
  if (options_.settings.identities_only) std::erase_if(keys, std::not_fn(configured));
  std::stable_partition(keys.begin(), keys.end(), configured);
  return keys;
}

bool Login::try_agent() {
  if (options_.agent_socket.empty()) return false;
  agent_.emplace(options_.agent_socket, options_.interrupt);
  // The other half is for the key files.
  const std::optional<std::vector<AgentKey>> keys = agent_->identities(transport_.deadline().part(2));
  bool accepted = false;
  if (keys) {
    const std::vector<AgentKey> usable = selected(*keys);
    accepted = std::any_of(usable.begin(), usable.end(), [this](const AgentKey& key) { return offer_from_agent(key); });
  }
  if (has_trouble()) stop_if(options_.interrupt);
  if (has_trouble()) options_.note(fmt::format("{}: {}", options_.name, trouble()));
  return accepted;
}

std::string Login::trouble() const {
  if (!has_trouble()) return {};
  return fmt::format("cannot use the agent at {}: {}", agent_->path(), agent_->trouble());
}

bool Login::may_offer(const std::string& what, std::string_view algorithm, std::string_view blob, bool by_libssh2) {
  if (!blob.empty() && !offered_.insert(std::string(blob)).second) return false;
  if (!by_libssh2) {
    only_by_ssh_.push_back(algorithm.empty() ? what : fmt::format("{} ({})", what, algorithm));
    return false;
  }
  // Without a blob the type is a guess.
  if (!blob.empty() && !is_accepted(options_.settings.public_key_algorithms, algorithm)) {
    options_.note(fmt::format("{}: {} not tried: PubkeyAcceptedAlgorithms lacks {}", options_.name, what, algorithm));
    return false;
  }
  if (refused_.size() < most_offers) return true;
  only_by_ssh_.push_back(fmt::format("{} (more keys than one connection may try)", what));
  return false;
}

bool Login::offer_from_agent(const AgentKey& key) {
  if (has_trouble()) return false;
  const std::string comment = key.comment.empty() ? "a key" : key.comment;
  const std::string what = comment + " of the agent";
  const RsaWay rsa = rsa_way_of(transport_);
  const std::optional<std::string> shown = blob_to_show(key.blob, options_.settings.public_key_algorithms, rsa);
  if (!may_offer(what, key_algorithm(key.blob), key.blob, shown.has_value())) return false;
  switch (log_in_with(transport_, options_.settings.user, *agent_, key, *shown, options_.interactive)) {
    case AgentLogin::accepted: note_login(what); return true;
    case AgentLogin::refused:
      // A server that does not take the renamed blob may take the key all the same.
      if (*shown != key.blob) only_by_ssh_.push_back(fmt::format("{} (ssh-rsa)", what));
      refuse(what);
      break;
    case AgentLogin::not_signed: not_signed_.emplace(key.blob, comment); break;
    case AgentLogin::only_ssh: only_by_ssh_.push_back(fmt::format("{} (ssh-rsa)", what)); break;
  }
  return false;
}

bool Login::try_files() {
  return std::any_of(identities_.begin(), identities_.end(),
                     [this](const Identity& identity) { return offer_file(identity); });
}

bool Login::offer_file(const Identity& identity) {
  if (identity.has_certificate) only_by_ssh_.push_back(identity.file + "-cert.pub");
  if (!identity.has_private) return false;
  if (identity.exposed) {
    refused_.push_back(fmt::format("{} (not tried: others can read it, chmod 600 it)", identity.file));
    return false;
  }
  if (identity.encrypted && (identity.blob.empty() || !offered_.contains(identity.blob))) {
    encrypted_.push_back(identity.file);
  }
  // The file may do what the agent did not.
  if (!identity.encrypted && not_signed_.contains(identity.blob)) offered_.erase(identity.blob);
  if (!may_offer(identity.file, identity.algorithm, identity.blob, libssh2_can_use(identity.algorithm)) ||
      identity.encrypted) {
    return false;
  }
  const int code = transport_.call([&] {
    return libssh2_userauth_publickey_fromfile(transport_.session(), options_.settings.user.c_str(), nullptr,
                                               identity.file.c_str(), "");
  });
  if (code == 0) {
    note_login(identity.file);
    return true;
  }
  refuse(identity.file);
  // A file that libssh2 can't read, although it looked like one.
  if (code == LIBSSH2_ERROR_FILE || code == LIBSSH2_ERROR_METHOD_NONE) only_by_ssh_.push_back(identity.file);
  return false;
}

void Login::note_login(const std::string& what) const {
  options_.note(fmt::format("{}: logged in as {} with {}", options_.name, options_.settings.user, what));
}

void Login::refuse(const std::string& what) {
  refused_.push_back(what);
  if (!transport_.broken()) return;
  // Not all servers say that they have had enough of keys. But a first key has rather met a line that broke.
  const bool had_enough = transport_.dismissed() || refused_.size() > 1;
  if (!had_enough) transport_.fail(fmt::format("cannot log in to {} as {}", options_.name, options_.settings.user));
  refuse_disconnected();
}

void Login::refuse_disconnected() const {
  const std::string what = fmt::format("the server ended the connection after it was offered {}", joined(refused_));
  const std::string hint = "name the right key with IdentityFile and IdentitiesOnly yes in the ssh configuration";
  if (!only_by_ssh_.empty()) throw Unsupported{what, hint, trouble()};
  throw Error(ErrorKind::auth,
              fmt::format("cannot log in to {} as {}: {}", options_.name, options_.settings.user, what), hint);
}

std::string Login::hint() const {
  if (!encrypted_.empty()) return fmt::format("give the agent the key: ssh-add {}", encrypted_.front());
  if (!not_signed_.empty()) return "unlock the agent, or let it use the key when it asks";
  return fmt::format(
      "see what ssh says: {} -v; ssh-add -l lists the agent's keys, ssh-copy-id makes the server accept one",
      options_.by_hand);
}

bool Login::try_without_proof() {
  LIBSSH2_SESSION* const session = transport_.session();
  const std::string& user = options_.settings.user;
  transport_.call([&] {
    const char* const methods = libssh2_userauth_list(session, user.data(), static_cast<unsigned>(user.size()));
    // Where the server has let us in there is no list, and the code is an older call's.
    return methods != nullptr || accepted() ? 0 : libssh2_session_last_errno(session);
  });
  if (accepted()) note_login("no key: the server asks for none");
  return accepted();
}

void Login::leave_to_ssh() const {
  if (!only_by_ssh_.empty()) throw Unsupported{"libssh2 can't use " + joined(only_by_ssh_), hint(), trouble()};
  if (options_.interactive) throw Unsupported{"no key was accepted, ssh may ask", hint(), trouble()};
  if (options_.settings.gssapi) throw Unsupported{"no key was accepted, GSSAPI is left", hint(), trouble()};
}

void Login::give_up() const {
  std::vector<std::string> why;
  if (!refused_.empty()) why.push_back("the server accepts none of " + joined(refused_));
  for (const auto& [blob, what] : not_signed_) why.push_back("the agent did not sign with " + what);
  if (has_trouble()) why.push_back(trouble());
  if (!encrypted_.empty()) why.push_back(joined(encrypted_) + " is encrypted, and no agent has it");
  if (why.empty()) why.emplace_back("there is no key to offer, neither in the agent nor in a file");
  throw Error(ErrorKind::auth,
              fmt::format("cannot log in to {} as {}: {}", options_.name, options_.settings.user, fmt::join(why, "; ")),
              hint());
}

}  // namespace

void log_in(Transport& transport, const SessionOptions& options) {
  Login login(transport, options);
  if (login.try_agent() || login.try_files()) return;
  login.leave_to_ssh();
  if (!login.try_without_proof()) login.give_up();
}

}  // namespace syncmanager::ssh
