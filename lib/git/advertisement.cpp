#include "git/advertisement.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/escape.hpp"
#include "base/text.hpp"

namespace syncmanager::git {

namespace {

constexpr std::size_t longest_advertisement = std::size_t{256} * 1024 * 1024;

std::string_view without_line_feed(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  return line;
}

std::string not_understood(std::string_view line) {
  return "the server's answer has an unexpected line: " + excerpt(line);
}

}  // namespace

void AdvertisementReader::feed(std::string_view piece) {
  bytes_ += piece.size();
  if (bytes_ > longest_advertisement) fail("the server's list of refs has no end");
  packets_.feed(piece);
  while (!over_) {
    const auto packet = packets_.next();
    if (!packet) return;
    switch (packet->kind) {
      case Packet::Kind::data: take_packet(packet->data); break;
      case Packet::Kind::flush:
        listing_.state = Listing::State::found;
        over_ = true;
        break;
      case Packet::Kind::bad: fail(bad_packet_length(packet->data) + ": " + std::string(bad_packet_hint)); break;
    }
  }
}

bool AdvertisementReader::offers(std::string_view capability) const {
  return std::ranges::find(capabilities_, capability) != capabilities_.end();
}

void AdvertisementReader::fail(std::string problem) {
  listing_ = Listing{};
  listing_.problem = std::move(problem);
  over_ = true;
}

void AdvertisementReader::take_packet(std::string_view data) {
  constexpr std::string_view error = "ERR ";
  constexpr std::string_view shallow = "shallow ";
  const std::string_view line = without_line_feed(data);
  if (line.starts_with(error)) return fail("the server says: " + std::string(trim(line.substr(error.size()))));
  if (++packet_ == 1) return take_first(line);
  const bool is_shallow = line.starts_with(shallow) && Oid::from_hex(line.substr(shallow.size()));
  if (!is_shallow) take_ref(line);
}

void AdvertisementReader::take_first(std::string_view line) {
  const std::size_t end = line.find('\0');
  if (end == std::string_view::npos) return fail(not_understood(line));
  take_capabilities(line.substr(end + 1));
  if (over_) return;
  const std::string_view ref = line.substr(0, end);
  empty_ = ref == std::string(hex_, '0') + " capabilities^{}";
  if (!empty_) take_ref(ref);
}

void AdvertisementReader::take_capabilities(std::string_view list) {
  constexpr std::string_view head = "symref=HEAD:refs/heads/";
  constexpr std::string_view format = "object-format=";
  capabilities_ = split(list, " ");
  for (const std::string& capability : capabilities_) {
    if (capability.starts_with(head)) listing_.head = capability.substr(head.size());
    if (!capability.starts_with(format)) continue;
    const std::string_view name = std::string_view(capability).substr(format.size());
    if (name != "sha1" && name != "sha256") return fail(not_understood(capability));
    listing_.sha256 = name == "sha256";
    hex_ = listing_.sha256 ? 64 : 40;
  }
}

void AdvertisementReader::take_ref(std::string_view line) {
  const bool long_enough = line.size() > hex_ + 1 && line[hex_] == ' ';
  const auto tip = long_enough ? Oid::from_hex(line.substr(0, hex_)) : std::nullopt;
  if (!tip || empty_) return fail(not_understood(line));
  const std::string_view name = line.substr(hex_ + 1);
  if (name.find('\0') != std::string_view::npos) return fail(not_understood(line));  // libgit2 would see half of it
  if (!name.ends_with("^{}")) add_ref(listing_, name, *tip);
}

}  // namespace syncmanager::git
