#include "git/push_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/git_failure.hpp"
#include "git/git_talk.hpp"

namespace syncmanager::git {

namespace {

constexpr const char* unconfirmed = "the server did not say what became of it";

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

}  // namespace

std::vector<PushResult> parse_push_porcelain(std::string_view output, const std::vector<PushedRef>& refs) {
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

std::vector<PushResult> push_with_git(const GitWay& way, const std::filesystem::path& folder,
                                      const std::vector<PushedRef>& refs, const OnTransfer& on_transfer,
                                      std::string& server_words) {
  std::vector<std::string> arguments = {"push", "--porcelain", "--no-follow-tags", "--progress"};
  for (const PushedRef& ref : refs) {
    arguments.push_back("--force-with-lease=" + ref.name + ":" + (ref.from ? ref.from->hex() : ""));
  }
  arguments.insert(arguments.end(), {"--", way.url});
  for (const PushedRef& ref : refs) arguments.push_back("+" + ref.to.hex() + ":" + ref.name);
  TransferReader reader(on_transfer);
  const Talk talk{.input = {}, .on_errors = [&](std::string_view piece) { reader.feed(piece); }};
  const Finished pushed = run_git_to(way, folder, arguments, talk);
  server_words += words_of_server(pushed.err);
  std::vector<PushResult> results = parse_push_porcelain(pushed.out, refs);
  const auto silent = [](const PushResult& result) { return result.pushed == Pushed::untold; };
  if (!pushed.ok() && std::ranges::all_of(results, silent)) throw git_failure("push to " + way.url, pushed.err);
  return results;
}

}  // namespace syncmanager::git
