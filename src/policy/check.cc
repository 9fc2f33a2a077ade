// SPDX-License-Identifier: Apache-2.0
#include "policy/check.h"

#include <algorithm>
#include <deque>
#include <map>

#include "policy/contrast.h"
#include "policy/demands.h"
#include "policy/effects.h"
#include "policy/interference.h"
#include "policy/loader.h"

namespace firebreak::policy {
namespace {

std::string clause_list(const Model& model, const std::vector<uint32_t>& rules) {
  std::vector<uint32_t> clauses;
  for (const uint32_t rule : rules) {
    for (const uint32_t clause : outcome_of(model, rule).clauses) {
      if (std::find(clauses.begin(), clauses.end(), clause) == clauses.end()) {
        clauses.push_back(clause);
      }
    }
  }
  std::string out;
  for (const uint32_t clause : clauses) out += (out.empty() ? "" : ", ") + model.clauses[clause].id;
  return out;
}

std::string clause_list(const Decision& decision) {
  std::string out;
  for (const Clause& clause : decision.clauses) out += (out.empty() ? "" : ", ") + clause.id;
  return out;
}

class Checker {
 public:
  // `demands`: whose assertions the model holds besides the policy's own.
  Checker(const Source& source, const std::deque<Source>& demands, const Policy::Compiled& compiled,
          Report& report)
      : compiled_(compiled),
        model_(compiled.model),
        analysis_(compiled),
        found_(source),
        demands_found_(demands.begin(), demands.end()),
        report_(report) {}

  void run(Day today) {
    numbers();
    review(today);
    conflicts();
    rules();
    for (const Assertion& assertion : model_.assertions) assertion_holds(assertion);
    for (const Case& one : model_.cases) case_passes(one);
    protected_facts();
    if (too_large_ || analysis_.exhausted()) {
      found_.error({1, 1, 0, 1},
                   "This policy is too large to be checked whole; nothing is proved.");
      report_.asserts_proved = 0;
    }
    for (Finding& finding : found_.findings()) report_.findings.push_back(std::move(finding));
    for (size_t i = 0; i < demands_found_.size(); ++i) {
      for (Finding& finding : demands_found_[i].findings()) {
        if (i == Demands::kFloor) finding.line = finding.column = 0;  // it stands in no file
        report_.findings.push_back(std::move(finding));
      }
    }
  }

 private:
  void numbers() {
    report_.id = model_.id;
    report_.version = model_.version;
    report_.digest = compiled_.digest;
    report_.historical = model_.historical;
    report_.rules = model_.rules.size();
    report_.clauses = model_.clauses.size();
    report_.cases = model_.cases.size();
    report_.asserts = model_.assertions.size();
    report_.situations = analysis_.count(analysis_.possible()).str();
    report_.nodes = compiled_.diagram.reachable(compiled_.answers).size();
  }

  void review(Day today) {
    if (const std::optional<std::string> notice = review_notice(model_.review_by, today)) {
      found_.add(Severity::warning, model_.review_place, *notice);
    }
  }

  // Nothing where the finding would be left out: a witness is the costly part of it.
  std::string witness_text(Severity severity, NodeId region, const std::string& name) {
    if (!found_.room(severity)) return {};
    const std::optional<Facts> facts = analysis_.witness(region);
    return facts ? case_text(compiled_, *facts, name) : std::string();
  }

  // A conflict is refused, but by none of the rules: the case names none.
  static std::string undecided(const std::string& witness) {
    if (witness.empty()) return {};
    return witness.substr(0, witness.find("\n  expect ")) + "\n  expect refuse\n";
  }

  // One finding for each two rules that contradict each other somewhere.
  void conflicts() {
    const std::vector<Contradiction> all = contradictions(analysis_);
    if (all.size() == kMostContradictions) {
      found_.error(model_.rules[all.back().second].place,
                   "More rules may contradict each other: the first " +
                       std::to_string(kMostContradictions) + " pairs are shown.");
    }
    for (const Contradiction& one : all) {
      if (!found_.room(Severity::error)) return found_.error(model_.rules[one.second].place, {});
      const std::string first = rule_name(model_, one.first);
      const std::string second = rule_name(model_, one.second);
      found_.add(Severity::error, model_.rules[one.second].place,
                 quoted_list({first, second}, " and ") +
                     " apply together and answer differently: " +
                     contrast(model_, compiled_.vocabulary.words, one.first, one.second) +
                     ". Make one an exception of the other, "
                     "or let their conditions exclude each other.",
                 clause_list(model_, {one.first, one.second}),
                 undecided(witness_text(
                     Severity::error, one.region,
                     std::string("both ").append(first).append(" and ").append(second))));
    }
  }

  void rules() {
    const std::optional<std::vector<RuleEffect>> effects = rule_effects(compiled_);
    too_large_ |= !effects;
    for (uint32_t i = 0; effects && i < model_.rules.size(); ++i) rule(i, (*effects)[i]);
  }

  void rule(uint32_t index, const RuleEffect& effect) {
    const Rule& rule = model_.rules[index];
    if (effect.leads) return;
    // Of thousands that change nothing only the first are shown; where the others apply is costly.
    if (effect.answers && !found_.room(Severity::warning)) {
      return found_.add(Severity::warning, rule.place, {});
    }
    const char* what = rule.never ? "`never`" : (rule.parent ? "exception" : "rule");
    NodeId where = analysis_.possible();
    for (std::optional<uint32_t> at = index; at; at = model_.rules[*at].parent) {
      where = analysis_.all({where, analysis_.condition(model_.rules[*at].when)});
    }
    const std::string clauses = clause_list(model_, {index});
    if (analysis_.is_empty(where)) {
      found_.add(Severity::error, rule.place,
                 "`" + rule.name + "` can never apply: no situation meets its condition" +
                     (rule.parent ? " and those of the rules around it." : "."),
                 clauses);
      return;
    }
    if (!effect.answers) {
      found_.add(Severity::warning, rule.place,
                 std::string("This ") + what + " changes nothing: wherever `" + rule.name +
                     "` applies, a `never` or its own exceptions stand over it.",
                 clauses, witness_text(Severity::warning, where, "not by " + rule.name));
    } else {
      found_.add(Severity::warning, rule.place,
                 std::string("This ") + what + " changes nothing: wherever `" + rule.name +
                     "` applies, another above it gives the same answer.",
                 clauses, witness_text(Severity::warning, where, "not by " + rule.name + " alone"));
    }
  }

  void assertion_holds(const Assertion& assertion) {
    const NodeId scope = analysis_.all({analysis_.possible(), analysis_.condition(assertion.when)});
    Diagnostics& found = assertion.demand ? demands_found_[*assertion.demand] : found_;
    if (analysis_.is_empty(scope)) {
      found.add(Severity::warning, assertion.place,
                "This assertion says nothing: no situation meets its condition.");
    }
    const NodeId bad =
        analysis_.all({scope, analysis_.where([&](const CompiledOutcome& outcome) {
                         return breaks(compiled_.vocabulary.words, assertion, outcome.decision);
                       })});
    if (analysis_.is_empty(bad)) {
      ++report_.asserts_proved;
      return;
    }
    if (!found.room(Severity::error)) return found.error(assertion.place, "This assertion fails.");
    const std::optional<Facts> facts = analysis_.witness(bad);
    if (!facts) return;  // exhausted, and said so
    const Decision decision = decide(compiled_, *facts);
    found.add(Severity::error, assertion.place,
              "This assertion fails in " + analysis_.count(bad).str() +
                  " situations. In the smallest the answer is " + shown(decision) +
                  (assertion.demand ? asked_from_outside(*assertion.demand, decision) : "."),
              clause_list(decision), case_text(compiled_, *facts, "against: " + assertion.text));
  }

  // What is demanded stands in another text, so the message says where in this one the answer does.
  [[nodiscard]] std::string asked_from_outside(size_t demand, const Decision& decision) const {
    std::string line = ", in line " + std::to_string(place_of(decision.rule).line) + ".";
    if (demand != Demands::kFloor) return line;
    return line +
           " The floor is built in and holds for whatever is in force. A force that wants this "
           "policy in force adds a `never` or a sign-off with a clause of its own; a text that is "
           "only to be read or compared is checked without --in-force.";
  }

  void case_passes(const Case& one) {
    if (!under_these_settings(compiled_.vocabulary.words, one.facts)) {
      --report_.cases;
      return;
    }
    const Result<void> allowed = refuse_impossible(compiled_, one.facts);
    if (!allowed) {
      found_.error(one.place, allowed.error().message);
      return;
    }
    const Decision got = decide(compiled_, one.facts);
    if (as_expected(one, got)) {
      ++report_.cases_passed;
      return;
    }
    found_.add(Severity::error, one.expect_place,
               "This case fails: the answer is " + shown(got) + ".", clause_list(got),
               case_text(compiled_, one.facts, one.name));
  }

  static bool as_expected(const Case& one, const Decision& got) {
    const auto is = [&](Outcome outcome, bool covered = true) {
      return got.decision == outcome && got.covered == covered;
    };
    const auto among = [](const std::string& item, const std::vector<std::string>& items) {
      return std::find(items.begin(), items.end(), item) != items.end();
    };
    using Expected = Case::Expected;
    const bool outcome = (one.expected == Expected::refuse && is(Outcome::refuse)) ||
                         (one.expected == Expected::permit && is(Outcome::permit)) ||
                         (one.expected == Expected::sign_off && is(Outcome::sign_off)) ||
                         (one.expected == Expected::not_covered && is(Outcome::refuse, false)) ||
                         (one.expected == Expected::undetermined && is(Outcome::undetermined));
    return outcome && (one.rule.empty() || among(one.rule, got.rules)) &&
           std::all_of(one.missing.begin(), one.missing.end(),
                       [&](const std::string& name) { return among(name, got.missing); });
  }

  void protected_facts() {
    for (const Influence& influence : influences(compiled_)) {
      if (is_protected(compiled_, influence)) protected_value(influence);
    }
  }

  void protected_value(const Influence& influence) {
    const NodeId region = loosened(analysis_, influence);
    if (analysis_.is_empty(region)) return;
    const std::optional<Facts> facts =
        analysis_.witness(region, compiled_.space.levels()[influence.level].slot);
    if (!facts) return;
    const Decision decision = decide(compiled_, *facts);
    const Attribute& attribute = compiled_.vocabulary.words.attributes[influence.attribute];
    const std::string word =
        influence.named ? attribute.values[*influence.named].name : "of another value";
    found_.add(model_.historical ? Severity::note : Severity::error, place_of(decision.rule),
               "`" + attribute.name +
                   "` is protected, and the answer becomes more permissive "
                   "through `" +
                   word + "`: " + shown(decision) + "." + lost(influence, *facts, word),
               clause_list(decision),
               case_text(compiled_, *facts, "through " + attribute.name + " " + word));
  }

  // The answer that the protected fact takes away, and the `only` that it falls out of.
  std::string lost(const Influence& influence, const Facts& facts, const std::string& word) const {
    const Decision before = decide(compiled_, without(compiled_, facts, influence));
    if (before.decision == Outcome::undetermined) return {};
    std::string out = " Without it the answer is " + shown(before) + " (line " +
                      std::to_string(place_of(before.rule).line) + ")";
    for (const Rule& rule : model_.rules) {
      if (rule.name != before.rule || !influence.named) continue;
      if (const Condition* only = only_without(rule.when, influence)) {
        out += ": its `" + compiled_.vocabulary.words.attributes[only->attribute].name +
               " only` in line " + std::to_string(only->place.line) + " does not list `" + word +
               "`, and whoever refuses with `only` lists every protected value";
      }
    }
    return out + ".";
  }

  // The test `only` of the influence's set that does not list the member, if there is one.
  static const Condition* only_without(const Condition& condition, const Influence& influence) {
    for (const Condition& part : condition.parts) {
      if (const Condition* found = only_without(part, influence)) return found;
    }
    const bool only = condition.kind == Condition::Kind::test && condition.test == Test::only &&
                      condition.attribute == influence.attribute;
    const auto& listed = condition.operands;
    return only && std::find(listed.begin(), listed.end(),
                             static_cast<int32_t>(*influence.named)) == listed.end()
               ? &condition
               : nullptr;
  }

  // Where the rule of that name stands, or the default.
  [[nodiscard]] const Place& place_of(const std::string& name) const {
    for (const Rule& rule : model_.rules) {
      if (rule.name == name) return rule.place;
    }
    return model_.fallback.place;
  }

  const Policy::Compiled& compiled_;
  const Model& model_;
  Analysis analysis_;
  Diagnostics found_;
  std::vector<Diagnostics> demands_found_;  // one for each demand
  Report& report_;
  bool too_large_ = false;
};

}  // namespace

namespace {

Report report_on(const std::string& file, Loaded loaded, const Source* source,
                 const std::deque<Source>& demands, Day today) {
  Report report;
  report.file = file;
  report.findings = std::move(loaded.findings);
  if (loaded.failure) {
    Finding finding;
    finding.file = file;
    finding.message = loaded.failure->message +
                      (loaded.failure->action.empty() ? "" : " " + loaded.failure->action);
    if (!loaded.failure->where.empty()) finding.message += " (" + loaded.failure->where + ")";
    report.findings.push_back(std::move(finding));
  }
  if (loaded.compiled) Checker(*source, demands, *loaded.compiled, report).run(today);
  return report;
}

}  // namespace

Report check(const std::filesystem::path& path, Day today, const Decisions& decided) {
  std::unique_ptr<Source> source;
  Loaded loaded = load_file(path, source, nullptr, decided);
  return report_on(path.string(), std::move(loaded), source.get(), {}, today);
}

Report check_for_force(const std::filesystem::path& path, Day today, const Decisions& decided,
                       const std::vector<ForceAssertion>& force_assertions) {
  std::unique_ptr<Source> source;
  Demands demands(force_assertions);
  Loaded loaded = load_file(path, source, demands.extension(), decided);
  Report report =
      report_on(path.string(), std::move(loaded), source.get(), demands.sources(), today);
  if (report.historical) {
    Finding finding;
    finding.file = path.string();
    finding.message = "This policy is historical: it serves replay and cannot be put in force.";
    report.findings.insert(report.findings.begin(), std::move(finding));
  }
  return report;
}

Report check_texts(const std::string& policy_name, std::string policy_text,
                   const std::string& vocabulary_name, std::string vocabulary_text, Day today) {
  const Source source(policy_name, std::move(policy_text));
  Loaded loaded = load_texts(source, [&](const VocabularyName&) -> Result<Source> {
    return Source(vocabulary_name, std::move(vocabulary_text));
  });
  return report_on(policy_name, std::move(loaded), &source, {}, today);
}

bool Report::passed() const {
  return std::none_of(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.severity == Severity::error; });
}

}  // namespace firebreak::policy
