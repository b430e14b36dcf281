#include "git/git_failure.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace syncmanager::git {

BOOST_AUTO_TEST_SUITE(git_failure_words)

BOOST_AUTO_TEST_CASE(tells_what_kind_of_trouble_it_is) {
  constexpr auto auth = ErrorKind::auth;
  constexpr auto offline = ErrorKind::offline;
  constexpr auto timeout = ErrorKind::timeout;
  constexpr auto failed = ErrorKind::failed;
  struct Row {
    std::string_view errors;
    ErrorKind kind;
    std::string_view words;
  };
  // As git 2.39 with GnuTLS, or with OpenSSL, prints them.
  const Row rows[] = {
      {"fatal: Authentication failed for 'http://localhost:80/x.git/'", auth, "Authentication failed"},
      {"fatal: could not read Username for 'http://h:80': terminal prompts disabled", auth,
       "could not read Username: terminal prompts disabled"},
      {"fatal: could not read Password for 'http://jane@h': terminal prompts disabled", auth,
       "could not read Password: terminal prompts disabled"},
      {"fatal: could not read Username for 'http://h:80': No such device or address", auth,
       "could not read Username: No such device or address"},
      {"fatal: unable to access 'http://h/x.git/': The requested URL returned error: 403", auth,
       "The requested URL returned error: 403"},
      {"remote: Permission to x denied.\nfatal: unable to access 'https://h/x/': The requested URL returned error: 403",
       auth, "The requested URL returned error: 403"},
      {"fatal: unable to access 'http://h/x.git/': The requested URL returned error: 407", auth,
       "The requested URL returned error: 407"},
      {"fatal: unable to access 'https://h/x.git/': server certificate verification failed. CAfile: /etc/ssl/x "
       "CRLfile: "
       "none",
       auth, "server certificate verification failed. CAfile: /etc/ssl/x CRLfile: none"},
      {"fatal: unable to access 'https://h/x.git/': SSL certificate problem: self-signed certificate in certificate "
       "chain",
       auth, "SSL certificate problem: self-signed certificate in certificate chain"},
      {"fatal: unable to access 'https://h/x/': SSL: no alternative certificate subject name matches target host name",
       auth, "SSL: no alternative certificate subject name matches target host name"},
      {"fatal: unable to access 'https://h/x.git/': Problem with the SSL CA cert (path? access rights?)", auth,
       "Problem with the SSL CA cert (path? access rights?)"},
      {"fatal: unable to access 'http://h:1/x.git/': Failed to connect to h port 1 after 0 ms: Couldn't connect to "
       "server",
       offline, "Failed to connect to h port 1 after 0 ms: Couldn't connect to server"},
      {"fatal: unable to access 'http://h/x.git/': Could not resolve host: h", offline, "Could not resolve host: h"},
      {"fatal: unable to access 'http://h/x.git/': Could not resolve proxy: p", offline, "Could not resolve proxy: p"},
      {"fatal: unable to access 'http://h/x.git/': Empty reply from server", offline, "Empty reply from server"},
      {"fatal: unable to access 'http://h/x.git/': The requested URL returned error: 503", offline,
       "The requested URL returned error: 503"},
      {"fatal: unable to access 'http://h/x.git/': The requested URL returned error: 429", offline,
       "The requested URL returned error: 429"},
      {"fatal: unable to access 'http://h/x.git/': Recv failure: Connection reset by peer", offline,
       "Recv failure: Connection reset by peer"},
      {"fatal: unable to access 'http://h/x.git/': transfer closed with 466 bytes remaining to read", offline,
       "transfer closed with 466 bytes remaining to read"},
      {"fatal: unable to access 'http://h/x/': Operation too slow. Less than 1 bytes/sec transferred the last 2 "
       "seconds",
       timeout, "Operation too slow. Less than 1 bytes/sec transferred the last 2 seconds"},
      {"fatal: unable to access 'http://h:1/x/': Failed to connect to h port 1 after 129999 ms: Connection timed out",
       timeout, "Failed to connect to h port 1 after 129999 ms: Connection timed out"},
      {"error: RPC failed; curl 18 transfer closed with outstanding read data remaining\nfatal: early EOF", offline,
       "RPC failed; curl 18 transfer closed with outstanding read data remaining"},
      {"error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502\nfatal: the remote end hung up "
       "unexpectedly",
       offline, "RPC failed; HTTP 502 curl 22 The requested URL returned error: 502"},
      {"error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413\nfatal: the remote end hung up "
       "unexpectedly",
       failed, "RPC failed; HTTP 413 curl 22 The requested URL returned error: 413"},
      {"fatal: repository 'http://h/x.git/' not found", failed, "repository 'http://h/x.git/' not found"},
      {"fatal: unable to access 'https://h/x.git/': gnutls_handshake() failed: An unexpected TLS packet was received.",
       failed, "gnutls_handshake() failed: An unexpected TLS packet was received."},
      {"fatal: https://h/x/info/refs not valid: is this a git repository?", failed,
       "https://h/x/info/refs not valid: is this a git repository?"},
      {"Receiving objects:  45% (450/1000)\rerror: first\nfatal: the last\n", failed, "the last"},
      {"remote: Connection reset by the hook\nfatal: no\n", failed, "no"},
      {"something\n", failed, "something"},
      {"", failed, "git ended without a word"},
  };
  for (const Row& row : rows) {
    const Error error = git_failure("list x", row.errors);
    BOOST_TEST((error.kind() == row.kind), row.errors);
    BOOST_TEST(error.what() == "list x: " + std::string(row.words));
    BOOST_TEST(error.hint().empty() == (row.words == "the last" || row.words == "no" || row.words == "something" ||
                                        row.words == "git ended without a word"),
               row.errors);
  }
}

BOOST_AUTO_TEST_CASE(shows_no_password) {
  for (const std::string_view errors :
       {"fatal: Authentication failed for 'http://jane:s3cret@h/x/'",
        "fatal: repository 'http://j:s3cret@h/x' not found",
        "fatal: what is http://j:s3cret@h/x and <https://j:s3cret@h>?", "fatal: \"https://j:s3:c/s3cret@h\""}) {
    BOOST_TEST(std::string(git_failure("list x", errors).what()).find("s3cret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(knows_when_git_wanted_to_ask) {
  BOOST_TEST(wants_to_ask("fatal: could not read Username for 'http://h': terminal prompts disabled\n"));
  BOOST_TEST(!wants_to_ask("fatal: Authentication failed for 'http://h/'\n"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::git
