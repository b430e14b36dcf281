#define BOOST_TEST_MODULE syncmanager
#include <boost/test/unit_test.hpp>
