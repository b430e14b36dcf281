#include "steps.hpp"

#include <array>
#include <random>
#include <string_view>

#include <fmt/format.h>

namespace syncmanager::campaign {

namespace {

struct Kind {
  Act act;
  std::string_view name;
  unsigned weight;
};

constexpr std::array kinds = {
    Kind{Act::commit, "commit", 20},
    Kind{Act::amend, "amend", 4},
    Kind{Act::reset, "reset", 3},
    Kind{Act::merge, "merge", 4},
    Kind{Act::rebase, "rebase", 3},
    Kind{Act::branch, "branch", 6},
    Kind{Act::switch_branch, "switch", 8},
    Kind{Act::delete_branch, "delete", 3},
    Kind{Act::rename_branch, "rename", 2},
    Kind{Act::tag, "tag", 2},
    Kind{Act::edit, "edit", 5},
    Kind{Act::scribble, "scribble", 3},
    Kind{Act::remove, "remove", 1},
    Kind{Act::stage, "stage", 3},
    Kind{Act::tidy, "tidy", 4},
    Kind{Act::pull, "sync-pull", 8},
    Kind{Act::push, "sync-push", 8},
    Kind{Act::now, "sync-now", 14},
    Kind{Act::force_pull, "sync-pull --force", 1},
    Kind{Act::force_push, "sync-push --force", 1},
    Kind{Act::undo, "sync-undo", 2},
    Kind{Act::sync_delete, "sync-delete", 2},
    Kind{Act::both_at_once, "sync-now on two computers at once", 3},
    Kind{Act::twice_at_once, "sync-now twice at once", 2},
    Kind{Act::commit_meanwhile, "commit during sync-now", 3},
    Kind{Act::kill, "sync-now, killed", 4},
    Kind{Act::others_commit, "somebody else's commit", 3},
    Kind{Act::others_rewrite, "somebody else's rewrite", 2},
    Kind{Act::others_delete, "somebody else's deletion", 1},
    Kind{Act::settle, "settle", 3},
};

}  // namespace

std::vector<Step> random_steps(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  std::array<unsigned, kinds.size()> weights{};
  for (std::size_t i = 0; i < kinds.size(); ++i) weights[i] = kinds[i].weight;
  std::discrete_distribution<std::size_t> pick(weights.begin(), weights.end());
  std::vector<Step> steps;
  for (std::size_t i = 0; i < count; ++i) {
    const Act act = kinds[pick(random)].act;
    const auto number = [&] { return static_cast<unsigned>(random() & 0xffffU); };
    const unsigned computer = number();
    const unsigned first = number();
    steps.push_back({.act = act, .computer = computer, .first = first, .second = number()});
  }
  return steps;
}

std::string to_string(const Step& step) {
  for (const Kind& kind : kinds) {
    if (kind.act == step.act) return fmt::format("{} ({} {} {})", kind.name, step.computer, step.first, step.second);
  }
  return {};
}

}  // namespace syncmanager::campaign
