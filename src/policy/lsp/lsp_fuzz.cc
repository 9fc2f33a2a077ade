// SPDX-License-Identifier: Apache-2.0
// Any bytes to the language server, without a crash, a hang or a leak. The first byte says as what:
// a stream of framed messages; the body of one message; or a document's text that is opened, asked
// about at every few bytes, changed, formatted and, when sound, checked.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "policy/check.h"
#include "policy/lsp/server.h"
#include "policy/sample.h"

namespace {

using firebreak::Json;
using firebreak::policy::lsp::CheckJob;
using firebreak::policy::lsp::Frame;
using firebreak::policy::lsp::Frames;
using firebreak::policy::lsp::Server;

constexpr firebreak::Day kDay{std::chrono::year{2026}, std::chrono::month{11},
                              std::chrono::day{22}};
constexpr const char* kUri = "file:///p/p.policy";

Server fresh() {
  return Server([](const std::filesystem::path& path) -> firebreak::Result<std::string> {
    if (path == "/p/small-1.vocabulary") return std::string(firebreak::policy::testing::kWords);
    return firebreak::bad_input("There is no such file.");
  });
}

// Every answer can be written, and every document that is sound checked.
void work(Server& server) {
  do {
    for (const Json& message : server.work()) {
      if (message.dump(-1, ' ', false, Json::error_handler_t::replace).empty()) std::abort();
    }
    std::optional<CheckJob> job = server.next_check();
    if (!job) return;
    job->findings = firebreak::policy::check_texts(job->uri, job->policy_text, job->vocabulary_name,
                                                   job->vocabulary_text, kDay)
                        .findings;
    server.checked(*job);
  } while (true);
}

void say(Server& server, const std::string& method, const Json& params, int id = 0) {
  Json message = {{"jsonrpc", "2.0"}, {"method", method}, {"params", params}};
  if (id != 0) message["id"] = id;
  server.take({false, message.dump(-1, ' ', false, Json::error_handler_t::replace)});
}

Server running(const char* language, const std::string& text) {
  Server server = fresh();
  say(server, "initialize", Json::object(), 1);
  say(server, "textDocument/didOpen",
      {{"textDocument",
        {{"uri", kUri}, {"languageId", language}, {"version", 1}, {"text", text}}}});
  return server;
}

void ask_everything(Server& server, const std::string& text) {
  const Json document = {{"uri", kUri}};
  const size_t step = text.size() / 8 + 1;
  int id = 2;
  for (uint32_t line = 0; line < 3; ++line) {
    for (size_t at = 0; at <= text.size(); at += step) {
      const Json where = {{"textDocument", document},
                          {"position", {{"line", line * 7}, {"character", at}}},
                          {"context", {{"includeDeclaration", true}}}};
      for (const char* method : {"hover", "definition", "references", "completion"}) {
        say(server, std::string("textDocument/") + method, where, ++id);
      }
    }
  }
  say(server, "textDocument/documentSymbol", {{"textDocument", document}}, ++id);
  say(server, "textDocument/formatting", {{"textDocument", document}}, ++id);
  const Json range = {{"start", {{"line", 1}, {"character", 3}}},
                      {"end", {{"line", 2}, {"character", 1}}}};
  say(server, "textDocument/didChange",
      {{"textDocument", {{"uri", kUri}, {"version", 2}}},
       {"contentChanges", Json::array({{{"range", range}, {"text", text.substr(0, 20)}}})}});
  work(server);
}

void as_stream(const std::string& bytes) {
  Server server = fresh();
  Frames frames;
  frames.feed(bytes);
  while (const std::optional<Frame> frame = frames.next()) server.take(*frame);
  work(server);
}

void as_message(const std::string& bytes) {
  Server server = running("firebreak-policy", firebreak::policy::testing::policy_text(""));
  server.take({false, bytes});
  work(server);
}

void as_document(const char* language, const std::string& text) {
  Server server = running(language, text);
  ask_everything(server, text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0]) {
    case 's':
      as_stream(bytes);
      break;
    case 'm':
      as_message(bytes);
      break;
    case 'v':
      as_document("firebreak-vocabulary", bytes);
      break;
    case 'p':
      as_document("firebreak-policy", bytes);
      break;
    case 'r':
      as_document("firebreak-policy", firebreak::policy::testing::policy_text(bytes));
      break;
    default:
      return -1;  // keeps the corpus to these
  }
  return 0;
}
