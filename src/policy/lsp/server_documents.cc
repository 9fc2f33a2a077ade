// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/format.h"
#include "policy/lsp/server.h"

namespace firebreak::policy::lsp {
namespace {

constexpr int kRequestFailed = -32803;

uint32_t count(const Json& number) {
  if (!number.is_number_unsigned()) throw WrongParameters("A line or a character is a number.");
  return static_cast<uint32_t>(std::min<uint64_t>(number.get<uint64_t>(), UINT32_MAX));
}

Position place_of(const Json& json) {
  return {count(json.at("line")), count(json.at("character"))};
}

int64_t version_of(const Json& document) {
  const Json& version = document.at("version");
  if (!version.is_number_integer()) throw WrongParameters("A version is a number.");
  return version.get<int64_t>();
}

// Names that the vocabulary declares, and every policy over it may use.
bool is_shared(const Named& named) {
  switch (named.symbol) {
    case Symbol::clause:
    case Symbol::rule:
    case Symbol::assertion:
    case Symbol::policy_case:
      return false;
    default:
      return true;
  }
}

const std::string& vocabulary_of(const Document& document, const Reading& reading) {
  return reading.kind == DocumentKind::vocabulary ? document.uri : reading.vocabulary_uri;
}

}  // namespace

Document& Server::document(const Json& params) {
  Document* found = workspace_.find(params.at("textDocument").at("uri").get<std::string>());
  if (found == nullptr) throw WrongParameters("This document is not open.");
  return *found;
}

View Server::view(Document& document) {
  return {document.uri, workspace_.read(document), document.text, encoding_};
}

size_t Server::caret(const Document& document, const Json& params) const {
  return document.text.offset(place_of(params.at("position")), encoding_);
}

Server::Answer Server::on_hover(const Json& params) {
  Document& at = document(params);
  return hover(view(at), caret(at, params));
}

Server::Answer Server::on_definition(const Json& params) {
  Document& at = document(params);
  return definition(view(at), caret(at, params));
}

Server::Answer Server::on_completion(const Json& params) {
  Document& at = document(params);
  return completion(view(at), caret(at, params));
}

Server::Answer Server::on_symbols(const Json& params) {
  return document_symbols(view(document(params)), !tree_);
}

Server::Answer Server::on_code_action(const Json& params) {
  return code_actions(view(document(params)), params.at("context").at("diagnostics"));
}

// In this text; of a word of the vocabulary, also in the vocabulary and in the open policies that
// use it.
Server::Answer Server::on_references(const Json& params) {
  Document& at = document(params);
  const Reading& reading = workspace_.read(at);
  const std::optional<Named> named = named_at(reading, caret(at, params));
  if (!named) return Json::array();
  const bool declared = params.at("context").at("includeDeclaration").get<bool>();
  const std::string words = vocabulary_of(at, reading);
  const bool own = reading.kind == DocumentKind::policy &&
                   reading.declaration(named->symbol, named->name, named->owner) != nullptr;
  if (!is_shared(*named) || own || words.empty()) return references(view(at), *named, declared);
  Json out = Json::array();
  for (auto& [uri, other] : workspace_.documents()) {
    if (vocabulary_of(other, workspace_.read(other)) != words) continue;
    for (Json& place : references(view(other), *named, declared)) out.push_back(std::move(place));
  }
  if (workspace_.find(words) == nullptr && reading.vocabulary != nullptr) {
    const Text text{std::string(reading.vocabulary->source.text())};
    const View there{words, *reading.vocabulary, text, encoding_};
    for (Json& place : references(there, *named, declared)) out.push_back(std::move(place));
  }
  return out;
}

Server::Answer Server::on_formatting(const Json& params) {
  Document& at = document(params);
  const Source source(at.uri, at.text.bytes());
  Formatted formatted;
  if (at.kind == DocumentKind::policy) {
    formatted = format_policy(
        source, [&](const VocabularyName& name) { return workspace_.vocabulary_of(at.uri, name); });
  } else if (at.kind == DocumentKind::vocabulary) {
    formatted = format_vocabulary(source);
  } else {
    return Json(nullptr);
  }
  if (formatted.text) {
    if (*formatted.text == at.text.bytes()) return Json::array();
    const Json whole = view(at).range(0, at.text.bytes().size());
    return Json::array({{{"range", whole}, {"newText", *formatted.text}}});
  }
  std::string why = "A text with a fault is not formatted.";
  if (formatted.failure) {
    why = formatted.failure->text();
  } else if (!formatted.findings.empty()) {
    const Finding& first = formatted.findings.front();
    why += " Line " + std::to_string(first.line) + ": " + first.message;
  }
  return Refusal{kRequestFailed, why};
}

void Server::did_open(const Json& params) {
  const Json& opened = params.at("textDocument");
  workspace_.open(opened.at("uri").get<std::string>(), opened.at("languageId").get<std::string>(),
                  version_of(opened), opened.at("text").get<std::string>());
}

void Server::did_change(const Json& params) {
  Document& changed = document(params);
  // All of the changes or none.
  Text text = changed.text;
  for (const Json& change : params.at("contentChanges")) {
    const std::string& with = change.at("text").get_ref<const std::string&>();
    if (!change.contains("range")) {
      text = Text(with);
      continue;
    }
    const Json& range = change.at("range");
    text.replace(text.offset(place_of(range.at("start")), encoding_),
                 text.offset(place_of(range.at("end")), encoding_), with);
  }
  changed.version = version_of(params.at("textDocument"));
  changed.text = std::move(text);
  workspace_.changed(changed);
}

void Server::did_close(const Json& params) {
  const std::string uri = document(params).uri;
  workspace_.close(uri);
  out_.push_back({{"jsonrpc", "2.0"},
                  {"method", "textDocument/publishDiagnostics"},
                  {"params", {{"uri", uri}, {"diagnostics", Json::array()}}}});
}

void Server::files_changed(const Json& /*params*/) { workspace_.files_changed(); }

void Server::publish_changes() {
  for (auto& [uri, document] : workspace_.documents()) {
    if (document.published_serial == document.serial || document.kind == DocumentKind::other) {
      continue;
    }
    document.published_serial = document.serial;
    publish(document, workspace_.read(document).findings);
  }
}

void Server::publish(Document& document, const std::vector<Finding>& findings) {
  out_.push_back({{"jsonrpc", "2.0"},
                  {"method", "textDocument/publishDiagnostics"},
                  {"params",
                   {{"uri", document.uri},
                    {"version", document.version},
                    {"diagnostics", diagnostics(view(document), findings, related_)}}}});
}

std::optional<CheckJob> Server::next_check() {
  if (checking_ || state_ != State::running) return std::nullopt;
  for (auto& [uri, document] : workspace_.documents()) {
    if (document.checked_serial == document.serial) continue;
    const Reading& reading = workspace_.read(document);
    if (!reading.sound()) continue;
    checking_ = true;
    return CheckJob{uri,
                    document.serial,
                    std::string(reading.source.text()),
                    reading.vocabulary_uri,
                    std::string(reading.vocabulary->source.text()),
                    {}};
  }
  return std::nullopt;
}

void Server::checked(const CheckJob& job) {
  checking_ = false;
  Document* document = workspace_.find(job.uri);
  if (document == nullptr || document->serial != job.serial || state_ != State::running) return;
  document->checked_serial = job.serial;
  if (!job.findings.empty()) publish(*document, job.findings);
}

}  // namespace firebreak::policy::lsp
