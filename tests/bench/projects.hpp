// Many small projects on the server, and a computer with clones of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/lab.hpp"

namespace syncmanager::test {

class Projects {
 public:
  /// Makes PREFIX-0, PREFIX-1… on the server and clones them into the home of a computer PREFIX. Throws where that
  /// fails.
  Projects(const Lab& lab, const std::string& prefix, int count, int branches);

  [[nodiscard]] const Computer& computer() const { return computer_; }
  /// The clones here, and the repositories on the server.
  [[nodiscard]] const std::vector<std::filesystem::path>& clones() const { return clones_; }
  [[nodiscard]] const std::vector<std::filesystem::path>& repositories() const { return repositories_; }
  /// A conf file, not among those that are read without being named, of the first `count` of them.
  [[nodiscard]] std::filesystem::path conf(std::size_t count) const;

 private:
  Computer computer_;
  std::vector<std::string> sections_;
  std::vector<std::filesystem::path> clones_;
  std::vector<std::filesystem::path> repositories_;
};

}  // namespace syncmanager::test
