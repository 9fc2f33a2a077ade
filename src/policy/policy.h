// SPDX-License-Identifier: Apache-2.0
// The policy engine's front: a policy file is read, checked and compiled to a decision diagram, and
// answers questions about disclosure exactly, also when facts are missing. Immutable; one Policy is
// shared between threads.
//
//   FB_TRY(auto policy, Policy::load("policies/psni-service-instruction.policy"));
//   FB_TRY(Facts facts, policy->read_facts(json, {.live = true}));
//   Decision decision = policy->decide(facts);
//   Json body = answer(*policy, decision);
//
// The language and its semantics are specified in docs/policy-language.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "policy/dates.h"
#include "policy/vocabulary.h"

namespace firebreak::policy {

enum class Outcome { refuse, permit, sign_off, undetermined };
// "refuse", "permit", "sign_off", "undetermined".
const char* name(Outcome outcome);

// A clause of the text that a policy carries out.
struct Clause {
  std::string id;      // "P1"
  std::string text;    // its words
  std::string source;  // where they stand
  std::string basis;   // known | reported | inferred
};

struct SignOff {
  std::string rank;  // this rank or a higher one signs
  int count = 1;     // how many different persons
  bool operator==(const SignOff&) const = default;
};

// What an allowed disclosure is bound to. Names are in the vocabulary's order. Empty: not bound.
struct Conditions {
  std::vector<std::string> channel;          // only by these
  std::vector<std::string> disclose;         // only these fields
  std::vector<std::string> report_to;        // bodies whose counts include it
  std::vector<std::string> notify;           // bodies told when it happens
  std::vector<std::string> reasons;          // parts of a justification that must be given
  std::optional<std::string> expires_after;  // ISO 8601 duration in hours, "PT48H"
  bool operator==(const Conditions&) const = default;
};
// The hours of `expires_after`, or nothing.
std::optional<int> expiry_hours(const Conditions& conditions);

struct Decision {
  Outcome decision = Outcome::refuse;
  bool covered = true;      // false: the text is silent, and the silence is enforced as a refusal
  bool discretion = false;  // the text leaves it to the officer
  // The rule that answers: "victims-first", "victims-first/exceptional-circumstances" for an
  // exception, "default"; empty when undetermined.
  std::string rule;
  // Every rule that answers, in order of force, then of the file. With missing facts: those that
  // answer in every completion of the facts; where there is none such, all that answer in some.
  std::vector<std::string> rules;
  std::string because;
  std::vector<Clause> clauses;
  std::optional<SignOff> sign_off;
  Conditions conditions;
  std::vector<std::string> support;
  // Undetermined alone: the attributes that still matter, best question first.
  std::vector<std::string> missing;
};

// What is known about one question; any fact may be missing. A slot holds the index of a one_of's
// value, 0 or 1 for a yes_no or for one member of an any_of, the number itself for a number.
class Facts {
 public:
  static constexpr int32_t kMissing = INT32_MIN;

  Facts() = default;
  // All missing, but for the settings, which have the value in force.
  explicit Facts(const Vocabulary& vocabulary);

  [[nodiscard]] size_t size() const { return slots_.size(); }
  [[nodiscard]] int32_t operator[](size_t slot) const { return slots_[slot]; }
  [[nodiscard]] const int32_t* data() const { return slots_.data(); }
  // The caller keeps to the slot's values; read_facts checks, this does not.
  void set(size_t slot, int32_t value) { slots_[slot] = value; }
  // True when no fact is missing.
  [[nodiscard]] bool complete() const;
  // True when no slot of the attribute is missing.
  [[nodiscard]] bool has(const Attribute& attribute) const;
  bool operator==(const Facts&) const = default;

 private:
  std::vector<int32_t> slots_;
};

// What a force has decided for the settings of a policy, by name. A setting that is not here has
// the policy's default in answers, and any value in proofs.
using SettingValues = std::map<std::string, std::string>;

// What a force has decided about a policy, beyond its text. The digest covers it (digest.h).
struct Decisions {
  Decisions() = default;
  Decisions(SettingValues values, std::string list = {})  // NOLINT(*-explicit-*): settings alone
      : settings(std::move(values)), offences(std::move(list)) {}

  SettingValues settings;
  std::string offences;  // the digest of the list it classes histories by; empty: by none
};

struct ReadOptions {
  // Facts of a live call (a page, the API, a gateway): a value of a protected attribute is refused
  // with the vocabulary's reason. False for imported history, cases and tests.
  bool live = false;
};

// What complete facts come to: an index into the policy's outcomes, equal for equal answers. For
// replay and benchmarks, where building the whole answer for each row would cost too much.
using OutcomeId = uint32_t;
constexpr OutcomeId kUndecided = UINT32_MAX;

class Policy {
 public:
  // Reads FILE.policy and the vocabulary it uses (NAME-VERSION.vocabulary in the same folder), and
  // compiles it. A policy whose text is sound is loaded even when `check` finds more (a conflict, a
  // failed assertion): a conflict is answered with a refusal.
  // Errors: not_found, unavailable, too_large (file, or diagram: too many different situations),
  // bad_input with the first fault as text with line, column and caret.
  // Settings: bad_input for a name or value that the policy does not have.
  static Result<std::shared_ptr<const Policy>> load(const std::filesystem::path& path,
                                                    const Decisions& decided = {});
  // The same from texts already read; the names stand in messages.
  static Result<std::shared_ptr<const Policy>> parse(const std::string& policy_name,
                                                     std::string policy_text,
                                                     const std::string& vocabulary_name,
                                                     std::string vocabulary_text,
                                                     const Decisions& decided = {});

  ~Policy();
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

  [[nodiscard]] const std::string& id() const;
  [[nodiscard]] const std::string& version() const;
  [[nodiscard]] const std::string& title() const;
  [[nodiscard]] const std::string& issued_by() const;
  // Kept for replay; cannot be put in force.
  [[nodiscard]] bool historical() const;
  // The days on which the text says that it may be in force, and by which it is to be reviewed.
  [[nodiscard]] const InForce& in_force() const;
  [[nodiscard]] const std::optional<Day>& review_by() const;
  // "sha256:…" over the words of the policy and of its vocabulary, the settings that the force
  // decided otherwise than by default, and its offence list (digest.h). Comments, layout and the
  // days in force do not count.
  [[nodiscard]] const std::string& digest() const;
  [[nodiscard]] const Vocabulary& vocabulary() const;
  [[nodiscard]] const std::vector<Clause>& clauses() const;

  // Facts of a JSON object of the vocabulary's attributes: a string for one_of; a list (complete)
  // or an object of members to true or false (the rest missing) for any_of; true, false, "yes" or
  // "no" for yes/no; a whole number. Errors: bad_input naming the attribute in `where`, with the
  // nearest known word; facts that the vocabulary calls impossible, with its reason.
  [[nodiscard]] Result<Facts> read_facts(const Json& object, ReadOptions options = {}) const;
  // The inverse of read_facts; missing facts are left out.
  [[nodiscard]] Json facts_json(const Facts& facts) const;

  // Decides. Facts from another vocabulary count as all missing. Does not throw (but for memory).
  [[nodiscard]] Decision decide(const Facts& facts) const;

  // The outcome of complete facts; no allocation. kUndecided when it looked at a missing fact, or
  // when the facts are another vocabulary's.
  [[nodiscard]] OutcomeId evaluate(const Facts& facts) const;
  // The whole answer for an outcome below outcome_count(): what decide() gives for the same facts,
  // but that a policy with too many sets of rules that answer together (rules_at.h) names one rule
  // with this answer, which need not be among those that apply.
  [[nodiscard]] const Decision& outcome(OutcomeId id) const;
  [[nodiscard]] size_t outcome_count() const;

  // The compiled form, for the analyses beside this header. Opaque to other folders.
  struct Compiled;
  static std::shared_ptr<const Policy> of(std::unique_ptr<const Compiled> compiled);
  [[nodiscard]] const Compiled& compiled() const { return *compiled_; }

 private:
  explicit Policy(std::unique_ptr<const Compiled> compiled);
  std::unique_ptr<const Compiled> compiled_;
};

// What is answered, without why and by which policy: decision, covered, discretion, sign_off and
// conditions of answer().
Json outcome_json(const Decision& decision);
// The answer as docs/api.md has it, the same from the command line, the API and the pages.
Json answer(const Policy& policy, const Decision& decision);
// The answer of the same shape on a day without a policy: refused, by `no-policy-in-force`.
Json no_policy_answer(const std::string& because);

}  // namespace firebreak::policy
