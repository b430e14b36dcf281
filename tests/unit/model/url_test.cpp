#include "model/url.hpp"

#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

using namespace syncmanager;

namespace syncmanager {

std::ostream& operator<<(std::ostream& stream, Scheme scheme) {
  switch (scheme) {
    case Scheme::local: return stream << "local";
    case Scheme::ssh: return stream << "ssh";
    case Scheme::http: return stream << "http";
    case Scheme::https: return stream << "https";
  }
  return stream;
}

}  // namespace syncmanager

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(takes_urls_apart_as_git_does) {
  struct Row {
    std::string_view text;
    Scheme scheme;
    std::string_view user;
    std::string_view host;
    int port;  ///< 0: none
    std::string_view path;
    std::string_view server;
  };
  const Row rows[] = {
      // A path here
      {"/srv/notes.git", Scheme::local, "", "", 0, "/srv/notes.git", ""},
      {"/srv/a:b", Scheme::local, "", "", 0, "/srv/a:b", ""},
      {"/srv/%41", Scheme::local, "", "", 0, "/srv/%41", ""},
      {"~", Scheme::local, "", "", 0, "~", ""},
      {"~/notes", Scheme::local, "", "", 0, "~/notes", ""},
      {"file:///srv/a%20b", Scheme::local, "", "", 0, "/srv/a b", ""},
      {"file://localhost/srv/x", Scheme::local, "", "", 0, "/srv/x", ""},
      {"file:////srv/x", Scheme::local, "", "", 0, "//srv/x", ""},
      // ssh://
      {"ssh://host/srv/x", Scheme::ssh, "", "host", 0, "/srv/x", "host"},
      {"ssh://git@host:2222/srv/x", Scheme::ssh, "git", "host", 2222, "/srv/x", "git@host:2222"},
      {"ssh://host:/srv/x", Scheme::ssh, "", "host", 0, "/srv/x", "host"},
      {"ssh://server//srv/x", Scheme::ssh, "", "server", 0, "//srv/x", "server"},
      {"ssh://host/~/x", Scheme::ssh, "", "host", 0, "~/x", "host"},
      {"ssh://host/~jane/x", Scheme::ssh, "", "host", 0, "~jane/x", "host"},
      {"ssh://host/-x", Scheme::ssh, "", "host", 0, "/-x", "host"},
      {"ssh://[::1]/x", Scheme::ssh, "", "::1", 0, "/x", "[::1]"},
      {"ssh://u@[::1]:22/x", Scheme::ssh, "u", "::1", 22, "/x", "u@[::1]:22"},
      {"ssh://[u@::1]:22/x", Scheme::ssh, "u", "::1", 22, "/x", "u@[::1]:22"},
      {"ssh://[fe80::1%25eth0]/x", Scheme::ssh, "", "fe80::1%eth0", 0, "/x", "[fe80::1%eth0]"},
      {"ssh://a%40b@h%6fst/a%20b%zz%4", Scheme::ssh, "a@b", "host", 0, "/a b%zz%4", "a@b@host"},
      {"git+ssh://host/x", Scheme::ssh, "", "host", 0, "/x", "host"},
      {"ssh+git://host/x", Scheme::ssh, "", "host", 0, "/x", "host"},
      // As scp writes it
      {"host:srv/x", Scheme::ssh, "", "host", 0, "srv/x", "host"},
      {"host:/srv/x", Scheme::ssh, "", "host", 0, "/srv/x", "host"},
      {"host:22/x", Scheme::ssh, "", "host", 0, "22/x", "host"},
      {"git@host.example:a:b", Scheme::ssh, "git", "host.example", 0, "a:b", "git@host.example"},
      {"host:~/x", Scheme::ssh, "", "host", 0, "~/x", "host"},
      {"host:/~jane/x", Scheme::ssh, "", "host", 0, "~jane/x", "host"},
      {"host:a%20b", Scheme::ssh, "", "host", 0, "a%20b", "host"},
      {"[::1]:x", Scheme::ssh, "", "::1", 0, "x", "[::1]"},
      {"u@[::1]:x", Scheme::ssh, "u", "::1", 0, "x", "u@[::1]"},
      {"[u@::1]:x", Scheme::ssh, "u", "::1", 0, "x", "u@[::1]"},
      {"[host:2222]:x", Scheme::ssh, "", "host", 2222, "x", "host:2222"},
      {"[u@host:2222]:/x", Scheme::ssh, "u", "host", 2222, "/x", "u@host:2222"},
      {"[host]:x", Scheme::ssh, "", "host", 0, "x", "host"},
      // http and https
      {"https://host/x.git", Scheme::https, "", "host", 0, "/x.git", "https://host"},
      {"https://jane@host:8443/a%20b?c=d", Scheme::https, "jane", "host", 8443, "/a%20b?c=d", "https://host:8443"},
      {"https://jane:s3cret@host/x", Scheme::https, "jane", "host", 0, "/x", "https://host"},
      {"http://[::1]:80/x", Scheme::http, "", "::1", 80, "/x", "http://[::1]:80"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.text) {
      const ParsedUrl parsed = parse_url(row.text);
      BOOST_TEST(parsed.problem == "");
      BOOST_TEST(parsed.url.scheme == row.scheme);
      BOOST_TEST(parsed.url.user == row.user);
      BOOST_TEST(parsed.url.host == row.host);
      BOOST_TEST(parsed.url.port.value_or(0) == row.port);
      BOOST_TEST(parsed.url.path == row.path);
      BOOST_TEST(parsed.url.server() == row.server);
      BOOST_TEST(parsed.url.text == row.text);
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_url_or_could_do_harm) {
  using namespace std::string_view_literals;
  struct Row {
    std::string_view text;
    std::string_view problem;  ///< a part of it
  };
  const Row rows[] = {
      {"", "expected an absolute path or a URL"},
      {"notes", "'notes' is a relative path: expected an absolute path or a URL"},
      {"./notes", "relative path"},
      {"a/b:c", "relative path"},
      {"$HOME/x", "relative path"},
      // What could be an option
      {"-oProxyCommand=x", "begins with '-'"},
      {"--upload-pack=x:y", "begins with '-'"},
      {"ssh://-oProxyCommand=x/y", "the host '-oProxyCommand=x' begins with '-'"},
      {"ssh://%2doProxyCommand=x/y", "begins with '-'"},
      {"ssh://u@-host/y", "the host '-host' begins with '-'"},
      {"ssh://-u@host/y", "the user '-u' begins with '-'"},
      {"-u@host:y", "begins with '-'"},
      {"u@-host:y", "the host '-host' begins with '-'"},
      {"[-host]:y", "the host '-host' begins with '-'"},
      {"[-u@host:22]:y", "the user '-u' begins with '-'"},
      {"host:-y", "the path '-y' begins with '-'"},
      {"https://-host/y", "begins with '-'"},
      // What could run a program
      {"ext::sh -c id", "'ext::' runs a program and is not allowed"},
      {"fd::17", "'fd::' runs a program"},
      {"ext::ssh://host/x", "'ext::' runs a program"},
      {"x::y", "'x::' runs a program"},
      {"u@host::module", "is no host:path"},
      {"[::1]::module", "is no host:path"},
      {"ssh://a;id/x", "is no host name"},
      {"ssh://$(id)/x", "is no host name"},
      {"ssh://a%20b/x", "is no host name"},
      {"ssh://a%2fb/x", "is no host name"},
      {"ssh://u%60id%60@host/x", "is no user name"},
      {"ssh://a%2fb@host/x", "is no user name"},
      {"a b:x", "is no host name"},
      // Other schemes
      {"git://host/x", "the scheme 'git' is not supported: expected ssh, https, http or file"},
      {"ftp://host/x", "the scheme 'ftp' is not supported"},
      {"ftps://host/x", "not supported"},
      {"SSH://host/x", "the scheme 'SSH' is not supported"},
      {"rsync://host/x", "not supported"},
      {"file://other/x", "can't name another computer"},
      // Missing or broken parts
      {"ssh:///x", "the URL names no host"},
      {"ssh://u@/x", "the URL names no host"},
      {"https:///x", "the URL names no host"},
      {":x", "the URL names no host"},
      {"u@:x", "the URL names no host"},
      {"[]:x", "the URL names no host"},
      {"ssh://host", "the URL has no path"},
      {"ssh://host/", "the URL has no path"},
      {"https://host", "the URL has no path"},
      {"file://", "the URL has no path"},
      {"host:", "the URL has no path"},
      {"[::1]", "has no path"},
      {"ssh://host:0/x", "expected a number from 1 to 65535"},
      {"ssh://host:65536/x", "expected a number from 1 to 65535"},
      {"ssh://host:ssh/x", "expected a number from 1 to 65535"},
      {"ssh://::1/x", "expected a number from 1 to 65535"},
      {"ssh://[::1/x", "expected [user@]host[:port]"},
      {"ssh://[::1]22/x", "expected [user@]host[:port]"},
      {"ssh://u:secret@host/x", "ssh takes no password from a URL"},
      // Control characters, written out or encoded
      {"/srv/a\nb", "control characters"},
      {"ssh://ho\x1bst/x", "control characters"},
      {"/srv/a\0b"sv, "control characters"},
      {"ssh://host/a%0ab", "control characters"},
      {"ssh://host/a%00b", "control characters"},
      {"ssh://u%0d@host/b", "control characters"},
      {"file:///a%7fb", "control characters"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.text) {
      const std::string problem = parse_url(row.text).problem;
      BOOST_TEST(problem.find(row.problem) != std::string::npos, "the problem is: " << problem);
    }
  }
}

BOOST_AUTO_TEST_CASE(takes_long_urls_whole) {
  const std::string path = '/' + std::string(4096, 'x');
  BOOST_TEST(parse_url("ssh://host" + path).url.path == path);
}

BOOST_AUTO_TEST_CASE(shares_a_connection_only_with_the_same_user_host_and_port) {
  const std::string server = parse_url("ssh://git@host:22/a").url.server();
  BOOST_TEST(parse_url("ssh://git@host:22/b").url.server() == server);
  for (const std::string_view other : {"ssh://host:22/a", "ssh://git@host/a", "ssh://git@host:23/a", "git@host:a"}) {
    BOOST_TEST(parse_url(other).url.server() != server);
  }
  BOOST_TEST(parse_url("git@host:a").url.server() == parse_url("ssh://git@host/b").url.server());
}

BOOST_AUTO_TEST_CASE(shows_no_password) {
  struct Row {
    std::string_view url;
    std::string_view shown;
  };
  const Row rows[] = {
      {"https://jane:s3cret@host/x", "https://jane@host/x"},
      {"https://jane:s3:c@r@et@host/x", "https://jane@host/x"},
      {"https://:token@host/x", "https://@host/x"},
      {"https://jane:se/cret@host/x", "https://jane@host/x"},
      {"ssh://jane:s3cret@host:22/x", "ssh://jane@host:22/x"},
      {"https://jane@host:8443/x", "https://jane@host:8443/x"},
      {"https://host:8443/x@y", "https://host:8443/x@y"},
      {"https://host/x:y@z", "https://host/x:y@z"},
      {"https://[::1]:80/x", "https://[::1]:80/x"},
      {"git@host:x", "git@host:x"},
      {"https://ghp_0123456789abcdefghijklmnopqrstuvwxyz@host/x", "https://host/x"},
      {"HTTPS://ghp_0123456789abcdefghijklmnopqrstuvwxyz:x-oauth-basic@host:1/x", "HTTPS://host:1/x"},
      {"http://glpat-0123456789abcdefghij@host/x", "http://host/x"},
      {"https://01234567890123456789@host/x", "https://host/x"},
      {"https://firstname.lastname@host/x@y", "https://firstname.lastname@host/x@y"},
      {"https://x-token-auth:s3cret@host/x", "https://x-token-auth@host/x"},
      {"ssh://ghp_0123456789abcdefghijklmnopqrstuvwxyz@host/x",
       "ssh://ghp_0123456789abcdefghijklmnopqrstuvwxyz@host/x"},
      {"/srv/x", "/srv/x"},
      {"", ""},
  };
  for (const Row& row : rows) BOOST_TEST(without_password(row.url) == row.shown);
}

BOOST_AUTO_TEST_CASE(knows_the_password_of_a_url) {
  const auto password = [](std::string_view url) { return password_in(url).value_or("none"); };
  BOOST_TEST(password("https://jane:s3cret@host/x") == "s3cret");
  BOOST_TEST(password("https://jane:s3:c@r@et@host/x") == "s3:c@r@et");
  BOOST_TEST(password("https://jane:a%2Fb%40c%25@host:80/x") == "a/b@c%");
  BOOST_TEST(password("https://:token@host/x") == "token");
  BOOST_TEST(password("https://jane:@host/x") == "");
  BOOST_TEST(password("https://jane@host:8443/x") == "none");
  BOOST_TEST(password("https://[::1]:80/x") == "none");
  BOOST_TEST(password("/srv/x") == "none");
}

BOOST_AUTO_TEST_CASE(shows_no_password_in_a_problem) {
  for (const std::string_view text :
       {"https://jane:s3cret@host", "https://jane:s3cret@host:x/y", "https://jane:s3cret@-h/y",
        "ftp://jane:s3cret@host/y", "https://jane:s3cret@[h/y", "ssh://jane:s3cret@host/y",
        "https://jane:a/s3cret@host/y", "file://j:s3cret@host/y"}) {
    BOOST_TEST_CONTEXT(text) {
      const std::string problem = parse_url(text).problem;
      BOOST_TEST(problem != "");
      BOOST_TEST(problem.find("s3cret") == std::string::npos, "the problem is: " << problem);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
