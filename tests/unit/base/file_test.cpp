#include "base/file.hpp"

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "support/temporary_folder.hpp"

using namespace syncmanager;
namespace fs = std::filesystem;

namespace {

struct Fixture {
  test::TemporaryFolder folder;
  [[nodiscard]] fs::path at(const fs::path& name) const { return folder.path() / name; }
  [[nodiscard]] std::ptrdiff_t entries() const {
    return std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator());
  }
};

unsigned mode_of(const fs::path& path) {
  struct stat found {};
  BOOST_REQUIRE(lstat(path.c_str(), &found) == 0);
  return found.st_mode & 07777U;
}

bool is_open(int fd) {
  return fcntl(fd, F_GETFD) >= 0;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(file, Fixture)

BOOST_AUTO_TEST_CASE(closes_a_descriptor_once_and_in_time) {
  int number = -1;
  {
    Fd first(open("/dev/null", O_RDONLY | O_CLOEXEC));
    number = first.get();
    const Fd second = std::move(first);
    BOOST_TEST(!first);  // NOLINT(bugprone-use-after-move): that it is empty now is the point
    BOOST_TEST(second.get() == number);
    BOOST_TEST(is_open(number));
  }
  BOOST_TEST(!is_open(number));
}

BOOST_AUTO_TEST_CASE(appends_lines_and_keeps_what_others_append_meanwhile) {
  const fs::path lines = at("lines");
  append_line(lines, "first\n", 0600);
  BOOST_TEST(mode_of(lines) == 0600U);
  BOOST_TEST(read_file(lines).value_or("") == "first\n");
  folder.write("lines", "cut off");
  std::vector<std::jthread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&] { append_line(lines, "line\n", 0600); });
  }
  writers.clear();
  std::string text = read_file(lines).value_or("");
  std::size_t found = 0;
  for (std::size_t at = text.find("\nline\n"); at != std::string::npos; at = text.find("\nline\n", at + 1)) ++found;
  BOOST_TEST(text.starts_with("cut off\n"));
  BOOST_TEST(found == 4U);
}

BOOST_AUTO_TEST_CASE(reads_a_file_whole) {
  const std::string content = std::string(100'000, 'x') + '\0' + "end";
  BOOST_TEST((read_file(folder.write("a", content)) == content));
  BOOST_TEST(read_file(folder.write("empty", "")).value() == "");
}

BOOST_AUTO_TEST_CASE(takes_a_missing_file_for_an_expected_thing) {
  BOOST_TEST(!read_file(at("missing")).has_value());
  BOOST_TEST(!read_file(folder.write("a", "") / "below").has_value());
}

BOOST_AUTO_TEST_CASE(refuses_to_read_a_folder) {
  BOOST_CHECK_THROW(read_file(folder.path()), Error);
}

BOOST_AUTO_TEST_CASE(makes_private_folders_with_those_above_them) {
  make_private_folder(at("a/b/c"));
  BOOST_TEST(mode_of(at("a")) == 0700U);
  BOOST_TEST(mode_of(at("a/b")) == 0700U);
  BOOST_TEST(mode_of(at("a/b/c")) == 0700U);
  make_private_folder(at("a/b/c/"));
}

BOOST_AUTO_TEST_CASE(narrows_a_folder_that_others_could_enter_and_none_above_it) {
  fs::create_directories(at("a/b"));
  fs::permissions(at("a"), fs::perms(0755));
  fs::permissions(at("a/b"), fs::perms(0777));
  make_private_folder(at("a/b"));
  BOOST_TEST(mode_of(at("a")) == 0755U);
  BOOST_TEST(mode_of(at("a/b")) == 0700U);
}

BOOST_AUTO_TEST_CASE(refuses_a_file_in_place_of_a_private_folder) {
  folder.write("a", "");
  BOOST_CHECK_THROW(make_private_folder(at("a")), Error);
  BOOST_CHECK_THROW(make_private_folder(at("a/b")), Error);
}

BOOST_AUTO_TEST_CASE(refuses_a_private_folder_that_is_somebody_elses) {
  if (geteuid() == 0) {
    make_private_folder(at("theirs"));
    BOOST_REQUIRE(chown(at("theirs").c_str(), 12345, 12345) == 0);
    BOOST_CHECK_THROW(make_private_folder(at("theirs")), Error);

    make_private_folder(at("ours"));
    fs::create_symlink("ours", at("link"));
    make_private_folder(at("link"));
    BOOST_REQUIRE(lchown(at("link").c_str(), 12345, 12345) == 0);
    BOOST_CHECK_THROW(make_private_folder(at("link")), Error);
    BOOST_CHECK_THROW(make_private_folder(at("link/")), Error);
  } else {
    BOOST_CHECK_THROW(make_private_folder("/"), Error);
  }
}

BOOST_AUTO_TEST_CASE(replaces_a_file_only_at_the_commit) {
  const fs::path path = folder.write("a", "old");
  AtomicFile file(path);
  file.write("ne");
  file.write("w");
  BOOST_TEST(read_file(path).value() == "old");
  file.commit();
  BOOST_TEST(read_file(path).value() == "new");
  BOOST_TEST(entries() == 1);
}

BOOST_AUTO_TEST_CASE(leaves_nothing_behind_without_a_commit) {
  const fs::path path = folder.write("a", "old");
  { AtomicFile(path).write("new"); }
  BOOST_TEST(read_file(path).value() == "old");
  BOOST_TEST(entries() == 1);
}

BOOST_AUTO_TEST_CASE(keeps_the_mode_of_the_file_that_it_replaces) {
  const fs::path path = folder.write("a", "old");
  fs::permissions(path, fs::perms(0640));
  AtomicFile file(path, 0600);
  file.commit();
  BOOST_TEST(mode_of(path) == 0640U);
}

BOOST_AUTO_TEST_CASE(gives_a_new_file_the_mode_that_was_asked_for) {
  AtomicFile file(at("a"), 0600);
  file.commit();
  BOOST_TEST(mode_of(at("a")) == 0600U);
}

BOOST_AUTO_TEST_CASE(replaces_what_a_symbolic_link_points_at) {
  folder.write("real/a", "old");
  fs::create_symlink("real/a", at("second"));
  fs::create_symlink(at("second"), at("first"));
  AtomicFile file(at("first"));
  file.write("new");
  file.commit();
  BOOST_TEST(fs::is_symlink(at("first")));
  BOOST_TEST(fs::is_symlink(at("second")));
  BOOST_TEST(read_file(at("real/a")).value() == "new");
}

BOOST_AUTO_TEST_CASE(makes_the_file_that_a_dangling_link_points_at) {
  fs::create_symlink("missing", at("link"));
  AtomicFile file(at("link"));
  file.write("new");
  file.commit();
  BOOST_TEST(fs::is_symlink(at("link")));
  BOOST_TEST(read_file(at("missing")).value() == "new");
}

BOOST_AUTO_TEST_CASE(refuses_to_replace_through_a_loop_of_links) {
  fs::create_symlink("b", at("a"));
  fs::create_symlink("a", at("b"));
  BOOST_CHECK_THROW(AtomicFile(at("a")), Error);
}

BOOST_AUTO_TEST_CASE(refuses_to_replace_a_folder_and_keeps_it) {
  folder.write("a/b", "");
  AtomicFile file(at("a"));
  BOOST_CHECK_THROW(file.commit(), Error);
  BOOST_TEST(fs::exists(at("a/b")));
}

BOOST_AUTO_TEST_CASE(names_the_file_that_it_cannot_write) {
  const fs::path path = at("missing/a");
  BOOST_CHECK_EXCEPTION(AtomicFile{path}, Error, [&](const Error& error) {
    return error.kind() == ErrorKind::failed &&
           error.what() == "cannot write " + path.string() + ": No such file or directory";
  });
}

BOOST_AUTO_TEST_SUITE_END()
