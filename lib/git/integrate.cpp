#include "git/integrate.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "git/git_command.hpp"
#include "git/oid.hpp"
#include "git/scratch.hpp"
#include "git/settings_copy.hpp"

namespace syncmanager::git {

namespace {

namespace fs = std::filesystem;

// A merge of a large tree says nothing while it looks for renames.
constexpr std::chrono::hours longest_step(1);

/// What git has said, for a person: git tells of failures on either stream.
std::string words_of(const Finished& git) {
  const std::string_view errors = trim(git.err);
  return std::string(errors.empty() ? trim(git.out) : errors);
}

Integrated failed(std::string message) {
  return {.commit = std::nullopt, .conflicts = {}, .message = std::move(message)};
}

/// The pieces that a command has ended with a NUL each.
std::vector<std::string> pieces(std::string_view text) {
  return split(text, std::string_view("\0", 1));
}

/// Makes the folder that it needs. Nothing here has to outlive the run.
void write_file(const fs::path& path, std::string_view text) {
  std::error_code ignored;  // writing fails then
  fs::create_directories(path.parent_path(), ignored);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  if (file.flush()) return;
  throw Error(ErrorKind::failed, "write " + path.string() + ": " + std::generic_category().message(errno));
}

/// As the one repository has it; nothing where it has none.
void copy_as_it_is(const fs::path& from, const fs::path& to) {
  if (const auto text = read_file(from)) write_file(to, *text);
}

LocalRefs only(const std::string& branch, const Oid& tip) {
  LocalRefs refs;
  refs.branches.emplace(branch, tip);
  return refs;
}

/// The environment of a child that works in the scratch repository: its configuration file holds all that counts.
std::vector<std::string> scratch_environment(const Environment& environment, const fs::path& folder) {
  constexpr std::array<std::string_view, 5> ours = {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_EDITOR",
                                                    "GIT_SEQUENCE_EDITOR", "GIT_MERGE_AUTOEDIT"};
  std::vector<std::string> variables = child_environment(environment);
  std::erase_if(variables, [&](std::string_view variable) {
    return std::ranges::find(ours, variable.substr(0, variable.find('='))) != ours.end();
  });
  variables.insert(variables.end(),
                   {"GIT_DIR=" + folder.string(), "GIT_WORK_TREE=" + (folder / "tree").string(),
                    "GIT_CONFIG_GLOBAL=/dev/null",  // git 2.32; an older one reads the user's once more
                    "GIT_CONFIG_NOSYSTEM=1", "GIT_EDITOR=:", "GIT_SEQUENCE_EDITOR=:", "GIT_MERGE_AUTOEDIT=no"});
  return variables;
}

/// A repository with the branch checked out, but no file in its working tree except what git looks up attributes in.
class Bench {
 public:
  Bench(const Divergence& diverged, const std::vector<Setting>& settings)
      : diverged_(diverged),
        scratch_(diverged.repository, only(diverged.branch, diverged.ours),
                 diverged.environment.state_folder() / "scratch"),
        environment_(scratch_environment(diverged.environment, scratch_.folder())) {
    set_up(settings);
    copy_history();
  }

  /// Runs `git ARGUMENTS…` in the scratch repository.
  [[nodiscard]] Finished git(std::vector<std::string> arguments, std::string_view input = {}) const {
    Command command;
    command.argv = {"git", "-C", (scratch_.folder() / "tree").string()};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.environment = environment_;
    command.interrupt = diverged_.interrupt;
    return run(command, input, longest_step);
  }

  /// What a merge or rebase has come to, which is brought into the repository where it is clean.
  [[nodiscard]] Integrated result_of(const Finished& joined) {
    if (!joined.ok()) {
      auto conflicts = unmerged();
      return conflicts.empty() ? failed(words_of(joined)) : Integrated{std::nullopt, std::move(conflicts), {}};
    }
    const Oid joined_tip = read_tip();
    if (diverged_.repository.has(joined_tip)) return Integrated{joined_tip, {}, {}};
    if (diverged_.wanted && !diverged_.wanted(joined_tip, scratch_.folder() / "objects")) return Integrated{};
    return bring(joined_tip);
  }

 private:
  void set_up(const std::vector<Setting>& settings) const {
    const fs::path& folder = scratch_.folder();
    // A format of 1 is what makes git heed extensions.
    write_file(folder / "config", settings_file(settings) +
                                      "[core]\n\trepositoryformatversion = 1\n\tbare = false\n\tsparseCheckout = true\n"
                                      "[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n");
    write_file(folder / "info" / "sparse-checkout", ".gitattributes\n");
    write_file(folder / "HEAD", "ref: " + std::string(heads_prefix) + diverged_.branch + "\n");
    // As git-fetch leaves it, so that git-merge words its message as git-pull has it done.
    write_file(folder / "FETCH_HEAD", diverged_.theirs.hex() + "\t\tbranch '" + diverged_.branch + "' of " +
                                          url_in_message(diverged_.url) + "\n");
    std::error_code ignored;  // without the first no git starts; without the other it has conflicts
    fs::create_directory(folder / "tree", ignored);
    // git looks into submodules, where it finds them, which of two of their commits contains the other.
    const fs::path modules = fs::path(git_repository_path(diverged_.here.get())) / "modules";
    fs::create_directory_symlink(modules, folder / "modules", ignored);
  }

  /// What is known of the history and of paths, but stands neither in objects nor in settings.
  void copy_history() {
    const fs::path from = diverged_.here.git_folder();
    copy_as_it_is(from / "info" / "attributes", scratch_.folder() / "info" / "attributes");
    copy_as_it_is(from / "shallow", scratch_.folder() / "shallow");
    copy_as_it_is(diverged_.repository.git_folder() / "shallow", scratch_.folder() / "shallow");  // of a dry run
    const auto replacements = make<git_reference_iterator>("read refs/replace", git_reference_iterator_glob_new,
                                                           diverged_.here.get(), "refs/replace/*");
    git_reference* next = nullptr;
    while (git_reference_next(&next, replacements.get()) == 0) {
      const Handle<git_reference> replacement(next);
      if (const git_oid* target = git_reference_target(next)) {
        write_file(scratch_.folder() / git_reference_name(next), from_git(*target).hex() + "\n");
      }
    }
  }

  [[nodiscard]] Oid read_tip() {
    git_oid tip{};
    const std::string name = heads_prefix + diverged_.branch;
    check(git_reference_name_to_id(&tip, scratch_.repository().get(), name.c_str()), "read the joined " + name);
    return from_git(tip);
  }

  /// git ls-files -z --unmerged: `100644 8f0c… 2<tab>notes.txt`, once for each side that has the file
  [[nodiscard]] std::vector<std::string> unmerged() const {
    std::vector<std::string> paths;
    for (const std::string& entry : pieces(git({"ls-files", "-z", "--unmerged"}).out)) {
      std::string path = entry.substr(entry.find('\t') + 1);
      if (paths.empty() || paths.back() != path) paths.push_back(std::move(path));
    }
    return paths;
  }

  /// As one pack, which git writes through to the disk and shows only when it is whole.
  ///   git pack-objects --revs --local --stdout … with the tip, and ^TIP for what both sides have, on its input
  ///   git -C FOLDER -c core.fsync=… index-pack --stdin
  [[nodiscard]] Integrated bring(const Oid& tip) const {
    const Finished pack = git({"pack-objects", "--revs", "--local", "--exclude-promisor-objects", "--delta-base-offset",
                               "--quiet", "--stdout"},
                              tip.hex() + "\n^" + diverged_.ours.hex() + "\n^" + diverged_.theirs.hex() + "\n");
    if (!pack.ok()) return failed(words_of(pack));
    Command command;
    command.argv = {"git",        "-C",     diverged_.repository.folder().string(), "-c", through_to_disk,
                    "index-pack", "--stdin"};
    command.environment = child_environment(diverged_.environment);
    command.interrupt = diverged_.interrupt;
    const Finished indexed = run(command, pack.out, longest_step);
    return indexed.ok() ? Integrated{tip, {}, {}} : failed(words_of(indexed));
  }

  const Divergence& diverged_;
  Scratch scratch_;
  std::vector<std::string> environment_;
};

/// Why there is nothing to rebase safely; empty: there is.
std::string objection_to_rebase(const Bench& bench, const Divergence& diverged) {
  const std::string ours = diverged.ours.hex();
  const std::string theirs = diverged.theirs.hex();
  const Finished base = bench.git({"merge-base", ours, theirs});
  if (!base.ok()) return base.err.empty() ? "refusing to rebase unrelated histories" : words_of(base);
  const Finished merges = bench.git({"rev-list", "--max-count=1", "--merges", ours, "^" + theirs});
  if (!merges.ok() || merges.out.empty()) return words_of(merges);
  const Finished worked_on =  // git 2.35; an older one refuses
      bench.git({"log", "-z", "--remerge-diff", "--merges", "--format=", "--name-only", "--ignore-submodules=none",
                 ours, "^" + theirs});
  if (!worked_on.ok()) return words_of(worked_on);
  const auto files = pieces(worked_on.out);
  return files.empty()
             ? ""
             : "refusing to rebase a merge that has changes of its own, which would be lost: " + files.front();
}

/// Runs `join` on a bench, unless something in the user's settings stands against it.
///   git config --list -z
template <class Join>
Integrated on_bench(const Divergence& diverged, const Join& join) {
  const Finished listing = run_git(diverged.environment, diverged.here.folder(), {"config", "--list", "-z"});
  if (!listing.ok()) return failed(words_of(listing));
  const auto settings = parse_settings(listing.out);
  if (is_on(settings, "commit.gpgsign")) {
    return failed("commits are to be signed (commit.gpgSign), for which nobody may be there to be asked");
  }
  Bench bench(diverged, settings);
  const Finished filled = bench.git({"read-tree", "-m", "-u", "HEAD"});
  return filled.ok() ? join(bench) : failed(words_of(filled));
}

}  // namespace

Integrated merge(const Divergence& diverged) {
  return on_bench(diverged, [](Bench& bench) {
    return bench.result_of(bench.git({"merge", "--no-edit", "--no-stat", "--no-progress", "FETCH_HEAD"}));
  });
}

Integrated rebase(const Divergence& diverged) {
  return on_bench(diverged, [&](Bench& bench) {
    std::string objection = objection_to_rebase(bench, diverged);
    if (!objection.empty()) return failed(std::move(objection));
    return bench.result_of(bench.git(
        {"rebase", "--quiet", "--merge", "--no-fork-point", "--empty=drop", "--rebase-merges", diverged.theirs.hex()}));
  });
}

std::string url_in_message(std::string_view url) {
  constexpr auto npos = std::string_view::npos;
  const auto scheme = url.find("://");
  const auto host = scheme == npos ? 0 : scheme + 3;
  const auto server = url.substr(host, url.find('/', host) - host);
  const auto at = server.rfind('@');
  std::string text(url);
  // Without a scheme it is user@host:path, or a path.
  if (at != npos && (scheme != npos || server.find(':', at) != npos)) text.erase(host, at + 1);
  while (text.ends_with('/')) text.pop_back();
  if (text.size() > 5 && text.ends_with(".git")) text.erase(text.size() - 4);  // git's own number
  return text;
}

}  // namespace syncmanager::git
