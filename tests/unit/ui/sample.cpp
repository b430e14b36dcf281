#include "unit/ui/sample.hpp"

#include <utility>

namespace syncmanager::test {

namespace {

std::optional<Oid> optional_oid(char digit) {
  return digit == '-' ? std::nullopt : std::optional(oid(digit));
}

}  // namespace

Oid oid(char digit) {
  return Oid::from_hex(std::string(40, digit)).value();
}

BranchOutcome branch(std::string name, Done action, Side side, char before, char after) {
  BranchOutcome outcome;
  outcome.name = std::move(name);
  outcome.action = action;
  outcome.side = side;
  outcome.before = optional_oid(before);
  outcome.after = optional_oid(after);
  return outcome;
}

BranchOutcome refused(std::string name, Reason reason, std::string message, std::string hint) {
  BranchOutcome outcome = branch(std::move(name), Done::refuse, Side::local, '1', '2');
  outcome.result = Result::attention;
  outcome.reason = reason;
  outcome.message = std::move(message);
  outcome.hint = std::move(hint);
  return outcome;
}

ProjectOutcome project(std::string name, std::vector<BranchOutcome> branches) {
  ProjectOutcome outcome;
  outcome.path = "/home/jane/" + name;
  outcome.url = "ssh://git@server/srv/git/" + name + ".git";
  outcome.remote = "origin";
  outcome.name = std::move(name);
  outcome.branches = std::move(branches);
  outcome.seconds = std::chrono::milliseconds(20);
  outcome.status = status_of(outcome);
  return outcome;
}

ProjectOutcome trouble(std::string name, Status status, std::string message, std::string hint) {
  ProjectOutcome outcome = project(std::move(name));
  outcome.status = status;
  outcome.message = std::move(message);
  outcome.hint = std::move(hint);
  return outcome;
}

RunReport run(std::vector<ProjectOutcome> projects) {
  RunReport report;
  report.tool = "sync-now";
  report.started = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{21};
  report.seconds = std::chrono::milliseconds(310);
  report.projects = std::move(projects);
  return report;
}

}  // namespace syncmanager::test
