#include "ssh/wire.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

using namespace syncmanager::ssh;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(wire)

BOOST_AUTO_TEST_CASE(writes_fields_behind_each_other_and_reads_them_back) {
  WireWriter writer;
  writer.byte(0x0d).number(0x01020384U).string("two\0bytes"s).raw("end");
  BOOST_TEST(writer.blob() == "\x0d\x01\x02\x03\x84\0\0\0\x09two\0bytesend"s);
  WireReader reader(writer.blob());
  BOOST_CHECK(reader.byte() == std::uint8_t{0x0d});
  BOOST_CHECK(reader.number() == 0x01020384U);
  BOOST_CHECK(reader.string() == std::string_view("two\0bytes", 9));
  BOOST_CHECK(reader.byte() == std::uint8_t{'e'});
}

BOOST_AUTO_TEST_CASE(reads_nothing_beyond_the_end) {
  BOOST_CHECK(!WireReader("").byte());
  BOOST_CHECK(!WireReader("\0\0\0"s).number());
  for (const std::string& size : {"\0\0\0\4"s, "\xff\xff\xff\xff"s}) BOOST_CHECK(!WireReader(size + "abc").string());
}

BOOST_AUTO_TEST_SUITE_END()
