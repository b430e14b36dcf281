#include "git/advertise.hpp"

#include <array>
#include <deque>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "git/advertisement.hpp"
#include "git/packet.hpp"
#include "git/refusal.hpp"

namespace syncmanager::git {

namespace {

std::string upload_pack(const std::string& path) {
  return "git-upload-pack " + shell_quote(path);
}

/// The commands that have been started, in the order of their paths.
class Started {
 public:
  Started(ssh::Connection& connection, const NextPath& next, std::size_t most)
      : connection_(connection), next_(next), most_(most) {}

  /// The channel of the next path, and nothing at the end; starts more, as many as the server allows.
  std::unique_ptr<ssh::Channel> next() {
    while (channels_.size() < most_ && start()) {
    }
    if (channels_.empty()) return nullptr;
    auto channel = std::move(channels_.front());
    channels_.pop_front();
    return channel;
  }

 private:
  bool start() {
    if (!path_) path_ = next_();
    if (!path_) return false;
    try {
      channels_.push_back(connection_.open(upload_pack(*path_)));
    } catch (const Error& error) {
      // A server may allow fewer channels at once (sshd's MaxSessions); then these are enough.
      if (error.kind() != ErrorKind::failed || channels_.empty()) throw;
      most_ = channels_.size();
      return false;
    }
    path_.reset();
    return true;
  }

  ssh::Connection& connection_;
  const NextPath& next_;
  std::size_t most_;
  std::optional<std::string> path_;  ///< to start a command for
  std::deque<std::unique_ptr<ssh::Channel>> channels_;
};

Listing failed_listing(std::string problem) {
  Listing listing;
  listing.problem = std::move(problem);
  return listing;
}

Listing read_advertisement(ssh::Channel& channel) {
  AdvertisementReader reader;
  std::array<char, 32 * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read() fills it
  while (!reader.over()) {
    const std::size_t size = channel.read(buffer);
    if (size == 0) return failed_listing(refusal(channel));
    reader.feed({buffer.data(), size});
  }
  Listing listing = reader.take();
  // Nothing is wanted. The command ends by itself then, and is not waited for.
  if (listing.state == Listing::State::found) channel.write(flush_packet);
  return listing;
}

/// A server that does not run the command for this path may well do so for the next one.
Listing answer_of(ssh::Channel& channel) {
  try {
    return read_advertisement(channel);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed) throw;
    return failed_listing(error.what());
  }
}

}  // namespace

void advertise_all(ssh::Connection& connection, const NextPath& next, std::size_t at_once, const OnAdvertised& done) {
  Started started(connection, next, at_once);
  while (const auto channel = started.next()) done(answer_of(*channel));
}

Listing advertised(ssh::Connection& connection, const std::string& path) {
  const auto channel = connection.open(upload_pack(path));
  Listing listing = answer_of(*channel);
  if (listing.state != Listing::State::found) throw Error(ErrorKind::failed, listing.problem);
  return listing;
}

}  // namespace syncmanager::git
