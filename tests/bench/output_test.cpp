#include "bench/output.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "bench/picture.hpp"
#include "support/sandbox.hpp"

namespace syncmanager::test {

namespace {

Table example() {
  return {"nothing/0ms",
          "Nothing to do",
          {{.name = "sync-pull", .seconds = {0.1, 0.3, 0.2}, .peak_kib = 2048, .goals = {{Goal::Of::seconds, 0.25}}},
           {.name = "git fetch <one by one>", .seconds = {4}, .scale = 5, .goals = {{Goal::Of::ratio, 25}}},
           {.name = "mr", .error = "exit status 1\nmr: no such file"}},
          true};
}

const Machine machine{2, 0.5, {"git version 2", "OpenSSH 9"}};

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t result = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; ++at) ++result;
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(output)

BOOST_AUTO_TEST_CASE(a_table_is_aligned_and_shows_what_the_failed_ones_said) {
  BOOST_TEST(text_of(example()) ==
             "Nothing to do; up to 3 rounds\n"
             "                                    median s       least-most   ratio     MiB  goal\n"
             "  sync-pull                            0.200      0.100-0.300             2.0  ≤ 0.25 s: met\n"
             "  git fetch <one by one> (1/5 × 5)     4.000      4.000-4.000   20.00          ≥ 25 ×: missed\n"
             "  mr                                  failed\n"
             "  mr failed:\n"
             "    exit status 1\n"
             "    mr: no such file\n");
}

BOOST_AUTO_TEST_CASE(json_has_every_round_and_no_figures_that_are_not_there) {
  const auto document = nlohmann::json::parse(json_of(machine, {example()}));
  BOOST_TEST(document["machine"]["cores"] == 2);
  const auto& rows = document["tables"][0]["rows"];
  BOOST_TEST(rows[0]["seconds"] == nlohmann::json({0.1, 0.3, 0.2}));
  BOOST_TEST(rows[0]["goals"][0]["met"] == true);
  BOOST_TEST(rows[1]["ratio"] == 20.0);
  BOOST_TEST(rows[1]["goals"][0]["met"] == false);
  BOOST_TEST(!rows[2].contains("median_seconds"));
  BOOST_TEST(rows[2]["error"] == "exit status 1\nmr: no such file");
}

BOOST_AUTO_TEST_CASE(markdown_names_the_work_once_and_the_machine) {
  const std::string text = markdown_of(machine, {example()}, "share/bench.svg");
  BOOST_TEST(contains(text, "](share/bench.svg)\n"));
  BOOST_TEST(contains(text, "2 cores, git version 2, OpenSSH 9"));
  BOOST_TEST(contains(text, "| Nothing to do | **sync-pull** | 0.200 |  | 2.0 |\n"));
  BOOST_TEST(contains(text, "|  | mr | failed |  |  |\n"));
}

BOOST_AUTO_TEST_CASE(a_section_takes_the_place_of_the_one_before_it_and_of_nothing_else) {
  const std::string once = with_section("a\n<!-- bench -->\nold\n<!-- /bench -->\nz\n", "new\n");
  BOOST_TEST(once == "a\n<!-- bench -->\n\nnew\n\n<!-- /bench -->\nz\n");
  BOOST_TEST(with_section(once, "new\n") == once);
  for (const auto* const text : {"", "<!-- bench -->\n", "<!-- /bench -->\n<!-- bench -->\n"}) {
    BOOST_CHECK_THROW(with_section(text, "new\n"), std::runtime_error);
  }
}

BOOST_AUTO_TEST_CASE(the_picture_has_a_bar_for_all_who_have_figures) {
  Table other = example();
  other.in_picture = false;
  const std::string svg = svg_of({example(), other});
  BOOST_TEST(count(svg, "class=\"ours\"") == 1U);
  BOOST_TEST(count(svg, "class=\"bar\"") == 1U);
  BOOST_TEST(contains(svg, "git fetch &lt;one by one&gt;"));
  BOOST_TEST(contains(svg, "4.00 s, 20×"));
  BOOST_TEST(contains(svg, "prefers-color-scheme: dark"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace syncmanager::test
