// SPDX-License-Identifier: Apache-2.0
// The protocol's own part: requests, notifications, their order and their errors. What is answered
// about a document stands in server_documents.cc.
#include "policy/lsp/server.h"

#include <algorithm>
#include <map>

namespace firebreak::policy::lsp {
namespace {

constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kServerNotInitialized = -32002;
constexpr int kRequestCancelled = -32800;

// Deeper than any message of the protocol; nlohmann's own reading has no limit.
constexpr int kMaxDepth = 64;

Json error_message(const Json& id, int code, const std::string& message) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}};
}

bool is_id(const Json& id) { return id.is_string() || id.is_number_integer(); }

// A request or a notification that can be understood as one.
bool is_call(const Json& message) {
  if (!message.is_object() || message.value("jsonrpc", Json()) != "2.0") return false;
  const auto method = message.find("method");
  if (method == message.end() || !method->is_string()) return false;
  const auto params = message.find("params");
  return params == message.end() || params->is_structured() || params->is_null();
}

// The answer to a request of ours; there are none that we wait for.
bool is_answer(const Json& message) {
  return message.is_object() && message.contains("id") && !message.contains("method") &&
         (message.contains("result") || message.contains("error"));
}

bool asks(const Json& params, const char* pointer) {
  const Json::json_pointer at(pointer);
  return params.contains(at) && params.at(at) == true;
}

}  // namespace

void Server::take(const Frame& frame) {
  if (frame.too_large) {
    out_.push_back(error_message(nullptr, kInvalidRequest, "This message is larger than 64 MiB."));
    return;
  }
  Result<Json> message =
      parse_json(frame.body, {.max_bytes = kMaxMessageBytes, .max_depth = kMaxDepth});
  if (!message) {
    out_.push_back(error_message(nullptr, kParseError, message.error().text()));
  } else if (is_answer(*message)) {
    return;
  } else if (!is_call(*message)) {
    const Json id = message->is_object() ? message->value("id", Json()) : Json();
    out_.push_back(error_message(is_id(id) ? id : Json(), kInvalidRequest,
                                 "This is no request of JSON-RPC 2.0."));
  } else if (message->at("method") == "$/cancelRequest") {
    cancel(message->value("params", Json()));
  } else {
    taken_.push_back(*std::move(message));
  }
}

// What is not yet answered need not be; what is, is on its way.
void Server::cancel(const Json& params) {
  if (!params.is_object() || !params.contains("id") || !is_id(params.at("id"))) return;
  const auto found = std::find_if(taken_.begin(), taken_.end(), [&](const Json& message) {
    return message.contains("id") && message.at("id") == params.at("id");
  });
  if (found == taken_.end()) return;
  out_.push_back(error_message(params.at("id"), kRequestCancelled, "Cancelled."));
  taken_.erase(found);
}

std::vector<Json> Server::work() {
  while (!taken_.empty() && !ended()) {
    const Json message = std::move(taken_.front());
    taken_.pop_front();
    handle(message);
  }
  if (!ended()) publish_changes();
  return std::exchange(out_, {});
}

void Server::handle(const Json& message) {
  const std::string method = message.at("method").get<std::string>();
  const auto given = message.find("params");
  const Json params = given == message.end() || given->is_null() ? Json::object() : *given;
  if (!message.contains("id")) return notify(method, params);
  const Json& id = message.at("id");
  if (!is_id(id)) {
    out_.push_back(error_message(nullptr, kInvalidRequest, "An id is a number or a text."));
    return;
  }
  Answer answer = request(method, params);
  if (Json* result = std::get_if<Json>(&answer)) {
    out_.push_back({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(*result)}});
  } else {
    const Refusal& refusal = std::get<Refusal>(answer);
    out_.push_back(error_message(id, refusal.code, refusal.message));
  }
}

Server::Answer Server::request(const std::string& method, const Json& params) {
  static const std::map<std::string, Request> requests = {
      {"initialize", &Server::initialize},
      {"shutdown", &Server::shutdown},
      {"textDocument/hover", &Server::on_hover},
      {"textDocument/definition", &Server::on_definition},
      {"textDocument/references", &Server::on_references},
      {"textDocument/documentSymbol", &Server::on_symbols},
      {"textDocument/completion", &Server::on_completion},
      {"textDocument/formatting", &Server::on_formatting},
      {"textDocument/codeAction", &Server::on_code_action},
  };
  if (state_ == State::fresh && method != "initialize") {
    return Refusal{kServerNotInitialized, "The first request is `initialize`."};
  }
  if (state_ == State::shut_down) {
    return Refusal{kInvalidRequest, "After `shutdown` only `exit` is left."};
  }
  const auto found = requests.find(method);
  if (found == requests.end()) {
    return Refusal{kMethodNotFound, "There is no request `" + method + "` here."};
  }
  try {
    return (this->*found->second)(params);
  } catch (const Json::exception&) {
    return Refusal{kInvalidParams, "The parameters are not those of `" + method + "`."};
  } catch (const WrongParameters& wrong) {
    return Refusal{kInvalidParams, wrong.what()};
  }
}

void Server::notify(const std::string& method, const Json& params) {
  static const std::map<std::string, Notification> notifications = {
      {"textDocument/didOpen", &Server::did_open},
      {"textDocument/didChange", &Server::did_change},
      {"textDocument/didSave", &Server::files_changed},
      {"textDocument/didClose", &Server::did_close},
      {"workspace/didChangeWatchedFiles", &Server::files_changed},
  };
  if (method == "exit") {
    state_ = State::ended;
    return;
  }
  const auto found = notifications.find(method);
  if (state_ != State::running || found == notifications.end()) return;
  try {
    (this->*found->second)(params);
  } catch (const Json::exception&) {  // NOLINT(bugprone-empty-catch): a notification has no answer
  } catch (const WrongParameters&) {  // NOLINT(bugprone-empty-catch)
  }
}

Server::Answer Server::initialize(const Json& params) {
  if (state_ != State::fresh) return Refusal{kInvalidRequest, "`initialize` comes once."};
  const Json::json_pointer encodings("/capabilities/general/positionEncodings");
  if (params.contains(encodings)) {
    const Json& offered = params.at(encodings);
    if (std::find(offered.begin(), offered.end(), "utf-8") != offered.end()) {
      encoding_ = Encoding::utf8;
    }
  }
  related_ = asks(params, "/capabilities/textDocument/publishDiagnostics/relatedInformation");
  tree_ =
      asks(params, "/capabilities/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport");
  state_ = State::running;
  return Json{{"capabilities",
               {{"positionEncoding", encoding_ == Encoding::utf8 ? "utf-8" : "utf-16"},
                {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", true}}},
                {"hoverProvider", true},
                {"definitionProvider", true},
                {"referencesProvider", true},
                {"documentSymbolProvider", true},
                {"completionProvider", {{"triggerCharacters", {" ", ","}}}},
                {"documentFormattingProvider", true},
                {"codeActionProvider", {{"codeActionKinds", {"quickfix"}}}}}},
              {"serverInfo", {{"name", "firebreak policy lsp"}}}};
}

Server::Answer Server::shutdown(const Json& /*params*/) {
  state_ = State::shut_down;
  shut_down_ = true;
  return Json(nullptr);
}

}  // namespace firebreak::policy::lsp
