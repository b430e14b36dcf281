#include "git/pack_intake.hpp"

#include <memory>
#include <utility>

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include "git/handle.hpp"

namespace syncmanager::git {

namespace {

constexpr int before_libgit2s_own = 100;

}  // namespace

/// Has no objects, and only takes packs.
struct PackIntake::Backend : git_odb_backend {
  PackIntake* intake = nullptr;  // null: the next backend shall take them

  Backend() : git_odb_backend{} {
    version = GIT_ODB_BACKEND_VERSION;
    writepack = &Backend::begin;
    foreach
      = [](git_odb_backend*, git_odb_foreach_cb, void*) noexcept { return 0; };
    free = [](git_odb_backend* self) noexcept { delete static_cast<Backend*>(self); };
  }
  static int begin(git_odb_writepack** out, git_odb_backend* self, git_odb* odb, git_indexer_progress_cb progress,
                   void* payload) noexcept;
};

struct PackIntake::Writer : git_odb_writepack {
  PackIntake& intake_;

  explicit Writer(PackIntake& intake) : git_odb_writepack{}, intake_(intake) {
    backend = intake.backend_;
    append = [](git_odb_writepack* self, const void* data, size_t size, git_indexer_progress*) noexcept {
      PackIntake& to = static_cast<Writer*>(self)->intake_;
      return attempt(to, [&] { to.taker_.feed({static_cast<const char*>(data), size}); });
    };
    commit = [](git_odb_writepack* self, git_indexer_progress*) noexcept {
      PackIntake& to = static_cast<Writer*>(self)->intake_;
      return attempt(to, [&] { to.taker_.finish(); });
    };
    free = [](git_odb_writepack* self) noexcept { delete static_cast<Writer*>(self); };
  }

  template <class Act>
  static int attempt(PackIntake& intake, Act act) noexcept try {
    act();
    return 0;
  } catch (...) {
    intake.failure_ = std::current_exception();
    return GIT_EUSER;
  }
};

int PackIntake::Backend::begin(git_odb_writepack** out, git_odb_backend* self, git_odb* /*odb*/,
                               git_indexer_progress_cb /*progress*/, void* /*payload*/) noexcept {
  PackIntake* const intake = static_cast<Backend*>(self)->intake;
  if (intake == nullptr) return GIT_PASSTHROUGH;
  return Writer::attempt(*intake, [&] { *out = std::make_unique<Writer>(*intake).release(); });
}

PackIntake::PackIntake(Repository& repository, PackTaker taker) : taker_(std::move(taker)), backend_(nullptr) {
  const std::string act = "open the object database";
  const auto odb = make<git_odb>(act, git_repository_odb, repository.get());
  auto backend = std::make_unique<Backend>();
  backend->intake = this;
  check(git_odb_add_backend(odb.get(), backend.get(), before_libgit2s_own), act);
  backend_ = backend.release();
}

PackIntake::~PackIntake() {
  backend_->intake = nullptr;
}

}  // namespace syncmanager::git
