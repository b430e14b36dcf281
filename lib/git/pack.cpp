#include "git/pack.hpp"

#include <chrono>
#include <optional>

#include "base/process.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"
#include "git/git_talk.hpp"
#include "git/small_pack.hpp"

namespace syncmanager::git {

namespace {

// git tells how far it is every second; only a disk that does not answer keeps it silent.
constexpr std::chrono::minutes longest_silence(10);

std::string revisions(const Repository& repository, const std::vector<Oid>& wanted, const std::vector<Oid>& there) {
  std::string text;
  for (const Oid& tip : wanted) text += tip.hex() + '\n';
  for (const Oid& tip : there) {
    if (repository.has(tip)) text += '^' + tip.hex() + '\n';
  }
  return text;
}

/// Whether it is small, and so has been made without git.
bool make_small_pack(const Repository& repository, const std::vector<Oid>& wanted, const std::vector<Oid>& there,
                     const std::function<void(std::string_view)>& write, const OnTransfer& on_transfer) {
  const std::optional<SmallPack> pack = small_pack(repository, wanted, there);
  if (!pack) return false;
  write(pack->bytes);
  if (!on_transfer) return true;
  Transfer transfer;
  transfer.sending = true;
  transfer.objects = transfer.total_objects = pack->objects;
  transfer.bytes = pack->bytes.size();
  on_transfer(transfer);
  return true;
}

}  // namespace

void make_pack(const Environment& environment, const Repository& repository, const std::vector<Oid>& wanted,
               const std::vector<Oid>& there, const PackOptions& options,
               const std::function<void(std::string_view)>& write, const OnTransfer& on_transfer,
               const Interrupt* interrupt) {
  if (make_small_pack(repository, wanted, there, write, on_transfer)) return;
  Command command;
  command.argv = {
      "git",      "-C",        repository.folder().string(), "pack-objects", "--all-progress-implied", "--revs",
      "--stdout", "--progress"};
  if (options.thin) command.argv.emplace_back("--thin");
  if (options.offsets) command.argv.emplace_back("--delta-base-offset");
  command.environment = child_environment(environment);
  command.interrupt = interrupt;
  TransferReader reader(on_transfer, {longest_silence, longest_silence, longest_silence});
  const Finished git = run(
      command, revisions(repository, wanted, there), longest_silence,
      [&](std::string_view piece) { return reader.feed(piece); }, write);
  if (!git.ok()) {
    throw Error(ErrorKind::failed,
                "git pack-objects in " + repository.folder().string() + ": " + std::string(trim(git.err)));
  }
}

}  // namespace syncmanager::git
