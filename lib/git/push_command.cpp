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
  std::vector<std::string> arguments = {"push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no", "--progress"};
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

/// Why nothing was pushed. git dies of what the way to the server tells it; where a pre-push hook stops it, it only
/// fails, and what stands there are the words of the hook, which may say anything.
Error failure_of(const GitWay& way, const Finished& pushed) {
  if (pushed.status != 1) return git_failure("push to " + way.url, pushed.err);
  std::string words;
  for (const std::string_view line : lines_of(pushed.err)) {
    if (!line.starts_with("error: failed to push some refs")) words.append(trim(line)) += '\n';
  }
  const std::string_view told = trim(words).empty() ? "it does not say why" : trim(words);
  return {ErrorKind::failed, fmt::format("push to {}: the pre-push hook refuses it: {}", way.url, told)};
}

std::vector<PushResult> push_portion(const GitWay& way, const Repository& repository, std::span<const PushedRef> refs,
                                     const OnTransfer& on_transfer, std::string& server_words) {
  const Patience patience = patience_with(way.silence, has_pre_push_hook(repository));
  TransferReader reader(on_transfer, patience);
  const Talk talk{.input = {}, .silence = patience.at_first, .on_errors = [&](std::string_view piece) {
                    return reader.feed(piece);
                  }};
  const Finished pushed = run_git_to(way, repository.folder(), push_arguments(way, refs), talk);
  server_words += words_of_server(pushed.err);
  std::vector<PushResult> results = parse_push_porcelain(pushed.out, refs);
  const auto untold = [](const PushResult& result) { return result.pushed == Pushed::untold; };
  if (!pushed.ok() && std::ranges::all_of(results, untold)) throw failure_of(way, pushed);
  return results;
}

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
  std::vector<PushResult> results;
  while (results.size() < refs.size()) {
    const auto left = refs.subspan(results.size());
    const auto portion = left.first(fitting(left, room));
    try {
      const std::vector<PushResult> more = push_portion(way, repository, portion, on_transfer, server_words);
      results.insert(results.end(), more.begin(), more.end());
    } catch (const Error& error) {
      // What was pushed before must be told, and so the failure is what became of the rest.
      if (results.empty()) throw;
      results.resize(refs.size(), {.pushed = Pushed::untold, .message = error.what()});
    }
  }
  return results;
}

}  // namespace syncmanager::git
