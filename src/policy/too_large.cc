// SPDX-License-Identifier: Apache-2.0
#include "policy/too_large.h"

#include <algorithm>
#include <numeric>

#include "policy/answering.h"

namespace firebreak::policy {
namespace {

// Enough to see where it grows.
constexpr size_t kProbe = 50'000;
constexpr size_t kMostFacts = 4;
constexpr size_t kMostNamed = 4;  // rules

bool looks_at(const Condition& condition, uint32_t attribute) {
  if (condition.kind == Condition::Kind::test) return condition.attribute == attribute;
  return std::any_of(condition.parts.begin(), condition.parts.end(),
                     [&](const Condition& part) { return looks_at(part, attribute); });
}

// How many nodes ask for each attribute when the rules are put together until there is no room.
std::vector<size_t> nodes_by_attribute(const Model& model, const Vocabulary& words,
                                       const Space& space) {
  Diagram diagram(space.sizes(), kProbe);
  AnsweringRules(diagram, space, model, words, AnsweringRules::Keep::kinds).compile();
  std::vector<size_t> out(words.attributes.size());
  for (NodeId node = 0; node < diagram.node_count(); ++node) {
    if (!diagram.is_terminal(node)) ++out[space.levels()[diagram.level(node)].attribute];
  }
  return out;
}

std::string quoted_and(const std::vector<std::string>& items) {
  std::string out;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += i + 1 == items.size() ? " and " : ", ";
    out.append("`").append(items[i]).append("`");
  }
  return out;
}

}  // namespace

std::string what_to_change(const Model& model, const VocabularyModel& vocabulary,
                           const Space& space) {
  const std::vector<size_t> nodes = nodes_by_attribute(model, vocabulary.words, space);
  std::vector<uint32_t> most(nodes.size());
  std::iota(most.begin(), most.end(), 0U);
  std::stable_sort(most.begin(), most.end(),
                   [&](uint32_t a, uint32_t b) { return nodes[a] > nodes[b]; });
  // Those that take a tenth of the largest or more.
  std::vector<std::string> facts;
  while (facts.size() < std::min(kMostFacts, most.size()) &&
         nodes[most[facts.size()]] * 10 > nodes[most.front()]) {
    facts.push_back(vocabulary.words.attributes[most[facts.size()]].name);
  }
  const auto ties = [&](const Rule& rule) {
    size_t named = 0;
    for (size_t i = 0; i < facts.size(); ++i) named += looks_at(rule.when, most[i]) ? 1U : 0U;
    return named >= std::min<size_t>(2, facts.size());
  };
  std::vector<std::string> named;
  size_t tying = 0;
  for (const Rule& rule : model.rules) {
    if (!ties(rule)) continue;
    if (++tying <= kMostNamed) {
      named.push_back(rule.name + " (line " + std::to_string(rule.place.line) + ")");
    }
  }
  std::string out = "What multiplies most is " + quoted_and(facts) + ", which " +
                    std::to_string(tying) + " rules tie together";
  if (!named.empty()) {
    out += tying > named.size() ? ", among them " : ": ";
    for (size_t i = 0; i < named.size(); ++i) out += (i > 0 ? ", " : "") + named[i];
  }
  return out +
         ". Give such rules one condition by which they exclude each other (a recipient, an "
         "action),"
         " make exceptions of them, let each look at fewer of these facts, or put the facts that "
         "always go together into one.";
}

}  // namespace firebreak::policy
