// SPDX-License-Identifier: Apache-2.0
#include "policy/lsp/workspace.h"

#include <algorithm>
#include <charconv>

#include "policy/offences.h"

namespace firebreak::policy::lsp {
namespace {

// More faults than on a terminal, so that names are known further down a text that is being
// written.
constexpr size_t kMostFaults = 200;

DocumentKind kind_of(const std::string& uri, const std::string& language) {
  const auto is = [&](const char* name) {
    return language == std::string("firebreak-") + name || uri.ends_with(std::string(".") + name);
  };
  if (is("policy")) return DocumentKind::policy;
  if (is("vocabulary")) return DocumentKind::vocabulary;
  return is("offences") ? DocumentKind::offences : DocumentKind::other;
}

void sort_uses(Trace& trace) {
  std::stable_sort(trace.uses.begin(), trace.uses.end(),
                   [](const Use& a, const Use& b) { return a.place.offset < b.place.offset; });
}

// Where a rank may stand, so may a setting.
void ranks_that_are_settings(Trace& trace) {
  std::set<std::string> settings;
  for (const Use& use : trace.uses) {
    if (use.declares && use.symbol == Symbol::attribute) settings.insert(use.name);
  }
  for (Use& use : trace.uses) {
    if (use.symbol == Symbol::rank && settings.contains(use.name)) use.symbol = Symbol::attribute;
  }
}

void read_vocabulary_text(Reading& out) {
  Diagnostics faults(out.source, &out.trace, kMostFaults);
  out.tokens = lex(out.source, faults);
  Diagnostics unheard(out.source, &out.trace, kMostFaults);
  out.words = read_vocabulary(out.tokens, faults.failed() ? unheard : faults);
  out.findings = faults.findings();
  sort_uses(out.trace);
}

void read_offences_text(Reading& out) {
  OffenceList::read(out.source.name(), std::string(out.source.text()), out.findings);
}

Finding too_large_finding(const Source& source) {
  Diagnostics faults(source);
  faults.error({1, 1, 0, 1}, "This text is larger than 8 MiB.");
  return faults.findings().front();
}

}  // namespace

bool Reading::sound() const {
  return kind == DocumentKind::policy && findings.empty() && vocabulary != nullptr;
}

size_t Reading::end_of(const Token& token) const {
  const std::string_view text = source.text();
  size_t end = token.place.offset + token.place.length;
  if (token.kind == Token::Kind::end) return std::min(end - 1, text.size());
  if (token.kind != Token::Kind::text) return std::min(end, text.size());
  // The length of a text counts code points, and is not known over several lines.
  for (end = token.place.offset + 1; end < text.size() && text[end] != '"'; ++end) {
    if (text[end] == '\\') ++end;
  }
  return std::min(end + 1, text.size());
}

const Token& Reading::token_at(size_t offset) const {
  auto after =
      std::upper_bound(tokens.begin(), tokens.end(), offset,
                       [](size_t at, const Token& token) { return at < token.place.offset; });
  if (after == tokens.begin()) return tokens.back();
  if (after - 1 != tokens.begin() && (after - 1)->kind != Token::Kind::word) {
    const Token& before = *(after - 2);
    if (before.kind == Token::Kind::word && offset == end_of(before)) return before;
  }
  const Token& token = *(after - 1);
  return offset <= end_of(token) ? token : tokens.back();
}

const Use* Reading::use_of(const Token& token) const {
  const auto found =
      std::lower_bound(trace.uses.begin(), trace.uses.end(), token.place.offset,
                       [](const Use& use, uint32_t offset) { return use.place.offset < offset; });
  const bool there = found != trace.uses.end() && found->place.offset == token.place.offset &&
                     token.kind != Token::Kind::end;
  return there ? &*found : nullptr;
}

const Use* Reading::declaration(Symbol symbol, const std::string& name,
                                const std::string& owner) const {
  const auto found = std::find_if(trace.uses.begin(), trace.uses.end(), [&](const Use& use) {
    return use.declares && use.symbol == symbol && use.name == name && use.owner == owner;
  });
  return found == trace.uses.end() ? nullptr : &*found;
}

std::filesystem::path path_of(const std::string& uri) {
  constexpr std::string_view kScheme = "file://";
  if (!uri.starts_with(kScheme)) return {};
  std::string out;
  for (size_t at = std::min(uri.find('/', kScheme.size()), uri.size()); at < uri.size(); ++at) {
    unsigned byte = 0;
    const char* digits = uri.data() + at + 1;
    if (uri[at] == '%' && at + 2 < uri.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      out += static_cast<char>(byte);
      at += 2;
    } else {
      out += uri[at];
    }
  }
  // No file has such a name, and what opens it would see another one.
  return out.find('\0') == std::string::npos ? std::filesystem::path(out) : std::filesystem::path();
}

std::string vocabulary_uri(const std::string& policy_uri, const VocabularyName& name) {
  return policy_uri.substr(0, policy_uri.rfind('/') + 1) + name.id + "-" + name.version +
         ".vocabulary";
}

void Workspace::open(const std::string& uri, const std::string& language, int64_t version,
                     std::string text) {
  documents_.erase(uri);
  Document document{
      uri, kind_of(uri, language), version, Text(std::move(text)), ++serials_, {}, 0, 0, 0};
  const auto [at, fresh] = documents_.emplace(uri, std::move(document));
  if (at->second.kind == DocumentKind::vocabulary) policies_changed();
}

void Workspace::close(const std::string& uri) {
  const auto at = documents_.find(uri);
  if (at == documents_.end()) return;
  const bool was_vocabulary = at->second.kind == DocumentKind::vocabulary;
  documents_.erase(at);
  if (was_vocabulary) policies_changed();
}

void Workspace::changed(Document& document) {
  document.serial = ++serials_;
  if (document.kind == DocumentKind::vocabulary) policies_changed();
}

void Workspace::files_changed() { policies_changed(); }

void Workspace::policies_changed() {
  for (auto& [uri, document] : documents_) {
    if (document.kind == DocumentKind::policy) document.serial = ++serials_;
  }
}

Document* Workspace::find(const std::string& uri) {
  const auto at = documents_.find(uri);
  return at == documents_.end() ? nullptr : &at->second;
}

Result<Source> Workspace::vocabulary_of(const std::string& policy_uri,
                                        const VocabularyName& name) const {
  const std::string uri = vocabulary_uri(policy_uri, name);
  const std::filesystem::path path = path_of(uri);
  for (const auto& [open_uri, document] : documents_) {
    // Editors write one URI in more than one way.
    if (open_uri == uri || (!path.empty() && path_of(open_uri) == path)) {
      if (document.text.bytes().size() > kMaxFileBytes) {
        return Error{ErrorCode::too_large, "It is larger than 8 MiB.", open_uri, {}};
      }
      return Source(open_uri, document.text.bytes());
    }
  }
  if (path.empty()) {
    return Error{ErrorCode::not_found, "The vocabulary is not open, and this text is no file.", uri,
                 "Save it beside its vocabulary."};
  }
  FB_TRY(std::string text, read_file_(path));
  return Source(uri, std::move(text));
}

// Reads the policy over its vocabulary; where that cannot be read, over none, and says so.
void Workspace::read_policy_text(const std::string& uri, Reading& out) {
  Diagnostics faults(out.source, &out.trace, kMostFaults);
  out.tokens = lex(out.source, faults);
  Diagnostics name_faults(out.source);
  const std::optional<VocabularyName> name = used_vocabulary(out.tokens, name_faults);
  std::optional<Result<Source>> text;
  if (name) text = vocabulary_of(uri, *name);
  if (text && text->ok()) {
    out.vocabulary_uri = (*text)->name();
    auto words = std::make_shared<Reading>(DocumentKind::vocabulary, out.vocabulary_uri,
                                           std::string((*text)->text()));
    read_vocabulary_text(*words);
    out.words = words->words;
    out.vocabulary = std::move(words);
  }
  // What would only follow from another fault is not told.
  Diagnostics unheard(out.source, &out.trace, kMostFaults);
  const bool cut = !faults.failed();
  const bool words_at_hand = out.vocabulary != nullptr && out.vocabulary->findings.empty();
  out.model = read_policy(out.tokens, out.words, cut && words_at_hand ? faults : unheard);
  ranks_that_are_settings(out.trace);
  sort_uses(out.trace);
  if (!words_at_hand) {
    const auto used = std::find_if(out.trace.uses.begin(), out.trace.uses.end(),
                                   [](const Use& u) { return u.symbol == Symbol::vocabulary; });
    const Place place = used == out.trace.uses.end() ? Place{1, 1, 0, 1} : used->place;
    if (out.vocabulary != nullptr) {
      const Finding& first = out.vocabulary->findings.front();
      faults.error(place, "The vocabulary has " + std::to_string(out.vocabulary->findings.size()) +
                              " faults. The first, in line " + std::to_string(first.line) + ": " +
                              first.message);
    } else if (text) {
      faults.error(place, "The vocabulary cannot be read. " + text->error().message);
    }
  }
  out.findings = faults.findings();
  if (cut && !name) {
    for (Finding& finding : name_faults.findings()) out.findings.push_back(std::move(finding));
  }
}

const Reading& Workspace::read(Document& document) {
  if (document.reading != nullptr && document.read_serial == document.serial) {
    return *document.reading;
  }
  auto out = std::make_shared<Reading>(document.kind, document.uri, document.text.bytes());
  if (document.text.bytes().size() > kMaxFileBytes) {
    out->findings.push_back(too_large_finding(out->source));
    out->tokens.emplace_back();
  } else if (document.kind == DocumentKind::policy) {
    read_policy_text(document.uri, *out);
  } else if (document.kind == DocumentKind::vocabulary) {
    read_vocabulary_text(*out);
  } else {
    if (document.kind == DocumentKind::offences) read_offences_text(*out);
    out->tokens.emplace_back();
  }
  document.reading = std::move(out);
  document.read_serial = document.serial;
  return *document.reading;
}

}  // namespace firebreak::policy::lsp
