// Logging in with a key that an agent holds: libssh2 talks to the server, the agent signs (RFC 4252, section 7). RSA
// keys sign with SHA-2 (RFC 8332). libssh2 takes the name of the signature from the first field of the key's blob;
// OpenSSH's server takes any name of RSA's there, so for it the blob is renamed, and the user's settings choose the
// signature. For other servers libssh2 has to choose, which it does since 1.11.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ssh/agent.hpp"
#include "ssh/transport.hpp"

namespace syncmanager::ssh {

/// How an RSA key of an agent comes to sign with SHA-2.
enum class RsaWay { by_libssh2, by_renamed_blob, only_ssh };
/// `banner` is the line by which the server introduces itself: "SSH-2.0-OpenSSH_9.2p1 …".
RsaWay choose_rsa_way(bool libssh2_knows_sha2, std::string_view banner);
RsaWay rsa_way_of(const Transport& transport);

/// What libssh2 has to be given for a key with this blob. `accepted` are PubkeyAcceptedAlgorithms in ssh's order;
/// empty: all. Nothing where only ssh can use the key.
std::optional<std::string> blob_to_show(std::string_view blob, const std::vector<std::string>& accepted, RsaWay way);

/// What the agent has to be told to sign with this algorithm; nothing for one that it must not be asked for: SHA-1, and
/// whatever else blob_to_show() shows none of.
std::optional<std::uint32_t> flags_for(std::string_view algorithm);

/// The algorithm that the data to be signed name; empty where they are no login by a public key.
std::string_view algorithm_to_sign_with(std::string_view data);

enum class AgentLogin {
  accepted,
  refused,     ///< by the server, or the connection broke
  not_signed,  ///< the server would have taken the key, but the agent did not sign with it as it should
  only_ssh,    ///< libssh2 and the server agree on no signature that is fit for use
};

/// Offers one key of the agent's. The agent may ask a person, who gets time where `interactive`: the transport's
/// deadline stands still meanwhile. Otherwise the agent gets half of what is left until that deadline. Throws
/// Error(offline).
AgentLogin log_in_with(Transport& transport, const std::string& user, Agent& agent, const AgentKey& key,
                       const std::string& shown_blob, bool interactive);

}  // namespace syncmanager::ssh
