// SPDX-License-Identifier: Apache-2.0
// An explanation as text for a terminal and as JSON.
#include <algorithm>

#include "policy/explain.h"
#include "policy/explain_words.h"
#include "policy/wording.h"

namespace firebreak::policy {
namespace {

const char* kind_name(Verdict kind) {
  constexpr const char* kNames[kVerdicts] = {"refuse", "not_covered", "sign_off", "permit"};
  return kNames[static_cast<size_t>(kind)];
}

const char* would_be(Verdict kind) {
  constexpr const char* kWords[kVerdicts] = {"be refused",
                                             "be refused, because the text says nothing of it",
                                             "need a sign-off", "be allowed"};
  return kWords[static_cast<size_t>(kind)];
}

const char* holds_name(Holds holds) {
  if (holds == Holds::open) return "open";
  return holds == Holds::yes ? "yes" : "no";
}

std::string joined_words(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::vector<std::string> clause_ids(const std::vector<Clause>& clauses) {
  std::vector<std::string> out;
  out.reserve(clauses.size());
  for (const Clause& clause : clauses) out.push_back(clause.id);
  return out;
}

std::vector<std::string> clause_ids(const Model& model, const RuleOutcome& outcome) {
  std::vector<std::string> out;
  out.reserve(outcome.clauses.size());
  for (const uint32_t clause : outcome.clauses) out.push_back(model.clauses[clause].id);
  return out;
}

class ExplanationText {
 public:
  ExplanationText(const Policy& policy, const Explanation& why)
      : model_(policy.compiled().model),
        compiled_(policy.compiled()),
        words_(policy.vocabulary()),
        why_(why) {}

  std::string run() {
    answer();
    rules();
    clauses();
    open_facts();
    nearest_choices();
    nearest_record();
    return std::move(out_);
  }

 private:
  void line(size_t indent, const std::string& words) {
    out_ += std::string(indent * 2, ' ') + words + "\n";
  }

  void answer() {
    const Decision& decision = why_.decision;
    std::string head = std::string("Answer: ") + name(decision.decision);
    if (decision.sign_off) {
      head += " by " + std::to_string(decision.sign_off->count) + " of rank " +
              decision.sign_off->rank + " or higher";
    }
    if (!decision.covered) head += " (not covered by the text)";
    if (decision.discretion) head += " (at the officer's discretion)";
    line(0, head);
    line(1, decision.because);
  }

  void rules() {
    out_ += "\nWhat applies\n";
    for (const RuleView& view : why_.rules) rule(view, 1);
    if (why_.off_channel) {
      line(1, "The rule permits it, but not by this channel, so it is refused.");
    }
    const std::vector<std::string>& answering = why_.decision.rules;
    if (std::find(answering.begin(), answering.end(), "default") != answering.end()) {
      line(1, why_.rules.empty() ? "No rule applies, so the default answers."
                                 : "Where none of these applies, the default answers.");
    }
    if (!why_.others.empty()) {
      line(1, why_.others.size() == 1
                  ? "1 other rule does not apply."
                  : std::to_string(why_.others.size()) + " other rules do not apply.");
    }
  }

  void rule(const RuleView& view, size_t indent) {
    const Rule& rule = model_.rules[view.rule];
    const std::vector<std::string> ids = clause_ids(model_, rule.outcome);
    std::string head = std::string(rule.never ? "never " : (rule.parent ? "except " : "rule ")) +
                       rule.name + ": " + does(rule.outcome);
    if (!ids.empty()) head += " (" + joined_words(ids) + ")";
    line(indent, head + " - " + standing(view));
    reason(view.reason, indent + 2);
    // Exceptions of a rule that does not apply have nothing to be exceptions of.
    if (view.applies == Holds::no) return;
    for (const RuleView& except : view.excepts) this->rule(except, indent + 1);
  }

  static std::string standing(const RuleView& view) {
    if (view.applies == Holds::no) return "does not apply";
    if (view.applies == Holds::open) return "may apply: it hangs on what is not known";
    if (view.answers == Holds::yes) return "applies, and answers";
    if (!view.overridden_by.empty()) {
      return "applies, but is overridden by " + joined_words(view.overridden_by);
    }
    return "applies, unless something overrides it";
  }

  void reason(const Reason& reason, size_t indent) {
    const std::string mark =
        reason.holds == Holds::yes ? "[yes] " : (reason.holds == Holds::no ? "[no]  " : "[?]   ");
    if (reason.attribute) {
      const Attribute& attribute = words_.attributes[*reason.attribute];
      std::string test = mark + asked_as(attribute) + " " + reason.words;
      if (reason.holds != Holds::yes) test += "; given: " + said(attribute, why_.facts);
      line(indent, test);
      return;
    }
    line(indent, mark + reason.words + ":");
    for (const Reason& part : reason.parts) this->reason(part, indent + 1);
  }

  void clauses() {
    if (why_.decision.clauses.empty()) return;
    out_ += "\nThe clauses\n";
    for (const Clause& clause : why_.decision.clauses) {
      line(1, clause.id + ": " + clause.text);
      line(2, "basis: " + clause.basis +
                  (clause.source.empty() ? std::string() : "; source: " + clause.source));
    }
  }

  void open_facts() {
    if (why_.open.empty()) return;
    out_ += "\nWhat must still be known, best first\n";
    for (const OpenFact& open : why_.open) {
      const Attribute& attribute = words_.attributes[open.attribute];
      line(1, asked_as(attribute) + " (" + attribute.name + ")");
      if (!open.rules.empty()) line(2, "because it decides: " + joined_words(open.rules));
      if (!open.clauses.empty()) line(2, "clauses: " + joined_words(open.clauses));
      for (const auto& [value, kinds] : open.values) {
        std::string text = value + ": it would ";
        for (size_t i = 0; i < kinds.size(); ++i) {
          if (i > 0) text += ", or ";
          text += would_be(kinds[i]);
        }
        line(2, text);
      }
    }
  }

  void nearest_choices() {
    if (why_.choices.empty()) return;
    out_ += "\nWhat would have another answer\n";
    for (const Nearest& near : why_.choices) {
      const bool more = how_permissive(near.answer) > how_permissive(verdict_of(why_.decision));
      for (const Way& way : near.ways) {
        const std::string kind = would_be(near.answer);
        line(1, more ? "The policy's text says, and this is no advice, that it would " + kind +
                           clauses_of(way) + " if"
                     : "It would " + kind + clauses_of(way) + " if");
        ways(way);
      }
    }
  }

  void nearest_record() {
    if (why_.record.empty()) return;
    out_ += "\nWhat the record decides, which is not a choice\n";
    for (const Nearest& near : why_.record) {
      for (const Way& way : near.ways) {
        line(1, std::string("The answer would be another, it would ") + would_be(near.answer) +
                    clauses_of(way) + ", if the record said");
        ways(way);
      }
    }
  }

  std::string clauses_of(const Way& way) const {
    const auto ids = clause_ids(compiled_.outcomes[way.outcome].decision.clauses);
    return ids.empty() ? std::string() : " (" + joined_words(ids) + ")";
  }

  void ways(const Way& way) {
    for (const uint32_t i : way.changed) {
      const Attribute& attribute = words_.attributes[i];
      std::string before;
      if (attribute.nature == FactNature::finding) before = "an honest finding: ";
      line(2, "- " + before + asked_as(attribute) + " " + said(attribute, way.facts) + ", not " +
                  said(attribute, why_.facts));
    }
    for (const uint32_t i : way.assumed) {
      const Attribute& attribute = words_.attributes[i];
      line(2,
           "- and, which is not known: " + asked_as(attribute) + " " + said(attribute, way.facts));
    }
  }

  const Model& model_;
  const Policy::Compiled& compiled_;
  const Vocabulary& words_;
  const Explanation& why_;
  std::string out_;
};

class ExplanationJson {
 public:
  ExplanationJson(const Policy& policy, const Explanation& why)
      : policy_(policy), compiled_(policy.compiled()), words_(policy.vocabulary()), why_(why) {}

  Json run() const {
    Json rules = Json::array();
    for (const RuleView& view : why_.rules) rules.push_back(rule(view));
    Json open = Json::array();
    for (const OpenFact& one : why_.open) open.push_back(open_fact(one));
    return {{"answer", answer(policy_, why_.decision)},
            {"facts", policy_.facts_json(why_.facts)},
            {"rules", std::move(rules)},
            {"other_rules", why_.others},
            {"off_channel", why_.off_channel},
            {"open", std::move(open)},
            {"choices", nearest_json(why_.choices)},
            {"record", nearest_json(why_.record)}};
  }

 private:
  Json reason(const Reason& reason) const {
    Json parts = Json::array();
    for (const Reason& part : reason.parts) parts.push_back(this->reason(part));
    Json out = {{"holds", holds_name(reason.holds)}, {"words", reason.words}};
    if (!reason.attribute) {
      out["parts"] = std::move(parts);
      return out;
    }
    const Attribute& attribute = words_.attributes[*reason.attribute];
    out["attribute"] = attribute.name;
    out["question"] = asked_as(attribute);
    out["given"] = said(attribute, why_.facts);
    return out;
  }

  Json rule(const RuleView& view) const {
    const Rule& rule = compiled_.model.rules[view.rule];
    Json excepts = Json::array();
    for (const RuleView& except : view.excepts) excepts.push_back(this->rule(except));
    return {{"rule", rule.name},
            {"never", rule.never},
            {"does", does(rule.outcome)},
            {"clauses", clause_ids(compiled_.model, rule.outcome)},
            {"applies", holds_name(view.applies)},
            {"answers", holds_name(view.answers)},
            {"overridden_by", view.overridden_by},
            {"reason", reason(view.reason)},
            {"excepts", std::move(excepts)}};
  }

  Json open_fact(const OpenFact& open) const {
    const Attribute& attribute = words_.attributes[open.attribute];
    Json values = Json::array();
    for (const auto& [value, kinds] : open.values) {
      Json left = Json::array();
      for (const Verdict kind : kinds) left.push_back(kind_name(kind));
      values.push_back({{"value", value}, {"answers", std::move(left)}});
    }
    return {{"attribute", attribute.name},
            {"question", asked_as(attribute)},
            {"rules", open.rules},
            {"clauses", open.clauses},
            {"values", std::move(values)}};
  }

  Json way(const Way& way) const {
    const Json facts = policy_.facts_json(way.facts);
    const auto values = [&](const std::vector<uint32_t>& attributes) {
      Json out = Json::object();
      for (const uint32_t i : attributes) {
        const std::string& name = words_.attributes[i].name;
        out[name] = facts.at(name);
      }
      return out;
    };
    const Decision& decision = compiled_.outcomes[way.outcome].decision;
    return {{"changed", values(way.changed)},
            {"assumed", values(way.assumed)},
            {"rule", decision.rule},
            {"clauses", clause_ids(decision.clauses)}};
  }

  Json nearest_json(const std::vector<Nearest>& all) const {
    Json out = Json::array();
    for (const Nearest& near : all) {
      Json ways = Json::array();
      for (const Way& one : near.ways) ways.push_back(way(one));
      out.push_back({{"answer", kind_name(near.answer)},
                     {"changes", near.changes},
                     {"ways", std::move(ways)}});
    }
    return out;
  }

  const Policy& policy_;
  const Policy::Compiled& compiled_;
  const Vocabulary& words_;
  const Explanation& why_;
};

}  // namespace

std::string text(const Policy& policy, const Explanation& explanation) {
  return ExplanationText(policy, explanation).run();
}

Json explanation_json(const Policy& policy, const Explanation& explanation) {
  return ExplanationJson(policy, explanation).run();
}

}  // namespace firebreak::policy
