// SPDX-License-Identifier: Apache-2.0
#include "policy/order.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "policy/answering.h"
#include "policy/sift.h"

namespace firebreak::policy {
namespace {

// Nodes that a trial may make.
constexpr size_t kTrialBudget = 100'000;
// A diagram of no more nodes is left in the order of use: sifting would gain nothing that matters.
constexpr size_t kSmallEnough = 4'000;
constexpr size_t kWorse = 10;
constexpr size_t kPlacingRounds = 30;
// What one rule in so many looks at may stand at the top.
constexpr size_t kKeyShare = 5;

using Attributes = std::vector<uint32_t>;

// Attributes that stand together in rules, with the rules around an exception; each set once.
using Together = std::map<std::set<uint32_t>, size_t>;

void add_attributes(const Condition& condition, std::set<uint32_t>& out) {
  if (condition.kind == Condition::Kind::test) out.insert(condition.attribute);
  for (const Condition& part : condition.parts) add_attributes(part, out);
}

Together together_in(const Model& model) {
  Together out;
  for (const Rule& rule : model.rules) {
    std::set<uint32_t> attributes;
    add_attributes(rule.when, attributes);
    for (std::optional<uint32_t> at = rule.parent; at; at = model.rules[*at].parent) {
      add_attributes(model.rules[*at].when, attributes);
    }
    ++out[attributes];
  }
  return out;
}

// Moves each attribute to the middle of the sets that it is in, again and again. Attributes before
// `first` stay where they are and draw nothing.
void place_near(const Together& together, size_t first, Attributes& order) {
  std::vector<double> at(*std::max_element(order.begin(), order.end()) + 1, -1);
  for (size_t round = 0; round < kPlacingRounds; ++round) {
    for (size_t i = first; i < order.size(); ++i) at[order[i]] = static_cast<double>(i);
    std::vector<std::pair<double, double>> pull(at.size());  // sum of middles, how many
    for (const auto& [attributes, times] : together) {
      double sum = 0;
      double count = 0;
      for (const uint32_t one : attributes) {
        if (one >= at.size() || at[one] < 0) continue;
        sum += at[one];
        ++count;
      }
      if (count < 2) continue;
      for (const uint32_t one : attributes) {
        if (one >= at.size() || at[one] < 0) continue;
        pull[one].first += sum / count;
        ++pull[one].second;
      }
    }
    std::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(first), order.end(),
                     [&](uint32_t a, uint32_t b) {
                       const auto middle = [&](uint32_t one) {
                         return pull[one].second > 0 ? pull[one].first / pull[one].second : at[one];
                       };
                       return middle(a) < middle(b);
                     });
  }
}

FactOrder slots_of(const Vocabulary& words, const Attributes& order) {
  FactOrder out;
  for (const uint32_t index : order) {
    const Attribute& attribute = words.attributes[index];
    for (size_t i = 0; i < attribute.slots(); ++i) {
      out.push_back(static_cast<uint32_t>(attribute.first_slot + i));
    }
  }
  return out;
}

Attributes attributes_by_use(const FactUses& uses) {
  Attributes out;
  for (uint32_t i = 0; i < uses.count.size(); ++i) {
    if (uses.count[i] > 0) out.push_back(i);
  }
  std::stable_sort(out.begin(), out.end(),
                   [&](uint32_t a, uint32_t b) { return uses.count[a] > uses.count[b]; });
  return out;
}

class OrderChooser {
 public:
  OrderChooser(const Model& model, const VocabularyModel& vocabulary)
      : model_(model), vocabulary_(vocabulary), uses_(uses_of(model, vocabulary)) {}

  FactOrder run() {
    const Attributes by_use = attributes_by_use(uses_);
    FactOrder best = slots_of(vocabulary_.words, by_use);
    if (best.empty()) return best;
    size_t sample = 1;  // one rule in so many
    std::optional<size_t> nodes;
    while (!(nodes = best_of(by_use, sample, best)) && sample < model_.rules.size()) sample *= 4;
    if (nodes && (*nodes > kSmallEnough || sample > 1)) best = improved(best, sample);
    return best;
  }

 private:
  // Nothing when the order does not fit.
  struct Trial {
    Space space;
    Diagram diagram;
    NodeId root;
  };
  std::optional<Trial> tried(const FactOrder& order, size_t sample, size_t budget) const {
    Space space(vocabulary_, uses_, order);
    Diagram diagram(space.sizes(), budget);
    AnsweringRules rules(diagram, space, model_, vocabulary_.words, AnsweringRules::Keep::kinds);
    const NodeId root = rules.compile(sample);
    if (diagram.exhausted()) return std::nullopt;
    return Trial{std::move(space), std::move(diagram), root};
  }

  // The nodes of the best of the orders, on a sample; nothing when none fits.
  std::optional<size_t> best_of(const Attributes& by_use, size_t sample, FactOrder& best) const {
    std::optional<size_t> least;
    const auto look = [&](const FactOrder& order) {
      // What is much worse than the best so far need not come to its end.
      const auto trial =
          tried(order, sample, least ? std::min(kTrialBudget, kWorse * *least) : kTrialBudget);
      if (!trial) return;
      const size_t nodes = trial->diagram.reachable(trial->root).size();
      if (least && nodes >= *least) return;
      least = nodes;
      best = order;
    };
    look(slots_of(vocabulary_.words, by_use));
    if (least && *least <= kSmallEnough) return least;
    const Together together = together_in(model_);
    const auto keys = std::find_if(by_use.begin(), by_use.end(), [&](uint32_t one) {
      return uses_.count[one] * kKeyShare < model_.rules.size();
    });
    for (const size_t first : {static_cast<size_t>(keys - by_use.begin()), size_t{0}}) {
      Attributes order = by_use;
      place_near(together, first, order);
      look(slots_of(vocabulary_.words, order));
      std::sort(order.begin() + static_cast<std::ptrdiff_t>(first), order.end());
      place_near(together, first, order);
      look(slots_of(vocabulary_.words, order));
    }
    return least;
  }

  FactOrder improved(const FactOrder& order, size_t sample) const {
    const auto trial = tried(order, sample, kTrialBudget);
    std::vector<uint32_t> groups;
    const std::vector<Level>& levels = trial->space.levels();
    for (size_t i = 0; i < levels.size(); ++i) {
      if (i > 0 && levels[i].attribute == levels[i - 1].attribute) {
        ++groups.back();
      } else {
        groups.push_back(1);
      }
    }
    FactOrder out;
    for (const uint32_t level : sifted(trial->diagram, trial->root, groups)) {
      out.push_back(order[level]);
    }
    return out;
  }

  const Model& model_;
  const VocabularyModel& vocabulary_;
  const FactUses uses_;
};

}  // namespace

FactOrder choose_order(const Model& model, const VocabularyModel& vocabulary) {
  return OrderChooser(model, vocabulary).run();
}

FactOrder order_by_use(const Model& model, const VocabularyModel& vocabulary) {
  return slots_of(vocabulary.words, attributes_by_use(uses_of(model, vocabulary)));
}

}  // namespace firebreak::policy
