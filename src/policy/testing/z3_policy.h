// SPDX-License-Identifier: Apache-2.0
// A policy as formulas for Z3, made from what was parsed and from docs/policy-language.md alone:
// none of the engine's space, bands, diagrams, evaluators or words takes part. Facts are variables
// (numbers as they are, uncut), and so is each part of the answer a term over them; what missing
// facts come to is one or two questions to the solver, never a list of completions.
//
//   Z3Policy z3(compiled.model, compiled.vocabulary);
//   const Z3Verdict verdict = z3.decide(facts);       // verdict.parts == parts_of(words, decision)
//   z3.can_be(z3.holds(condition) && z3.breaks(assertion));
//   z3.count(z3.holds(condition), slots, most);       // how many possible situations
//
// For tests alone.
#pragma once

#include <z3++.h>

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "policy/model.h"

namespace firebreak::policy::testing {

// An answer as numbers, so that two makers of it can be compared: decision, covered, discretion,
// rank, count, expiry in hours, then 0 or 1 for each channel, field, body of reports, body to
// notify, and reason of the vocabulary.
using AnswerParts = std::vector<int64_t>;
// Of an answer of the engine that is not undetermined.
AnswerParts parts_of(const Vocabulary& words, const Decision& decision);

struct Z3Verdict {
  bool valid = true;  // false: the vocabulary calls the facts impossible
  bool undetermined = false;
  AnswerParts parts;  // unless invalid or undetermined
};

class Z3Policy {
 public:
  // Both outlive this.
  Z3Policy(const Model& model, const VocabularyModel& vocabulary);

  // What the policy answers to the facts, any of which may be missing.
  Z3Verdict decide(const Facts& facts);
  // Which rules answer to complete facts, by index, the default as default_index().
  std::vector<uint32_t> rules_that_answer(const Facts& facts);

  z3::expr holds(const Condition& condition) const;
  // Where the policy answers what the assertion rules out; its own condition takes no part.
  z3::expr breaks(const Assertion& assertion) const;
  z3::expr equal(const Facts& facts) const;
  // Whether some possible situation makes it true.
  bool can_be(const z3::expr& formula);
  // How many possible situations make it true, of all values of these slots; nothing when that
  // takes more than `most` questions.
  std::optional<uint64_t> count(const z3::expr& formula, const std::vector<size_t>& slots,
                                size_t most);

 private:
  // Rules that answer the same, and where one of them does.
  struct Kind {
    const RuleOutcome* outcome;
    z3::expr where;
  };

  void add_variables();
  void add_possible();
  void add_rules();
  // Where the rule or an exception below it answers, nevers aside, within `within`.
  void add_answering(uint32_t rule, const z3::expr& within);
  void add_kinds();
  void add_parts();
  z3::expr test(const Condition& condition) const;
  z3::expr value_is(size_t slot, int32_t value) const;
  z3::expr number(int64_t value) const;
  z3::expr rank_of(const RuleOutcome& outcome) const;
  z3::expr signers_of(const RuleOutcome& outcome) const;
  z3::expr differs(const AnswerParts& parts) const;
  AnswerParts read(const z3::model& model) const;
  // A name for a formula, to be assumed: the solver keeps what it learns from one question to the
  // next, where a formula put up and taken down again would be translated each time.
  z3::expr literal(const z3::expr& formula);
  z3::expr value_literal(size_t slot, int32_t value);
  z3::expr_vector known(const Facts& facts);
  bool check(const z3::expr_vector& assumed);
  // Adds to `out` how many of the values of slots_in[at…] make the formula named so true.
  bool count_below(const std::vector<size_t>& slots_in, size_t at, const z3::expr& named,
                   z3::expr_vector& assumed, size_t& questions, uint64_t& out);

  const Model& model_;
  const VocabularyModel& vocabulary_;
  const Vocabulary& words_;
  mutable z3::context context_;  // making a formula changes it
  z3::solver solver_;
  size_t names_ = 0;  // given to formulas
  std::map<std::pair<size_t, int32_t>, z3::expr> value_literals_;
  z3::expr possible_;
  z3::expr never_;
  std::vector<z3::expr> slots_;       // a Bool for a yes/no and for a member, else a number
  std::vector<size_t> attribute_of_;  // by slot
  std::vector<z3::expr> answers_;     // by rule, then the default: whether it is one that answers
  std::vector<Kind> kinds_;           // of permits and refusals, nevers aside
  std::vector<z3::expr> parts_;       // the answer, as AnswerParts
};

}  // namespace firebreak::policy::testing
