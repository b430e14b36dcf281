#include "ssh/session_master.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <list>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <poll.h>

#include <fmt/format.h>
#include <libssh2.h>

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "ssh/channel_slots.hpp"
#include "ssh/mux_peer.hpp"
#include "ssh/relayed_command.hpp"

namespace syncmanager::ssh {
namespace {

using std::chrono::milliseconds;

/// One client, with the command that it wants or has.
class Client {
 public:
  explicit Client(MuxPeer peer) : peer_(std::move(peer)) {}

  [[nodiscard]] MuxPeer& peer() { return peer_; }
  [[nodiscard]] const std::optional<RelayedCommand>& command() const { return command_; }
  [[nodiscard]] bool waits_for_slot() const { return peer_ && wanted_; }

  /// Goes on as far as nothing is waited for; whether that was anything. `may_open`: not before its turn. Throws Error
  /// where the connection breaks.
  bool work(Session& session, bool may_open);

 private:
  bool open(Session& session);

  MuxPeer peer_;
  std::optional<MuxCommandRequest> wanted_;
  Deadline patience_ = Deadline::after(slot_patience);
  std::optional<RelayedCommand> command_;
};

bool Client::work(Session& session, bool may_open) {
  if (!peer_) return false;
  if (command_) {
    const bool moved = command_->pump();
    if (const std::optional<int> status = command_->status()) {
      command_.reset();  // which closes its streams: they are at their ends before the client hears of it
      peer_.send(mux_exit(0, static_cast<std::uint32_t>(*status)));
      peer_.close();
    }
    return moved;
  }
  if (!wanted_) {
    wanted_ = peer_.next();
    patience_ = Deadline::after(slot_patience);
  }
  return wanted_ && may_open && open(session);
}

/// Whether the server had a slot for it, or never will.
bool Client::open(Session& session) {
  std::unique_ptr<SessionChannel> channel = session.try_open(wanted_->command);
  if (!channel && (session.awaits_channel() || !patience_.expired())) return false;
  if (channel) {
    peer_.send(mux_session_opened(wanted_->request, 0));
    command_.emplace(std::move(channel), std::move(wanted_->streams));
  } else {
    peer_.send(mux_failure(wanted_->request, session.transport().last_error()));
  }
  wanted_.reset();
  return true;
}

/// How long the server has not been heard of, where somebody waits for it.
class Silence {
 public:
  explicit Silence(milliseconds longest) : part_(longest / parts) { end(); }

  /// Something has come, or nothing is waited for.
  void end() {
    turns_ = 0;
    next_ = Deadline::after(part_);
  }
  /// When the next of its parts is over.
  [[nodiscard]] const Deadline& next() const { return next_; }
  /// One is: whether the server is to be asked now. `can_ask`: where it can't be, the silence does not count.
  bool asks(bool can_ask) {
    next_ = Deadline::after(part_);
    if (turns_ > 0 || can_ask) ++turns_;
    return turns_ == 1;
  }
  /// Whether there was no answer in time.
  [[nodiscard]] bool too_long() const { return turns_ >= parts; }

 private:
  static constexpr int parts = 3;  // as ssh itself does it, where we start one

  milliseconds part_;
  int turns_ = 0;  // parts that are over
  Deadline next_ = Deadline::after(milliseconds(0));
};

/// What the thread does.
class Service {
 public:
  Service(std::unique_ptr<Session> session, Fd listening, milliseconds silence)
      : session_(std::move(session)), listening_(std::move(listening)), silence_(silence) {}

  /// Until it shall stop. Throws Error where the connection breaks.
  void run(const Interrupt& stop);

 private:
  bool work();
  bool work_for(Client& client, bool may_open);
  [[nodiscard]] bool slot_is_awaited() const;
  [[nodiscard]] bool server_is_awaited() const;
  [[nodiscard]] bool room_is_awaited() const;
  void ask_server();
  [[nodiscard]] int longest_wait() const;
  void wait(const Interrupt& stop, int longest);
  void accept();

  std::unique_ptr<Session> session_;
  Fd listening_;
  Silence silence_;
  std::list<Client> clients_;
  Deadline next_opening_ = Deadline::after(milliseconds(0));    // after a refusal not at once
  Deadline next_accepting_ = Deadline::after(milliseconds(0));  // likewise
};

void Service::run(const Interrupt& stop) {
  while (!stop.requested()) {
    const std::uint64_t before = session_->transport().received();
    const bool moved = work();
    const bool received = session_->transport().received() != before;
    if (received || !server_is_awaited()) silence_.end();
    // What has come may be for a client whose turn was before that.
    wait(stop, moved || received ? 0 : longest_wait());
  }
}

/// The server opens one channel after the other: who waits for one waits for those before as well.
bool Service::work() {
  bool moved = false;
  bool may_open = session_->awaits_channel() || next_opening_.expired();
  for (Client& client : clients_) {
    moved = work_for(client, may_open) || moved;
    if (!client.waits_for_slot()) continue;
    if (may_open && !session_->awaits_channel()) next_opening_ = Deadline::after(slot_pause);
    may_open = false;
  }
  clients_.remove_if([](Client& client) { return !client.peer(); });
  session_->tidy();
  return moved;
}

/// What only this client's command has trouble with is only its own.
bool Service::work_for(Client& client, bool may_open) try {
  return client.work(*session_, may_open);
} catch (const Error&) {
  if (session_->transport().broken()) throw;
  client.peer().close();
  return true;
}

bool Service::slot_is_awaited() const {
  return std::any_of(clients_.begin(), clients_.end(), [](const Client& client) { return client.waits_for_slot(); });
}

bool Service::server_is_awaited() const {
  if (session_->has_loose_end() || (session_->awaits_channel() && slot_is_awaited())) return true;
  return std::any_of(clients_.begin(), clients_.end(),
                     [](const Client& client) { return client.command() && client.command()->awaits_server(); });
}

bool Service::room_is_awaited() const {
  return std::any_of(clients_.begin(), clients_.end(),
                     [](const Client& client) { return client.command() && client.command()->awaits_room(); });
}

/// Whatever it answers, it is there.
void Service::ask_server() {
  Transport& transport = session_->transport();
  if (silence_.asks(transport.may_ask_for_sign())) transport.ask_for_sign();
  if (silence_.too_long()) throw Error(ErrorKind::timeout, fmt::format("{} does not answer", transport.name()));
}

int Service::longest_wait() const {
  int longest = server_is_awaited() ? silence_.next().poll_timeout() : std::numeric_limits<int>::max();
  if (slot_is_awaited() && !session_->awaits_channel()) longest = std::min(longest, next_opening_.poll_timeout());
  if (!next_accepting_.expired()) longest = std::min(longest, next_accepting_.poll_timeout());
  return longest;
}

/// For the clients, for the server where one of them waits for that, or for its end.
void Service::wait(const Interrupt& stop, int longest) {
  const bool awaited = server_is_awaited();
  const bool accepts = next_accepting_.expired();
  std::vector<pollfd> polled{{stop.fd(), POLLIN, 0},
                             {accepts ? listening_.get() : -1, POLLIN, 0},
                             session_->transport().polled(awaited, room_is_awaited())};
  const std::size_t first_client = polled.size();
  for (Client& client : clients_) polled.push_back({client.peer().fd(), POLLIN, 0});
  for (const Client& client : clients_) {
    if (client.command()) client.command()->add_to(polled);
  }
  if (poll(polled.data(), polled.size(), longest) < 0) return;
  if (!awaited && (polled[2].revents & ~POLLOUT) != 0)
    throw Error(ErrorKind::offline, "the server has ended the connection");
  if (awaited && silence_.next().expired() && polled[2].revents == 0) ask_server();
  std::size_t place = first_client;
  for (Client& client : clients_) {
    if (polled[place++].revents != 0) client.peer().receive();
  }
  if (polled[1].revents != 0) accept();
}

void Service::accept() {
  constexpr milliseconds pause(100);  // where there are no descriptors left
  if (std::optional<MuxPeer> peer = MuxPeer::accept(listening_)) {
    clients_.emplace_back(std::move(*peer));
  } else {
    next_accepting_ = Deadline::after(pause);
  }
}

}  // namespace

SessionMaster::SessionMaster(std::unique_ptr<Session> session, std::unique_ptr<ControlPlace> place,
                             milliseconds silence, std::function<void(const std::string&)> note)
    : place_(std::move(place)) {
  const std::string name = session->transport().name();
  session->transport().heed(stop_);
  session->transport().limit_unsent();
  auto service = std::make_shared<Service>(std::move(session), listen_for_clients(place_->socket()), silence);
  const auto serve = [this, service = std::move(service), name, note = std::move(note)]() mutable {
    try {
      service->run(stop_);
    } catch (const std::exception& error) {
      serves_ = false;
      if (note && !stop_.requested()) note(fmt::format("{}: the connection has ended: {}", name, error.what()));
    }
    service.reset();
  };
  try {
    thread_ = std::jthread(serve);
  } catch (const std::system_error&) {
    throw Error(ErrorKind::failed, "no thread is to be had");
  }
}

SessionMaster::~SessionMaster() {
  stop_.request();
}

}  // namespace syncmanager::ssh
