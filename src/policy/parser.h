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
#include <unordered_map>

#include "policy/cursor.h"
#include "policy/model.h"

namespace firebreak::policy {

// The name and version after `uses vocabulary`, found without reading the rest: the vocabulary must
// be at hand before a policy can be read.
struct VocabularyName {
  std::string id;
  std::string version;
  Place place;  // where the policy says so
};
std::optional<VocabularyName> used_vocabulary(const Source& policy, Diagnostics& faults);

// A day, at the cursor.
bool parse_date(Cursor& cursor, std::optional<Day>& out);
// What follows `in force`: `from DAY`, `until DAY` or both, at the cursor.
bool parse_in_force(Cursor& cursor, InForce& out);

// `normal_form` receives the tokens in a form that does not depend on comments and layout.
std::optional<VocabularyModel> parse_vocabulary(const Source& source, Diagnostics& faults,
                                                std::string& normal_form);
// The policy's settings are added to the vocabulary's attributes.
std::optional<Model> parse_policy(const Source& source, VocabularyModel& vocabulary,
                                  Diagnostics& faults, std::string& normal_form);

// A condition, at the cursor. Attributes and values are resolved in `words`.
std::optional<Condition> parse_condition(Cursor& cursor, const Vocabulary& words);

// Where a name stands in its list. There may be thousands: no list is searched for each.
using NameIndex = std::unordered_map<std::string, uint32_t>;
struct Clauses {
  const std::vector<Clause>& list;
  const NameIndex& index;
};

// The parts of parse_policy that stand in files of their own.
bool parse_assertion(Cursor& cursor, const Vocabulary& words, Model& model);
// What an assertion says, after its text: `never permit when …` and so on.
bool parse_claim(Cursor& cursor, const Vocabulary& words, Assertion& out);
// `known` holds the cases read so far, by name.
bool parse_case(Cursor& cursor, const Vocabulary& words, Model& model, NameIndex& known);
// What follows a condition: the outcome, its clauses and its conditions. Clauses are resolved in
// `clauses`, which were collected from the whole file before.
bool parse_outcome(Cursor& cursor, const Vocabulary& words, const Clauses& clauses, bool never,
                   RuleOutcome& out);
// `[N of] RANK` after `sign_off by`; in a rule's outcome either may be a setting, elsewhere not.
bool parse_signers(Cursor& cursor, const Vocabulary& words, RuleOutcome& out);
bool parse_fixed_signers(Cursor& cursor, const Vocabulary& words, size_t& rank, int& count);
// `setting …`, at the cursor: adds the attribute to the words.
bool parse_setting(Cursor& cursor, Vocabulary& words, const Clauses& clauses, Model& model);
// The attribute of the setting of that name and kind.
std::optional<uint32_t> setting_named(const Vocabulary& words, const std::string& name,
                                      AttributeKind kind);
bool parse_under(Cursor& cursor, const Clauses& clauses, std::vector<uint32_t>& out);
bool parse_support(Cursor& cursor, std::vector<std::string>& out);

// How a message names the vocabulary that lacks a word: a policy may be older than its vocabulary.
std::string not_in(const Vocabulary& words);
// Reports that there is no such attribute or setting, or that the setting stands further down. One
// that was declared with a fault, which has been reported, is not called unknown. Always false.
bool no_such_attribute(Cursor& cursor, const Vocabulary& words, const Token& name);

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

}  // namespace firebreak::policy
