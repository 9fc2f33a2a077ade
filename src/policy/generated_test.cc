// SPDX-License-Identifier: Apache-2.0
// The diagram against the slow evaluator, on policies drawn at random.
#include "policy/generated.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "policy/analysis.h"
#include "policy/reference.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {

std::string Draw::vocabulary() {
  kinds_ = 2 + below(3);
  topics_ = 1 + below(3);
  channels_ = 1 + below(3);
  const auto values = [](const char* stem, size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i) {
      const std::string name = stem + std::to_string(i);
      out.append("  ").append(name).append(" \"").append(name).append("\"\n");
    }
    return out;
  };
  std::string out = "vocabulary small version 1\n";
  out += "attribute channel one of question \"?\"\n" + values("c", channels_);
  out += "attribute kind one of question \"?\"\n" + values("k", kinds_);
  out += "attribute role any of, at least one question \"?\"\n" + values("r", 2);
  out += "attribute topic any of question \"?\"\n" + values("t", topics_);
  out += "attribute ok yes/no question \"?\"\nattribute age number 0 to 5 question \"?\"\n";
  out += "ranks low, mid, high\nfields f0 text, f1 text\nbodies b0, b1\nreasons w0, w1\n";
  for (size_t i = below(3); i > 0; --i) {
    // All that is excluded is of some age, so that something stays possible.
    out += "impossible " + test() + " and " + test() + " and age above " +
           std::to_string(below(5)) + " because \"no\"\n";
  }
  return out;
}

std::string Draw::list(const char* stem, size_t of) {
  std::string out = stem + std::to_string(below(of));
  while (chance(40)) out += std::string(", ") + stem + std::to_string(below(of));
  return out;
}

std::string Draw::test() {
  const auto set_test = [&](const std::string& name, const char* stem, size_t of) {
    switch (below(6)) {
      case 0:
        return name + " includes any of " + list(stem, of);
      case 1:
        return name + " includes all of " + list(stem, of);
      case 2:
        return name + " includes none of " + list(stem, of);
      case 3:
        return name + " only " + list(stem, of);
      case 4:
        return name + (chance(50) ? " is empty" : " is not empty");
      default:
        return name + " includes " + stem + std::to_string(below(of));
    }
  };
  const auto value_test = [&](const std::string& name, const char* stem, size_t of) {
    const std::string is = name + (chance(50) ? " is " : " is not ");
    return is + (chance(50) ? stem + std::to_string(below(of)) : "any of " + list(stem, of));
  };
  constexpr const char* kCompare[] = {"at least ", "at most ", "above ",
                                      "below ",    "is ",      "is at least "};
  if (settings_ && chance(15)) return value_test("open", "s", 2);
  switch (below(6)) {
    case 0:
      return value_test("channel", "c", channels_);
    case 1:
      return value_test("kind", "k", kinds_);
    case 2:
      return set_test("role", "r", 2);
    case 3:
      return set_test("topic", "t", topics_);
    case 4:
      return chance(70) ? "ok" : (chance(50) ? "ok is no" : "ok is not no");
    default:
      return std::string("age ") + kCompare[below(6)] + std::to_string(below(6));
  }
}

std::string Draw::condition(int depth) {
  if (depth == 0 || chance(40)) return test();
  if (chance(20)) return "not (" + condition(depth - 1) + ")";
  std::string out = "(" + condition(depth - 1);
  const char* word = chance(50) ? " and " : " or ";
  do {
    out += word + condition(depth - 1);
  } while (chance(25));
  return out + ")";
}

std::string Draw::outcome(bool never) {
  std::string out;
  if (never || chance(45)) {
    out = "refuse \"no\" under C" + std::to_string(below(2));
  } else {
    out = "permit";
    if (chance(20)) out += " at discretion";
    if (chance(50)) {
      const bool by_setting = settings_ && chance(50);
      out += std::string(" after sign_off by ") +
             (chance(30) ? (by_setting ? "how_many of " : "2 of ") : "") +
             (by_setting && chance(70) ? "who" : (chance(50) ? "mid" : "high"));
      out += " under C0";
      if (chance(30)) out += chance(50) ? " expires after 48 hours" : " expires after 2 days";
    } else {
      out += " under C1";
    }
    if (chance(40)) out += " only by " + list("c", channels_);
    if (chance(20)) out += " disclose only " + list("f", 2);
    if (chance(20)) out += " with reasons " + list("w", 2);
    if (chance(20)) out += " report to " + list("b", 2);
  }
  if (chance(20)) out += " notify " + list("b", 2);
  if (chance(20)) out += " support \"help\"";
  return out;
}

std::string Draw::rule(const std::string& keyword, const std::string& name, int depth) {
  const std::string indent(static_cast<size_t>(depth) * 2, ' ');
  std::string out = indent + keyword + " " + name + " when " + condition(2) + "\n" + indent + " " +
                    outcome(keyword == "never") + "\n";
  if (keyword == "never" || depth == 3) return out;
  for (size_t i = below(3); i > 0; --i) out += rule("except", name + std::to_string(i), depth + 1);
  return out;
}

std::string Draw::policy(size_t rules) {
  std::string out = "policy p version 1\n  uses vocabulary small 1\n";
  out +=
      chance(70) ? "  default refuse \"nothing\" under C0\n" : "  default not_covered \"silent\"\n";
  out += "clause C0 \"zero\" basis known\nclause C1 \"one\" basis known\n";
  settings_ = chance(50);
  if (settings_) {
    out +=
        "setting open one of s0, s1 \"?\" default s1 under C0\n"
        "setting who one of high, low \"?\" default high under C0\n"
        "setting how_many number 1 to 3 \"?\" default 1 under C1\n";
  }
  for (size_t i = 0; i < rules; ++i) {
    out += rule(chance(25) ? "never" : "rule", "n" + std::to_string(i), 0);
  }
  return out;
}

Facts Draw::facts(const Vocabulary& words, size_t missing_percent) {
  Facts out(words);
  for (const Attribute& attribute : words.attributes) {
    if (attribute.setting && chance(70)) continue;
    if (attribute.setting) out.set(attribute.first_slot, Facts::kMissing);
    if (chance(missing_percent)) continue;
    for (size_t i = 0; i < attribute.slots(); ++i) {
      if (attribute.kind == AttributeKind::number) {
        const auto numbers = static_cast<size_t>(attribute.maximum - attribute.minimum) + 1;
        out.set(attribute.first_slot, attribute.minimum + static_cast<int32_t>(below(numbers)));
      } else if (attribute.kind != AttributeKind::any_of) {
        out.set(attribute.first_slot, static_cast<int32_t>(below(attribute.values.size())));
      } else if (!chance(missing_percent / 2)) {
        out.set(attribute.first_slot + i, static_cast<int32_t>(below(2)));
      }
    }
  }
  return out;
}

namespace {

struct Drawn {
  std::string words;
  std::string text;
  std::shared_ptr<const Policy> policy;
};

Drawn drawn(Draw& draw, size_t rules) {
  Drawn out;
  out.words = draw.vocabulary();
  out.text = draw.policy(rules);
  auto policy = Policy::parse("p.policy", out.text, "small-1.vocabulary", out.words);
  RC_LOG() << out.words << out.text;
  if (!policy) RC_FAIL(policy.error().text());
  out.policy = *policy;
  return out;
}

std::vector<std::string> sorted(std::vector<std::string> items) {
  std::sort(items.begin(), items.end());
  return items;
}

// Compares decide() with the reference for one set of facts; false when the facts cannot be.
bool compare(const Policy& policy, const Facts& facts) {
  const Policy::Compiled& compiled = policy.compiled();
  if (!refuse_impossible(compiled, facts)) return false;
  const auto expected =
      reference_decide(compiled.model, compiled.vocabulary, facts, size_t{1} << 14U);
  RC_ASSERT(expected.has_value());
  const Decision got = policy.decide(facts);
  RC_LOG() << policy.facts_json(facts).dump() << "\n"
           << answer(policy, *expected).dump() << "\n"
           << answer(policy, got).dump() << "\n";
  RC_ASSERT(same_answer(got, *expected));
  RC_ASSERT(sorted(got.missing) == sorted(expected->missing));
  if (got.decision == Outcome::undetermined) return true;
  RC_ASSERT(answer(policy, got) == answer(policy, *expected));
  return true;
}

RC_GTEST_PROP(Generated, DiagramAndSlowEvaluatorAgree, (uint64_t seed)) {
  Draw draw(seed);
  const size_t rules = *rc::gen::inRange<size_t>(0, 7);
  const Drawn one = drawn(draw, rules);
  for (int i = 0; i < 25; ++i) compare(*one.policy, draw.facts(one.policy->vocabulary(), 0));
  for (int i = 0; i < 12; ++i) compare(*one.policy, draw.facts(one.policy->vocabulary(), 30));
  for (int i = 0; i < 2; ++i) compare(*one.policy, draw.facts(one.policy->vocabulary(), 70));
}

RC_GTEST_PROP(Generated, FactsReadBack, (uint64_t seed)) {
  Draw draw(seed);
  const Drawn one = drawn(draw, 1);
  Facts facts = draw.facts(one.policy->vocabulary(), 30);
  for (const Attribute& attribute : one.policy->vocabulary().attributes) {
    if (attribute.setting) facts.set(attribute.first_slot, attribute.setting->value);
  }
  const auto read = one.policy->read_facts(one.policy->facts_json(facts));
  if (read) RC_ASSERT(*read == facts);
  const auto all = completions(one.policy->vocabulary(), facts, size_t{1} << 14U);
  const bool can_be = std::any_of(all->begin(), all->end(), [&](const Facts& complete) {
    return possible(one.policy->compiled().vocabulary, complete);
  });
  RC_ASSERT(read.ok() == can_be);
}

// An asserted region against every situation, one by one: its count, and its witness.
RC_GTEST_PROP(Generated, RegionsAreExact, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string text = draw.policy(*rc::gen::inRange<size_t>(0, 5)) +
                           "assert \"a\" always refuse when " + draw.condition(2) + "\n";
  RC_LOG() << words << text;
  const auto policy = Policy::parse("p.policy", text, "small-1.vocabulary", words);
  RC_ASSERT(policy.ok());
  const Policy::Compiled& compiled = (*policy)->compiled();
  const Condition& when = compiled.model.assertions[0].when;
  Facts open((*policy)->vocabulary());
  for (const Attribute& attribute : (*policy)->vocabulary().attributes) {
    const bool counted = compiled.space.level_of(attribute.first_slot).has_value();
    if (attribute.setting && counted) open.set(attribute.first_slot, Facts::kMissing);
  }
  const auto all = completions((*policy)->vocabulary(), open, 1U << 16U);
  size_t possible_count = 0;
  size_t allowed = 0;
  for (const Facts& one : *all) {
    if (!possible(compiled.vocabulary, one)) continue;
    ++possible_count;
    allowed += holds(when, compiled.vocabulary.words, one) &&
               (*policy)->decide(one).decision != Outcome::refuse;
  }
  Analysis analysis(compiled);
  RC_ASSERT(analysis.count(analysis.possible()) == possible_count);
  const NodeId bad = analysis.all(
      {analysis.possible(), analysis.condition(when), analysis.where([](const CompiledOutcome& o) {
         return o.decision.decision != Outcome::refuse;
       })});
  RC_ASSERT(analysis.count(bad) == allowed);
  const std::optional<Facts> witness = analysis.witness(bad);
  RC_ASSERT(witness.has_value() == (allowed > 0));
  if (!witness) return;
  RC_ASSERT((*policy)->decide(*witness).decision != Outcome::undetermined);
  RC_ASSERT((*policy)->decide(*witness).decision != Outcome::refuse);
  const auto covered = completions((*policy)->vocabulary(), *witness, size_t{1} << 16U);
  for (const Facts& one : *covered) {
    if (possible(compiled.vocabulary, one)) RC_ASSERT(holds(when, compiled.vocabulary.words, one));
  }
}

// What the checker shows is a case that passes when it is put into the file.
RC_GTEST_PROP(Generated, WitnessesAreCasesThatPass, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  std::string text = draw.policy(*rc::gen::inRange<size_t>(1, 5));
  text += "assert \"a\" never permit when " + draw.condition(2) + "\n";
  const Report before = check_texts("p.policy", text, "small-1.vocabulary", words, kToday);
  std::string more = text;
  size_t cases = 0;
  for (const Finding& finding : before.findings) {
    if (finding.witness.empty()) continue;
    // Names may repeat; number them.
    std::string witness = finding.witness;
    witness.insert(witness.find('"') + 1, std::to_string(cases++) + " ");
    more += witness;
  }
  const Report after = check_texts("p.policy", more, "small-1.vocabulary", words, kToday);
  RC_LOG() << words << more << policy::text(before) << policy::text(after);
  RC_ASSERT(!after.digest.empty());
  RC_ASSERT(after.cases == cases);
  RC_ASSERT(after.cases_passed == cases);
}

}  // namespace
}  // namespace firebreak::policy::testing
