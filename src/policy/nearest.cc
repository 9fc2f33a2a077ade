// SPDX-License-Identifier: Apache-2.0
#include "policy/nearest.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>
#include <unordered_map>

#include "policy/question.h"

namespace firebreak::policy {
namespace {

// A changed attribute outweighs every changed member and every assumption, of which there are at
// most two for each slot.
constexpr uint64_t kChange = uint64_t{4} * kMaxSlots;

// From one node to one kind of answer.
struct Path {
  uint64_t cost = 0;
  std::bitset<kMaxAttributes> changed;  // at the node and below
  uint32_t value = 0;                   // where it goes
  uint32_t next = 0;                    // which of the child's paths it follows
};
using Paths = std::vector<Path>;  // cheapest first, each changing other attributes

// The node's paths, without and with its attribute having been changed further up.
using AtNode = std::array<Paths, 2>;

class Search {
 public:
  Search(const Policy::Compiled& compiled, const Facts& facts, const std::vector<bool>& may_change)
      : compiled_(compiled),
        diagram_(compiled.diagram),
        facts_(facts),
        may_change_(may_change),
        order_(diagram_.reachable(compiled.judged)) {}

  std::optional<Nearest> run(Verdict answer) {
    at_.clear();
    for (const NodeId node : order_) {
      if (diagram_.is_terminal(node)) {
        const uint32_t judged = diagram_.payload(node);
        const bool there =
            judged % 2 == 1 && verdict_of(compiled_.outcomes[judged / 2].decision) == answer;
        if (there) at_[node] = {Paths{Path{}}, Paths{Path{}}};
        continue;
      }
      AtNode both = {best(node, false), best(node, true)};
      if (!both[0].empty() || !both[1].empty()) at_[node] = std::move(both);
    }
    const auto root = at_.find(compiled_.judged);
    if (root == at_.end() || root->second[0].empty()) return std::nullopt;
    Nearest out;
    out.answer = answer;
    out.changes = static_cast<size_t>(root->second[0].front().cost / kChange);
    for (const Path& path : root->second[0]) {
      if (path.cost / kChange == out.changes) out.ways.push_back(follow(path));
    }
    return out;
  }

 private:
  const Level& level_at(NodeId node) const {
    return compiled_.space.levels()[diagram_.level(node)];
  }

  // What one value of the node's level costs, and whether it is a change; nothing when it may not
  // be had.
  struct Step {
    uint64_t cost = 0;
    bool changes = false;
  };
  std::optional<Step> step(const Level& level, uint32_t at, uint32_t value, bool changed) const {
    const int32_t given = facts_[level.slot];
    if (given == Facts::kMissing) return Step{1, false};
    if (compiled_.space.value_at(at, given) == value) return Step{};
    if (!may_change_[level.attribute]) return std::nullopt;
    return Step{1 + (changed ? 0 : kChange), true};
  }

  Paths best(NodeId node, bool changed) const {
    const Level& level = level_at(node);
    Paths all;
    for (uint32_t value = 0; value < level.size; ++value) {
      const NodeId child = diagram_.children(node)[value];
      const auto below = at_.find(child);
      const auto step = this->step(level, diagram_.level(node), value, changed);
      if (below == at_.end() || !step) continue;
      // The levels of one attribute stand together, so a change is remembered no further.
      const bool same =
          !diagram_.is_terminal(child) && level_at(child).attribute == level.attribute;
      const Paths& paths = below->second[same && (changed || step->changes) ? 1 : 0];
      for (uint32_t i = 0; i < paths.size(); ++i) {
        Path path{paths[i].cost + step->cost, paths[i].changed, value, i};
        if (step->changes && !changed) path.changed.set(level.attribute);
        all.push_back(path);
      }
    }
    return cheapest(std::move(all));
  }

  static Paths cheapest(Paths all) {
    std::stable_sort(all.begin(), all.end(),
                     [](const Path& a, const Path& b) { return a.cost < b.cost; });
    Paths out;
    for (const Path& path : all) {
      const bool known = std::any_of(
          out.begin(), out.end(), [&](const Path& other) { return other.changed == path.changed; });
      if (!known) out.push_back(path);
      if (out.size() == kMostWays) break;
    }
    return out;
  }

  // The number of the band that is nearest to the given one.
  int32_t raw(uint32_t at, uint32_t value, int32_t given) const {
    const int32_t least = compiled_.space.raw_at(at, value);
    if (compiled_.space.levels()[at].bands.empty() || given == Facts::kMissing || given < least) {
      return least;
    }
    const auto last = int64_t{least} + compiled_.space.width(at, value) - 1;
    return static_cast<int32_t>(std::min<int64_t>(given, last));
  }

  Way follow(const Path& from) const {
    Way out;
    out.facts = facts_;
    const Path* path = &from;
    NodeId node = compiled_.judged;
    bool changed = false;
    while (!diagram_.is_terminal(node)) {
      const uint32_t at = diagram_.level(node);
      const Level& level = compiled_.space.levels()[at];
      const int32_t given = facts_[level.slot];
      out.facts.set(level.slot, raw(at, path->value, given));
      const bool changes =
          given != Facts::kMissing && compiled_.space.value_at(at, given) != path->value;
      const NodeId child = diagram_.children(node)[path->value];
      const bool same =
          !diagram_.is_terminal(child) && level_at(child).attribute == level.attribute;
      changed = same && (changed || changes);
      if (!diagram_.is_terminal(child)) path = &at_.at(child)[changed ? 1 : 0][path->next];
      node = child;
    }
    out.outcome = diagram_.payload(node) / 2;
    for (uint32_t i = 0; i < compiled_.vocabulary.words.attributes.size(); ++i) {
      if (from.changed[i]) out.changed.push_back(i);
    }
    drop_idle_assumptions(out);
    return out;
  }

  // Whether every completion that may be has the way's answer.
  bool settled(const Facts& facts, OutcomeId outcome) const {
    const std::vector<OutcomeId> reach = reach_of(compiled_, facts).possible;
    return std::all_of(reach.begin(), reach.end(), [&](OutcomeId id) {
      return compiled_.outcomes[id].answer_class == compiled_.outcomes[outcome].answer_class;
    });
  }

  void drop_idle_assumptions(Way& way) const {
    const std::vector<Attribute>& attributes = compiled_.vocabulary.words.attributes;
    for (uint32_t i = 0; i < attributes.size(); ++i) {
      Facts fewer = way.facts;
      bool assumed = false;
      for (size_t k = 0; k < attributes[i].slots(); ++k) {
        const size_t slot = attributes[i].first_slot + k;
        if (facts_[slot] != Facts::kMissing || fewer[slot] == Facts::kMissing) continue;
        fewer.set(slot, Facts::kMissing);
        assumed = true;
      }
      if (!assumed) continue;
      if (settled(fewer, way.outcome)) {
        way.facts = std::move(fewer);
      } else {
        way.assumed.push_back(i);
      }
    }
  }

  const Policy::Compiled& compiled_;
  const Diagram& diagram_;
  const Facts& facts_;
  const std::vector<bool>& may_change_;
  std::vector<NodeId> order_;  // children before parents
  std::unordered_map<NodeId, AtNode> at_;
};

}  // namespace

Verdict verdict_of(const Decision& decision) {
  if (decision.decision == Outcome::permit) return Verdict::permit;
  if (decision.decision == Outcome::sign_off) return Verdict::sign_off;
  return decision.covered ? Verdict::refuse : Verdict::not_covered;
}

std::vector<Nearest> nearest(const Policy::Compiled& compiled, const Facts& facts,
                             const std::vector<bool>& may_change) {
  Search search(compiled, facts, may_change);
  std::vector<Nearest> out;
  for (size_t i = 0; i < kVerdicts; ++i) {
    if (auto one = search.run(static_cast<Verdict>(i))) out.push_back(*std::move(one));
  }
  return out;
}

}  // namespace firebreak::policy
