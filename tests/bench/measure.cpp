#include "bench/measure.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <fmt/format.h>

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace syncmanager::test {

namespace {

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& string : strings) result.push_back(string.data());
  result.push_back(nullptr);
  return result;
}

/// The end of what a program has printed: the reason is there.
std::string last_words(const std::filesystem::path& output) {
  constexpr std::size_t most = 2000;
  std::string text = content_of(output);
  return text.size() <= most ? text : "…" + text.substr(text.size() - most);
}

/// Runs it to its end, its output in a file; how long that took. Throws where it fails.
double seconds_of(std::vector<std::string> argv, std::vector<std::string> environment,
                  const std::filesystem::path& output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);

  const auto begin = std::chrono::steady_clock::now();
  pid_t pid = -1;
  const int error =
      posix_spawnp(&pid, argv.front().c_str(), &actions, nullptr, pointers(argv).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (error == 0) waitpid(pid, &status, 0);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  if (error != 0) throw std::runtime_error(fmt::format("{}: {}", argv.front(), std::strerror(error)));
  if (status == 0) return elapsed.count();
  const std::string how = WIFSIGNALED(status) ? fmt::format("ended by signal {}", WTERMSIG(status))
                                              : fmt::format("exit status {}", WEXITSTATUS(status));
  throw std::runtime_error(fmt::format("{}\n{}", how, last_words(output)));
}

double run_once(const Contestant& contestant, const std::vector<std::string>& argv,
                const std::filesystem::path& folder) {
  if (contestant.prepare) contestant.prepare();
  const double seconds = seconds_of(argv, contestant.environment, folder / "output");
  if (contestant.check) contestant.check();
  return (seconds - contestant.waits) * contestant.scale;
}

/// The kernel counts into a program's largest size what its parent had before the exec. `time` is small enough not to
/// matter, but takes a moment of its own: hence not in the runs that are timed.
long peak_kib_of(const Contestant& contestant, const std::filesystem::path& folder) {
  const std::filesystem::path peak = folder / "peak";
  // time --quiet --format %M --output FOLDER/peak sync-pull
  std::vector<std::string> argv{"time", "--quiet", "--format", "%M", "--output", peak};
  argv.insert(argv.end(), contestant.argv.begin(), contestant.argv.end());
  run_once(contestant, argv, folder);
  return std::stol(content_of(peak));
}

/// What goes wrong becomes the row's.
void attempt(Row& row, const std::function<void()>& act) {
  try {
    act();
  } catch (const std::exception& error) {
    row.error = error.what();
  }
}

}  // namespace

std::vector<Row> measure(const std::vector<Contestant>& contestants, int rounds) {
  const TemporaryFolder folder;
  std::vector<Row> rows;
  for (const Contestant& contestant : contestants) {
    Row& row = rows.emplace_back(Row{contestant.name, {}, contestant.scale, 0, {}, contestant.goals});
    attempt(row, [&] { row.peak_kib = peak_kib_of(contestant, folder.path()); });
  }
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t index = 0; index < contestants.size(); ++index) {
      const Contestant& contestant = contestants[index];
      Row& row = rows[index];
      if (!row.error.empty() || (contestant.rounds > 0 && round >= contestant.rounds)) continue;
      attempt(row, [&] { row.seconds.push_back(run_once(contestant, contestant.argv, folder.path())); });
    }
  }
  return rows;
}

}  // namespace syncmanager::test
