// SPDX-License-Identifier: Apache-2.0
#include "policy/lsp/features.h"

#include "policy/lsp/talk.h"

namespace firebreak::policy::lsp {
namespace {

TEST(Hover, TellsClausesWordsAndRules) {
  LspTalk talk;
  const auto at = [&](const std::string& rules) {
    const Json answer = talk.ask_at("hover", policy_text(rules));
    return answer.is_null() ? std::string() : answer.at("contents").at("value").get<std::string>();
  };
  const std::string rule = "rule r when role includes victim and age above 17 ";
  EXPECT_EQ(at(rule + "refuse \"No.\" under C|2"),
            "C2: Two.\n\nSource: There\n\nBasis: reported. Reported, not read.");
  EXPECT_EQ(at("rule r when |role includes victim"),
            "role: What is the person's part?\n\nAny of, at least one:\n  victim  Victim\n"
            "  witness  Witness\n  suspect  Suspect");
  EXPECT_EQ(at("rule r when role includes victim|"),
            "victim: Victim\n\nA value of role: What is the person's part?");
  EXPECT_EQ(at("rule r| when role includes victim permit after sign_off by inspector under C1 only "
               "by email"),
            "rule r\n\nAllowed only after sign-off by an inspector or somebody of higher rank.\n"
            "Only this way: e-mail.\n\nC1: One.");
  EXPECT_EQ(
      at("rule r when role includes victim permit after sign_off by |inspector under C1"),
      "inspector: Inspector\n\nA rank. From the lowest: constable, inspector, chief_officer.");
  EXPECT_EQ(at("rule r |when role includes victim"), "");
  // Behind a fault a name is known by its spelling.
  EXPECT_NE(at("rule r when nothing and rol|e includes"), "");
}

TEST(Navigation, GoesToDeclarationsAndFindsUses) {
  LspTalk talk;
  std::string text = policy_text(kRules);
  Json there =
      talk.ask_at("definition", std::string(text).replace(text.find("under C2"), 8, "under C|2"));
  EXPECT_EQ(there, (Json{{"uri", kUri},
                         {"range",
                          {{"start", {{"line", 6}, {"character", 7}}},
                           {"end", {{"line", 6}, {"character", 9}}}}}}));
  there = talk.ask_at("definition", std::string(text).replace(text.find("by r\n"), 4, "by |r"));
  EXPECT_EQ(there.at("range").at("start"), (Json{{"line", 9}, {"character", 5}}));
  there =
      talk.ask_at("definition", std::string(text).replace(text.find("victim and"), 6, "vict|im"));
  EXPECT_EQ(there.at("uri"), kWordsUri);
  EXPECT_EQ(there.at("range").at("start"), (Json{{"line", 21}, {"character", 2}}));
  const Json uses =
      talk.ask_at("references", std::string(text).replace(text.find("victim and"), 6, "vict|im"));
  EXPECT_EQ(uses.size(), 3U);  // the rule, the case, and its declaration on the disk
  talk.open(kWords, kWordsUri);
  EXPECT_EQ(talk.ask_at("references", std::string(text).replace(text.find("C2"), 2, "C|2")).size(),
            2U);
  std::string words = kWords;
  EXPECT_EQ(talk.ask_at("references", words.replace(words.find("victim"), 6, "vi|ctim"), kWordsUri)
                .size(),
            3U);
}

TEST(Outline, HoldsSectionsAndNestsExceptions) {
  LspTalk talk(
      Json{{"textDocument", {{"documentSymbol", {{"hierarchicalDocumentSymbolSupport", true}}}}}});
  talk.open(policy_text(kRules));
  const Json tree =
      talk.ask("textDocument/documentSymbol", {{"textDocument", {{"uri", kUri}}}}).at("result");
  ASSERT_EQ(tree.size(), 4U);
  EXPECT_EQ(tree[0].at("name"), "C1");
  EXPECT_EQ(tree[0].at("detail"), "One.");
  EXPECT_EQ(tree[2].at("name"), "r");
  EXPECT_EQ(tree[2].at("detail"), "Refused.");
  EXPECT_EQ(tree[2].at("children")[0].at("name"), "e");
  EXPECT_EQ(tree[2].at("range").at("end"), tree[2].at("children")[0].at("range").at("end"));
  EXPECT_EQ(tree[3].at("name"), "one");
  LspTalk plain;
  plain.open(kWords, kWordsUri);
  const Json list =
      plain.ask("textDocument/documentSymbol", {{"textDocument", {{"uri", kWordsUri}}}})
          .at("result");
  EXPECT_EQ(list[0].at("name"), "action");
  EXPECT_EQ(list[1].at("containerName"), "action");
}

TEST(Completion, OffersWhatTheParserWouldTake) {
  LspTalk talk;
  const auto at = [&](const std::string& rules) {
    return labels(talk.ask_at("completion", policy_text(rules)));
  };
  using Set = std::set<std::string>;
  EXPECT_EQ(at("rule r when role includes |"),
            (Set{"victim", "witness", "suspect", "any of", "all of", "none of"}));
  EXPECT_EQ(at("rule r when role includes vic|\nrule s"),
            (Set{"victim", "witness", "suspect", "any of", "all of", "none of"}));
  EXPECT_EQ(at("rule r when age |"), (Set{"is", "at least", "at most", "above", "below"}));
  EXPECT_EQ(at("rule r when age at |"), (Set{"least", "most"}));
  EXPECT_EQ(at("rule r when |"), (Set{"not", "action", "recipient", "channel", "role", "ground",
                                      "necessary", "age", "leave"}));
  EXPECT_EQ(at("rule r when necessary refuse \"No.\" under C1, |"), (Set{"C1", "C2"}));
  EXPECT_EQ(at("rule r when necessary permit after sign_off by |"),
            (Set{"constable", "inspector", "chief_officer"}));
  EXPECT_EQ(at("rule r when necessary permit under C1\n disclose only name, |"),
            (Set{"name", "date_of_birth", "grounds"}));
  EXPECT_EQ(at("rule r when necessary permit under C1\n notify |"), (Set{"board", "officer"}));
  EXPECT_EQ(at("rule r when necessary |"), (Set{"is", "and", "or", "refuse", "permit"}));
  EXPECT_EQ(at("never r when necessary |"), (Set{"is", "and", "or", "refuse"}));
  EXPECT_EQ(at("case \"a\" given role |"),
            (Set{"victim", "witness", "suspect", "empty", "missing"}));
  EXPECT_EQ(at("case \"a\" expect refuse by |\nrule q when necessary permit under C1"),
            (Set{"default", "q"}));
  EXPECT_EQ(at("case \"a\" expect refuse case \"b\" like |"), (Set{"a"}));
  EXPECT_EQ(at("rule r when necessary permit under C1 # |"), Set{});
  EXPECT_EQ(at("rule r when necessary refuse \"a |\" under C1"), Set{});
  // A day's words stand in the head.
  const auto in_head = [&](const std::string& line) {
    return labels(talk.ask_at("completion", "policy p version 1\n" + line));
  };
  EXPECT_TRUE(in_head("|").contains("in force"));
  EXPECT_EQ(in_head("in |"), Set{"force"});
  EXPECT_EQ(in_head("in force |"), (Set{"from", "until"}));
  EXPECT_TRUE(in_head("in force from 2027-01-01 |").contains("until"));
  // The sections, also behind a fault.
  EXPECT_TRUE(at("rule r when nonsense\n|").contains("clause"));
  const Set words =
      labels(talk.ask_at("completion", std::string(kWords) + "attribute x yes/no\n |", kWordsUri));
  EXPECT_TRUE(words.contains("question") && words.contains("choice") &&
              words.contains("attribute"));
}

TEST(Formatting, GivesTheCanonicalFormOrTheFault) {
  LspTalk talk;
  talk.open(policy_text("rule r when   necessary\n permit under C1"));
  const Json params = {{"textDocument", {{"uri", kUri}}}, {"options", {{"tabSize", 2}}}};
  const Json edits = talk.ask("textDocument/formatting", params).at("result");
  ASSERT_EQ(edits.size(), 1U);
  const std::string formatted = edits[0].at("newText");
  EXPECT_NE(formatted.find("rule r\n  when necessary\n  permit   under C1\n"), std::string::npos);
  talk.change({{{"text", formatted}}}, 2);
  EXPECT_TRUE(talk.ask("textDocument/formatting", params).at("result").empty());
  talk.change({{{"text", "policy"}}}, 3);
  EXPECT_EQ(lsp_code(talk.ask("textDocument/formatting", params)), -32803);
}

}  // namespace
}  // namespace firebreak::policy::lsp
