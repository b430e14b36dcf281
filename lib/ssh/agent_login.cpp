#include "ssh/agent_login.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <utility>

#include <libssh2.h>

#include "ssh/identity.hpp"
#include "ssh/wire.hpp"

namespace syncmanager::ssh {
namespace {

constexpr int libssh2_with_sha2 = 0x010b00;      // 1.11.0
constexpr std::chrono::minutes for_a_person(2);  // sshd's LoginGraceTime: after that it ends the connection

/// The signatures that an RSA key may give, ssh's own choice first.
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 2> rsa_signatures{
    {{"rsa-sha2-512", rsa_sha2_512}, {"rsa-sha2-256", rsa_sha2_256}}};

/// The first of them that the user's settings accept.
std::optional<std::string_view> rsa_algorithm(const std::vector<std::string>& accepted) {
  if (accepted.empty()) return rsa_signatures.front().first;
  for (const std::string_view name : accepted) {
    if (flags_for(name).value_or(0) != 0) return name;
  }
  return std::nullopt;
}

/// What the callback needs, and what became of it.
struct Signer {
  Transport& transport;
  Agent& agent;
  const AgentKey& key;
  bool interactive;
  AgentLogin result = AgentLogin::refused;
  std::exception_ptr thrown;

  std::optional<AgentSignature> sign(std::string_view data);
};

std::optional<AgentSignature> Signer::sign(std::string_view data) {
  const std::string_view algorithm = algorithm_to_sign_with(data);
  const std::optional<std::uint32_t> flags = flags_for(algorithm);
  if (!flags) {
    result = AgentLogin::only_ssh;
    return std::nullopt;
  }
  const auto begin = Deadline::Clock::now();
  const Deadline deadline = interactive ? Deadline::after(for_a_person) : transport.deadline().part(2);
  std::optional<AgentSignature> signature = agent.sign(key.blob, data, *flags, deadline);
  if (interactive) transport.put_off_deadline(Deadline::Clock::now() - begin);
  // An agent that knows no flags signs with SHA-1 all the same.
  if (signature && signature->algorithm == algorithm) return signature;
  result = AgentLogin::not_signed;
  return std::nullopt;
}

/// LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC
int sign_for_libssh2(LIBSSH2_SESSION* /*session*/, unsigned char** bytes, std::size_t* size, const unsigned char* data,
                     std::size_t data_size, void** self) noexcept {
  auto& signer = *static_cast<Signer*>(*self);
  try {
    const auto signature = signer.sign({reinterpret_cast<const char*>(data), data_size});
    if (!signature) return LIBSSH2_ERROR_AGENT_PROTOCOL;
    *size = signature->bytes.size();
    *bytes = static_cast<unsigned char*>(std::malloc(*size + 1));  // libssh2 frees it
    if (*bytes == nullptr) return LIBSSH2_ERROR_ALLOC;
    signature->bytes.copy(reinterpret_cast<char*>(*bytes), *size);
    return 0;
  } catch (...) {
    signer.thrown = std::current_exception();
    return LIBSSH2_ERROR_AGENT_PROTOCOL;
  }
}

}  // namespace

RsaWay choose_rsa_way(bool libssh2_knows_sha2, std::string_view banner) {
  if (banner.starts_with("SSH-2.0-OpenSSH_")) return RsaWay::by_renamed_blob;
  return libssh2_knows_sha2 ? RsaWay::by_libssh2 : RsaWay::only_ssh;
}

RsaWay rsa_way_of(const Transport& transport) {
  const char* const banner = libssh2_session_banner_get(transport.session());
  return choose_rsa_way(libssh2_version(libssh2_with_sha2) != nullptr, banner == nullptr ? "" : banner);
}

std::optional<std::string> blob_to_show(std::string_view blob, const std::vector<std::string>& accepted, RsaWay way) {
  const std::string_view type = key_algorithm(blob);
  if (libssh2_can_use(type)) return std::string(blob);
  if (type != "ssh-rsa") return std::nullopt;
  const std::optional<std::string_view> algorithm = rsa_algorithm(accepted);
  if (!algorithm) return std::nullopt;
  switch (way) {
    case RsaWay::by_libssh2: return std::string(blob);
    case RsaWay::by_renamed_blob: return WireWriter().string(*algorithm).raw(blob.substr(4 + type.size())).blob();
    case RsaWay::only_ssh: break;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> flags_for(std::string_view algorithm) {
  for (const auto& [name, flags] : rsa_signatures) {
    if (name == algorithm) return flags;
  }
  if (libssh2_can_use(algorithm)) return 0;
  return std::nullopt;
}

std::string_view algorithm_to_sign_with(std::string_view data) {
  WireReader reader(data);
  constexpr std::uint8_t userauth_request = 50;
  // The session, the message's number, user, service, method, whether a signature follows.
  const bool begins = reader.string() && reader.byte() == userauth_request && reader.string() && reader.string();
  if (!begins || reader.string() != "publickey" || reader.byte() != 1) return {};
  return reader.string().value_or(std::string_view());
}

AgentLogin log_in_with(Transport& transport, const std::string& user, Agent& agent, const AgentKey& key,
                       const std::string& shown_blob, bool interactive) {
  Signer signer{transport, agent, key, interactive, AgentLogin::refused, nullptr};
  void* self = &signer;
  const int code = transport.call([&] {
    return libssh2_userauth_publickey(transport.session(), user.c_str(),
                                      reinterpret_cast<const unsigned char*>(shown_blob.data()), shown_blob.size(),
                                      &sign_for_libssh2, &self);
  });
  if (signer.thrown) std::rethrow_exception(signer.thrown);
  if (code == 0) return AgentLogin::accepted;
  return code == LIBSSH2_ERROR_METHOD_NONE ? AgentLogin::only_ssh : signer.result;
}

}  // namespace syncmanager::ssh
