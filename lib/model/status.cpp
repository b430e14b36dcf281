#include "model/status.hpp"

namespace syncmanager {

namespace {

Standing of_both(const BranchFacts& facts) {
  switch (facts.local_to_server) {
    case Relation::same: return Standing::same;
    case Relation::before: return Standing::behind;
    case Relation::after: return Standing::ahead;
    case Relation::unrelated: break;
  }
  if (facts.base && facts.local == facts.base) return Standing::rewritten_there;
  if (facts.base && facts.server == facts.base) return Standing::rewritten_here;
  return Standing::diverged;
}

}  // namespace

Standing standing_of(const BranchFacts& facts) {
  if (facts.local == facts.server) return Standing::same;
  if (facts.base && facts.local && facts.local_to_base == Relation::before) return Standing::rewound_here;
  if (facts.base && facts.server && facts.server_to_base == Relation::before) return Standing::rewound_there;
  if (facts.local && facts.server) return of_both(facts);
  if (facts.local) return facts.base ? Standing::gone_there : Standing::new_here;
  return facts.base ? Standing::gone_here : Standing::new_there;
}

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::same: return "same";
    case Standing::new_here: return "new-here";
    case Standing::new_there: return "new-there";
    case Standing::ahead: return "ahead";
    case Standing::behind: return "behind";
    case Standing::gone_here: return "gone-here";
    case Standing::gone_there: return "gone-there";
    case Standing::diverged: return "diverged";
    case Standing::rewritten_here: return "rewritten-here";
    case Standing::rewritten_there: return "rewritten-there";
    case Standing::rewound_here: return "rewound-here";
    case Standing::rewound_there: return "rewound-there";
  }
  return "";
}

std::string_view to_string(ProjectState state) {
  switch (state) {
    case ProjectState::in_sync: return "in-sync";
    case ProjectState::pending: return "pending";
    case ProjectState::attention: return "attention";
    case ProjectState::never_synced: return "never-synced";
    case ProjectState::not_cloned: return "not-cloned";
    case ProjectState::unreadable: return "unreadable";
    case ProjectState::synced: return "synced";
  }
  return "";
}

}  // namespace syncmanager
