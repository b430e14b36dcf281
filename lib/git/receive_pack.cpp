#include "git/receive_pack.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <iterator>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"
#include "git/git_talk.hpp"
#include "git/pack.hpp"
#include "git/refusal.hpp"

namespace syncmanager::git {

namespace {

constexpr std::string_view bands = "side-band-64k";
constexpr std::size_t sha1_digits = 40;

std::vector<Oid> all_tips(const Listing& listing) {
  std::vector<Oid> tips;
  for (const RefMap* refs : {&listing.branches, &listing.tags, &listing.parked}) {
    for (const auto& [name, tip] : *refs) tips.push_back(tip);
  }
  return tips;
}

/// What the server says of a push of so many refs, up to its end or as far as it got: its hooks may go on for long
/// after it has told what became of the refs, and that is true whatever comes then.
PushReport read_report(ssh::Channel& channel, bool in_bands, std::size_t refs) {
  PushReport report(in_bands);
  std::array<char, 16 * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read() fills it
  try {
    while (!report.over()) {
      const std::size_t size = channel.read(buffer);
      if (size == 0) break;
      report.feed({buffer.data(), size});
    }
  } catch (const Error&) {
    if (report.refs().size() < refs) throw;
  }
  return report;
}

/// What a server says of a ref that it does not tell those who push of: that it is hidden from them (receive.hideRefs),
/// else it is gone since it was seen.
PushResult result_of_unseen(const std::string& answer) {
  const bool hidden = answer.find("hidden ref") != std::string::npos;
  return hidden ? PushResult{.pushed = Pushed::rejected, .message = answer}
                : PushResult{.pushed = Pushed::stale, .message = {}};
}

bool lost_a_race(const PushReport& report, const PushedRef& ref) {
  const auto lines = lines_of(report.words());
  return std::ranges::any_of(lines, [&](std::string_view line) { return tells_of_a_lost_race(line, ref.name); });
}

/// The server's words without those about lost races, which say no more than `stale`.
std::string words_for_people(const PushReport& report, const std::vector<PushedRef>& refs) {
  std::string words;
  for (const std::string_view line : lines_of(report.words())) {
    const auto is_about = [&](const PushedRef& ref) { return tells_of_a_lost_race(line, ref.name); };
    if (std::ranges::none_of(refs, is_about)) words.append(line).append("\n");
  }
  return words_in_sideband(words);
}

PushResult result_of(const PushReport& report, const PushedRef& ref, bool seen) {
  const auto told = report.refs().find(ref.name);
  if (told != report.refs().end() && told->second.empty()) return {.pushed = Pushed::yes, .message = {}};
  if (!report.unpack_problem().empty()) {
    return {.pushed = Pushed::rejected, .message = "it could not take the objects: " + report.unpack_problem()};
  }
  if (told != report.refs().end() && ref.from && !seen) return result_of_unseen(told->second);
  if (told != report.refs().end() && lost_a_race(report, ref)) return {.pushed = Pushed::stale, .message = {}};
  if (told != report.refs().end()) return {.pushed = Pushed::rejected, .message = told->second};
  return {.pushed = Pushed::untold, .message = "the server did not say what became of it"};
}

}  // namespace

ReceivePack::ReceivePack(ssh::Connection& connection, const std::string& path)
    : path_(path), channel_(connection.open("git-receive-pack " + shell_quote(path))) {
  std::array<char, 32 * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read() fills it
  while (!advertised_.over()) {
    const std::size_t size = channel_->read(buffer);
    if (size == 0) throw Error(ErrorKind::failed, "push to " + path_ + ": " + refusal(*channel_));
    advertised_.feed({buffer.data(), size});
  }
  listing_ = advertised_.take();
  if (listing_.state != Listing::State::found)
    throw Error(ErrorKind::failed, "push to " + path_ + ": " + listing_.problem);
}

ReceivePack::~ReceivePack() {
  if (ended_) return;
  try {
    channel_->write(flush_packet);
  } catch (const std::exception&) {
    // A line that has broken ends the command as well.
  }
}

/// One that the server does not tell of may be hidden: that it shall say itself.
bool ReceivePack::is_stale(const PushedRef& ref) const {
  const auto there = find_ref(listing_, ref.name);
  return there && there != ref.from;
}

/// OLD NEW NAME, where no OLD, or no NEW, is all zeros; behind the first one what we ask for.
void ReceivePack::send_commands(const std::vector<PushedRef>& refs) {
  std::string text;
  for (const PushedRef& ref : refs) {
    const auto hex = [](const std::optional<Oid>& tip) { return tip ? tip->hex() : std::string(sha1_digits, '0'); };
    std::string command = hex(ref.from) + ' ' + hex(ref.to) + ' ' + ref.name;
    if (text.empty()) {
      command += '\0';
      for (const std::string_view capability : {std::string_view("report-status"), bands}) {
        if (advertised_.offers(capability)) command.append(" ").append(capability);
      }
    }
    text += packet(command);
  }
  channel_->write(text.append(flush_packet));
}

std::optional<Error> ReceivePack::send_pack(const LocalSide& side, const std::vector<PushedRef>& refs,
                                            const OnTransfer& on_transfer) {
  std::vector<Oid> wanted;
  for (const PushedRef& ref : refs) {
    if (ref.to) wanted.push_back(*ref.to);
  }
  if (wanted.empty()) return std::nullopt;  // who only deletes sends no pack
  const PackOptions options{.thin = !advertised_.offers("no-thin"), .offsets = advertised_.offers("ofs-delta")};
  std::optional<Error> unwanted;
  const auto write = [&](std::string_view piece) {
    try {
      channel_->write(piece);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::failed) unwanted = error;
      throw;
    }
  };
  try {
    make_pack(side.environment, side.repository, wanted, all_tips(listing_), options, write, on_transfer,
              side.interrupt);
  } catch (const Error&) {
    if (!unwanted) throw;
  }
  return unwanted;
}

/// Why nothing is known of any ref.
Error ReceivePack::failure(const PushReport& report, const std::optional<Error>& unwanted) {
  if (!report.last_words().empty()) {
    return {ErrorKind::failed, "push to " + path_ + ": the server says: " + std::string(trim(report.last_words()))};
  }
  return unwanted ? *unwanted : Error(ErrorKind::failed, "push to " + path_ + ": " + refusal(*channel_));
}

std::vector<PushResult> ReceivePack::push(const LocalSide& side, const std::vector<PushedRef>& refs,
                                          const OnTransfer& on_transfer, std::string& server_words) {
  std::vector<PushedRef> moving;
  std::ranges::copy_if(refs, std::back_inserter(moving), [&](const PushedRef& ref) { return !is_stale(ref); });
  if (moving.empty()) return std::vector<PushResult>(refs.size(), {.pushed = Pushed::stale, .message = {}});
  ended_ = true;
  send_commands(moving);
  const std::optional<Error> unwanted = send_pack(side, moving, on_transfer);
  const PushReport report = read_report(*channel_, advertised_.offers(bands), moving.size());
  server_words += words_for_people(report, moving);
  if (report.refs().empty() && report.unpack_problem().empty()) throw failure(report, unwanted);
  std::vector<PushResult> results;
  for (const PushedRef& ref : refs) {
    const bool seen = find_ref(listing_, ref.name).has_value();
    results.push_back(is_stale(ref) ? PushResult{.pushed = Pushed::stale, .message = {}}
                                    : result_of(report, ref, seen));
  }
  return results;
}

}  // namespace syncmanager::git
