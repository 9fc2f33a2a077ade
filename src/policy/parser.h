// SPDX-License-Identifier: Apache-2.0
// Reads a vocabulary or a policy into its model. Several faults are reported in one go: after one,
// reading goes on at the next line that begins with a top-level word.
//
//   Diagnostics faults(source);
//   std::optional<VocabularyModel> words = parse_vocabulary(source, faults, digest);
//   if (!words) …                                   // faults.findings() say why
//
// The syntax is specified in docs/policy-language.md.
#pragma once

#include <optional>
#include <string>

#include "policy/cursor.h"
#include "policy/model.h"

namespace firebreak::policy {

// The name and version after `uses vocabulary`, found without reading the rest: the vocabulary must
// be at hand before a policy can be read.
struct VocabularyName {
  std::string id;
  std::string version;
};
std::optional<VocabularyName> used_vocabulary(const Source& policy, Diagnostics& faults);
std::optional<VocabularyName> used_vocabulary(std::vector<Token>& tokens, Diagnostics& faults);

// `normal_form` receives the tokens in a form that does not depend on comments and layout.
std::optional<VocabularyModel> parse_vocabulary(const Source& source, Diagnostics& faults,
                                                std::string& normal_form);
// The policy's settings are added to the vocabulary's attributes.
std::optional<Model> parse_policy(const Source& source, VocabularyModel& vocabulary,
                                  Diagnostics& faults, std::string& normal_form);

// The same of tokens, for editors: what could be read, also where there are faults. A rule with a
// fault is kept as far as it was read.
VocabularyModel read_vocabulary(std::vector<Token>& tokens, Diagnostics& faults);
Model read_policy(std::vector<Token>& tokens, VocabularyModel& vocabulary, Diagnostics& faults);
// The words that begin a section.
const std::vector<std::string>& vocabulary_section_words();
const std::vector<std::string>& policy_section_words();

// A condition, at the cursor. Attributes and values are resolved in `words`.
std::optional<Condition> parse_condition(Cursor& cursor, const Vocabulary& words);

// The parts of parse_policy that stand in files of their own.
bool parse_assertion(Cursor& cursor, const Vocabulary& words, Model& model);
// What an assertion says, after its text: `never permit when …` and so on.
bool parse_claim(Cursor& cursor, const Vocabulary& words, Assertion& out);
bool parse_case(Cursor& cursor, const Vocabulary& words, Model& model);
// What follows a condition: the outcome, its clauses and its conditions. Clauses are resolved in
// `clauses`, which were collected from the whole file before.
bool parse_outcome(Cursor& cursor, const Vocabulary& words, const std::vector<Clause>& clauses,
                   bool never, RuleOutcome& out);
// `[N of] RANK` after `sign_off by`; in a rule's outcome either may be a setting, elsewhere not.
bool parse_signers(Cursor& cursor, const Vocabulary& words, RuleOutcome& out);
bool parse_fixed_signers(Cursor& cursor, const Vocabulary& words, size_t& rank, int& count);
// `setting …`, at the cursor: adds the attribute to the words.
bool parse_setting(Cursor& cursor, Vocabulary& words, Model& model);
// The attribute of the setting of that name and kind.
std::optional<uint32_t> setting_named(const Vocabulary& words, const std::string& name,
                                      AttributeKind kind);
bool parse_under(Cursor& cursor, const std::vector<Clause>& clauses, std::vector<uint32_t>& out);
bool parse_support(Cursor& cursor, std::vector<std::string>& out);

// Names for a nearest-word hint.
std::vector<std::string> attribute_names(const Vocabulary& words);
std::vector<std::string> value_names(const Attribute& attribute);
template <typename Items>
std::vector<std::string> names_of(const Items& items) {
  std::vector<std::string> out;
  out.reserve(items.size());
  for (const auto& item : items) out.push_back(item.name);
  return out;
}

std::string normal_form_of(const std::vector<Token>& tokens);

}  // namespace firebreak::policy
