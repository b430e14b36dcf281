#include "git/push_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/git_failure.hpp"
#include "git/git_talk.hpp"
#include "git/push_report.hpp"

namespace syncmanager::git {

namespace {

constexpr const char* unconfirmed = "the server did not say what became of it";

std::string lease(const PushedRef& ref) {
  return "--force-with-lease=" + ref.name + ":" + (ref.from ? ref.from->hex() : "");
}

std::string refspec(const PushedRef& ref) {
  return ref.to ? "+" + ref.to->hex() + ":" + ref.name : ":" + ref.name;
}

PushResult read_line(char flag, std::string_view summary) {
  if (flag != '!') return {.pushed = Pushed::yes, .message = {}};
  const bool stale =
      summary.find("(stale info)") != std::string_view::npos || summary.find("(fetch first)") != std::string_view::npos;
  if (stale) return {.pushed = Pushed::stale, .message = {}};
  if (summary.starts_with("[remote failure]")) return {.pushed = Pushed::untold, .message = unconfirmed};
  const auto open = summary.find('(');
  const auto close = summary.rfind(')');
  const bool reasoned = open != std::string_view::npos && close != std::string_view::npos && open < close;
  return {.pushed = Pushed::rejected,
          .message = std::string(reasoned ? summary.substr(open + 1, close - open - 1) : summary)};
}

/// git push --porcelain --no-follow-tags --recurse-submodules=no --progress LEASES -- URL REFSPECS
std::vector<std::string> push_arguments(const GitWay& way, std::span<const PushedRef> refs) {
  std::vector<std::string> arguments = {"push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no",
                                        "--progress"};
  for (const PushedRef& ref : refs) arguments.push_back(lease(ref));
  arguments.insert(arguments.end(), {"--", way.url});
  for (const PushedRef& ref : refs) arguments.push_back(refspec(ref));
  return arguments;
}

/// How many of the first `refs` fit into so many bytes of a command line; at least one.
std::size_t fitting(std::span<const PushedRef> refs, std::size_t room) {
  std::size_t count = 0;
  for (std::size_t size = 0; count < refs.size(); ++count) {
    size += size_of_arguments(std::array{lease(refs[count]), refspec(refs[count])});
    if (size > room && count > 0) break;
  }
  return count;
}

/// Whether the hook has stopped the push: git dies of what the way to the server tells it; here it only fails, and says
/// nothing of any ref.
bool is_held_back(const Finished& pushed, const Repository& repository) {
  const auto lines = lines_of(pushed.out);
  const auto tells_of_a_ref = [](std::string_view line) { return line.size() > 1 && line[1] == '\t'; };
  return pushed.status == 1 && has_pre_push_hook(repository) && std::ranges::none_of(lines, tells_of_a_ref);
}

/// What the hook says, which may be anything.
std::string words_of_hook(const Finished& pushed) {
  std::string words;
  for (const std::string_view line : lines_of(pushed.err)) {
    if (!line.starts_with("error: failed to push some refs")) words.append(trim(line)) += '\n';
  }
  return trim(words).empty() ? "it does not say why" : std::string(trim(words));
}

/// `errors` without what it says of refs that another push was quicker to move, which are stale in `results` then.
std::string without_lost_races(std::string_view errors, std::span<const PushedRef> refs,
                               std::vector<PushResult>& results) {
  std::string others;
  for (const std::string_view line : lines_of(errors)) {
    const auto lost =
        std::ranges::find_if(refs, [&](const PushedRef& ref) { return tells_of_a_lost_race(line, ref.name); });
    if (lost == refs.end()) {
      others.append(line) += '\n';
      continue;
    }
    PushResult& result = results[static_cast<std::size_t>(lost - refs.begin())];
    if (result.pushed == Pushed::rejected) result = {.pushed = Pushed::stale, .message = {}};
  }
  return others;
}

/// The pushes that one call needs.
class GitPushes {
 public:
  GitPushes(const GitWay& way, const Repository& repository, const OnTransfer& on_transfer, std::string& server_words)
      : way_(way), repository_(repository), on_transfer_(on_transfer), server_words_(server_words) {}

  /// In one push, or in two halves where the hook stops it, and so on down to single refs: it may mean only some. One
  /// that stops one push after another means them all.
  void push(std::span<const PushedRef> refs) {
    constexpr int most_in_vain = 32;
    const bool is_vain = in_vain_ >= most_in_vain;
    std::vector<PushResult> results = is_vain ? all_held_back(refs) : push_once(refs);
    if (is_vain || refs.size() == 1 || results.front().pushed != Pushed::held_back) {
      results_.insert(results_.end(), results.begin(), results.end());
    } else {
      push(refs.first(refs.size() / 2));
      push(refs.subspan(refs.size() / 2));
    }
  }

  /// Of the first refs, as far as it got.
  [[nodiscard]] std::vector<PushResult>& results() { return results_; }

 private:
  [[nodiscard]] std::vector<PushResult> all_held_back(std::span<const PushedRef> refs) const {
    return std::vector<PushResult>(refs.size(), {.pushed = Pushed::held_back, .message = words_of_hook_});
  }

  std::vector<PushResult> push_once(std::span<const PushedRef> refs) {
    const Patience patience = patience_with(way_.silence, has_pre_push_hook(repository_));
    TransferReader reader(on_transfer_, patience);
    const Talk talk{.input = {}, .silence = patience.at_first, .on_errors = [&](std::string_view piece) {
                      return reader.feed(piece);
                    }};
    const Finished pushed = run_git_to(way_, repository_.folder(), push_arguments(way_, refs), talk);
    std::vector<PushResult> results = parse_push_porcelain(pushed.out, refs);
    server_words_ += words_of_server(without_lost_races(pushed.err, refs, results));
    const auto untold = [](const PushResult& result) { return result.pushed == Pushed::untold; };
    if (pushed.ok() || !std::ranges::all_of(results, untold)) {
      in_vain_ = 0;
      return results;
    }
    if (!is_held_back(pushed, repository_)) throw git_failure("push to " + way_.url, pushed.err);
    ++in_vain_;
    words_of_hook_ = words_of_hook(pushed);
    return all_held_back(refs);
  }

  const GitWay& way_;
  const Repository& repository_;
  const OnTransfer& on_transfer_;
  std::string& server_words_;
  std::vector<PushResult> results_;
  std::string words_of_hook_;
  int in_vain_ = 0;  ///< pushes, one after the other, that the hook has stopped
};

}  // namespace

std::vector<PushResult> parse_push_porcelain(std::string_view output, std::span<const PushedRef> refs) {
  std::map<std::string, PushResult, std::less<>> by_name;
  for (const std::string_view line : lines_of(output)) {
    if (line.size() < 3 || line[1] != '\t') continue;
    const auto tab = line.find('\t', 2);
    const std::string_view pair = line.substr(2, tab == std::string_view::npos ? tab : tab - 2);
    const auto colon = pair.rfind(':');
    if (tab == std::string_view::npos || colon == std::string_view::npos) continue;
    by_name.emplace(pair.substr(colon + 1), read_line(line[0], line.substr(tab + 1)));
  }
  std::vector<PushResult> results;
  for (const PushedRef& ref : refs) {
    const auto found = by_name.find(ref.name);
    results.push_back(found != by_name.end() ? found->second : PushResult{Pushed::untold, unconfirmed});
  }
  return results;
}

bool has_pre_push_hook(const Repository& repository) {
  namespace fs = std::filesystem;
  fs::path hooks = repository.git_folder() / "hooks";
  const auto configuration = make<git_config>("read configuration", git_repository_config, repository.get());
  git_buf path{};
  if (git_config_get_path(&path, configuration.get(), "core.hooksPath") == 0) {
    const fs::path base = repository.work_folder().empty() ? repository.git_folder() : repository.work_folder();
    hooks = base / path.ptr;
  }
  git_buf_dispose(&path);
  return access((hooks / "pre-push").c_str(), X_OK) == 0;
}

std::vector<PushResult> push_with_git(const GitWay& way, const Repository& repository, std::span<const PushedRef> refs,
                                      const OnTransfer& on_transfer, std::string& server_words) {
  const std::size_t room = room_beside(way, repository.folder(), push_arguments(way, {}));
  GitPushes pushes(way, repository, on_transfer, server_words);
  std::vector<PushResult>& results = pushes.results();
  while (results.size() < refs.size()) {
    const auto left = refs.subspan(results.size());
    try {
      pushes.push(left.first(fitting(left, room)));
    } catch (const Error& error) {
      // What was pushed before must be told, and so the failure is what became of the rest.
      if (results.empty()) throw;
      results.resize(refs.size(), {.pushed = Pushed::untold, .message = error.what()});
    }
  }
  return results;
}

}  // namespace syncmanager::git
