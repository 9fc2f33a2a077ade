// SPDX-License-Identifier: Apache-2.0
// For the tests of this folder: a client that speaks with a Server and keeps what it is told.
//
//   LspTalk talk;                              // has said `initialize`
//   talk.open(text);
//   talk.told.at(kUri);                        // the last diagnostics
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "policy/lsp/server.h"
#include "policy/test_support.h"

namespace firebreak::policy::lsp {

using testing::kToday;
using testing::kWords;
using testing::policy_text;

inline constexpr const char* kUri = "file:///p/p.policy";
inline constexpr const char* kWordsUri = "file:///p/small-1.vocabulary";
inline constexpr const char* kRules =
    "rule r\n"
    "  when role includes victim and age at least 18\n"
    "  refuse \"No.\"   under C1\n"
    "  except e\n"
    "    when necessary\n"
    "    permit after sign_off by chief_officer   under C2\n"
    "      only by email\n"
    "      disclose only name\n"
    "case \"one\"\n"
    "  given role victim, age 20, necessary no\n"
    "  expect refuse by r\n";

// A client that keeps what it is told.
class LspTalk {
 public:
  explicit LspTalk(const Json& capabilities = Json::object())
      : server_([](const std::filesystem::path& path) -> Result<std::string> {
          if (path == "/p/small-1.vocabulary") return std::string(kWords);
          return bad_input("There is no such file.");
        }) {
    if (!capabilities.is_null()) started = ask("initialize", {{"capabilities", capabilities}});
  }

  void say(const std::string& method, const Json& params) {
    take({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
  }
  // The whole answer.
  Json ask(const std::string& method, const Json& params) {
    const int id = ++id_;
    answers_.clear();
    take({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}});
    for (const Json& answer : answers_) {
      if (answer.at("id") == id) return answer;
    }
    ADD_FAILURE() << method << " was not answered";
    return nullptr;
  }
  void take(const Json& message) { raw(message.dump()); }
  void raw(const std::string& body) {
    server_.take({false, body});
    work();
  }
  void open(const std::string& text, const std::string& uri = kUri, const char* language = "") {
    say("textDocument/didOpen",
        {{"textDocument",
          {{"uri", uri}, {"languageId", language}, {"version", 1}, {"text", text}}}});
  }
  void change(const Json& changes, int version, const std::string& uri = kUri) {
    say("textDocument/didChange",
        {{"textDocument", {{"uri", uri}, {"version", version}}}, {"contentChanges", changes}});
  }
  // Asks about the place of the mark `|` in the text, which is opened without it.
  Json ask_at(const std::string& method, std::string text, const std::string& uri = kUri) {
    const size_t at = text.find('|');
    text.erase(at, 1);
    open(text, uri);
    const Position place = Text(text).position(at, Encoding::utf16);
    return ask("textDocument/" + method,
               {{"textDocument", {{"uri", uri}}},
                {"position", {{"line", place.line}, {"character", place.character}}},
                {"context", {{"includeDeclaration", true}}}})
        .at("result");
  }
  // The next check, run to its end.
  bool check() {
    std::optional<CheckJob> job = server_.next_check();
    if (!job) return false;
    job->findings =
        check_texts(job->uri, job->policy_text, job->vocabulary_name, job->vocabulary_text, kToday)
            .findings;
    server_.checked(*job);
    work();
    return true;
  }

  Json started;
  std::map<std::string, Json> told;  // the last diagnostics of each document
  std::vector<Json> answers_;
  Server& server() { return server_; }

 private:
  void work() {
    for (Json& message : server_.work()) {
      if (message.contains("id")) {
        answers_.push_back(std::move(message));
      } else {
        told[message.at("params").at("uri")] = message.at("params");
      }
    }
  }

  Server server_;
  int id_ = 0;
};

inline int lsp_code(const Json& answer) { return answer.at("error").at("code").get<int>(); }

inline std::set<std::string> labels(const Json& items) {
  std::set<std::string> out;
  for (const Json& item : items) out.insert(item.at("label"));
  return out;
}

inline std::string lsp_messages(const LspTalk& talk, const std::string& uri = kUri) {
  std::string out;
  for (const Json& one : talk.told.at(uri).at("diagnostics")) {
    out += one.at("message").get<std::string>() + "\n";
  }
  return out;
}

}  // namespace firebreak::policy::lsp
