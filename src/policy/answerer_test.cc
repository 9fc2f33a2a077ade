// SPDX-License-Identifier: Apache-2.0
// The fast way from JSON to JSON against the slow one: the same bytes, or the same error.
#include "policy/answerer.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "policy/generated.h"
#include "policy/names.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

std::string outcome_text(const Result<std::string>& result) {
  if (result) return *result;
  return std::to_string(static_cast<int>(result.error().code)) + " " + result.error().text();
}

std::string both_ways(const Policy& policy, Answerer& answerer, const std::string& facts,
                      ReadOptions options = {}) {
  const std::string slow = outcome_text(answer_text(policy, facts, options));
  const auto fast = answerer.answer(facts, options);
  const std::string got = outcome_text(fast ? Result<std::string>(std::string(*fast))
                                            : Result<std::string>(fast.error()));
  return got == slow ? slow : "DIFFER: " + facts + "\n" + slow + "\n" + got;
}

// Something that may stand where a value of a fact does.
std::string any_value(Draw& draw) {
  const char* const values[] = {"null",
                                "true",
                                "false",
                                "\"yes\"",
                                "\"no\"",
                                "[]",
                                "{}",
                                "0",
                                "-0",
                                "3",
                                "5.0",
                                "3e0",
                                "1e999",
                                "99999999999",
                                "18446744073709551616",
                                "-9223372036854775808",
                                "\"k0\"",
                                "\"c1\"",
                                "[\"r0\"]",
                                "[\"r0\",\"r0\"]",
                                "[\"r1\",\"r0\"]",
                                "{\"r0\":true}",
                                "{\"r0\":\"no\",\"r1\":\"yes\"}",
                                "{\"r0\":true,\"r0\":true}",
                                "{\"t0\":1}",
                                "[[\"t0\"]]",
                                "[1]",
                                "\"\\u006b0\"",
                                "\"\\ud800\"",
                                "\"k\xff\"",
                                "\"k\\u0000\"",
                                "tru",
                                "\"k0",
                                "{\"r0\":false,\"r1\":false}"};
  return values[draw.below(std::size(values))];
}

std::string any_name(Draw& draw) {
  const char* const names[] = {"channel", "kind", "role", "topic", "ok",        "age",
                               "open",    "who",  "agee", "",      "\\u0061ge", "\xc3\x28"};
  return std::string("\"") + names[draw.below(std::size(names))] + "\"";
}

// The facts as text, rarely as they were.
std::string disturbed(Draw& draw, std::string text) {
  for (size_t i = draw.below(3); i > 0; --i) {
    const size_t at = draw.below(text.size() + 1);
    switch (draw.below(6)) {
      case 0: {  // a member more, in front
        const std::string member = any_name(draw) + (draw.chance(80) ? ":" : " : \n");
        if (!text.empty()) text.insert(1, member + any_value(draw) + (text.size() > 2 ? "," : ""));
        break;
      }
      case 1:
        text.insert(at, 1, "{}[]\",:0a\\ \n\t-.\x00\xff\xc3"[draw.below(18)]);
        break;
      case 2:
        if (at < text.size()) text.erase(at, 1);
        break;
      case 3:
        text += draw.chance(50) ? " \n" : " x";
        break;
      case 4:
        text.resize(at);
        break;
      default:
        if (draw.chance(50)) {
          text.insert(0, "\xef\xbb\xbf");
        } else {
          text.insert(0, "[");
          text += "]";
        }
    }
  }
  return text;
}

RC_GTEST_PROP(Answerer, GivesWhatTheSlowWayGives, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string text = draw.policy(*rc::gen::inRange<size_t>(0, 6));
  RC_LOG() << words << text;
  const auto policy = *Policy::parse("p.policy", text, "small-1.vocabulary", words);
  Answerer answerer(policy);
  for (int i = 0; i < 60; ++i) {
    const Facts facts = settled_facts(policy->vocabulary(), draw, draw.chance(50) ? 0 : 30);
    const std::string json = policy->facts_json(facts).dump();
    const std::string got = both_ways(*policy, answerer, i < 20 ? json : disturbed(draw, json));
    RC_LOG() << got << "\n";
    RC_ASSERT(!got.starts_with("DIFFER"));
  }
}

TEST(Answerer, FaultsAreThoseOfTheSlowWay) {
  const auto policy = policy_of(
      "rule r when role includes victim and age at least 18 refuse \"x\" under C1\n"
      "  except e when necessary permit under C2 only by email\n");
  Answerer answerer(policy);
  EXPECT_EQ(both_ways(*policy, answerer, R"({"rol":"victim"})"),
            "0 facts: There is no attribute `rol`. Did you mean `role`?");
  EXPECT_EQ(both_ways(*policy, answerer, R"({"age":1,"age":1})"),
            outcome_text(answer_text(*policy, R"({"age":1,"age":1})")));
  EXPECT_EQ(both_ways(*policy, answerer, R"({"role":["victim"],"ground":["offence"]})"),
            "0 facts: These facts cannot stand together. A person suspected of an offence has the "
            "role of suspect.");
  EXPECT_EQ(both_ways(*policy, answerer, R"({"leave":"held"})", {.live = true}),
            "0 facts.leave: `leave` is not taken here. Police do not ask for immigration status.");
  for (const char* facts :
       {R"({"role":[]})", R"({"role":{}})", R"({"role":{"victim":true}})",
        R"({"role":["victim","victim"]})", R"({"ground":{"safety":true,"safety":true}})",
        R"({"ground":{"safety":"perhaps"}})", R"({"age":121})",
        R"({"role":{"victim":false,"witness":false,"suspect":false}})", R"({"age":1.0})", "", "[]",
        R"({"ground":{"offence":true},"role":{"suspect":false}})", "{}\0x", "null",
        R"({"leave":"held"})",
        R"({"role":["victim"],"age":20,"necessary":true,"channel":"email"})"}) {
    EXPECT_EQ(both_ways(*policy, answerer, facts).substr(0, 6).find("DIFFER"), std::string::npos);
  }
  const std::string deep(100, '[');
  EXPECT_EQ(both_ways(*policy, answerer, R"({"role":)" + deep).find("DIFFER"), std::string::npos);
  const std::string long_text = "{" + std::string(size_t{1} << 17U, ' ') + R"("age":1})";
  EXPECT_EQ(both_ways(*policy, answerer, long_text).find("DIFFER"), std::string::npos);
  EXPECT_EQ(both_ways(*policy, answerer, std::string(size_t{2} << 20U, ' ')).find("DIFFER"),
            std::string::npos);
}

// Many names with the same ends.
TEST(Names, AreToldApartWhenTheirEndsAreTheSame) {
  std::vector<std::string> texts = {"", "a", "b", "ab"};
  for (char c = 'a'; c <= 'z'; ++c) texts.push_back(std::string("beginning-") + c + "-the-ending");
  Names names;
  for (const std::string& text : texts) names.add(text);
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(names.find(texts[i]), i);
  for (const char* other : {"ba", "c", "beginning-A-the-ending", "beginning-a-the-endinh"}) {
    EXPECT_EQ(names.find(other), Names::kNone);
  }
}

}  // namespace
}  // namespace firebreak::policy::testing
