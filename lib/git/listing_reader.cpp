#include "git/listing_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"

namespace syncmanager::git {

namespace {

constexpr std::string_view greeting = "syncmanager listing 2";
constexpr std::size_t longest_line = std::size_t{1024} * 1024;
constexpr std::size_t longest_welcome = std::size_t{1024} * 1024;
constexpr std::size_t longest_glimpse = std::size_t{512} * 1024 * 1024;
constexpr std::size_t most_bytes_of_one = std::size_t{256} * 1024 * 1024;
constexpr std::size_t longest_problem = 500;
constexpr unsigned long highest_status = 255;

[[noreturn]] void refuse_listing(std::string_view line) {
  throw Error(ErrorKind::failed, "the server's listing has an unexpected line: " + excerpt(line));
}

/// The number behind `word `, where the line is just that.
std::optional<int> status_in(std::string_view line, std::string_view word) {
  if (!line.starts_with(word)) return std::nullopt;
  const auto status = parse_number(line.substr(word.size()), highest_status);
  return status ? std::optional<int>(static_cast<int>(*status)) : std::nullopt;
}

/// A found repository stands there as its path, which has a slash in it.
bool is_folder(std::string_view place) {
  return place.find('/') != std::string_view::npos;
}

}  // namespace

void ListingReader::feed(std::string_view piece) {
  rest_ += piece;
  std::size_t begin = 0;
  for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
    take_line(std::string_view(rest_).substr(begin, end - begin));
    begin = end + 1;
  }
  rest_.erase(0, begin);
  if (rest_.size() > longest_line) throw Error(ErrorKind::failed, "the server's listing has a line without an end");
}

/// No part may go on for ever, whatever it consists of.
void ListingReader::count(std::size_t bytes) {
  bytes_ += bytes;
  const auto limit = [this](std::size_t most, std::string_view what) {
    if (bytes_ > most) throw Error(ErrorKind::failed, std::string(what) + " has no end");
  };
  switch (part_) {
    case Part::greeting: return limit(longest_welcome, "what the server prints before its listing");
    case Part::places:
    case Part::loose:
    case Part::packed: return limit(longest_glimpse, "the server's listing");
    case Part::answers: return limit(most_bytes_of_one, "the server's listing of one repository");
    case Part::over: return;
  }
}

void ListingReader::take_line(std::string_view line) {
  count(line.size() + 1);
  switch (part_) {
    case Part::greeting:
      // What a start-up file has printed may lack the end of its line.
      if (!line.ends_with(greeting)) return;
      part_ = Part::places;
      bytes_ = 0;
      return;
    case Part::places: return take_places(line);
    case Part::loose:
      if (const auto status = status_in(line, "loose ")) {
        glimpses_->end_loose(*status);
        part_ = Part::packed;
      } else {
        glimpses_->take_loose(line);
      }
      return;
    case Part::packed:
      if (const auto status = status_in(line, "packed ")) {
        glimpses_->end_packed(*status);
        part_ = Part::answers;
        bytes_ = 0;
      } else {
        glimpses_->take_packed(line);
      }
      return;
    case Part::answers: return take_answer(line);
    case Part::over: return;
  }
}

void ListingReader::take_places(std::string_view line) {
  places_ = split(line, "\t");
  const auto known = [](const std::string& place) {
    return is_folder(place) || place == "missing" || place == "uncertain";
  };
  if (places_.size() != repositories_ || !std::ranges::all_of(places_, known)) refuse_listing(line);
  std::vector<std::string> folders;
  std::ranges::copy_if(places_, std::back_inserter(folders), is_folder);
  glimpses_.emplace(folders);
  part_ = Part::loose;
}

std::optional<Listing> ListingReader::glimpse(std::size_t place) const {
  const std::string& there = places_.at(place);
  if (is_folder(there)) return glimpses_->of(there);
  Listing listing;
  listing.state = there == "missing" ? Listing::State::missing : Listing::State::uncertain;
  return listing;
}

std::string ListingReader::ask(std::size_t place) {
  asked_.push_back(place);
  return std::to_string(place) + '\n';
}

void ListingReader::take_answer(std::string_view line) {
  if (!inside_) return begin_answer(line);
  if (line == "format sha256") {
    current_.sha256 = true;
    return;
  }
  if (!line.starts_with("end ")) return take_ref(line);
  finish_answer(line == "end 0" && current_.problem.empty());
}

void ListingReader::begin_answer(std::string_view line) {
  const bool all_answered = answered_ == asked_.size();
  if (line == "bye" && all_answered) {
    part_ = Part::over;
    return;
  }
  const std::string expected = all_answered ? "" : "repository " + std::to_string(asked_[answered_]) + ' ';
  if (all_answered || !line.starts_with(expected)) refuse_listing(line);
  constexpr std::string_view symbolic = "ref: refs/heads/";
  const std::string_view head = line.substr(expected.size());
  if (head.starts_with(symbolic)) current_.head = trim(head.substr(symbolic.size()));
  inside_ = true;
}

void ListingReader::take_ref(std::string_view line) {
  const auto space = line.find(' ');
  const auto oid = space == std::string_view::npos ? std::nullopt : Oid::from_hex(line.substr(0, space));
  const std::string_view name = oid ? line.substr(space + 1) : std::string_view{};
  constexpr std::string_view never_in_a_name(" \0", 2);
  const bool whole = name.find_first_of(never_in_a_name) == std::string_view::npos;
  const bool known = oid && whole && add_ref(current_, name, *oid);
  if (!known && current_.problem.empty()) current_.problem = line.substr(0, longest_problem);
}

void ListingReader::finish_answer(bool good) {
  current_.state = good ? Listing::State::found : Listing::State::failed;
  inside_ = false;
  bytes_ = 0;
  done_(asked_[answered_++], std::exchange(current_, {}));
}

}  // namespace syncmanager::git
