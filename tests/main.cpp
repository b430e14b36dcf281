#include <boost/test/unit_test.hpp>

namespace {

bool name_the_module() {
  boost::unit_test::framework::master_test_suite().p_name.value = "syncmanager";
  return true;
}

}  // namespace

// Boost.Test's own main() would need a macro before its header, which then could not be precompiled for all tests.
int main(int argc, char** argv) {
  return boost::unit_test::unit_test_main(&name_the_module, argc, argv);
}
