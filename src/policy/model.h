// SPDX-License-Identifier: Apache-2.0
// A policy and its vocabulary as read: every name resolved to an index into the vocabulary, nothing
// compiled. The slow evaluator (reference.h) runs on it as it stands; compile.h makes the diagram.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "policy/dates.h"
#include "policy/policy.h"
#include "policy/source.h"

namespace firebreak::policy {

enum class Test : uint8_t {
  is_any,        // one_of, yes_no: the value is one of the operands
  includes_any,  // any_of: at least one of the operands is a member
  includes_all,
  includes_none,
  only,  // any_of: not empty, and no member outside the operands
  empty,
  at_least,  // number: compared with the one operand
  at_most,
  above,
  below,
  equals,
};

struct Condition {
  enum class Kind : uint8_t { test, negation, conjunction, disjunction };
  Kind kind = Kind::test;
  Test test = Test::is_any;
  uint32_t attribute = 0;
  std::vector<int32_t> operands;  // indices of values, or one number
  std::vector<Condition> parts;   // of a negation one, of the others two or more
  Place place;
};

// Facts that cannot be.
struct Impossible {
  Condition condition;
  std::string because;
  Place place;
};

struct VocabularyModel {
  Vocabulary words;
  std::vector<Impossible> impossible;
};

// What a rule or the default answers. Indices are into the vocabulary, sorted.
struct RuleOutcome {
  Outcome decision = Outcome::refuse;
  bool covered = true;
  bool discretion = false;
  std::string reason;
  size_t rank = 0;  // with sign_off alone
  int count = 0;
  // Settings that stand in the place of the rank and of the count: indices of attributes.
  std::optional<uint32_t> rank_setting;
  std::optional<uint32_t> count_setting;
  std::vector<uint32_t> clauses;  // in the order written
  std::vector<uint32_t> channel;
  std::vector<uint32_t> disclose;
  std::vector<uint32_t> report_to;
  std::vector<uint32_t> notify;
  std::vector<uint32_t> reasons;
  int expires_hours = 0;  // 0: never
  std::vector<std::string> support;
  Place place;
};

struct Rule {
  std::string name;  // the whole path, "victims-first/exceptional-circumstances"
  bool never = false;
  std::optional<uint32_t> parent;  // of an exception
  std::vector<uint32_t> excepts;   // its exceptions, indices into Model::rules
  Condition when;
  RuleOutcome outcome;
  Place place;
};

struct Assertion {
  enum class Kind : uint8_t { never_permit, always_refuse, always_permit };
  std::string text;
  Kind kind = Kind::never_permit;
  Condition when;
  // `unless after sign_off by`: the least rank and count that are allowed.
  std::optional<size_t> unless_rank;
  int unless_count = 1;
  // Of what is asked besides the policy's text: whose it is (demands.h).
  std::optional<size_t> demand;
  Place place;
};

struct Case {
  enum class Expected : uint8_t { refuse, permit, sign_off, not_covered, undetermined };
  std::string name;
  Facts facts;
  Expected expected = Expected::refuse;
  std::string rule;                  // empty: any
  std::vector<std::string> missing;  // among the facts asked for
  Place place;
  Place expect_place;
};

// What the policy's text leaves to the force, and the clauses that leave it open. Its values stand
// in the vocabulary's attributes.
struct DeclaredSetting {
  uint32_t attribute = 0;
  std::vector<uint32_t> clauses;
  Place place;
};

struct Model {
  std::string id;
  std::string version;
  std::string title;
  std::string issued_by;
  bool historical = false;
  InForce in_force;
  std::optional<Day> review_by;
  Place review_place;
  std::vector<Clause> clauses;
  std::vector<Place> clause_places;
  RuleOutcome fallback;  // the default
  std::vector<DeclaredSetting> settings;
  std::vector<Rule> rules;  // in the file's order; an exception follows its rule
  std::vector<Assertion> assertions;
  // Conditions that are asked about besides; the situations are told apart by them too.
  std::vector<Condition> asked;
  std::vector<Case> cases;
};

// The index that stands for the default where rules are listed.
inline uint32_t default_index(const Model& model) {
  return static_cast<uint32_t>(model.rules.size());
}
inline const RuleOutcome& outcome_of(const Model& model, uint32_t rule) {
  return rule < model.rules.size() ? model.rules[rule].outcome : model.fallback;
}
inline std::string rule_name(const Model& model, uint32_t rule) {
  return rule < model.rules.size() ? model.rules[rule].name : "default";
}

// Limits on a text, so that reading and compiling are bounded.
constexpr size_t kMaxAttributes = 256;
constexpr size_t kMaxValues = 256;       // of one one_of
constexpr size_t kMaxMembers = 64;       // of one any_of
constexpr size_t kMaxSlots = 2048;       // facts of a vocabulary, each member of an any_of counted
constexpr size_t kMaxRules = 20'000;     // nevers, rules and exceptions together
constexpr size_t kMaxDeclared = 20'000;  // clauses; asserts; cases; words of a list
constexpr size_t kMaxExceptDepth = 16;
constexpr size_t kMaxConditionDepth = 64;
constexpr int32_t kMaxNumber = 1'000'000'000;

}  // namespace firebreak::policy
