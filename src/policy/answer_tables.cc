// SPDX-License-Identifier: Apache-2.0
#include "policy/answer_tables.h"

#include <algorithm>
#include <map>

namespace firebreak::policy {
namespace {

// Nodes of the diagram with missing facts. Each becomes some numbers of an SQL text, which nobody
// could run long before.
constexpr size_t kTableBudget = 500'000;
// Outcome numbers held in sets.
constexpr size_t kMostHeldOutcomes = 5'000'000;

// What some completions come to. In one form for each meaning, so that equal ones are one terminal.
struct Reached {
  bool undetermined = false;        // whatever other completions there are; the rest is then empty
  bool several = false;             // completions of more than one class
  uint32_t answer_class = 0;        // of all, unless several
  std::vector<OutcomeId> possible;  // of those that the vocabulary allows, sorted
  auto operator<=>(const Reached&) const = default;
};

// The union of completions, on terminals that carry the number of a Reached. 0 is `undetermined`.
class JoinReached final : public Operation {
 public:
  JoinReached(const Policy::Compiled& compiled, Diagram& diagram)
      : compiled_(compiled), diagram_(diagram), undetermined_(diagram.terminal(0)) {
    Reached undetermined;
    undetermined.undetermined = true;
    id_of(std::move(undetermined));
  }

  uint32_t on_terminals(uint32_t a, uint32_t b) override {
    if (held_ > kMostHeldOutcomes) diagram_.give_up();
    const Reached& left = *reached_[a];
    const Reached& right = *reached_[b];
    Reached both;
    both.several = left.several || right.several || left.answer_class != right.answer_class;
    both.answer_class = both.several ? 0 : left.answer_class;
    std::set_union(left.possible.begin(), left.possible.end(), right.possible.begin(),
                   right.possible.end(), std::back_inserter(both.possible));
    if (stays_undetermined(both)) return 0;
    return id_of(std::move(both));
  }
  NodeId shortcut(NodeId a, NodeId b) override {
    if (a == b || a == undetermined_) return a;
    return b == undetermined_ ? b : kNone;
  }

  uint32_t id_of(Reached reached) {
    const auto [at, fresh] =
        ids_.emplace(std::move(reached), static_cast<uint32_t>(reached_.size()));
    if (fresh) {
      reached_.push_back(&at->first);
      held_ += at->first.possible.size() + 1;
    }
    return at->second;
  }

  // What decide() answers; nothing for facts that cannot be.
  [[nodiscard]] std::optional<Decision> decision(uint32_t id) const {
    const Reached& reached = *reached_[id];
    if (reached.undetermined) {
      Decision out;
      out.decision = Outcome::undetermined;
      return out;
    }
    if (reached.possible.empty()) return std::nullopt;
    std::vector<Applied> situations;
    situations.reserve(reached.possible.size());
    for (const OutcomeId each : reached.possible) {
      situations.push_back(compiled_.outcomes[each].applied);
    }
    return combine(compiled_.model, compiled_.vocabulary.words, situations);
  }

 private:
  // More completions only add classes, so what is undetermined by two classes stays so. What cannot
  // be may settle on a refusal, but never on a permit.
  [[nodiscard]] bool stays_undetermined(const Reached& reached) const {
    if (!reached.several || reached.possible.empty()) return false;
    const CompiledOutcome& first = compiled_.outcomes[reached.possible.front()];
    return first.decision.decision != Outcome::refuse ||
           std::any_of(reached.possible.begin(), reached.possible.end(), [&](OutcomeId each) {
             return compiled_.outcomes[each].answer_class != first.answer_class;
           });
  }

  const Policy::Compiled& compiled_;
  Diagram& diagram_;
  NodeId undetermined_;
  std::map<Reached, uint32_t> ids_;
  std::vector<const Reached*> reached_;
  size_t held_ = 0;
};

// The one child that a setting's level has, as the setting is in force.
std::optional<NodeId> child_in_force(const Policy::Compiled& compiled, NodeId node) {
  const uint32_t level = compiled.diagram.level(node);
  const Level& at = compiled.space.levels()[level];
  const auto& setting = compiled.vocabulary.words.attributes[at.attribute].setting;
  if (!setting) return std::nullopt;
  return compiled.diagram.children(node)[compiled.space.value_at(level, setting->value)];
}

std::vector<uint32_t> sizes_with_missing(const Space& space) {
  std::vector<uint32_t> out = space.sizes();
  for (uint32_t& size : out) ++size;
  return out;
}

// Whether the column tells apart answers that differ in words alone.
bool tells_words(AnswerColumn column) {
  return column == AnswerColumn::rule || column == AnswerColumn::clauses;
}

class TableBuilder {
 public:
  TableBuilder(const Policy::Compiled& compiled, AnswerColumn column)
      : compiled_(compiled),
        column_(column),
        diagram_(sizes_with_missing(compiled.space), kTableBudget),
        join_(compiled, diagram_) {}

  Result<AnswerTables> run() {
    if (compiled_.by_kind && tells_words(column_)) return too_large();
    const NodeId root = name_results(with_missing(compiled_.judged));
    if (diagram_.exhausted()) return too_large();
    lay_out(root);
    return std::move(out_);
  }

 private:
  [[nodiscard]] Error too_large() const {
    return {ErrorCode::too_large,
            "This policy gives too many different answers to facts with missing values for one SQL "
            "expression.",
            compiled_.model.id,
            "The columns of the decision need less than rule and clauses; else let the rules look "
            "at fewer facts."};
  }

  // The diagram of `judged` with a child more on each level. Children come before their parents.
  NodeId with_missing(NodeId judged) {
    std::map<NodeId, NodeId> done;
    const Diagram& from = compiled_.diagram;
    for (const NodeId node : from.reachable(judged)) {
      if (from.is_terminal(node)) {
        done[node] = terminal(from.payload(node));
        continue;
      }
      if (const auto child = child_in_force(compiled_, node)) {
        done[node] = done.at(*child);
        continue;
      }
      std::vector<NodeId> children;
      for (const NodeId child : from.children(node)) children.push_back(done.at(child));
      NodeId missing = children.front();
      for (const NodeId child : children) missing = diagram_.apply(join_, missing, child);
      children.push_back(missing);
      done[node] = diagram_.make(from.level(node), children);
    }
    return done.at(judged);
  }

  NodeId terminal(uint32_t judged) {
    const OutcomeId outcome = judged / 2;
    Reached reached;
    reached.answer_class = compiled_.outcomes[outcome].answer_class;
    if (judged % 2 == 1) {
      // Where words do not count, one outcome stands for its class: fewer sets, a smaller diagram.
      reached.possible.push_back(
          tells_words(column_) ? outcome : compiled_.class_example[reached.answer_class]);
    }
    return diagram_.terminal(join_.id_of(std::move(reached)));
  }

  // The results in place of what they are made from; result 0 is that of invalid facts.
  NodeId name_results(NodeId root) {
    std::map<std::optional<std::string>, uint32_t> known;
    const auto number = [&](const std::optional<Decision>& decision) {
      const std::optional<std::string> text = column_of(decision, column_);
      const auto [at, fresh] = known.emplace(text, static_cast<uint32_t>(out_.results.size()));
      if (fresh) out_.results.push_back(text);
      return at->second;
    };
    number(std::nullopt);
    return diagram_.map(root, [&](uint32_t id) { return number(join_.decision(id)); });
  }

  // States are the nodes that stand on a level or below it and are reached from above.
  void lay_out(NodeId root) {
    std::vector<NodeId> states = {root};
    const std::vector<bool> read = levels_read(compiled_);
    for (uint32_t level = 0; level < read.size(); ++level) {
      const auto here = [&](NodeId node) { return diagram_.level(node) == level; };
      const bool matters = std::any_of(states.begin(), states.end(), here);
      if (matters || (read[level] && has_code_for_no_value(compiled_, level))) {
        states = add_step(level, states);
      }
    }
    std::vector<std::optional<std::string>> by_state;
    by_state.reserve(states.size());
    for (const NodeId node : states) by_state.push_back(out_.results[diagram_.payload(node)]);
    out_.results = std::move(by_state);
  }

  // Gives the states that stand after the level.
  std::vector<NodeId> add_step(uint32_t level, const std::vector<NodeId>& states) {
    AnswerTables::Step step;
    step.level = level;
    const uint32_t inside = diagram_.size(level);
    step.codes = inside + (has_code_for_no_value(compiled_, level) ? 1 : 0);
    std::map<NodeId, uint32_t> places;
    std::vector<NodeId> after;
    const auto place = [&](NodeId node) {
      const auto [at, fresh] = places.emplace(node, static_cast<uint32_t>(after.size()));
      if (fresh) after.push_back(node);
      return at->second;
    };
    for (const NodeId node : states) {
      for (uint32_t code = 0; code < inside; ++code) {
        step.next.push_back(
            place(diagram_.level(node) == level ? diagram_.children(node)[code] : node));
      }
      if (step.codes > inside) step.next.push_back(place(diagram_.terminal(0)));
    }
    out_.steps.push_back(std::move(step));
    return after;
  }

  const Policy::Compiled& compiled_;
  AnswerColumn column_;
  Diagram diagram_;
  JoinReached join_;
  AnswerTables out_;
};

}  // namespace

std::optional<std::string> column_of(const std::optional<Decision>& decision, AnswerColumn column) {
  if (column == AnswerColumn::decision) return decision ? name(decision->decision) : "invalid";
  if (!decision || decision->decision == Outcome::undetermined) return std::nullopt;
  const auto truth = [](bool value) { return std::string(value ? "true" : "false"); };
  switch (column) {
    case AnswerColumn::covered:
      return truth(decision->covered);
    case AnswerColumn::discretion:
      return truth(decision->discretion);
    case AnswerColumn::rule:
      return decision->rule;
    case AnswerColumn::clauses: {
      std::string out;
      for (const Clause& clause : decision->clauses) out += (out.empty() ? "" : ", ") + clause.id;
      return out;
    }
    default:
      break;
  }
  if (!decision->sign_off) return std::nullopt;
  return column == AnswerColumn::rank ? decision->sign_off->rank
                                      : std::to_string(decision->sign_off->count);
}

bool has_code_for_no_value(const Policy::Compiled& compiled, uint32_t level) {
  const Level& at = compiled.space.levels()[level];
  const AttributeKind kind = compiled.vocabulary.words.attributes[at.attribute].kind;
  return kind == AttributeKind::one_of || kind == AttributeKind::number;
}

std::vector<bool> levels_read(const Policy::Compiled& compiled) {
  const Diagram& diagram = compiled.diagram;
  std::vector<bool> out(compiled.space.levels().size(), false);
  std::vector<NodeId> open = {compiled.judged};
  FlatMap seen;
  while (!open.empty()) {
    const NodeId node = open.back();
    open.pop_back();
    if (diagram.is_terminal(node) || seen.find(node) != FlatMap::kNone) continue;
    seen.insert(node, 1);
    if (const auto child = child_in_force(compiled, node)) {
      open.push_back(*child);
      continue;
    }
    out[diagram.level(node)] = true;
    for (const NodeId child : diagram.children(node)) open.push_back(child);
  }
  return out;
}

Result<AnswerTables> answer_tables(const Policy::Compiled& compiled, AnswerColumn column) {
  return TableBuilder(compiled, column).run();
}

}  // namespace firebreak::policy
