#include "ssh/login.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/un.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "ssh/identity.hpp"
#include "ssh/wire.hpp"

namespace syncmanager::ssh {
namespace {

constexpr int most_offers = 5;  // sshd's MaxAuthTries is 6, and it counts the one that ends the connection

std::string_view blob_of(const libssh2_agent_publickey& key) {
  return {reinterpret_cast<const char*>(key.blob), key.blob_len};
}

std::string joined(const std::vector<std::string>& list) {
  return fmt::format("{}", fmt::join(list, ", "));
}

class Login {
 public:
  Login(Transport& transport, const SessionOptions& options);

  /// Whether a key was accepted.
  bool try_agent();
  bool try_files();
  [[noreturn]] void give_up() const;

 private:
  std::vector<libssh2_agent_publickey*> agent_keys();
  bool is_configured(std::string_view blob) const;
  /// Whether this key can be offered; remembers why not.
  bool may_offer(const std::string& what, std::string_view algorithm, std::string_view blob);
  bool offer_from_agent(libssh2_agent_publickey& key);
  bool offer_file(const Identity& identity);
  /// Judges what libssh2 returned for an offer; throws where the connection is lost.
  bool accepted(const std::string& what, int code);
  [[noreturn]] void refuse_disconnected() const;

  Transport& transport_;
  const SessionOptions& options_;
  std::unique_ptr<LIBSSH2_AGENT, Release> agent_;
  std::vector<Identity> identities_;
  std::set<std::string, std::less<>> offered_;  // key blobs
  std::vector<std::string> refused_;            // keys that the server did not want
  std::vector<std::string> only_by_ssh_;        // keys that libssh2 can't use
  std::vector<std::string> encrypted_;          // key files
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

/// The keys that may be offered, those of the identity files first. They stay the agent's.
std::vector<libssh2_agent_publickey*> Login::agent_keys() {
  std::vector<libssh2_agent_publickey*> keys;
  libssh2_agent_publickey* key = nullptr;
  while (libssh2_agent_get_identity(agent_.get(), &key, key) == 0) {
    if (!options_.settings.identities_only || is_configured(blob_of(*key))) keys.push_back(key);
  }
  std::stable_partition(keys.begin(), keys.end(),
                        [this](const libssh2_agent_publickey* each) { return is_configured(blob_of(*each)); });
  return keys;
}

bool Login::try_agent() {
  if (options_.agent_socket.empty()) return false;
  agent_.reset(libssh2_agent_init(transport_.session()));
  // libssh2 would cut a longer path.
  const bool fits = options_.agent_socket.size() < sizeof(sockaddr_un{}.sun_path);
  if (fits) libssh2_agent_set_identity_path(agent_.get(), options_.agent_socket.c_str());
  if (!fits || libssh2_agent_connect(agent_.get()) != 0 || libssh2_agent_list_identities(agent_.get()) != 0) {
    options_.note(fmt::format("{}: the agent at {} does not answer", options_.name, options_.agent_socket));
    return false;
  }
  const std::vector<libssh2_agent_publickey*> keys = agent_keys();
  return std::any_of(keys.begin(), keys.end(), [this](libssh2_agent_publickey* key) { return offer_from_agent(*key); });
}

bool Login::may_offer(const std::string& what, std::string_view algorithm, std::string_view blob) {
  if (!blob.empty() && !offered_.insert(std::string(blob)).second) return false;
  if (!libssh2_can_use(algorithm)) {
    only_by_ssh_.push_back(algorithm.empty() ? what : fmt::format("{} ({})", what, algorithm));
    return false;
  }
  if (refused_.size() < most_offers) return true;
  only_by_ssh_.push_back(fmt::format("{} (more keys than one connection may try)", what));
  return false;
}

bool Login::offer_from_agent(libssh2_agent_publickey& key) {
  const std::string what = fmt::format("{} of the agent", key.comment == nullptr ? "key" : key.comment);
  if (!may_offer(what, key_algorithm(blob_of(key)), blob_of(key))) return false;
  return accepted(what, transport_.call([&] {
    return libssh2_agent_userauth(agent_.get(), options_.settings.user.c_str(), &key);
  }));
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
  if (!may_offer(identity.file, identity.algorithm, identity.blob) || identity.encrypted) return false;
  return accepted(identity.file, transport_.call([&] {
    return libssh2_userauth_publickey_fromfile(transport_.session(), options_.settings.user.c_str(), nullptr,
                                               identity.file.c_str(), "");
  }));
}

bool Login::accepted(const std::string& what, int code) {
  if (code == 0) {
    options_.note(fmt::format("{}: logged in as {} with {}", options_.name, options_.settings.user, what));
    return true;
  }
  refused_.push_back(what);
  if (transport_.broken()) refuse_disconnected();
  // A file that libssh2 can't read, although it looked like one.
  if (code == LIBSSH2_ERROR_FILE || code == LIBSSH2_ERROR_METHOD_NONE) only_by_ssh_.push_back(what);
  return false;
}

void Login::refuse_disconnected() const {
  throw Error(ErrorKind::auth,
              fmt::format("cannot log in to {} as {}: the server ended the connection after it was offered {}",
                          options_.name, options_.settings.user, joined(refused_)),
              "name the right key with IdentityFile and IdentitiesOnly yes in the ssh configuration");
}

void Login::give_up() const {
  const std::string hint = encrypted_.empty()
                               ? fmt::format(
                                     "see what ssh -v says: {}; ssh-add -l lists the agent's keys, ssh-copy-id "
                                     "makes the server accept one",
                                     options_.by_hand)
                               : fmt::format("give the agent the key: ssh-add {}", encrypted_.front());
  if (!only_by_ssh_.empty()) throw Unsupported{"libssh2 can't use " + joined(only_by_ssh_), hint};
  if (options_.interactive) throw Unsupported{"no key was accepted, ssh may ask", hint};
  if (options_.settings.gssapi) throw Unsupported{"no key was accepted, GSSAPI is left", hint};
  std::string why;
  if (!refused_.empty()) why = "the server accepts none of " + joined(refused_);
  if (!encrypted_.empty()) {
    why += fmt::format("{}{} is encrypted, and no agent has it", why.empty() ? "" : "; ", joined(encrypted_));
  }
  if (why.empty()) why = "there is no key to offer, neither in the agent nor in a file";
  throw Error(ErrorKind::auth, fmt::format("cannot log in to {} as {}: {}", options_.name, options_.settings.user, why),
              hint);
}

}  // namespace

void log_in(Transport& transport, const SessionOptions& options) {
  Login login(transport, options);
  if (!login.try_agent() && !login.try_files()) login.give_up();
}

}  // namespace syncmanager::ssh
