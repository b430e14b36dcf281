#include "git/push_report.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"

namespace syncmanager::git {

namespace {

constexpr std::size_t longest_report = std::size_t{256} * 1024 * 1024;
constexpr std::size_t most_words = std::size_t{64} * 1024;

[[noreturn]] void refuse_report(std::string_view what) {
  throw Error(ErrorKind::failed, "the server's answer to the push has an unexpected part: '" + excerpt(what) + "'");
}

void add_some(std::string& words, std::string_view more) {
  if (words.size() < most_words) words.append(more.substr(0, most_words));
}

}  // namespace

void PushReport::feed(std::string_view piece) {
  bytes_ += piece.size();
  if (bytes_ > longest_report) throw Error(ErrorKind::failed, "the server's answer to the push has no end");
  outer_.feed(piece);
  take_packets(outer_, !bands_);
}

void PushReport::take_packets(PacketReader& reader, bool inner) {
  while (!over_) {
    const auto packet = reader.next();
    if (!packet) return;
    switch (packet->kind) {
      case Packet::Kind::data: inner ? take_line(trim(packet->data)) : take_band(packet->data); break;
      // Behind the report come the words of the hooks that run after it.
      case Packet::Kind::flush: over_ = !inner; break;
      case Packet::Kind::bad: refuse_report(packet->data);
    }
  }
}

void PushReport::take_band(std::string_view data) {
  if (data.empty()) return;  // the server is still there
  const std::string_view content = data.substr(1);
  switch (data.front()) {
    case '\1':
      inner_.feed(content);
      take_packets(inner_, true);
      break;
    case '\2': add_some(words_, content); break;
    case '\3':
      add_some(last_words_, content);
      over_ = true;
      break;
    default: refuse_report(data);
  }
}

void PushReport::take_line(std::string_view line) {
  constexpr std::string_view unpack = "unpack ";
  constexpr std::string_view good = "ok ";
  constexpr std::string_view bad = "ng ";
  if (line.starts_with(unpack)) {
    const std::string_view result = line.substr(unpack.size());
    if (result != "ok") unpack_problem_ = result;
  } else if (line.starts_with(good)) {
    refs_.insert_or_assign(std::string(line.substr(good.size())), std::string());
  } else if (line.starts_with(bad)) {
    const std::string_view rest = line.substr(bad.size());
    const std::size_t space = rest.find(' ');
    const bool reasoned = space != std::string_view::npos;
    refs_.insert_or_assign(std::string(rest.substr(0, space)),
                           reasoned ? std::string(rest.substr(space + 1)) : "it does not say why");
  } else {
    refuse_report(line);
  }
}

bool tells_of_a_lost_race(std::string_view line, const std::string& ref) {
  const std::string start = "cannot lock ref '" + ref + "': ";
  const auto at = line.find(start);
  if (at == std::string_view::npos) return false;
  const std::string_view why = line.substr(at + start.size());
  constexpr std::array others = {"is at ", "reference already exists", "Unable to create ", "unable to resolve "};
  // A name that needs another one's as a folder was made since: 'refs/heads/a/b' exists; cannot create 'refs/heads/a'
  if (why.find(" exists; cannot create ") != std::string_view::npos) return true;
  return std::ranges::any_of(others, [&](std::string_view other) { return why.starts_with(other); });
}

}  // namespace syncmanager::git
