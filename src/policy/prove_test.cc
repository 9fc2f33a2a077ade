// SPDX-License-Identifier: Apache-2.0
// What prove says, word for word; and every statement about generated policies against all of their
// situations, one by one, answered by the slow evaluator.
#include "policy/prove.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <functional>
#include <map>

#include "policy/analysis.h"
#include "policy/generated.h"
#include "policy/reference.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

Result<Proved> proving(const std::string& rules, const Statements& ask) {
  return prove_texts("p.policy", policy_text(rules), "small-1.vocabulary", kWords, ask);
}

Proved proved(const std::string& rules, const Statements& ask) {
  Result<Proved> out = proving(rules, ask);
  if (out) return *std::move(out);
  ADD_FAILURE() << out.error().text();
  return {policy_of(rules), {}};
}

Statements claim(const std::string& text) {
  Statements out;
  out.claims = {text};
  return out;
}

constexpr const char* kProvedRules =
    "rule a when necessary permit \"Because.\" under C1\n"
    "  except e when age below 18 permit after sign_off by inspector under C2\n"
    "assert \"only what is necessary\" always refuse when not necessary\n"
    "assert \"children\" always refuse when age below 18\n";

TEST(Prove, SaysHowManySituationsHold) {
  const Proved all = proved(kProvedRules, claim("always refuse when not necessary"));
  EXPECT_TRUE(all.hold());
  EXPECT_EQ(text(all),
            "p version 1\n\n"
            "holds    always refuse when not necessary\n"
            "         It holds in every one of the 127776 situations it speaks of.\n\n"
            "1 of 1 statement holds. Every possible situation was looked at.\n");
}

TEST(Prove, ShowsTheSmallestSituationAgainst) {
  const Proved children = proved(
      kProvedRules, claim("never permit when age at most 20 unless after sign_off by inspector"));
  EXPECT_FALSE(children.hold());
  EXPECT_EQ(text(children),
            "p version 1\n\n"
            "fails    never permit when age at most 20 unless after sign_off by inspector\n"
            "         It fails in 3168 of the 44352 situations it speaks of.\n"
            "         The smallest such situation:\n"
            "           case \"against: never permit when age at most 20 unless after sign_off by "
            "inspector\"\n"
            "             given necessary yes, age 18\n"
            "             expect permit by a\n"
            "         There the answer is `permit` by `a`.\n"
            "         \"Because.\"\n"
            "         clause C1 (known): One.\n\n"
            "0 of 1 statement holds. Every possible situation was looked at.\n");
}

TEST(Prove, WithoutAStatementItTakesThePolicysOwn) {
  const Proved own = proved(kProvedRules, {});
  ASSERT_EQ(own.proofs.size(), 2U);
  EXPECT_EQ(own.proofs[0].statement, "only what is necessary");
  EXPECT_EQ(own.proofs[0].line, 12);
  EXPECT_TRUE(own.proofs[0].holds());
  EXPECT_FALSE(own.proofs[1].holds());
  EXPECT_EQ(proved_json(own)["proofs"][1]["witness"]["facts"],
            Json({{"necessary", true}, {"age", 0}}));
  EXPECT_EQ(proved(kProvedRules, claim("always permit when necessary and age is 40")).proofs.size(),
            1U);
  const Proved nothing = proved("", {});
  EXPECT_TRUE(nothing.hold());
  EXPECT_NE(text(nothing).find("There is nothing to prove"), std::string::npos);
}

TEST(Prove, AStatementMayLookAtWhatThePolicyNeverDoes) {
  const Proved one =
      proved(kProvedRules, claim("always refuse when age is 77 and channel is email and "
                                 "leave is held and not necessary"));
  EXPECT_TRUE(one.hold());
  EXPECT_EQ(one.proofs[0].situations, std::to_string(2 * 2 * (56 - 3 * 4)));
  const Proved none = proved(kProvedRules, claim("always refuse when age above 3 and age below 4"));
  EXPECT_TRUE(none.hold());
  EXPECT_NE(text(none).find("But it says nothing: no possible situation meets its condition."),
            std::string::npos);
}

TEST(Prove, ASlipInAStatementIsShownWhereItStands) {
  const auto fault = [](const Statements& ask) {
    return proving(kProvedRules, ask).error().text();
  };
  EXPECT_EQ(fault(claim("never permit when rol includes victim")),
            "statement:1:19: There is no attribute `rol` in the vocabulary small 1. Did you mean "
            "`role`? \n"
            "never permit when rol includes victim\n"
            "                  ^~~\n");
  EXPECT_NE(fault(claim("sometimes permit when necessary"))
                .find("Expected `never permit`, `always refuse` or `always permit`"),
            std::string::npos);
  EXPECT_NE(fault(claim("never permit when necessary \"and\"")).find("Expected nothing more"),
            std::string::npos);
  EXPECT_NE(fault(claim("")).find("statement:1:1:"), std::string::npos);
  Statements two;
  two.claims = {"always refuse when necessary", "always refuse when"};
  EXPECT_NE(fault(two).find("statement 2:1:19:"), std::string::npos);
  Statements pair;
  pair.implies = {{"necessary", "age above"}};
  EXPECT_NE(fault(pair).find("--implies, second condition:1:10:"), std::string::npos);
  const auto through = [](const std::string& name) {
    Statements out;
    out.through = {name};
    return out;
  };
  EXPECT_NE(fault(through("grund")).find("Did you mean `ground`?"), std::string::npos);
  EXPECT_NE(fault(through("ground=nation")).find("--through:1:8:"), std::string::npos);
  EXPECT_NE(fault(through("leave=not_asked")).find("are compared with `not_asked`"),
            std::string::npos);
}

TEST(Prove, ImpliesAndEquivalentKnowWhatIsImpossible) {
  Statements ask;
  ask.implies = {{"ground includes offence", "role includes suspect"},
                 {"role includes suspect", "ground includes offence"}};
  ask.equivalent = {{"role only suspect", "role includes none of victim, witness"},
                    {"necessary", "necessary and age above 10"}};
  const Proved all = proved(kProvedRules, ask);
  ASSERT_EQ(all.proofs.size(), 4U);
  EXPECT_TRUE(all.proofs[0].holds());
  EXPECT_FALSE(all.proofs[1].holds());
  EXPECT_TRUE(all.proofs[2].holds());
  EXPECT_FALSE(all.proofs[3].holds());
  EXPECT_EQ(all.proofs[3].counterexample->shows, "in the first condition and not in the second");
  EXPECT_NE(all.proofs[3].counterexample->witness.find("given necessary yes, age 0\n"),
            std::string::npos);
}

TEST(Prove, ProtectedFactsAndOthers) {
  const std::string rules = "rule r when ground includes nationality permit under C1\n";
  Statements ask;
  ask.every_protected = true;
  const Proved all = proved(rules, ask);
  ASSERT_EQ(all.proofs.size(), 2U);
  EXPECT_EQ(all.proofs[0].statement, "`ground` with `nationality` makes no answer more permissive");
  ASSERT_FALSE(all.proofs[0].holds());
  EXPECT_EQ(all.proofs[0].counterexample->answer.decision, Outcome::permit);
  EXPECT_EQ(all.proofs[0].counterexample->without->decision, Outcome::refuse);
  // The policy never looks at it, so it cannot matter.
  EXPECT_EQ(all.proofs[1].statement, "`leave` `held` makes no answer more permissive");
  EXPECT_TRUE(all.proofs[1].holds());
  Statements named;
  named.through = {"ground=safety", "age", "ground"};
  const Proved some =
      proved(rules + "rule s when age above 60 and ground is empty permit under C1\n", named);
  ASSERT_EQ(some.proofs.size(), 5U);
  EXPECT_TRUE(some.proofs[0].holds());
  EXPECT_EQ(some.proofs[1].statement, "`age` from 61 makes no answer more permissive");
  EXPECT_FALSE(some.proofs[1].holds());
}

// Every situation of a policy, with what the slow evaluator answers.
struct Situations {
  std::vector<Facts> facts;
  std::vector<Decision> answers;
  std::map<std::vector<int32_t>, size_t> places;

  Situations(const Policy& policy, std::vector<Facts> each) : facts(std::move(each)) {
    const Policy::Compiled& compiled = policy.compiled();
    const Vocabulary& words = compiled.vocabulary.words;
    for (const Facts& one : facts) {
      places.emplace(std::vector<int32_t>(one.data(), one.data() + one.size()), answers.size());
      answers.push_back(describe(compiled.model, words, applied_rules(compiled.model, words, one)));
    }
  }
  // The answer to a situation with one slot at 0 instead; nullptr when that cannot be.
  [[nodiscard]] const Decision* without(size_t i, size_t slot) const {
    std::vector<int32_t> other(facts[i].data(), facts[i].data() + facts[i].size());
    other[slot] = 0;
    const auto found = places.find(other);
    return found == places.end() ? nullptr : &answers[found->second];
  }
};

// Of one policy; larger ones are passed over, so that many are looked at.
constexpr size_t kMostSituations = 4000;

using Judge = std::function<bool(size_t situation)>;

// One proof against all situations: those spoken of, those against, and the witness.
void compare(const Proved& proved, const Proof& proof, const Situations& all, const Judge& within,
             const Judge& bad) {
  size_t scope = 0;
  size_t against = 0;
  for (size_t i = 0; i < all.facts.size(); ++i) {
    if (!within(i)) continue;
    ++scope;
    against += bad(i);
  }
  RC_LOG() << proof.statement << "\n";
  RC_ASSERT(proof.situations == std::to_string(scope));
  RC_ASSERT(proof.against == std::to_string(against));
  RC_ASSERT(proof.holds() == (against == 0));
  if (proof.holds()) return;
  const Counterexample& shown = *proof.counterexample;
  RC_LOG() << shown.witness << "\n";
  RC_ASSERT(same_answer(proved.policy->decide(shown.facts), shown.answer));
  // Whatever the witness leaves out is such a situation too.
  for (size_t i = 0; i < all.facts.size(); ++i) {
    bool inside = true;
    for (size_t slot = 0; inside && slot < shown.facts.size(); ++slot) {
      inside = shown.facts[slot] == Facts::kMissing || shown.facts[slot] == all.facts[i][slot];
    }
    if (!inside) continue;
    RC_ASSERT(within(i) && bad(i));
    RC_ASSERT(same_answer(all.answers[i], shown.answer));
  }
}

std::string drawn_claim(Draw& draw) {
  constexpr const char* kForms[] = {"never permit", "always refuse", "always permit"};
  const size_t form = draw.below(3);
  std::string out = std::string(kForms[form]) + " when " + draw.condition(2);
  if (form == 0 && draw.chance(60)) {
    out += " unless after sign_off by ";
    out += draw.chance(40) ? "2 of " : "";
    out += draw.chance(50) ? "mid" : "high";
  }
  return out;
}

// Twenty-two statements about each of a hundred policies.
RC_GTEST_PROP(Prove, EveryStatementAgainstEverySituation, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string text = draw.policy(*rc::gen::inRange<size_t>(1, 6));
  RC_LOG() << words << text;
  Statements ask;
  for (size_t i = 0; i < 16; ++i) ask.claims.push_back(drawn_claim(draw));
  for (size_t i = 0; i < 3; ++i) {
    ask.implies.emplace_back(draw.condition(2), draw.condition(1));
    ask.equivalent.emplace_back(draw.condition(1), draw.condition(1));
  }
  const Result<Proved> proved = prove_texts("p", text, "small-1.vocabulary", words, ask);
  if (!proved) RC_FAIL(proved.error().text());
  const Model& model = proved->policy->compiled().model;
  const Vocabulary& vocabulary = proved->policy->vocabulary();
  auto each = situations_of(proved->policy->compiled(), kMostSituations);
  RC_PRE(each.has_value());
  const Situations all(*proved->policy, *std::move(each));
  RC_ASSERT(proved->proofs.size() == 22U);
  size_t next = 0;
  for (const Assertion& assertion : model.assertions) {
    compare(
        *proved, proved->proofs[next++], all,
        [&](size_t i) { return holds(assertion.when, vocabulary, all.facts[i]); },
        [&](size_t i) { return breaks(vocabulary, assertion, all.answers[i]); });
  }
  for (size_t pair = 0; pair < model.asked.size(); pair += 2) {
    const auto first = [&](size_t i) { return holds(model.asked[pair], vocabulary, all.facts[i]); };
    const auto second = [&](size_t i) {
      return holds(model.asked[pair + 1], vocabulary, all.facts[i]);
    };
    const bool implies = pair < 2 * ask.implies.size();
    // The witness of an equivalence is on one side alone, which compare() need not know.
    compare(
        *proved, proved->proofs[next++], all,
        [&](size_t i) { return first(i) || (!implies && second(i)); },
        [&](size_t i) { return first(i) != second(i); });
  }
}

// Each fact of each policy: the same situation with it and without it.
RC_GTEST_PROP(Prove, InterferenceAgainstEverySituation, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string text = draw.policy(*rc::gen::inRange<size_t>(1, 6));
  RC_LOG() << words << text;
  Statements ask;
  ask.through = {"kind", "role", "topic", "ok", "channel"};
  const Result<Proved> proved = prove_texts("p", text, "small-1.vocabulary", words, ask);
  if (!proved) RC_FAIL(proved.error().text());
  const Policy::Compiled& compiled = proved->policy->compiled();
  auto each = situations_of(proved->policy->compiled(), kMostSituations);
  RC_PRE(each.has_value());
  const Situations all(*proved->policy, *std::move(each));
  size_t next = 0;
  for (const std::string& name : ask.through) {
    const Attribute& attribute = *proved->policy->vocabulary().find(name);
    const bool set = attribute.kind == AttributeKind::any_of;
    for (size_t value = set ? 0 : 1; value < attribute.values.size(); ++value) {
      const size_t slot = attribute.first_slot + (set ? value : 0);
      const int32_t here = set ? 1 : static_cast<int32_t>(value);
      compare(
          *proved, proved->proofs[next++], all,
          [&](size_t i) { return all.facts[i][slot] == here && all.without(i, slot) != nullptr; },
          [&](size_t i) {
            return more_permissive(compiled, *all.without(i, slot), all.answers[i]);
          });
    }
    if (!set && attribute.values.size() == 1) ++next;  // said once, of the whole attribute
  }
  RC_ASSERT(next == proved->proofs.size());
}

}  // namespace
}  // namespace firebreak::policy::testing
