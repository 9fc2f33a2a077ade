// SPDX-License-Identifier: Apache-2.0
#include "policy/cover.h"

#include <algorithm>

#include "policy/analysis.h"
#include "policy/loader.h"
#include "policy/question.h"

namespace firebreak::policy {
namespace {

bool is_named(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Share share_of(const Count& exercised, const Count& of) {
  Share out{exercised.str(), of.str(), 100};
  if (of != 0) out.percent = static_cast<double>(Count(exercised * 1000 / of)) / 10;
  return out;
}

template <typename Items>
size_t exercised(const Items& items) {
  return static_cast<size_t>(std::count_if(items.begin(), items.end(),
                                           [](const auto& item) { return !item.cases.empty(); }));
}

class Coverer {
 public:
  explicit Coverer(const Policy::Compiled& compiled)
      : compiled_(compiled), model_(compiled.model), analysis_(compiled) {}

  Result<Cover> run() {
    out_.id = model_.id;
    out_.version = model_.version;
    out_.digest = compiled_.digest;
    for (uint32_t i = 0; i <= model_.rules.size(); ++i) rule(i);
    for (size_t i = 0; i < model_.clauses.size(); ++i) clause(i);
    regions();
    for (const Case& one : model_.cases) stand(one);
    witnesses();
    if (analysis_.exhausted()) {
      return Error{ErrorCode::too_large, "This policy is too large to be looked at whole.", {}, {}};
    }
    shares();
    return std::move(out_);
  }

 private:
  void rule(uint32_t index) {
    RuleCover rule;
    rule.name = rule_name(model_, index);
    const RuleOutcome& outcome = outcome_of(model_, index);
    for (const uint32_t i : outcome.clauses) rule.clauses.push_back(model_.clauses[i].id);
    if (index == default_index(model_)) {
      rule.kind = "default";
      rule.line = static_cast<int>(outcome.place.line);
    } else {
      const Rule& at = model_.rules[index];
      rule.kind = at.never ? "never" : (at.parent ? "exception" : "rule");
      rule.line = static_cast<int>(at.place.line);
    }
    out_.rules.push_back(std::move(rule));
  }

  void clause(size_t index) {
    ClauseCover clause;
    clause.clause = model_.clauses[index];
    clause.line = static_cast<int>(model_.clause_places[index].line);
    clause.used = std::any_of(out_.rules.begin(), out_.rules.end(), [&](const RuleCover& rule) {
      return is_named(rule.clauses, clause.clause.id);
    });
    out_.clauses.push_back(std::move(clause));
  }

  void regions() {
    for (const uint32_t judged : analysis_.diagram().payloads(compiled_.judged)) {
      if (judged % 2 == 0) continue;
      const OutcomeId id = judged / 2;
      held_.emplace_back(analysis_.count(situations([&](OutcomeId other) { return other == id; })),
                         id);
    }
    std::stable_sort(held_.begin(), held_.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [held, id] : held_) {
      const CompiledOutcome& outcome = compiled_.outcomes[id];
      for (const uint32_t rule : outcome.applied.rules) out_.rules[rule].answers = true;
      RegionCover region;
      region.rules = outcome.decision.rules;
      region.answer = outcome.decision;
      region.situations = held.str();
      out_.regions.push_back(std::move(region));
    }
  }

  template <typename Chosen>
  NodeId situations(const Chosen& chosen) {
    return analysis_.diagram().map(compiled_.judged, [&](uint32_t judged) -> uint32_t {
      return judged % 2 == 1 && chosen(judged / 2) ? 1 : 0;
    });
  }

  // Marks what a case exercises.
  void stand(const Case& one) {
    if (!under_these_settings(compiled_.vocabulary.words, one.facts)) return;
    ++out_.cases;
    if (!refuse_impossible(compiled_, one.facts)) return;
    const Decision decision = decide(compiled_, one.facts);
    if (decision.decision == Outcome::undetermined) return;
    for (RuleCover& rule : out_.rules) {
      if (is_named(decision.rules, rule.name)) rule.cases.push_back(one.name);
    }
    for (ClauseCover& clause : out_.clauses) {
      const auto cited = [&](const Clause& other) { return other.id == clause.clause.id; };
      if (std::any_of(decision.clauses.begin(), decision.clauses.end(), cited)) {
        clause.cases.push_back(one.name);
      }
    }
    const std::vector<OutcomeId> reached = reach_of(compiled_, one.facts).possible;
    for (size_t i = 0; i < held_.size(); ++i) {
      if (std::binary_search(reached.begin(), reached.end(), held_[i].second)) {
        out_.regions[i].cases.push_back(one.name);
      }
    }
  }

  template <typename Chosen>
  std::string witness(const std::string& name, const Chosen& chosen) {
    const std::optional<Facts> facts = analysis_.witness(situations(chosen));
    return facts ? case_text(compiled_, *facts, name) : std::string();
  }

  void witnesses() {
    for (uint32_t i = 0; i < out_.rules.size(); ++i) {
      RuleCover& rule = out_.rules[i];
      if (!rule.answers || !rule.cases.empty()) continue;
      rule.witness = witness("exercises " + rule.name, [&](OutcomeId id) {
        const std::vector<uint32_t>& rules = compiled_.outcomes[id].applied.rules;
        return std::binary_search(rules.begin(), rules.end(), i);
      });
    }
    size_t number = 0;
    for (size_t i = 0; i < out_.regions.size(); ++i) {
      RegionCover& region = out_.regions[i];
      if (!region.cases.empty()) continue;
      region.witness = witness("region not exercised " + std::to_string(++number),
                               [&](OutcomeId id) { return id == held_[i].second; });
    }
  }

  void shares() {
    const auto answering = std::count_if(out_.rules.begin(), out_.rules.end(),
                                         [](const RuleCover& rule) { return rule.answers; });
    out_.rules_share = share_of(exercised(out_.rules), answering);
    out_.clauses_share = share_of(exercised(out_.clauses), out_.clauses.size());
    out_.regions_share = share_of(exercised(out_.regions), out_.regions.size());
    Count inside = 0;
    Count all = 0;
    for (size_t i = 0; i < held_.size(); ++i) {
      all += held_[i].first;
      if (!out_.regions[i].cases.empty()) inside += held_[i].first;
    }
    out_.situations_share = share_of(inside, all);
  }

  const Policy::Compiled& compiled_;
  const Model& model_;
  Analysis analysis_;
  Cover out_;
  // Of each region, in the order of out_.regions: how many situations it holds, and its outcome.
  std::vector<std::pair<Count, OutcomeId>> held_;
};

Result<Cover> cover_loaded(const Loaded& loaded) {
  if (!loaded.compiled) return first_fault(loaded);
  if (loaded.compiled->by_kind) {
    return Error{ErrorCode::too_large,
                 "Too many different rules answer together in this policy for its regions to be "
                 "listed.",
                 loaded.compiled->model.id,
                 "Let rules that overlap exclude each other; `firebreak policy check` runs the "
                 "cases all the same."};
  }
  return Coverer(*loaded.compiled).run();
}

}  // namespace

Result<Cover> cover(const std::filesystem::path& path, const Decisions& decided) {
  std::unique_ptr<Source> source;
  return cover_loaded(load_file(path, source, nullptr, decided));
}

Result<Cover> cover_texts(const std::string& policy_name, std::string policy_text,
                          const std::string& vocabulary_name, std::string vocabulary_text) {
  const Source source(policy_name, std::move(policy_text));
  return cover_loaded(load_texts(source, [&](const VocabularyName&) -> Result<Source> {
    return Source(vocabulary_name, std::move(vocabulary_text));
  }));
}

}  // namespace firebreak::policy
