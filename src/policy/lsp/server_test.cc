// SPDX-License-Identifier: Apache-2.0
// The language server, message by message; the real program is tried in tests/policy/test_lsp.py.
#include "policy/lsp/server.h"

#include "policy/lsp/talk.h"

namespace firebreak::policy::lsp {
namespace {

TEST(Server, KeepsToTheOrderOfALife) {
  LspTalk talk(nullptr);
  EXPECT_EQ(lsp_code(talk.ask("textDocument/hover", Json::object())), -32002);
  EXPECT_EQ(lsp_code(talk.ask("shutdown", nullptr)), -32002);
  talk.open("policy");  // before initialize: dropped
  const Json started = talk.ask("initialize", {{"capabilities", Json::object()}});
  EXPECT_EQ(started.at("result").at("capabilities").at("positionEncoding"), "utf-16");
  EXPECT_TRUE(talk.told.empty());
  EXPECT_EQ(lsp_code(talk.ask("initialize", Json::object())), -32600);
  talk.say("initialized", Json::object());
  EXPECT_EQ(lsp_code(talk.ask("textDocument/rename", Json::object())), -32601);
  EXPECT_EQ(lsp_code(talk.ask("$/unheard", Json::object())), -32601);
  talk.answers_.clear();
  talk.say("$/unheard", Json::object());
  talk.say("workspace/unheard", Json::object());
  talk.take({{"jsonrpc", "2.0"}, {"id", 4}, {"result", nullptr}});
  EXPECT_TRUE(talk.answers_.empty());
  EXPECT_TRUE(talk.ask("shutdown", nullptr).at("result").is_null());
  EXPECT_EQ(lsp_code(talk.ask("shutdown", nullptr)), -32600);
  EXPECT_FALSE(talk.server().ended());
  talk.say("exit", nullptr);
  EXPECT_TRUE(talk.server().ended());
  EXPECT_EQ(talk.server().exit_code(), 0);

  LspTalk hurried;
  hurried.say("exit", nullptr);
  EXPECT_TRUE(hurried.server().ended());
  EXPECT_EQ(hurried.server().exit_code(), 1);
}

TEST(Server, AnswersWhatIsNoRequest) {
  LspTalk talk;
  const auto code_of = [&](const std::string& body) {
    talk.answers_.clear();
    talk.raw(body);
    return talk.answers_.size() == 1 ? lsp_code(talk.answers_[0]) : 0;
  };
  EXPECT_EQ(code_of("{"), -32700);
  EXPECT_EQ(code_of("\"\\ud800\""), -32700);
  EXPECT_EQ(code_of(std::string(100'000, '[')), -32700);
  EXPECT_EQ(code_of("[]"), -32600);
  EXPECT_EQ(code_of("7"), -32600);
  EXPECT_EQ(code_of(R"({"id":1,"method":"shutdown"})"), -32600);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":5})"), -32600);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":"shutdown","params":5})"), -32600);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":{},"method":"shutdown"})"), -32600);
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":"a","method":"textDocument/hover"})"), -32602);
  EXPECT_EQ(talk.answers_[0].at("id"), "a");
  talk.open("");
  EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":
      {"textDocument":{"uri":"file:///p/p.policy"},"position":{"line":-1,"character":1e300}}})"),
            -32602);
}

TEST(Server, LeavesACancelledRequestUndone) {
  LspTalk talk;
  talk.server().take({false, R"({"jsonrpc":"2.0","id":9,"method":"shutdown"})"});
  talk.raw(R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":9}})");
  ASSERT_EQ(talk.answers_.back().at("id"), 9);
  EXPECT_EQ(lsp_code(talk.answers_.back()), -32800);
  EXPECT_TRUE(talk.ask("shutdown", nullptr).at("result").is_null());
}

TEST(Diagnostics, StandAtTheFaultWithItsVersionAndAProposal) {
  LspTalk talk;
  // Two UTF-16 units, one code point, four bytes before the fault.
  talk.open(policy_text("rule r when \U0001F600 rolle includes victim refuse \"\" under C1\n"));
  const Json& told = talk.told.at(kUri);
  EXPECT_EQ(told.at("version"), 1);
  ASSERT_FALSE(told.at("diagnostics").empty());
  const Json& first = told.at("diagnostics")[0];
  EXPECT_EQ(first.at("severity"), 1);
  EXPECT_EQ(first.at("code"), "text");
  talk.change(
      {{{"text", policy_text("rule r when role includes victm refuse \"No.\" under C1\n")}}}, 2);
  const Json again = talk.told.at(kUri);
  EXPECT_EQ(again.at("version"), 2);
  ASSERT_EQ(again.at("diagnostics").size(), 1U);
  EXPECT_EQ(again.at("diagnostics")[0].at("range"),
            (Json{{"start", {{"line", 9}, {"character", 26}}},
                  {"end", {{"line", 9}, {"character", 31}}}}));
  const Json actions =
      talk.ask("textDocument/codeAction", {{"textDocument", {{"uri", kUri}}},
                                           {"context", {{"diagnostics", again.at("diagnostics")}}}})
          .at("result");
  ASSERT_EQ(actions.size(), 1U);
  EXPECT_EQ(actions[0].at("edit").at("changes").at(kUri)[0].at("newText"), "victim");
}

TEST(Diagnostics, CountUtf16ColumnsBehindWideCharacters) {
  LspTalk talk;
  talk.open(policy_text("rule r when role includes victim refuse \"\U0001F600é\" under C9\n"));
  const Json& told = talk.told.at(kUri).at("diagnostics");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].at("range").at("start").at("character"), 52);
  LspTalk bytes(Json{{"general", {{"positionEncodings", {"utf-16", "utf-8"}}}}});
  EXPECT_EQ(bytes.started.at("result").at("capabilities").at("positionEncoding"), "utf-8");
  bytes.open(policy_text("rule r when role includes victim refuse \"\U0001F600é\" under C9\n"));
  EXPECT_EQ(bytes.told.at(kUri).at("diagnostics")[0].at("range").at("start").at("character"), 55);
}

TEST(Diagnostics, TellWhatTheCheckerFindsOfTheTextAsItIsNow) {
  LspTalk talk(Json{{"textDocument", {{"publishDiagnostics", {{"relatedInformation", true}}}}}});
  talk.open(
      policy_text("rule a when role includes victim refuse \"No.\" under C1\n"
                  "rule b when role includes witness permit under C2\n"));
  EXPECT_EQ(lsp_messages(talk), "");
  ASSERT_TRUE(talk.check());
  EXPECT_NE(lsp_messages(talk).find("apply together and answer differently"), std::string::npos);
  const Json first = talk.told.at(kUri).at("diagnostics")[0];
  EXPECT_EQ(first.at("code"), "check");
  EXPECT_EQ(first.at("data").at("clauses"), "C1, C2");
  EXPECT_NE(first.at("relatedInformation")[0].at("message").get<std::string>().find("case \""),
            std::string::npos);
  EXPECT_EQ(first.at("relatedInformation").size(), 3U);  // the situation and both clauses
  const Json action =
      talk.ask("textDocument/codeAction", {{"textDocument", {{"uri", kUri}}},
                                           {"context", {{"diagnostics", Json::array({first})}}}})
          .at("result");
  ASSERT_EQ(action.size(), 1U);
  EXPECT_FALSE(talk.check());  // nothing has changed

  // A check that was begun before a change tells nothing.
  talk.change({{{"text", policy_text(kRules)}}}, 2);
  auto late = talk.server().next_check();
  ASSERT_TRUE(late);
  EXPECT_FALSE(talk.server().next_check());  // one at a time
  talk.change({{{"text", policy_text(std::string(kRules) + "#")}}}, 3);
  late->findings.push_back({});
  talk.server().checked(*late);
  talk.say("initialized", Json::object());
  EXPECT_EQ(lsp_messages(talk), "");
  EXPECT_TRUE(talk.check());
  EXPECT_EQ(talk.told.at(kUri).at("version"), 3);
}

TEST(Diagnostics, AnOpenVocabularyStandsBeforeTheFile) {
  LspTalk talk;
  talk.open(policy_text(kRules));
  EXPECT_EQ(lsp_messages(talk), "");
  std::string words = kWords;
  words.replace(words.find("victim \"Victim\""), 6, "injured");
  talk.open(words, kWordsUri);
  EXPECT_NE(lsp_messages(talk).find("`role` has no value `victim`"), std::string::npos);
  talk.change({{{"text", words + "attribute role\n"}}}, 2, kWordsUri);
  EXPECT_NE(lsp_messages(talk).find("The vocabulary has 1 faults. The first, in line"),
            std::string::npos);
  EXPECT_NE(lsp_messages(talk, kWordsUri), "");
  talk.say("textDocument/didClose", {{"textDocument", {{"uri", kWordsUri}}}});
  EXPECT_EQ(lsp_messages(talk), "");
  EXPECT_EQ(lsp_messages(talk, kWordsUri), "");
  talk.open(policy_text(kRules), "untitled:Untitled-1", "firebreak-policy");
  EXPECT_NE(lsp_messages(talk, "untitled:Untitled-1").find("cannot be read"), std::string::npos);
}

TEST(Server, ChangesByRangesComeToTheSameText) {
  LspTalk talk;
  talk.open("# one\ntwo\nthree");
  const auto change = [](uint32_t l1, uint32_t c1, uint32_t l2, uint32_t c2, const char* text) {
    return Json{{"range",
                 {{"start", {{"line", l1}, {"character", c1}}},
                  {"end", {{"line", l2}, {"character", c2}}}}},
                {"text", text}};
  };
  talk.change(
      {change(1, 0, 2, 0, ""), change(0, 5, 0, 5, "\U0001F600x"), change(0, 7, 0, 8, "\ny ")}, 2);
  talk.change({change(0, 0, 0, 1, ""), {{"text", 5}}}, 3);  // wrong: nothing of it is taken
  EXPECT_EQ(talk.told.at(kUri).at("version"), 2);
  const Json action = talk.ask("textDocument/formatting", {{"textDocument", {{"uri", kUri}}}});
  EXPECT_NE(action.at("error").at("message").get<std::string>().find("found `y`"),
            std::string::npos);
}

}  // namespace
}  // namespace firebreak::policy::lsp
