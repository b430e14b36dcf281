#include "git/subtransport.hpp"

#include <git2/sys/transport.h>

#include <span>

#include "base/error.hpp"
#include "base/escape.hpp"
#include "git/answer_watch.hpp"
#include "git/refusal.hpp"

namespace syncmanager::git {

namespace {

struct Subtransport;

// libgit2 knows both by their first member, and frees them through it.
struct Stream {
  git_smart_subtransport_stream base{};
  Subtransport* owner = nullptr;
  std::unique_ptr<ssh::Channel> channel;
  AnswerWatch watch;
  bool answered = false;  ///< the other side has said something
};

struct Subtransport {
  git_smart_subtransport base{};
  Carrier* carrier = nullptr;
  Stream* open = nullptr;  ///< borrowed: libgit2 frees it
};

Stream& stream_of(git_smart_subtransport_stream* base) {
  return *reinterpret_cast<Stream*>(base);
}
Subtransport& subtransport_of(git_smart_subtransport* base) {
  return *reinterpret_cast<Subtransport*>(base);
}

/// No exception may pass through C: it waits in the carrier until libgit2 has returned.
template <class Function>
int guarded(Carrier& carrier, Function function) noexcept {
  try {
    function();
    return 0;
  } catch (const std::exception& error) {
    git_error_set_str(GIT_ERROR_NET, error.what());
    if (!carrier.failure) carrier.failure = std::current_exception();
    return GIT_ERROR;
  }
}

int read(git_smart_subtransport_stream* base, char* buffer, std::size_t size, std::size_t* got) noexcept {
  Stream& stream = stream_of(base);
  *got = 0;
  return guarded(*stream.owner->carrier, [&] {
    *got = stream.channel->read(std::span<char>(buffer, size));
    if (*got == 0 && !stream.answered) throw Error(ErrorKind::failed, refusal(*stream.channel));
    if (*got == 0) stream.watch.end(stream.channel->errors());
    stream.answered = true;
    stream.watch.feed({buffer, *got});
  });
}

int write(git_smart_subtransport_stream* base, const char* data, std::size_t size) noexcept {
  Stream& stream = stream_of(base);
  return guarded(*stream.owner->carrier, [&] { stream.channel->write({data, size}); });
}

void free_stream(git_smart_subtransport_stream* base) noexcept {
  Stream* stream = &stream_of(base);
  stream->owner->open = nullptr;
  delete stream;
}

int action(git_smart_subtransport_stream** out, git_smart_subtransport* base, const char* /*url*/,
           git_smart_service_t service) noexcept {
  Subtransport& subtransport = subtransport_of(base);
  *out = nullptr;
  // The other services are a push's, which libgit2 is not asked for.
  if (service == GIT_SERVICE_UPLOADPACK && subtransport.open != nullptr) {
    *out = &subtransport.open->base;
    return 0;
  }
  return guarded(*subtransport.carrier, [&] {
    auto stream = std::make_unique<Stream>();
    stream->base.subtransport = base;
    stream->base.read = read;
    stream->base.write = write;
    stream->base.free = free_stream;
    stream->owner = &subtransport;
    stream->channel =
        subtransport.carrier->connection->open("git-upload-pack " + shell_quote(subtransport.carrier->path));
    subtransport.open = stream.get();
    *out = &stream.release()->base;
  });
}

int close(git_smart_subtransport* /*base*/) noexcept {
  return 0;
}

void free_subtransport(git_smart_subtransport* base) noexcept {
  delete &subtransport_of(base);
}

int make_subtransport(git_smart_subtransport** out, git_transport* /*owner*/, void* parameter) noexcept {
  auto* carrier = static_cast<Carrier*>(parameter);
  return guarded(*carrier, [&] {
    auto subtransport = std::make_unique<Subtransport>();
    subtransport->base.action = action;
    subtransport->base.close = close;
    subtransport->base.free = free_subtransport;
    subtransport->carrier = carrier;
    *out = &subtransport.release()->base;
  });
}

}  // namespace

int make_transport(git_transport** out, git_remote* owner, void* payload) noexcept {
  git_smart_subtransport_definition definition{};
  definition.callback = make_subtransport;
  definition.rpc = 0;
  definition.param = static_cast<CallbackPayload*>(payload)->carrier;
  return git_transport_smart(out, owner, &definition);
}

}  // namespace syncmanager::git
