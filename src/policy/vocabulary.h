// SPDX-License-Identifier: Apache-2.0
// A vocabulary: which facts there are about a question, which values each may have, how a page asks
// for them, and the words for ranks, message fields, bodies and reasons. Immutable once read.
//
//   const Vocabulary& words = policy->vocabulary();
//   const Attribute* role = words.find("role");        // nullptr when there is none
//   role->question;                                    // "What is this person's part in …"
//   for (const Value& value : role->values) …          // value.name, value.label
//
// The syntax is specified in docs/policy-language.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace firebreak::policy {

enum class AttributeKind {
  one_of,  // exactly one of the values
  any_of,  // a set of the values
  yes_no,  // values[0] is "no", values[1] is "yes"
  number,  // a whole number from `minimum` to `maximum`; `values` is empty
};

// What the facts of an attribute are. Where the tools say what else would have another answer, they
// never put a fact about a person as something to change.
enum class FactNature {
  about_person,  // about the person and the past; what is not marked otherwise
  choice,        // what whoever asks chooses: what to do, to whom, by which channel
  finding,       // what a named person must find, honestly: necessity, proportionality
};

struct Value {
  std::string name;
  std::string label;          // what people read
  bool is_protected = false;  // nationality and the like: may be refused, never help a disclosure
};

// What a policy leaves to the force. It stands among the attributes, after those of the vocabulary,
// but is no fact about a question: nobody is asked for it, and no caller may give it.
struct Setting {
  int32_t value = 0;     // in force, as a Facts holds it
  bool decided = false;  // by the force; otherwise it is the policy's default
};

struct Attribute {
  std::string name;
  AttributeKind kind = AttributeKind::one_of;
  bool at_least_one = false;  // any_of alone: the set is never empty
  std::vector<Value> values;
  int32_t minimum = 0;
  int32_t maximum = 0;
  std::string question;  // empty for a protected attribute
  std::string hint;
  // Set for an attribute that no page asks for: why a live value is refused.
  std::optional<std::string> protected_reason;
  std::optional<Setting> setting;
  FactNature nature = FactNature::about_person;
  // Where this attribute's facts begin in a Facts: any_of has one slot for each value, others one.
  size_t first_slot = 0;

  [[nodiscard]] size_t slots() const { return kind == AttributeKind::any_of ? values.size() : 1; }
  // The index of the value of that name, or nothing.
  [[nodiscard]] std::optional<size_t> value_index(std::string_view value) const;
};

enum class FieldKind { text, date };

struct Field {
  std::string name;
  FieldKind kind = FieldKind::text;
  std::string label;
};

// A rank, a body or a reason.
struct Word {
  std::string name;
  std::string label;
};

struct Vocabulary {
  std::string id;
  std::string version;
  std::string title;
  std::vector<Attribute> attributes;
  std::vector<std::string> enforcement;  // values of `recipient` that are enforcement recipients
  std::vector<Word> ranks;               // lowest first
  std::vector<Field> fields;             // what a message may hold
  std::vector<Word> bodies;
  std::vector<Word> reasons;
  size_t slot_count = 0;  // how many slots a Facts over this vocabulary has

  // nullptr when there is none of that name. Pointers live as long as the vocabulary.
  [[nodiscard]] const Attribute* find(std::string_view attribute) const;
  [[nodiscard]] const Field* find_field(std::string_view name) const;
  [[nodiscard]] const Word* find_body(std::string_view name) const;
  [[nodiscard]] const Word* find_reason(std::string_view name) const;
  // The place of a rank, 0 the lowest; nothing when it is unknown.
  [[nodiscard]] std::optional<size_t> rank_index(std::string_view rank) const;
  // Whether a value of `recipient` is an enforcement recipient.
  [[nodiscard]] bool is_enforcement(std::string_view recipient) const;
};

}  // namespace firebreak::policy
