#include "model/oid.hpp"

#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

using namespace syncmanager;

namespace {

constexpr std::string_view sha1 = "0123456789abcdef0123456789abcdef01234567";
constexpr std::string_view sha256 = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

}  // namespace

BOOST_AUTO_TEST_SUITE(oid)

BOOST_AUTO_TEST_CASE(gives_back_what_it_read) {
  BOOST_TEST(Oid::from_hex(sha1).value().hex() == sha1);
  BOOST_TEST(Oid::from_hex(sha256).value().hex() == sha256);
  BOOST_TEST(Oid::from_hex(sha1).value().short_hex() == "0123456");
}

BOOST_AUTO_TEST_CASE(refuses_what_names_no_object) {
  const std::string valid(sha1);
  for (const std::string& hex : {std::string(), valid.substr(1), valid + "0", std::string(sha256) + "00",
                                 "A" + valid.substr(1), "g" + valid.substr(1), " " + valid.substr(1),
                                 std::string(40, '0'), std::string(64, '0'), std::string(40, '\0')}) {
    BOOST_TEST_CONTEXT(hex) {
      BOOST_TEST(!Oid::from_hex(hex).has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(compares_by_value) {
  BOOST_CHECK(Oid::from_hex(sha1) == Oid::from_hex(sha1));
  BOOST_CHECK(Oid::from_hex(sha1) != Oid::from_hex(sha256));
  BOOST_CHECK(Oid::from_hex(std::string(40, '1')) != Oid::from_hex(std::string(64, '1')));
  BOOST_CHECK(Oid::from_hex(std::string(40, '1')) < Oid::from_hex(std::string(40, '2')));
  BOOST_CHECK(Oid() != *Oid::from_hex(sha1));
  BOOST_TEST(Oid().hex() == "");
}

BOOST_AUTO_TEST_SUITE_END()
