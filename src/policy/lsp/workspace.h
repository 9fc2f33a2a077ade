// SPDX-License-Identifier: Apache-2.0
// The documents that an editor has open, and what can be read of them. An open vocabulary stands
// before the file on the disk, whether or not it is saved.
//
//   Workspace workspace(read_file);
//   workspace.open("file:///p/a.policy", "firebreak-policy", 1, text);
//   const Reading& reading = workspace.read(*workspace.find("file:///p/a.policy"));
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/lsp/text.h"
#include "policy/parser.h"

namespace firebreak::policy::lsp {

enum class DocumentKind : uint8_t { policy, vocabulary, offences, other };

// What could be read of a text, whatever its faults.
struct Reading {
  Reading(DocumentKind of, std::string name, std::string text)
      : kind(of), source(std::move(name), std::move(text)) {}

  DocumentKind kind;
  Source source;
  std::vector<Token> tokens;
  Trace trace;                    // uses in the order of the text
  std::vector<Finding> findings;  // of this text alone
  Model model;                    // of a policy
  VocabularyModel words;       // of a vocabulary; of the one that a policy uses, with its settings
  std::string vocabulary_uri;  // of a policy, and what was read of it; may be empty
  std::shared_ptr<const Reading> vocabulary;

  // True when a policy and its vocabulary have no fault in their texts.
  [[nodiscard]] bool sound() const;
  // What stands at this byte, or ends there, a word before a sign; the end of the file where
  // nothing does.
  [[nodiscard]] const Token& token_at(size_t offset) const;
  [[nodiscard]] const Use* use_of(const Token& token) const;
  // Where this is declared in this text.
  [[nodiscard]] const Use* declaration(Symbol symbol, const std::string& name,
                                       const std::string& owner) const;
  // The byte behind a token.
  [[nodiscard]] size_t end_of(const Token& token) const;
};

struct Document {
  std::string uri;
  DocumentKind kind = DocumentKind::other;
  int64_t version = 0;
  Text text;
  // Another one, given once, whenever the text or the vocabulary that it may use has changed.
  uint64_t serial = 0;
  std::shared_ptr<const Reading> reading;  // of `read_serial`
  uint64_t read_serial = 0;
  uint64_t published_serial = 0;  // of what the client was last told
  uint64_t checked_serial = 0;    // and of what the checker has seen
};

class Workspace {
 public:
  using ReadFile = std::function<Result<std::string>(const std::filesystem::path&)>;

  explicit Workspace(ReadFile read_file) : read_file_(std::move(read_file)) {}

  // Opening one that is open replaces it.
  void open(const std::string& uri, const std::string& language, int64_t version, std::string text);
  void close(const std::string& uri);
  // To be called after a change of the text.
  void changed(Document& document);
  // A file has changed on the disk: what was read from there is read again.
  void files_changed();

  [[nodiscard]] Document* find(const std::string& uri);
  [[nodiscard]] std::map<std::string, Document>& documents() { return documents_; }

  // Up to date; read again only after a change.
  const Reading& read(Document& document);
  // What format_policy needs.
  [[nodiscard]] Result<Source> vocabulary_of(const std::string& policy_uri,
                                             const VocabularyName& name) const;

 private:
  void policies_changed();
  void read_policy_text(const std::string& uri, Reading& out);

  ReadFile read_file_;
  uint64_t serials_ = 0;
  std::map<std::string, Document> documents_;
};

// The path of a `file:` URI, with its escapes resolved; empty for any other.
std::filesystem::path path_of(const std::string& uri);
// The URI of the vocabulary that a policy of this URI uses.
std::string vocabulary_uri(const std::string& policy_uri, const VocabularyName& name);

}  // namespace firebreak::policy::lsp
