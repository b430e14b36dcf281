#include "hooks/hook_text.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/escape.hpp"
#include "base/text.hpp"
#include "hooks/hook_texts.hpp"

namespace syncmanager::hooks {

namespace {

constexpr std::string_view begin_mark = "# >>> sync-hooks >>>";
constexpr std::string_view end_mark = "# <<< sync-hooks <<<";
constexpr std::string_view program_mark = "@ENQUEUE@";

std::string_view template_of(queue::Event event) {
  switch (event) {
    case queue::Event::commit: return post_commit_text;
    case queue::Event::merge: return post_merge_text;
    case queue::Event::rewrite: return post_rewrite_text;
    case queue::Event::checkout: return post_checkout_text;
  }
  return {};
}

std::string filled(std::string_view text, const std::filesystem::path& enqueue) {
  std::string result(text);
  const std::string quoted = shell_quote(enqueue.string());
  for (std::size_t at = 0; (at = result.find(program_mark, at)) != std::string::npos; at += quoted.size()) {
    result.replace(at, program_mark.size(), quoted);
  }
  return result;
}

/// Where the block is in a text, with its line feed if it has one.
struct Block {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::optional<Block> find_block(std::string_view text) {
  const std::size_t begin = text.find(begin_mark);
  if (begin == std::string_view::npos || (begin > 0 && text[begin - 1] != '\n')) return std::nullopt;
  const std::size_t mark = text.find(end_mark, begin);
  if (mark == std::string_view::npos) return std::nullopt;
  const std::size_t end = mark + end_mark.size();
  if (end < text.size() && text[end] != '\n') return std::nullopt;
  return Block{begin, std::min(end + 1, text.size())};
}

std::string block_of(queue::Event event, const std::filesystem::path& enqueue) {
  const std::string script = hook_script(event, enqueue);
  const auto block = find_block(script);
  return script.substr(block->begin, block->end - block->begin);
}

bool is_shell(std::string_view first_line) {
  constexpr std::array<std::string_view, 7> shells = {"sh", "bash", "dash", "ash", "ksh", "mksh", "zsh"};
  std::vector<std::string> words = split(first_line.substr(2), " \t");
  const auto name = [&](std::size_t at) { return std::filesystem::path(words[at]).filename().string(); };
  std::size_t at = 0;
  if (!words.empty() && (name(0) == "env" || name(0) == "busybox")) ++at;
  while (at < words.size() && (words[at].starts_with('-') || words[at].find('=') != std::string::npos)) ++at;
  return at < words.size() && std::ranges::find(shells, name(at)) != shells.end();
}

std::string_view first_line_of(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

/// Our script without its block, which is all in it that depends on a path.
bool is_frame_of_ours(std::string_view frame, std::string_view tail) {
  return std::ranges::any_of(queue::all_events, [&](queue::Event event) {
    return frame == without_block(template_of(event)) + std::string(tail);
  });
}

}  // namespace

std::string hook_name(queue::Event event) {
  return "post-" + std::string(to_string(event));
}

std::string hook_script(queue::Event event, const std::filesystem::path& enqueue) {
  return filled(template_of(event), enqueue);
}

std::string wrapping_script(queue::Event event, const std::filesystem::path& enqueue) {
  return hook_script(event, enqueue) + std::string(wrapped_text);
}

HookKind kind_of(std::string_view text) {
  if (find_block(text)) {
    const std::string frame = without_block(text);
    if (is_frame_of_ours(frame, {})) return HookKind::ours;
    if (is_frame_of_ours(frame, wrapped_text)) return HookKind::wrapping;
    return HookKind::joined;
  }
  if (text.find('\0') != std::string_view::npos) return HookKind::other;
  // git gives a script without a first line of this kind to sh.
  if (!text.starts_with("#!")) return HookKind::shell;
  return is_shell(first_line_of(text)) ? HookKind::shell : HookKind::other;
}

std::string with_block(std::string_view text, queue::Event event, const std::filesystem::path& enqueue) {
  std::string result = without_block(text);
  const std::string block = block_of(event, enqueue);
  if (!result.starts_with("#!")) return block + result;
  const std::size_t feed = result.find('\n');
  // A line feed that the first line lacks goes again with the block, which lacks it then.
  if (feed == std::string::npos) return result + '\n' + block.substr(0, block.size() - 1);
  return result.insert(feed + 1, block);
}

std::string without_block(std::string_view text) {
  std::string result(text);
  while (const auto block = find_block(result)) {  // somebody may have copied it
    const bool own_feed = result[block->end - 1] != '\n' && block->begin > 0;
    const std::size_t begin = block->begin - (own_feed ? 1 : 0);
    result.erase(begin, block->end - begin);
  }
  return result;
}

}  // namespace syncmanager::hooks
