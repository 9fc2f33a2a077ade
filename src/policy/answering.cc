// SPDX-License-Identifier: Apache-2.0
#include "policy/answering.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace firebreak::policy {
namespace {

// Rules that all sets may hold together: memory must end somewhere.
constexpr size_t kMostHeld = 500'000;

// By rule, the first that has the same outcome.
std::vector<uint32_t> kinds_of(const Model& model) {
  std::vector<uint32_t> out;
  std::vector<uint32_t> firsts;
  for (uint32_t rule = 0; rule < model.rules.size(); ++rule) {
    const auto same = [&](uint32_t first) {
      return model.rules[first].never == model.rules[rule].never &&
             same_outcome(outcome_of(model, first), outcome_of(model, rule));
    };
    const auto known = std::find_if(firsts.begin(), firsts.end(), same);
    out.push_back(known == firsts.end() ? rule : *known);
    if (out.back() == rule) firsts.push_back(rule);
  }
  out.push_back(default_index(model));
  return out;
}

// One set for each answer: what the policy's rules answer in common.
class SameAnswer {
 public:
  SameAnswer(const Model& model, const std::vector<uint32_t>& kinds) : model_(model) {
    for (const uint32_t kind : std::set<uint32_t>(kinds.begin(), kinds.end())) {
      if (kind == default_index(model)) continue;
      if (model.rules[kind].never) {
        nevers_.push_back(kind);
      } else if (conflict_.size() < 2) {
        conflict_.push_back(kind);
      }
    }
  }

  void make(std::vector<uint32_t>& kinds) const {
    if (kinds.size() < 2) return;
    if (!model_.rules[kinds.front()].never) {
      kinds = conflict_;
      return;
    }
    // Each body that one of several nevers tells is told: all that tell no further body.
    Told told;
    for (const uint32_t kind : kinds) told.add(model_.rules[kind].outcome);
    kinds.clear();
    std::copy_if(nevers_.begin(), nevers_.end(), std::back_inserter(kinds),
                 [&](uint32_t kind) { return told.has(model_.rules[kind].outcome); });
  }

 private:
  struct Told {
    std::set<uint32_t> notified;
    std::set<uint32_t> reported;
    void add(const RuleOutcome& outcome) {
      notified.insert(outcome.notify.begin(), outcome.notify.end());
      reported.insert(outcome.report_to.begin(), outcome.report_to.end());
    }
    [[nodiscard]] bool has(const RuleOutcome& outcome) const {
      return std::includes(notified.begin(), notified.end(), outcome.notify.begin(),
                           outcome.notify.end()) &&
             std::includes(reported.begin(), reported.end(), outcome.report_to.begin(),
                           outcome.report_to.end());
    }
  };

  const Model& model_;
  std::vector<uint32_t> nevers_;
  std::vector<uint32_t> conflict_;  // two kinds, if there are
};

// The rules of both.
class Union final : public Operation {
 public:
  Union(Diagram& diagram, RuleSets& sets, NodeId none, std::optional<SameAnswer> same_answer)
      : diagram_(diagram), sets_(sets), none_(none), same_answer_(std::move(same_answer)) {}
  uint32_t on_terminals(uint32_t a, uint32_t b) override {
    Applied both;
    const std::vector<uint32_t>& left = sets_[a].rules;
    const std::vector<uint32_t>& right = sets_[b].rules;
    std::set_union(left.begin(), left.end(), right.begin(), right.end(),
                   std::back_inserter(both.rules));
    if (same_answer_) same_answer_->make(both.rules);
    if (sets_.held() > kMostHeld) {
      diagram_.give_up();
      return a;
    }
    return sets_.id_of(std::move(both));
  }
  NodeId shortcut(NodeId a, NodeId b) override {
    if (a == none_ || a == b) return b;
    return b == none_ ? a : kNone;
  }

 private:
  Diagram& diagram_;
  RuleSets& sets_;
  NodeId none_;
  std::optional<SameAnswer> same_answer_;
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

}  // namespace

uint32_t RuleSets::id_of(Applied set) {
  const auto [at, fresh] = ids_.emplace(std::move(set), static_cast<uint32_t>(sets_.size()));
  if (fresh) {
    sets_.push_back(&at->first);
    held_ += at->first.rules.size() + 1;
  }
  return at->second;
}

AnsweringRules::AnsweringRules(Diagram& diagram, const Space& space, const Model& model,
                               const Vocabulary& words, Keep keep)
    : diagram_(diagram),
      space_(space),
      model_(model),
      words_(words),
      none_(diagram.terminal(0)),
      override_(std::make_unique<Override>(none_)),
      where_(std::make_unique<Where>(none_)) {
  std::optional<SameAnswer> same_answer;
  if (keep == Keep::kinds) {
    kinds_ = kinds_of(model);
    same_answer.emplace(model, kinds_);
  }
  union_ = std::make_unique<Union>(diagram, sets_, none_, std::move(same_answer));
}

Applied AnsweringRules::alone(uint32_t rule) const {
  Applied out;
  out.rules.push_back(kinds_.empty() ? rule : kinds_[rule]);
  return out;
}

NodeId AnsweringRules::compile(size_t sample) {
  NodeId root = diagram_.terminal(sets_.id_of(alone(default_index(model_))));
  root = diagram_.apply(*override_, all_rules(false, sample), root);
  root = diagram_.apply(*override_, all_rules(true, sample), root);
  return bind_signers(bind_channels(root));
}

std::vector<uint32_t> AnsweringRules::levels_below(NodeId root) const {
  std::set<uint32_t> out;
  for (const NodeId node : diagram_.reachable(root)) {
    if (!diagram_.is_terminal(node)) out.insert(diagram_.level(node));
  }
  return {out.begin(), out.end()};
}

// Which rules apply, among the nevers or among the others.
NodeId AnsweringRules::all_rules(bool never, size_t sample) {
  std::vector<NodeId> each;
  size_t seen = 0;
  for (uint32_t i = 0; i < model_.rules.size() && !diagram_.exhausted(); ++i) {
    if (model_.rules[i].never != never || model_.rules[i].parent) continue;
    if (seen++ % sample == 0) each.push_back(effective(i));
  }
  return union_of(std::move(each));
}

NodeId AnsweringRules::effective(uint32_t rule) {
  std::vector<NodeId> excepts;
  for (const uint32_t except : model_.rules[rule].excepts) excepts.push_back(effective(except));
  const NodeId own = diagram_.terminal(sets_.id_of(alone(rule)));
  const NodeId inside = diagram_.apply(*override_, union_of(std::move(excepts)), own);
  const NodeId when = compile_condition(diagram_, space_, words_, model_.rules[rule].when);
  return diagram_.apply(*where_, when, inside);
}

// Two by two, so that small diagrams meet small ones first, and those that ask for the same facts
// before others: what comes of these is small again.
NodeId AnsweringRules::union_of(std::vector<NodeId> each) {
  if (each.empty()) return none_;
  std::vector<std::pair<std::vector<uint32_t>, NodeId>> sorted;
  sorted.reserve(each.size());
  for (const NodeId node : each) sorted.emplace_back(levels_below(node), node);
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 0; i < each.size(); ++i) each[i] = sorted[i].second;
  while (each.size() > 1 && !diagram_.exhausted()) {
    std::vector<NodeId> half;
    for (size_t i = 0; i < each.size(); i += 2) {
      half.push_back(i + 1 < each.size() ? diagram_.apply(*union_, each[i], each[i + 1]) : each[i]);
    }
    each = std::move(half);
  }
  return each.front();
}

NodeId AnsweringRules::bind_channels(NodeId root) {
  std::vector<std::vector<uint32_t>> lists;
  for (const Rule& rule : model_.rules) {
    const std::vector<uint32_t>& list = rule.outcome.channel;
    if (!list.empty() && std::find(lists.begin(), lists.end(), list) == lists.end()) {
      lists.push_back(list);
    }
  }
  for (const std::vector<uint32_t>& list : lists) {
    const uint32_t level = *space_.level_of(words_.find("channel")->first_slot);
    std::vector<bool> allowed(diagram_.size(level), false);
    for (const uint32_t value : list) allowed[value] = true;
    OnlyBy only_by(sets_, model_, list);
    root = diagram_.apply(only_by, root, diagram_.literal(level, allowed));
  }
  return root;
}

NodeId AnsweringRules::bind_signers(NodeId root) {
  std::set<uint32_t> settings;
  for (const Rule& rule : model_.rules) {
    for (const auto& setting : {rule.outcome.rank_setting, rule.outcome.count_setting}) {
      if (setting) settings.insert(*setting);
    }
  }
  for (const uint32_t setting : settings) {
    const uint32_t level = *space_.level_of(words_.attributes[setting].first_slot);
    std::vector<NodeId> each;
    each.reserve(diagram_.size(level));
    for (uint32_t i = 0; i < diagram_.size(level); ++i) each.push_back(diagram_.terminal(i));
    SignedBy signed_by(sets_, model_, words_, setting);
    root = diagram_.apply(signed_by, root, diagram_.make(level, each));
  }
  return root;
}

}  // namespace firebreak::policy
