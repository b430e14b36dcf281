// What end-to-end tests look at again and again: exit codes, and the parts of the JSON document.
#pragma once

#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "support/sandbox.hpp"

namespace syncmanager::test {

using Json = nlohmann::json;

inline void expect_exit(const Finished& run, int status) {
  BOOST_TEST_CONTEXT("stdout:\n" << run.out << "stderr:\n" << run.err) {
    BOOST_TEST(run.status == status);
  }
}

/// Runs the tool with --json as well, and expects the exit code both of the process and in the document.
inline Json report_of(const Computer& computer, const std::string& tool, int status, Arguments arguments = {}) {
  arguments.emplace_back("--json");
  const Finished run = computer.run(tool, arguments);
  expect_exit(run, status);
  Json document = Json::parse(run.out);
  BOOST_TEST(document.at("exit") == status);
  return document;
}

/// The entry with this name in a list of projects, branches or tags; null where there is none.
inline Json named(const Json& list, const std::string& name) {
  for (const Json& entry : list) {
    if (entry.at("name") == name) return entry;
  }
  return nullptr;
}

inline Json branch_of(const Json& document, const std::string& project, const std::string& branch) {
  const Json entry = named(document.at("projects"), project);
  BOOST_REQUIRE(!entry.is_null());
  const Json found = named(entry.at("branches"), branch);
  BOOST_REQUIRE_MESSAGE(!found.is_null(), "no branch " << branch << " in " << entry.dump(2));
  return found;
}

/// That the branches and tags here are those of the server.
inline void expect_equal_refs(const Sandbox& world, const Computer& computer, const std::string& project) {
  for (const auto* const prefix : {"refs/heads", "refs/tags"}) {
    BOOST_TEST(computer.refs(computer.project(project), prefix) == computer.refs(world.bare(project), prefix));
  }
}

/// The folder in which a project of this computer is being cloned; empty where there is none.
inline std::filesystem::path nursery(const Computer& computer) {
  for (const auto& entry : std::filesystem::directory_iterator(computer.home())) {
    if (entry.path().filename().string().starts_with(".sync-clone-")) return entry.path();
  }
  return {};
}

}  // namespace syncmanager::test
