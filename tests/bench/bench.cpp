// The time that our tools take, beside git's, myrepos's, and the least that is possible. Run by hand: the seconds are
// this machine's, the ratios count, and nothing of it is a test.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/process.hpp"
#include "bench/output.hpp"
#include "bench/picture.hpp"
#include "bench/scenario.hpp"

namespace syncmanager::test {

namespace {

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> all = {
      {"nothing-to-do", "many projects that have nothing to do, beside git and myrepos", nothing_to_do},
      {"many-projects", "ten times as many", many_projects},
      {"one-project", "one project: nothing to do, and one commit to push", one_project},
      {"commit", "what the hooks add to git commit", commit},
      {"folders", "a folder by rsync and Unison, beside both called by hand", folders},
      {"big-transfers", "clone and push of big repositories", big_transfers},
      {"the-lab-itself", "what the delaying proxy costs", the_lab_itself},
  };
  return all;
}

constexpr Settings quick_settings = {
    .rounds = 1, .big_rounds = 1, .projects = 20, .many_projects = 50, .megabytes = 5, .commits = 1'000, .files = 200};

struct Options {
  Settings settings;
  std::vector<std::string> chosen;
  std::string json;
  std::string svg;
  std::string readme;
};

void add_options(CLI::App& app, Options& options) {
  std::vector<std::string> names;
  std::string list = "\nscenarios:\n";
  for (const Scenario& scenario : scenarios()) {
    names.push_back(scenario.name);
    list += fmt::format("  {:<16}{}\n", scenario.name, scenario.about);
  }
  app.footer(list);
  app.add_option("-s,--scenario", options.chosen, "only this one (repeatable); all without it")
      ->check(CLI::IsMember(names));
  // Comes before the options that change single sizes of it, because they are applied in this order.
  app.add_flag_callback(
      "-q,--quick", [&] { options.settings = quick_settings; },
      "small sizes and few rounds: shows that it works, not how fast");
  app.add_option("--rounds", options.settings.rounds, "how often each is measured")->check(CLI::Range(1, 1'000));
  app.add_option("--big-rounds", options.settings.big_rounds, "the same, of big transfers")
      ->check(CLI::Range(1, 1'000));
  app.add_option("--projects", options.settings.projects, "how many projects")->check(CLI::Range(1, 10'000));
  app.add_option("--many-projects", options.settings.many_projects, "how many are many")->check(CLI::Range(1, 100'000));
  app.add_option("--megabytes", options.settings.megabytes, "of files, in big transfers")->check(CLI::Range(1, 1'000));
  app.add_option("--commits", options.settings.commits, "of the long history")->check(CLI::Range(1, 1'000'000));
  app.add_option("--files", options.settings.files, "of a folder")->check(CLI::Range(1, 1'000'000));
  app.add_option_function<int>(
         "--round-trip", [&](int value) { options.settings.round_trip = std::chrono::milliseconds(value); },
         "milliseconds to a server far away, and back (50)")
      ->check(CLI::Range(2, 10'000));
  app.add_option("--json", options.json, "write all figures into this file");
  CLI::Option* const svg = app.add_option("--svg", options.svg, "draw the picture into this file");
  app.add_option("--readme", options.readme, "put picture and figures between the marks in this file")->needs(svg);
}

Machine this_machine() {
  Machine machine;
  machine.cores = static_cast<int>(std::thread::hardware_concurrency());
  getloadavg(&machine.load, 1);
  // git --version; ssh -V (which answers on the error stream)
  for (const Arguments& argv : {Arguments{"git", "--version"}, Arguments{"ssh", "-V"}}) {
    const Finished run = syncmanager::run({argv, {}, {}}, "", std::chrono::seconds(10));
    const std::string words = run.out + run.err;
    machine.versions.push_back(words.substr(0, words.find_first_of(",\n")));
  }
  return machine;
}

/// Also where a scenario can't be built: then there are as many tables as before it.
bool run(const Options& options, std::vector<Table>& tables) {
  Lab lab(options.settings.round_trip);
  bool all_well = true;
  const Output output{[](const std::string& what) { std::cerr << "bench: " << what << std::endl; },
                      [&](Table table) {
                        std::cout << text_of(table) << std::endl;
                        for (const Row& row : table.rows) all_well = all_well && !row.failed();
                        tables.push_back(std::move(table));
                      }};
  for (const Scenario& scenario : scenarios()) {
    if (!options.chosen.empty() && std::ranges::find(options.chosen, scenario.name) == options.chosen.end()) continue;
    try {
      scenario.run(lab, options.settings, output);
    } catch (const std::exception& error) {
      std::cerr << fmt::format("bench: {}: {}\n", scenario.name, error.what());
      all_well = false;
    }
  }
  return all_well;
}

void write_files(const Options& options, const Machine& machine, const std::vector<Table>& tables) {
  if (!options.json.empty()) Computer::write(std::filesystem::absolute(options.json), json_of(machine, tables));
  if (!options.svg.empty()) Computer::write(std::filesystem::absolute(options.svg), svg_of(tables));
  if (options.readme.empty()) return;
  const std::filesystem::path readme = std::filesystem::absolute(options.readme);
  const std::string picture = std::filesystem::relative(options.svg, readme.parent_path());
  Computer::write(readme, with_section(content_of(readme), markdown_of(machine, tables, picture)));
}

}  // namespace

}  // namespace syncmanager::test

int main(int argc, char** argv) {
  using namespace syncmanager::test;
  CLI::App app("Measures our tools beside git and myrepos, in a lab of its own on this machine.", "bench");
  Options options;
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    const Machine machine = this_machine();
    std::cout << fmt::format("{} cores, load {:.1f}, {}\n\n", machine.cores, machine.load,
                             fmt::join(machine.versions, ", "));
    if (machine.load > machine.cores / 2.0) std::cerr << "bench: this machine is busy, which spoils the figures\n";
    std::vector<Table> tables;
    const bool all_well = run(options, tables);
    write_files(options, machine, tables);
    return all_well ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << '\n';
    return 1;
  }
}
