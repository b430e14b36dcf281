#include "ui/progress.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/escape.hpp"
#include "base/write.hpp"
#include "ui/board.hpp"
#include "ui/screen.hpp"
#include "ui/terminal.hpp"

namespace syncmanager::ui {

namespace {

class PlainProgress : public Progress {
 public:
  PlainProgress(int fd, bool verbose) : fd_(fd), verbose_(verbose) {}
  void queued(const std::string& /*project*/) noexcept override {}
  void started(const std::string& /*project*/) noexcept override {}
  void transferred(const std::string& /*project*/, const Transfer& /*transfer*/) noexcept override {}
  void finished(const ProjectOutcome& /*project*/) noexcept override {}
  void note(const std::string& line) noexcept override {
    if (!verbose_) return;
    const std::scoped_lock lock(mutex_);
    write_all(fd_, escape_text(line) + '\n');
  }

 private:
  const int fd_;
  const bool verbose_;
  std::mutex mutex_;
};

class TerminalProgress : public Progress {
 public:
  TerminalProgress(int fd, bool verbose, Timing timing)
      : fd_(fd), verbose_(verbose), timing_(timing), thread_([this] { draw_until_stopped(); }) {}
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;

  ~TerminalProgress() override {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    woken_.notify_one();
    thread_.join();
    draw(notes_, {});
  }

  void queued(const std::string& project) noexcept override {
    const std::scoped_lock lock(mutex_);
    board_.queue(project);
  }

  void started(const std::string& project) noexcept override {
    const std::scoped_lock lock(mutex_);
    board_.start(project);
  }

  void transferred(const std::string& project, const Transfer& transfer) noexcept override {
    const std::scoped_lock lock(mutex_);
    board_.transfer(project, transfer, Clock::now());
  }

  void finished(const ProjectOutcome& project) noexcept override {
    const std::scoped_lock lock(mutex_);
    board_.finish(project.name);
  }

  void note(const std::string& line) noexcept override {
    if (!verbose_) return;
    {
      const std::scoped_lock lock(mutex_);
      notes_ += escape_text(line) + '\n';
    }
    woken_.notify_one();
  }

 private:
  using Clock = std::chrono::steady_clock;

  void draw_until_stopped() {
    std::unique_lock lock(mutex_);
    Clock::time_point next = Clock::now() + timing_.grace;
    std::vector<std::string> lines;
    while (!stopping_) {
      woken_.wait_until(lock, next, [this] { return stopping_ || !notes_.empty(); });
      const std::string notes = std::exchange(notes_, {});
      if (const auto now = Clock::now(); now >= next) {
        next = now + timing_.interval;
        lines = board_.lines(now, rows());
      }
      lock.unlock();
      draw(notes, lines);
      lock.lock();
    }
  }

  /// All lines but one: the cursor rests below them.
  [[nodiscard]] std::size_t rows() const {
    const std::size_t rows = window_size(fd_).rows;
    return rows > 2 ? rows - 1 : 1;
  }

  void draw(const std::string& notes, const std::vector<std::string>& lines) {
    const std::size_t columns = window_size(fd_).columns;
    if (!is_free_terminal(fd_)) {
      screen_.forget();
      write_all(fd_, notes);
      return;
    }
    std::string bytes = notes.empty() ? std::string() : screen_.clear(columns) + notes;
    bytes += screen_.show(lines, columns);
    write_all(fd_, bytes);
  }

  const int fd_;
  const bool verbose_;
  const Timing timing_;
  std::mutex mutex_;  ///< guards board_, notes_ and stopping_
  std::condition_variable woken_;
  Board board_;
  std::string notes_;
  bool stopping_ = false;
  Screen screen_;       ///< the drawing thread's, and the destructor's once that has ended
  std::thread thread_;  ///< last: it uses all the others
};

}  // namespace

std::unique_ptr<Progress> plain_progress(int fd, bool verbose) {
  return std::make_unique<PlainProgress>(fd, verbose);
}

std::unique_ptr<Progress> terminal_progress(int fd, bool verbose, Timing timing) {
  return std::make_unique<TerminalProgress>(fd, verbose, timing);
}

}  // namespace syncmanager::ui
