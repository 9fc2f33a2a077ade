// SPDX-License-Identifier: Apache-2.0
#include "policy/compile.h"

#include <algorithm>
#include <map>

#include "policy/answering.h"
#include "policy/too_large.h"

namespace firebreak::policy {
namespace {

// Two numbers as one.
class Pair final : public Operation {
 public:
  uint32_t on_terminals(uint32_t a, uint32_t b) override { return 2 * a + b; }
};

class Compiler {
 public:
  Compiler(Policy::Compiled& out, AnsweringRules::Keep keep, size_t budget)
      : out_(out),
        diagram_(out.space.sizes(), budget),
        model_(out.model),
        words_(out.vocabulary.words),
        rules_(diagram_, out.space, model_, words_, keep),
        keep_(keep) {}

  // False when it became too large; then there is nothing in what was to be filled.
  Result<bool> run() {
    FB_CHECK(compile_possible());
    const NodeId root = rules_.compile();
    if (!diagram_.exhausted()) number_outcomes(root);
    Pair pair;
    out_.judged = diagram_.apply(pair, out_.answers, out_.possible);
    out_.by_kind = keep_ == AnsweringRules::Keep::kinds;
    if (out_.by_kind && !diagram_.exhausted()) ask_each_rule();
    if (diagram_.exhausted()) return false;
    keep_what_is_needed();
    return true;
  }

 private:
  NodeId condition(const Condition& condition) {
    return compile_condition(diagram_, out_.space, words_, condition);
  }

  Result<void> compile_possible() {
    out_.possible = diagram_.truth();
    for (uint32_t i = 0; i < words_.attributes.size(); ++i) {
      const Attribute& attribute = words_.attributes[i];
      if (!attribute.at_least_one || !out_.space.level_of(attribute.first_slot)) continue;
      Condition empty;
      empty.test = Test::empty;
      empty.attribute = i;
      out_.possible = diagram_.all_of(out_.possible, diagram_.negation(condition(empty)));
    }
    for (const Impossible& impossible : out_.vocabulary.impossible) {
      const NodeId where = condition(impossible.condition);
      out_.impossible.push_back(where);
      out_.possible = diagram_.all_of(out_.possible, diagram_.negation(where));
      if (out_.possible != diagram_.falsehood()) continue;
      return bad_input("The vocabulary excludes every situation: its `impossible` in line " +
                           std::to_string(impossible.place.line) + " leaves none.",
                       words_.id + "-" + words_.version + ".vocabulary",
                       "Say there only what cannot be.");
    }
    keep_to_decided();
    return {};
  }

  // What the force has decided is so in every situation.
  void keep_to_decided() {
    for (const Attribute& attribute : words_.attributes) {
      if (!attribute.setting || !attribute.setting->decided) continue;
      const std::optional<uint32_t> level = out_.space.level_of(attribute.first_slot);
      if (!level) continue;
      std::vector<bool> here(diagram_.size(*level), false);
      here[out_.space.value_at(*level, attribute.setting->value)] = true;
      out_.possible = diagram_.all_of(out_.possible, diagram_.literal(*level, here));
    }
  }

  // Numbers the outcomes that some situation has, and sorts them into classes.
  void number_outcomes(NodeId root) {
    std::map<uint32_t, uint32_t> ids;
    for (const uint32_t set : diagram_.payloads(root)) {
      ids.emplace(set, static_cast<uint32_t>(out_.outcomes.size()));
      CompiledOutcome outcome;
      outcome.applied = rules_[set];
      outcome.conflict = in_conflict(model_, outcome.applied);
      outcome.decision = describe(model_, words_, outcome.applied);
      classify(outcome);
      out_.outcomes.push_back(std::move(outcome));
    }
    out_.answers = diagram_.map(root, [&](uint32_t set) { return ids.at(set); });
    out_.classes =
        diagram_.map(out_.answers, [&](uint32_t id) { return out_.outcomes[id].answer_class; });
  }

  void classify(CompiledOutcome& outcome) {
    const auto same = [&](uint32_t example) {
      return same_answer(out_.outcomes[example].decision, outcome.decision);
    };
    const auto found = std::find_if(out_.class_example.begin(), out_.class_example.end(), same);
    outcome.answer_class = static_cast<uint32_t>(found - out_.class_example.begin());
    if (found == out_.class_example.end()) {
      out_.class_example.push_back(static_cast<uint32_t>(out_.outcomes.size()));
    }
  }

  // Of each rule, where it applies and none of its exceptions does; where no rule applies.
  void ask_each_rule() {
    out_.nevers = diagram_.falsehood();
    out_.anywhere = diagram_.truth();
    std::vector<NodeId> applies;
    for (const Rule& rule : model_.rules) {
      const NodeId when = condition(rule.when);
      applies.push_back(rule.parent ? diagram_.all_of(applies[*rule.parent], when) : when);
      if (rule.never) out_.nevers = diagram_.any_of(out_.nevers, when);
    }
    for (uint32_t i = 0; i < applies.size(); ++i) {
      NodeId own = applies[i];
      for (const uint32_t except : model_.rules[i].excepts) {
        own = diagram_.all_of(own, diagram_.negation(applies[except]));
      }
      out_.answering.push_back(own);
    }
    out_.answering.push_back(diagram_.map(out_.answers, [&](uint32_t id) -> uint32_t {
      return out_.outcomes[id].applied.rules.front() == default_index(model_) ? 1 : 0;
    }));
  }

  // Without what compiling needed on the way.
  void keep_what_is_needed() {
    std::vector<NodeId*> roots = {&out_.answers, &out_.classes, &out_.possible, &out_.judged};
    for (NodeId& node : out_.impossible) roots.push_back(&node);
    if (out_.by_kind) {
      roots.insert(roots.end(), {&out_.nevers, &out_.anywhere});
      for (NodeId& node : out_.answering) roots.push_back(&node);
    }
    out_.diagram = diagram_.compacted(roots);
  }

  Policy::Compiled& out_;
  Diagram diagram_;
  const Model& model_;
  const Vocabulary& words_;
  AnsweringRules rules_;
  AnsweringRules::Keep keep_;
};

// Sets of rules tell the most, and are tried in little room first.
Result<bool> fits(Policy::Compiled& out, size_t sets_budget) {
  FB_TRY(const bool small, Compiler(out, AnsweringRules::Keep::rules, sets_budget).run());
  if (small) return true;
  out.impossible.clear();
  out.outcomes.clear();
  out.class_example.clear();
  return Compiler(out, AnsweringRules::Keep::kinds, kNodeBudget).run();
}

Error too_large(const Policy::Compiled& out) {
  return {ErrorCode::too_large, "This policy has too many different situations to be compiled.",
          out.model.id, what_to_change(out.model, out.vocabulary, out.space)};
}

}  // namespace

Result<std::unique_ptr<Policy::Compiled>> compile(Model model, VocabularyModel vocabulary,
                                                  std::string digest, size_t sets_budget) {
  auto out = std::make_unique<Policy::Compiled>(std::move(model), std::move(vocabulary),
                                                std::move(digest));
  FB_TRY(const bool small_enough, fits(*out, sets_budget));
  if (!small_enough) return too_large(*out);
  out->program = lay_out(out->diagram, out->answers, out->space, out->vocabulary.words);
  return out;
}

OutcomeId walk(const Policy::Compiled& compiled, const int32_t* facts) {
  const uint32_t quick = compiled.program.walk(facts);
  if (quick != Program::kLookCloser) return quick;
  return careful_walk(compiled.diagram, compiled.answers, compiled.space,
                      [&](uint32_t slot) { return facts[slot]; });
}

}  // namespace firebreak::policy
