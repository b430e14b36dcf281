// A client of one ssh agent: which keys it has, and signatures by them. The protocol is that of
// draft-miller-ssh-agent, which OpenSSH's, gpg's and the desktops' agents speak. Which agent to ask says find_agent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/deadline.hpp"
#include "base/file.hpp"
#include "base/interrupt.hpp"

namespace syncmanager::ssh {

struct AgentKey {
  std::string blob;     ///< the public key, or the certificate
  std::string comment;  ///< as whoever added it wrote it: not fit for a terminal
};

struct AgentSignature {
  std::string algorithm;
  std::string bytes;
};

/// How an RSA key shall sign: flags of a request. Without them it signs with SHA-1, and other keys know none.
constexpr std::uint32_t rsa_sha2_256 = 2;
constexpr std::uint32_t rsa_sha2_512 = 4;

/// The messages, without the length that goes in front of each.
std::string identities_request();
std::string sign_request(std::string_view blob, std::string_view data, std::uint32_t flags);
/// Nothing where the message is not a whole answer of this kind.
std::optional<std::vector<AgentKey>> parse_identities(std::string_view message);
std::optional<AgentSignature> parse_signature(std::string_view message);
/// Whether the message says that the agent will not do what it was asked.
bool is_refusal(std::string_view message);

/// One connection. An answer that does not come in time, or makes no sense, ends it: what comes after that might be
/// taken for the answer to the next question. One thread.
class Agent {
 public:
  /// Connects to the socket. Whether that worked says trouble(). `interrupt`, where not null, ends the waiting, which
  /// is trouble too; borrowed.
  explicit Agent(std::string path, const Interrupt* interrupt = nullptr);

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Why there is no connection (any more), as the end of a sentence; empty while there is one.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

  /// All of its keys. Nothing where it can't be asked, see trouble().
  std::optional<std::vector<AgentKey>> identities(const Deadline& deadline);

  /// A signature of `data` by the key with this blob. An agent may ask a person first. Nothing where it refuses, or,
  /// see trouble(), where it can't be asked.
  std::optional<AgentSignature> sign(std::string_view blob, std::string_view data, std::uint32_t flags,
                                     const Deadline& deadline);

 private:
  void connect();
  /// The answer; nothing where there is trouble.
  std::optional<std::string> ask(std::string_view message, const Deadline& deadline);
  bool send(std::string_view bytes, const Deadline& deadline);
  std::optional<std::string> receive(std::size_t size, const Deadline& deadline);
  bool ready(short events, const Deadline& deadline);
  void give_up(std::string trouble);

  std::string path_;
  const Interrupt* interrupt_;
  std::string trouble_;
  Fd socket_;  // never blocks
};

}  // namespace syncmanager::ssh
