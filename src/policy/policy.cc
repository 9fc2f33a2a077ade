// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.h"

#include <charconv>

#include "policy/loader.h"
#include "policy/question.h"
#include "policy/rules_at.h"

namespace firebreak::policy {

const char* name(Outcome outcome) {
  switch (outcome) {
    case Outcome::refuse:
      return "refuse";
    case Outcome::permit:
      return "permit";
    case Outcome::sign_off:
      return "sign_off";
    case Outcome::undetermined:
      break;
  }
  return "undetermined";
}

std::optional<int> expiry_hours(const Conditions& conditions) {
  if (!conditions.expires_after) return std::nullopt;
  int hours = 0;
  const std::string& text = *conditions.expires_after;  // "PT48H"
  std::from_chars(text.data() + 2, text.data() + text.size(), hours);
  return hours;
}

Policy::Policy(std::unique_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
Policy::~Policy() = default;

std::shared_ptr<const Policy> Policy::of(std::unique_ptr<const Compiled> compiled) {
  return std::shared_ptr<const Policy>(new Policy(std::move(compiled)));
}

Result<std::shared_ptr<const Policy>> Policy::load(const std::filesystem::path& path,
                                                   const Decisions& decided) {
  std::unique_ptr<Source> source;
  Loaded loaded = load_file(path, source, nullptr, decided);
  if (!loaded.compiled) return first_fault(loaded);
  return of(std::move(loaded.compiled));
}

Result<std::shared_ptr<const Policy>> Policy::parse(const std::string& policy_name,
                                                    std::string policy_text,
                                                    const std::string& vocabulary_name,
                                                    std::string vocabulary_text,
                                                    const Decisions& decided) {
  const Source source(policy_name, std::move(policy_text));
  Loaded loaded = load_texts(
      source,
      [&](const VocabularyName&) -> Result<Source> {
        return Source(vocabulary_name, std::move(vocabulary_text));
      },
      nullptr, decided);
  if (!loaded.compiled) return first_fault(loaded);
  return of(std::move(loaded.compiled));
}

const std::string& Policy::id() const { return compiled_->model.id; }
const std::string& Policy::version() const { return compiled_->model.version; }
const std::string& Policy::title() const { return compiled_->model.title; }
const std::string& Policy::issued_by() const { return compiled_->model.issued_by; }
bool Policy::historical() const { return compiled_->model.historical; }
const InForce& Policy::in_force() const { return compiled_->model.in_force; }
const std::optional<Day>& Policy::review_by() const { return compiled_->model.review_by; }
const std::string& Policy::digest() const { return compiled_->digest; }
const Vocabulary& Policy::vocabulary() const { return compiled_->vocabulary.words; }
const std::vector<Clause>& Policy::clauses() const { return compiled_->model.clauses; }

OutcomeId Policy::evaluate(const Facts& facts) const {
  if (facts.size() != compiled_->vocabulary.words.slot_count) return kUndecided;
  return walk(*compiled_, facts.data());
}
const Decision& Policy::outcome(OutcomeId id) const { return compiled_->outcomes[id].decision; }
size_t Policy::outcome_count() const { return compiled_->outcomes.size(); }

Decision Policy::decide(const Facts& facts) const {
  if (facts.size() != vocabulary().slot_count) {
    return policy::decide(*compiled_, Facts(vocabulary()));
  }
  return policy::decide(*compiled_, facts);
}

Decision decide(const Policy::Compiled& compiled, const Facts& facts) {
  const OutcomeId id = walk(compiled, facts.data());
  if (id != kUndecided) {
    return compiled.by_kind ? decide_by_kind(compiled, facts, {id})
                            : compiled.outcomes[id].decision;
  }
  Reach reach = reach_of(compiled, facts);
  // Facts that no situation has were refused when they were read; whoever made them otherwise gets
  // the answer over all completions.
  if (reach.possible.empty()) reach.possible = reach.any;
  const auto one_class = [&](const std::vector<OutcomeId>& ids) {
    for (const OutcomeId each : ids) {
      if (compiled.outcomes[each].answer_class != compiled.outcomes[ids[0]].answer_class) {
        return false;
      }
    }
    return true;
  };
  const bool refused = compiled.outcomes[reach.possible[0]].decision.decision == Outcome::refuse;
  // What cannot be may settle on a refusal, but never on a permit.
  if (one_class(reach.any) || (refused && one_class(reach.possible))) {
    if (compiled.by_kind) return decide_by_kind(compiled, facts, reach.possible);
    std::vector<Applied> situations;
    situations.reserve(reach.possible.size());
    for (const OutcomeId each : reach.possible) {
      situations.push_back(compiled.outcomes[each].applied);
    }
    return combine(compiled.model, compiled.vocabulary.words, situations);
  }
  Decision out;
  out.decision = Outcome::undetermined;
  out.because = "More must be known before this can be answered.";
  out.missing = questions(compiled, facts);
  return out;
}

Json outcome_json(const Decision& decision) {
  Json sign_off;
  if (decision.sign_off) {
    sign_off = {{"rank", decision.sign_off->rank}, {"count", decision.sign_off->count}};
  }
  const Conditions& bound = decision.conditions;
  Json expires;
  if (bound.expires_after) expires = *bound.expires_after;
  return {{"decision", name(decision.decision)},
          {"covered", decision.covered},
          {"discretion", decision.discretion},
          {"sign_off", std::move(sign_off)},
          {"conditions",
           {{"channel", bound.channel},
            {"disclose", bound.disclose},
            {"report_to", bound.report_to},
            {"notify", bound.notify},
            {"reasons", bound.reasons},
            {"expires_after", std::move(expires)}}}};
}

Json answer(const Policy& policy, const Decision& decision) {
  Json clauses = Json::array();
  for (const Clause& clause : decision.clauses) {
    clauses.push_back({{"id", clause.id},
                       {"text", clause.text},
                       {"source", clause.source},
                       {"basis", clause.basis}});
  }
  Json out = outcome_json(decision);
  out["rule"] = decision.rule;
  out["rules"] = decision.rules;
  out["because"] = decision.because;
  out["clauses"] = std::move(clauses);
  out["support"] = decision.support;
  out["missing"] = decision.missing;
  out["policy"] = {{"id", policy.id()}, {"version", policy.version()}, {"digest", policy.digest()}};
  return out;
}

Json no_policy_answer(const std::string& because) {
  return {{"decision", "refuse"},
          {"covered", false},
          {"discretion", false},
          {"rule", "no-policy-in-force"},
          {"rules", Json::array({"no-policy-in-force"})},
          {"because", because},
          {"clauses", Json::array()},
          {"sign_off", nullptr},
          {"conditions",
           {{"channel", Json::array()},
            {"disclose", Json::array()},
            {"report_to", Json::array()},
            {"notify", Json::array()},
            {"reasons", Json::array()},
            {"expires_after", nullptr}}},
          {"support", Json::array()},
          {"missing", Json::array()},
          {"policy", nullptr}};
}

}  // namespace firebreak::policy
