// SPDX-License-Identifier: Apache-2.0
#include "policy/diff_page.h"

#include <algorithm>
#include <set>

#include "policy/diff_share.h"
#include "policy/nested.h"
#include "policy/wording.h"

namespace firebreak::policy {
namespace {

// The indices of the names in the list.
template <typename Items>
std::vector<uint32_t> indices_of(const std::vector<std::string>& names, const Items& items) {
  std::vector<uint32_t> out;
  for (uint32_t i = 0; i < items.size(); ++i) {
    if (std::ranges::find(names, items[i].name) != names.end()) out.push_back(i);
  }
  return out;
}

// An answer as a rule gives it, which is what wording.h has words for.
RuleOutcome as_outcome(const Decision& answer, const Vocabulary& words) {
  RuleOutcome out;
  out.decision = answer.decision;
  out.covered = answer.covered;
  out.discretion = answer.discretion;
  if (answer.sign_off) {
    out.rank = words.rank_index(answer.sign_off->rank).value_or(0);
    out.count = answer.sign_off->count;
  }
  const Conditions& bound = answer.conditions;
  if (const Attribute* channel = words.find("channel")) {
    out.channel = indices_of(bound.channel, channel->values);
  }
  out.disclose = indices_of(bound.disclose, words.fields);
  out.report_to = indices_of(bound.report_to, words.bodies);
  out.notify = indices_of(bound.notify, words.bodies);
  out.reasons = indices_of(bound.reasons, words.reasons);
  out.expires_hours = expiry_hours(bound).value_or(0);
  return out;
}

// "Refused" of "Refused.".
std::string without_stop(std::string sentence) {
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence;
}

class DiffView {
 public:
  DiffView(const Diff& diff, const Policy& a, const Policy& b) : diff_(diff), policies_{&a, &b} {}

  Result<Json> run() {
    Json out = heading();
    Json groups = Json::array();
    for (size_t i = 0; i < diff_.groups.size(); ++i) {
      FB_TRY(Json group, shown_group(diff_.groups[i], i + 1));
      groups.push_back(std::move(group));
    }
    out["GROUP"] = std::move(groups);
    if (diff_.grid) out["PICTURE"] = grid_picture(*diff_.grid, diff_.words);
    out["NO_PICTURE"] = !diff_.grid && !diff_.groups.empty();
    Json texts = Json::array();
    for (const size_t side : {size_t{0}, size_t{1}}) {
      if (Json clauses = cited_clauses(side); !clauses.empty()) {
        texts.push_back({{"TEXT_POLICY", name(side)}, {"CLAUSE", std::move(clauses)}});
      }
    }
    if (!texts.empty()) out["CLAUSES"] = {{"TEXT", std::move(texts)}};
    return out;
  }

 private:
  [[nodiscard]] std::string name(size_t side) const {
    return diff_.policies[side].id + ", version " + diff_.policies[side].version;
  }
  [[nodiscard]] std::string part_of_all(const Count& part) const {
    return grouped(part) + " (" + share(part, diff_.situations) + ")";
  }

  [[nodiscard]] Json settings(size_t side) const {
    Json out = Json::array();
    for (const auto& [name, value] : diff_.policies[side].settings) {
      out.push_back({{"SETTING_NAME", name}, {"SETTING_VALUE", value}});
    }
    return out;
  }

  [[nodiscard]] Json heading() const {
    Json policies = Json::array();
    for (size_t side = 0; side < 2; ++side) {
      const Policy& policy = *policies_[side];
      policies.push_back({{"POLICY_PLACE", side == 0 ? "The first" : "The second"},
                          {"POLICY_TITLE", policy.title().empty() ? policy.id() : policy.title()},
                          {"POLICY_NAME", name(side)},
                          {"POLICY_HISTORICAL", policy.historical()},
                          {"POLICY_DIGEST", policy.digest()},
                          {"POLICY_SETTING", settings(side)}});
    }
    return {{"TITLE", name(0) + ", and " + name(1) + ", compared"},
            {"POLICY", std::move(policies)},
            {"SUMMARY", summary()},
            {"DIFFER", !diff_.groups.empty()},
            {"VOCABULARY_NAME", diff_.words.id + " " + diff_.words.version}};
  }

  [[nodiscard]] std::string summary() const {
    if (diff_.groups.empty()) {
      return "The two answer the same in all " + grouped(diff_.situations) +
             " situations that there can be (proved).";
    }
    const DiffCounts& kinds = diff_.kinds;
    return "The two answer differently in " + part_of_all(diff_.differing) + " of the " +
           grouped(diff_.situations) + " situations that there can be: the second is stricter in " +
           part_of_all(kinds.stricter) + ", more open in " + part_of_all(kinds.looser) +
           ", and differs otherwise in " + part_of_all(kinds.otherwise) +
           "; everywhere else both answer the same (proved).";
  }

  Result<Json> shown_group(const DiffGroup& group, size_t number) {
    Json regions = Json::array();
    for (const DiffRegion& region : group.regions) {
      FB_TRY(Json shown, shown_region(region));
      regions.push_back(std::move(shown));
    }
    const auto answer = [&](size_t side) {
      return without_stop(
          worded_outcome(as_outcome(group.answers[side], diff_.words), diff_.words));
    };
    return Json{
        {"GROUP_ANCHOR", "group-" + std::to_string(number)},
        {"GROUP_FIRST", answer(0)},
        {"GROUP_SECOND", answer(1) + (group.conditions_only ? ", but bound otherwise" : "")},
        {"GROUP_SITUATIONS", part_of_all(group.situations)},
        {"GROUP_BOUND", group.conditions_only},
        {"GROUP_OVERLAP", group.regions.size() > 1},
        {"REGION", std::move(regions)}};
  }

  Result<Json> shown_region(const DiffRegion& region) {
    Condition all;
    all.kind = Condition::Kind::conjunction;
    all.parts = region.parts;
    Json excepts = Json::array();
    for (const size_t except : region.except) {
      excepts.push_back({{"EXCEPT_NUMBER", std::to_string(except)}});
    }
    FB_TRY(std::string witness, facts_text(region.witness));
    Json out = {{"REGION_NUMBER", std::to_string(region.number)},
                {"REGION_SITUATIONS", part_of_all(region.situations)},
                {"REGION_ANYWHERE", region.parts.empty()},
                {"WHEN_PART", when_parts(all, diff_.words)},
                {"SIDE", Json::array({shown_side(region, 0), shown_side(region, 1)})},
                {"REGION_WITNESS", std::move(witness)}};
    if (!excepts.empty()) out["REGION_EXCEPTS"] = {{"REGION_EXCEPT", std::move(excepts)}};
    return out;
  }

  Json shown_side(const DiffRegion& region, size_t side) {
    const DiffSide& at = region.sides[side];
    Json answers = Json::array();
    for (const Decision& answer : at.answers) {
      const RuleOutcome outcome = as_outcome(answer, diff_.words);
      answers.push_back(
          {{"ANSWER_PART", at.answers.size() > 1},
           {"ANSWER_TEXT", worded_outcome(outcome, diff_.words)},
           {"ANSWER_BOUND", view_texts("BOUND_TEXT", worded_conditions(outcome, diff_.words))}});
    }
    std::vector<std::string> rules;
    rules.reserve(at.rules.size());
    for (const std::string& rule : at.rules) {
      rules.push_back(rule == "default" ? "No rule applies, so the default answers"
                                        : spoken_rule(rule));
    }
    Json clauses = Json::array();
    for (const std::string& clause : at.clauses) {
      cited_[side].insert(clause);
      clauses.push_back({{"CITED_NAME", clause}, {"CITED_ANCHOR", anchor(side, clause)}});
    }
    Json out = {{"SIDE_NAME", name(side)},
                {"ANSWER", std::move(answers)},
                {"SIDE_RULE", view_texts("SIDE_RULE_NAME", rules)}};
    if (!clauses.empty()) out["SIDE_CLAUSES"] = {{"CITED", std::move(clauses)}};
    return out;
  }

  // The clauses' words stand once, at the end of the page.
  static std::string anchor(size_t side, const std::string& clause) {
    return (side == 0 ? "first-" : "second-") + clause;
  }
  [[nodiscard]] Json cited_clauses(size_t side) const {
    Json out = Json::array();
    for (const Clause& clause : policies_[side]->clauses()) {
      if (!cited_[side].contains(clause.id)) continue;
      Json item = {{"CLAUSE_ID", clause.id},
                   {"CLAUSE_ANCHOR", anchor(side, clause.id)},
                   {"CLAUSE_TEXT", clause.text},
                   {"CLAUSE_BASIS", worded_basis(clause.basis)}};
      if (!clause.source.empty()) item["CLAUSE_SOURCE"] = {{"SOURCE_TEXT", clause.source}};
      out.push_back(std::move(item));
    }
    return out;
  }

  [[nodiscard]] Result<std::string> facts_text(const Json& witness) const {
    FB_TRY(const Facts facts, policies_[0]->read_facts(witness));
    std::string out;
    for (const Attribute& attribute : policies_[0]->vocabulary().attributes) {
      if (attribute.setting || !facts.has(attribute)) continue;
      out += (out.empty() ? "" : "; ") + spoken_name(attribute.name) + ": " +
             worded_fact(attribute, facts);
    }
    return out.empty() ? "whatever the facts are" : out;
  }

  const Diff& diff_;
  std::array<const Policy*, 2> policies_;
  std::array<std::set<std::string>, 2> cited_;  // the clauses that regions name
};

}  // namespace

Result<Json> diff_view(const Diff& diff, const Policy& a, const Policy& b) {
  return DiffView(diff, a, b).run();
}

}  // namespace firebreak::policy
