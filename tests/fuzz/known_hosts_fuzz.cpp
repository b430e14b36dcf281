// The reader of known host keys, and what is asked of its result.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "ssh/known_hosts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace syncmanager::ssh;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<KnownHost> known = parse_known_hosts(text, "file");
  for (const KnownHost& line : known) {
    const HostKeyCheck check = check_host_key(known, "server.example.org", 22, line.algorithm, line.key);
    // Whoever is refused is told the line that did it.
    if (check.verdict == HostKeyVerdict::revoked && check.line == 0) std::abort();
    static_cast<void>(fingerprint(line.key));
  }
  static_cast<void>(known_algorithms(known, "server.example.org", 2222));
  static_cast<void>(has_cert_authority(known, "server.example.org", 22));
  return 0;
}
