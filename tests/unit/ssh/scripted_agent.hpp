// An agent that answers what a test has written down: one that is broken, hostile, or hangs.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/file.hpp"

namespace syncmanager::test {

class ScriptedAgent {
 public:
  enum class Then { ends, hangs };

  /// Listens at `path`. Each client gets the answers, one for each question, byte by byte as they stand here; after
  /// them the connection ends, or hangs until the client leaves.
  ScriptedAgent(std::filesystem::path path, std::vector<std::string> answers, Then then);
  ~ScriptedAgent();
  ScriptedAgent(const ScriptedAgent&) = delete;
  ScriptedAgent& operator=(const ScriptedAgent&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  void serve_all() const;
  void serve(const Fd& client) const;

  std::filesystem::path path_;
  std::vector<std::string> answers_;
  Then then_;
  Fd listening_;
  std::thread thread_;
};

/// The message with its length in front, as an agent sends it.
std::string framed(std::string_view message);

}  // namespace syncmanager::test
