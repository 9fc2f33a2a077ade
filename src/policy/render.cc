// SPDX-License-Identifier: Apache-2.0
#include "policy/render.h"

#include <algorithm>

#include "policy/loader.h"
#include "policy/nested.h"
#include "policy/prove.h"
#include "policy/render_parts.h"
#include "policy/wording.h"

namespace firebreak::policy {
namespace {

class ViewMaker {
 public:
  ViewMaker(const Policy& policy, const std::vector<Proof>& proofs)
      : compiled_(policy.compiled()),
        model_(compiled_.model),
        words_(compiled_.vocabulary.words),
        proofs_(proofs),
        analysis_(compiled_) {}

  Json run() {
    Json out = heading();
    out["OUTLINE_PART"] = outline();
    out["CLAUSE"] = clauses();
    out["FALLBACK"] = fallback();
    out["SETTINGS"] = settings();
    out["ASSERTIONS"] = assertions();
    out["CASES"] = cases();
    out["PICTURE"] = diagram_picture(analysis_);
    // The last, as it may use up the room that the analysis has.
    Json rows = decision_table(analysis_);
    out["TABLE_TOO_LARGE"] = rows.empty();
    if (!rows.empty()) out["TABLE"] = {{"TABLE_ROW", std::move(rows)}};
    out["FACT"] = facts();
    return out;
  }

 private:
  Json heading() {
    Json out = {{"TITLE", model_.title.empty() ? model_.id : model_.title},
                {"POLICY_ID", model_.id},
                {"POLICY_VERSION", model_.version},
                {"POLICY_DIGEST", compiled_.digest},
                {"VOCABULARY_NAME", words_.id + " " + words_.version},
                {"SITUATIONS", grouped_digits(analysis_.count(analysis_.possible()).str())},
                {"HISTORICAL", model_.historical}};
    if (!model_.issued_by.empty()) out["ISSUED"] = {{"ISSUED_BY", model_.issued_by}};
    if (model_.in_force != InForce{}) out["IN_FORCE"] = {{"IN_FORCE_DAYS", text(model_.in_force)}};
    if (model_.review_by) out["REVIEW"] = {{"REVIEW_BY", format_day(*model_.review_by)}};
    return out;
  }

  [[nodiscard]] std::string short_name(uint32_t rule) const {
    const std::string& name = model_.rules[rule].name;
    return spoken_name(name.substr(name.rfind('/') + 1));
  }
  [[nodiscard]] std::string clause_ids(const std::vector<uint32_t>& clauses) const {
    std::vector<std::string> ids;
    ids.reserve(clauses.size());
    for (const uint32_t clause : clauses) ids.push_back(model_.clauses[clause].id);
    return in_words(ids, "and");
  }
  [[nodiscard]] Json outcome(const RuleOutcome& outcome) const {
    Json out = {
        {"RULE_ANSWER", worded_outcome(outcome, words_)},
        {"RULE_CONDITION", view_texts("RULE_CONDITION_TEXT", worded_conditions(outcome, words_))},
        {"RULE_SUPPORT", view_texts("RULE_SUPPORT_TEXT", outcome.support)}};
    out["RULE_HAS_SUPPORT"] = !outcome.support.empty();
    if (!outcome.reason.empty()) out["RULE_REASON"] = {{"RULE_REASON_TEXT", outcome.reason}};
    return out;
  }

  void add_to_outline(Nested& list, uint32_t rule, size_t depth) const {
    const Rule& at = model_.rules[rule];
    const char* kind = at.never ? "Never" : (at.parent ? "Except" : "Rule");
    list.add(depth, {{"OUTLINE_KIND", kind},
                     {"OUTLINE_NAME", short_name(rule)},
                     {"OUTLINE_ANCHOR", rule_anchor(rule)},
                     {"OUTLINE_ANSWER", worded_outcome(at.outcome, words_)},
                     {"OUTLINE_CLAUSES", clause_ids(at.outcome.clauses)}});
    for (const uint32_t except : at.excepts) add_to_outline(list, except, depth + 1);
  }

  [[nodiscard]] Json outline() const {
    Nested list("OUTLINE");
    for (const bool nevers : {true, false}) {
      for (uint32_t i = 0; i < model_.rules.size(); ++i) {
        if (model_.rules[i].never == nevers && !model_.rules[i].parent) add_to_outline(list, i, 0);
      }
    }
    return list.take();
  }

  [[nodiscard]] Json rule(uint32_t index) const {
    const Rule& at = model_.rules[index];
    Json out = outcome(at.outcome);
    out["RULE_NAME"] = short_name(index);
    out["RULE_ANCHOR"] = rule_anchor(index);
    out["RULE_NEVER"] = at.never;
    out["RULE_CLAUSES"] = clause_ids(at.outcome.clauses);
    out["WHEN_PART"] = when_parts(at.when, words_);
    if (at.parent) {
      out["RULE_PARENT"] = {{"PARENT_NAME", short_name(*at.parent)},
                            {"PARENT_ANCHOR", rule_anchor(*at.parent)}};
    }
    Json excepts = Json::array();
    for (const uint32_t except : at.excepts) {
      excepts.push_back(
          {{"EXCEPT_NAME", short_name(except)}, {"EXCEPT_ANCHOR", rule_anchor(except)}});
    }
    out["RULE_EXCEPT"] = excepts;
    out["RULE_HAS_EXCEPTS"] = !at.excepts.empty();
    return out;
  }

  // A rule stands in full beside the first clause that it names; others point to it.
  [[nodiscard]] Json clauses() const {
    Json out = Json::array();
    for (uint32_t i = 0; i < model_.clauses.size(); ++i) {
      const Clause& clause = model_.clauses[i];
      Json rules = Json::array();
      Json also = Json::array();
      for (uint32_t at = 0; at < model_.rules.size(); ++at) {
        const std::vector<uint32_t>& cited = model_.rules[at].outcome.clauses;
        if (std::find(cited.begin(), cited.end(), i) == cited.end()) continue;
        if (cited[0] == i) {
          rules.push_back(rule(at));
        } else {
          also.push_back({{"ALSO_NAME", short_name(at)},
                          {"ALSO_ANCHOR", rule_anchor(at)},
                          {"ALSO_CLAUSE", model_.clauses[cited[0]].id}});
        }
      }
      const std::vector<uint32_t>& silent = model_.fallback.clauses;
      const bool of_default = std::find(silent.begin(), silent.end(), i) != silent.end();
      Json item = {{"CLAUSE_ID", clause.id},
                   {"CLAUSE_TEXT", clause.text},
                   {"CLAUSE_BASIS", worded_basis(clause.basis)},
                   {"CLAUSE_HAS_ALSO", !also.empty()},
                   {"CLAUSE_OF_DEFAULT", of_default},
                   {"CLAUSE_ALONE", rules.empty() && also.empty() && !of_default}};
      if (!clause.source.empty()) item["CLAUSE_SOURCE"] = {{"SOURCE_TEXT", clause.source}};
      item["RULE"] = std::move(rules);
      item["CLAUSE_ALSO"] = std::move(also);
      out.push_back(std::move(item));
    }
    return out;
  }

  [[nodiscard]] Json fallback() const {
    Json out = outcome(model_.fallback);
    if (!model_.fallback.clauses.empty()) {
      out["FALLBACK_CLAUSES"] = {{"FALLBACK_CLAUSE_IDS", clause_ids(model_.fallback.clauses)}};
    }
    return out;
  }

  [[nodiscard]] Json settings() const {
    Json items = Json::array();
    for (const DeclaredSetting& declared : model_.settings) {
      const Attribute& setting = words_.attributes[declared.attribute];
      std::vector<std::string> values;
      values.reserve(setting.values.size());
      for (const Value& value : setting.values) values.push_back(spoken_name(value.name));
      if (setting.kind == AttributeKind::number) {
        values = {std::to_string(setting.minimum) + " to " + std::to_string(setting.maximum)};
      }
      const int32_t value = setting.setting ? setting.setting->value : 0;
      items.push_back({{"SETTING_QUESTION", setting.question},
                       {"SETTING_VALUES", in_words(values, "or")},
                       {"SETTING_VALUE", setting.kind == AttributeKind::number
                                             ? std::to_string(value)
                                             : values[static_cast<size_t>(value)]},
                       {"SETTING_CLAUSES", clause_ids(declared.clauses)}});
    }
    return items.empty() ? Json() : Json{{"SETTING", items}};
  }

  [[nodiscard]] std::string claim(const Assertion& assertion) const {
    if (assertion.kind == Assertion::Kind::always_refuse) return "It is always refused when:";
    if (assertion.kind == Assertion::Kind::always_permit) return "It is always allowed when:";
    if (!assertion.unless_rank) return "It is never allowed, not even after a sign-off, when:";
    RuleOutcome allowed;
    allowed.decision = Outcome::sign_off;
    allowed.rank = *assertion.unless_rank;
    allowed.count = assertion.unless_count;
    return "It is refused, or " + worded_sign_off(allowed, words_);
  }

  [[nodiscard]] Json assertions() const {
    Json items = Json::array();
    for (size_t i = 0; i < model_.assertions.size() && i < proofs_.size(); ++i) {
      const Assertion& assertion = model_.assertions[i];
      const Proof& proof = proofs_[i];
      Json item = {{"ASSERTION_TEXT", assertion.text},
                   {"ASSERTION_CLAIM", claim(assertion)},
                   {"ASSERTION_COUNT", grouped_digits(proof.situations)},
                   {"ASSERTION_PROVED", proof.holds()},
                   {"WHEN_PART", when_parts(assertion.when, words_)}};
      if (!proof.holds()) {
        item["ASSERTION_FAILED"] = {{"FAILED_COUNT", grouped_digits(proof.against)},
                                    {"FAILED_EXAMPLE", known_facts(proof.counterexample->facts)}};
      }
      items.push_back(std::move(item));
    }
    return items.empty() ? Json() : Json{{"ASSERTION", items}};
  }

  [[nodiscard]] std::string fact_text(const Attribute& attribute, const Facts& facts) const {
    return spoken_name(attribute.name) + ": " + worded_fact(attribute, facts);
  }
  [[nodiscard]] std::vector<const Attribute*> asked_attributes() const {
    std::vector<const Attribute*> out;
    for (const Attribute& attribute : words_.attributes) {
      if (!attribute.setting) out.push_back(&attribute);
    }
    return out;
  }
  [[nodiscard]] std::string known_facts(const Facts& facts) const {
    std::string out;
    for (const Attribute* attribute : asked_attributes()) {
      if (!facts.has(*attribute)) continue;
      out += (out.empty() ? "" : "; ") + fact_text(*attribute, facts);
    }
    return out;
  }

  // Cases share most of their facts; each is shown by where it parts from the first, or, when
  // little is known in it, by what is known.
  [[nodiscard]] std::vector<std::string> case_facts(const Facts& base, const Facts& facts) const {
    std::vector<std::string> known;
    std::vector<std::string> other;
    std::vector<std::string> settings;
    for (const DeclaredSetting& declared : model_.settings) {
      const Attribute& setting = words_.attributes[declared.attribute];
      if (facts[setting.first_slot] == base[setting.first_slot]) continue;
      settings.push_back("The force decides " + fact_text(setting, facts));
    }
    for (const Attribute* attribute : asked_attributes()) {
      if (facts.has(*attribute)) known.push_back(fact_text(*attribute, facts));
      bool same = true;
      for (size_t i = 0; i < attribute->slots(); ++i) {
        same &= facts[attribute->first_slot + i] == base[attribute->first_slot + i];
      }
      if (!same) other.push_back(fact_text(*attribute, facts));
    }
    std::vector<std::string>& shown = known.size() < other.size() ? known : other;
    if (&shown == &known) known.insert(known.begin(), "Only this is known:");
    shown.insert(shown.end(), settings.begin(), settings.end());
    return shown;
  }

  [[nodiscard]] Json cases() const {
    std::vector<const Case*> shown_cases;
    for (const Case& one : model_.cases) {
      if (under_these_settings(words_, one.facts)) shown_cases.push_back(&one);
    }
    if (shown_cases.empty()) return {};
    Json items = Json::array();
    const Facts& base = shown_cases[0]->facts;
    for (size_t i = 0; i < shown_cases.size(); ++i) {
      const Case& one = *shown_cases[i];
      const Decision decision = decide(compiled_, one.facts);
      const bool open = decision.decision == Outcome::undetermined;
      const std::vector<std::string> facts = case_facts(base, one.facts);
      Json item = {{"CASE_NAME", one.name},
                   {"CASE_FACT", view_texts("CASE_FACT_TEXT", facts)},
                   {"CASE_FIRST", i == 0},
                   {"CASE_ANSWER", open ? "Cannot be said yet; until then nothing is sent"
                                        : kind_label(shown_kind(decision))}};
      if (!decision.rule.empty()) {
        item["CASE_RULE"] = {
            {"CASE_RULE_NAME", spoken_name(decision.rule.substr(decision.rule.rfind('/') + 1))}};
      }
      if (!decision.because.empty()) item["CASE_BECAUSE"] = decision.because;
      item["CASE_CLAUSE"] = Json::array();
      for (const Clause& clause : decision.clauses) {
        item["CASE_CLAUSE"].push_back(
            {{"CASE_CLAUSE_ID", clause.id}, {"CASE_CLAUSE_TEXT", clause.text}});
      }
      if (open) {
        std::vector<std::string> missing;
        missing.reserve(decision.missing.size());
        for (const std::string& name : decision.missing) missing.push_back(spoken_name(name));
        item["CASE_MISSING"] = {{"CASE_MISSING_TEXT", in_words(missing, "and")}};
      }
      items.push_back(std::move(item));
    }
    return {{"CASE", items},
            {"CASE_BASE", known_facts(base)},
            {"CASE_BASE_NAME", shown_cases[0]->name}};
  }

  [[nodiscard]] Json facts() const {
    Json out = Json::array();
    for (const Attribute* attribute : asked_attributes()) {
      std::vector<std::string> values;
      values.reserve(attribute->values.size());
      for (const Value& value : attribute->values) values.push_back(value.label);
      if (attribute->kind == AttributeKind::number) {
        values = {"a whole number from " + std::to_string(attribute->minimum) + " to " +
                  std::to_string(attribute->maximum)};
      }
      out.push_back({{"FACT_NAME", spoken_name(attribute->name)},
                     {"FACT_QUESTION", attribute->protected_reason
                                           ? "No page asks. " + *attribute->protected_reason
                                           : attribute->question},
                     {"FACT_MANY", attribute->kind == AttributeKind::any_of},
                     {"FACT_VALUE", view_texts("FACT_VALUE_TEXT", values)}});
    }
    return out;
  }

  const Policy::Compiled& compiled_;
  const Model& model_;
  const Vocabulary& words_;
  const std::vector<Proof>& proofs_;
  Analysis analysis_;
};

}  // namespace

Result<Json> render_view(const std::filesystem::path& path, const Decisions& decided) {
  FB_TRY(const Proved proved, prove(path, {}, decided));
  return ViewMaker(*proved.policy, proved.proofs).run();
}

}  // namespace firebreak::policy
