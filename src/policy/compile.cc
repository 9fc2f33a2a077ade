// SPDX-License-Identifier: Apache-2.0
#include "policy/compile.h"

#include <algorithm>
#include <map>
#include <set>

namespace firebreak::policy {
namespace {

Applied alone(uint32_t rule) {
  Applied out;
  out.rules.push_back(rule);
  return out;
}

// Sets of rules as the numbers that terminals carry. 0 is the empty set.
class RuleSets {
 public:
  RuleSets() { id_of({}); }

  uint32_t id_of(Applied set) {
    const auto [at, fresh] = ids_.emplace(std::move(set), static_cast<uint32_t>(sets_.size()));
    if (fresh) {
      sets_.push_back(&at->first);
      held_ += at->first.rules.size() + 1;
    }
    return at->second;
  }
  [[nodiscard]] const Applied& operator[](uint32_t id) const { return *sets_[id]; }
  // Many rules that overlap freely make exponentially many sets; memory must end somewhere.
  [[nodiscard]] bool too_many() const { return held_ > kMostHeld; }

 private:
  static constexpr size_t kMostHeld = 5'000'000;
  std::map<Applied, uint32_t> ids_;
  std::vector<const Applied*> sets_;
  size_t held_ = 0;
};

// The rules of both.
class Union final : public Operation {
 public:
  Union(Diagram& diagram, RuleSets& sets, NodeId none)
      : diagram_(diagram), sets_(sets), none_(none) {}
  uint32_t on_terminals(uint32_t a, uint32_t b) override {
    Applied both;
    const std::vector<uint32_t>& left = sets_[a].rules;
    const std::vector<uint32_t>& right = sets_[b].rules;
    std::set_union(left.begin(), left.end(), right.begin(), right.end(),
                   std::back_inserter(both.rules));
    if (sets_.too_many()) diagram_.give_up();
    return sets_.too_many() ? a : sets_.id_of(std::move(both));
  }
  NodeId shortcut(NodeId a, NodeId b) override {
    if (a == none_ || a == b) return b;
    return b == none_ ? a : kNone;
  }

 private:
  Diagram& diagram_;
  RuleSets& sets_;
  NodeId none_;
};

// The first where it has any rule, else the second.
class Override final : public Operation {
 public:
  explicit Override(NodeId none) : none_(none) {}
  uint32_t on_terminals(uint32_t a, uint32_t b) override { return a != 0 ? a : b; }
  NodeId shortcut(NodeId a, NodeId b) override {
    if (a == none_ || a == b) return b;
    return b == none_ ? a : kNone;
  }

 private:
  NodeId none_;
};

// The second where the first, a condition, is true; else no rule.
class Where final : public Operation {
 public:
  explicit Where(NodeId none) : none_(none) {}
  uint32_t on_terminals(uint32_t a, uint32_t b) override { return a != 0 ? b : 0; }
  NodeId shortcut(NodeId a, NodeId b) override { return a == none_ || b == none_ ? none_ : kNone; }

 private:
  NodeId none_;
};

// Two numbers as one.
class Pair final : public Operation {
 public:
  uint32_t on_terminals(uint32_t a, uint32_t b) override { return 2 * a + b; }
};

// Outcomes bound to a channel become a refusal where the channel is another.
class OnlyBy final : public Operation {
 public:
  OnlyBy(RuleSets& sets, const Model& model, const std::vector<uint32_t>& channel)
      : sets_(sets), model_(model), channel_(channel) {}
  uint32_t on_terminals(uint32_t a, uint32_t by_channel) override {
    Applied applied = sets_[a];
    if (by_channel == 1 || in_conflict(model_, applied)) return a;
    if (outcome_of(model_, applied.rules.front()).channel != channel_) return a;
    applied.off_channel = true;
    return sets_.id_of(std::move(applied));
  }

 private:
  RuleSets& sets_;
  const Model& model_;
  const std::vector<uint32_t>& channel_;
};

// The rank or the count of a sign-off that a setting gives, written into the outcome.
class SignedBy final : public Operation {
 public:
  SignedBy(RuleSets& sets, const Model& model, const Vocabulary& words, uint32_t setting)
      : sets_(sets), model_(model), setting_(words.attributes[setting]), index_(setting) {
    for (const Value& value : setting_.values) ranks_.push_back(*words.rank_index(value.name));
  }
  uint32_t on_terminals(uint32_t a, uint32_t value) override {
    Applied applied = sets_[a];
    if (applied.off_channel || in_conflict(model_, applied)) return a;
    const RuleOutcome& outcome = outcome_of(model_, applied.rules.front());
    if (outcome.rank_setting == index_) applied.rank = ranks_[value];
    if (outcome.count_setting == index_) {
      applied.count = setting_.minimum + static_cast<int32_t>(value);
    }
    return sets_.id_of(std::move(applied));
  }

 private:
  RuleSets& sets_;
  const Model& model_;
  const Attribute& setting_;
  uint32_t index_;
  std::vector<size_t> ranks_;
};

class Compiler {
 public:
  explicit Compiler(Policy::Compiled& out)
      : out_(out),
        diagram_(out.diagram),
        model_(out.model),
        words_(out.vocabulary.words),
        none_(diagram_.terminal(0)),
        union_(diagram_, sets_, none_),
        override_(none_),
        where_(none_) {}

  Result<void> run() {
    FB_CHECK(compile_possible());
    NodeId root = diagram_.terminal(sets_.id_of(alone(default_index(model_))));
    root = diagram_.apply(override_, all_rules(false), root);
    root = diagram_.apply(override_, all_rules(true), root);
    root = bind_channels(root);
    root = bind_signers(root);
    if (!too_large()) number_outcomes(root);
    if (!too_large()) {
      Pair pair;
      out_.judged = diagram_.apply(pair, out_.answers, out_.possible);
    }
    if (too_large()) {
      return Error{ErrorCode::too_large,
                   "This policy has too many different situations to be compiled.", model_.id,
                   "Too many rules overlap freely: give rules conditions that exclude each other, "
                   "or make exceptions of them."};
    }
    out_.program = lay_out(diagram_, out_.answers, out_.space, words_);
    return {};
  }

 private:
  [[nodiscard]] bool too_large() const { return diagram_.exhausted(); }

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

  // Which rules apply, among the nevers or among the others.
  NodeId all_rules(bool never) {
    std::vector<NodeId> each;
    for (uint32_t i = 0; i < model_.rules.size() && !too_large(); ++i) {
      if (model_.rules[i].never == never && !model_.rules[i].parent) each.push_back(effective(i));
    }
    return union_of(std::move(each));
  }

  NodeId effective(uint32_t rule) {
    std::vector<NodeId> excepts;
    for (const uint32_t except : model_.rules[rule].excepts) excepts.push_back(effective(except));
    const NodeId own = diagram_.terminal(sets_.id_of(alone(rule)));
    const NodeId inside = diagram_.apply(override_, union_of(std::move(excepts)), own);
    return diagram_.apply(where_, condition(model_.rules[rule].when), inside);
  }

  // Two by two, so that small diagrams meet small ones first.
  NodeId union_of(std::vector<NodeId> each) {
    if (each.empty()) return none_;
    while (each.size() > 1 && !too_large()) {
      std::vector<NodeId> half;
      for (size_t i = 0; i < each.size(); i += 2) {
        half.push_back(i + 1 < each.size() ? diagram_.apply(union_, each[i], each[i + 1])
                                           : each[i]);
      }
      each = std::move(half);
    }
    return each.front();
  }

  NodeId bind_channels(NodeId root) {
    std::vector<std::vector<uint32_t>> lists;
    for (const Rule& rule : model_.rules) {
      const std::vector<uint32_t>& list = rule.outcome.channel;
      if (!list.empty() && std::find(lists.begin(), lists.end(), list) == lists.end()) {
        lists.push_back(list);
      }
    }
    for (const std::vector<uint32_t>& list : lists) {
      const uint32_t level = *out_.space.level_of(words_.find("channel")->first_slot);
      std::vector<bool> allowed(diagram_.size(level), false);
      for (const uint32_t value : list) allowed[value] = true;
      OnlyBy only_by(sets_, model_, list);
      root = diagram_.apply(only_by, root, diagram_.literal(level, allowed));
    }
    return root;
  }

  NodeId bind_signers(NodeId root) {
    std::set<uint32_t> settings;
    for (const Rule& rule : model_.rules) {
      for (const auto& setting : {rule.outcome.rank_setting, rule.outcome.count_setting}) {
        if (setting) settings.insert(*setting);
      }
    }
    for (const uint32_t setting : settings) {
      const uint32_t level = *out_.space.level_of(words_.attributes[setting].first_slot);
      std::vector<NodeId> each;
      for (uint32_t i = 0; i < diagram_.size(level); ++i) each.push_back(diagram_.terminal(i));
      SignedBy signed_by(sets_, model_, words_, setting);
      root = diagram_.apply(signed_by, root, diagram_.make(level, each));
    }
    return root;
  }

  // Numbers the outcomes that some situation has, and sorts them into classes.
  void number_outcomes(NodeId root) {
    std::map<uint32_t, uint32_t> ids;
    for (const uint32_t set : diagram_.payloads(root)) {
      ids.emplace(set, static_cast<uint32_t>(out_.outcomes.size()));
      CompiledOutcome outcome;
      outcome.applied = sets_[set];
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

  Policy::Compiled& out_;
  Diagram& diagram_;
  const Model& model_;
  const Vocabulary& words_;
  RuleSets sets_;
  NodeId none_;
  Union union_;
  Override override_;
  Where where_;
};

}  // namespace

Result<std::unique_ptr<Policy::Compiled>> compile(Model model, VocabularyModel vocabulary,
                                                  std::string digest) {
  auto out = std::make_unique<Policy::Compiled>(std::move(model), std::move(vocabulary),
                                                std::move(digest));
  FB_CHECK(Compiler(*out).run());
  return out;
}

OutcomeId walk(const Policy::Compiled& compiled, const int32_t* facts) {
  const uint32_t quick = compiled.program.walk(facts);
  if (quick != Program::kLookCloser) return quick;
  return careful_walk(compiled.diagram, compiled.answers, compiled.space,
                      [&](uint32_t slot) { return facts[slot]; });
}

}  // namespace firebreak::policy
