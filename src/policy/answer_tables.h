// SPDX-License-Identifier: Apache-2.0
// What a policy answers to facts of which any may be missing, as a chain of small tables: one table
// for each fact, looked up with what the facts before it came to. `firebreak policy sql` writes
// them as SQL; nothing but whole numbers passes from table to table.
//
//   FB_TRY(const AnswerTables tables, answer_tables(compiled, AnswerColumn::decision));
//   uint32_t state = 0;
//   for (const AnswerTables::Step& step : tables.steps)
//     state = step.next[state * step.codes + code];   // code: the fact's value, missing, not a
//     value
//   tables.results[state];                            // "refuse"
//
// The tables come from the policy's diagram, each of whose levels gets one child more, for a
// missing fact: the union of what the level's other children come to. What completions come to is
// kept just as far as the answer depends on it: the classes of all completions, and the outcomes of
// those that the vocabulary allows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/compile.h"

namespace firebreak::policy {

// A part of the answer.
enum class AnswerColumn {
  decision,    // refuse, permit, sign_off, undetermined; invalid for facts that read_facts refuses
  covered,     // of the others: "true" or "false"
  discretion,  // "true" or "false"
  rank,        // who signs; nothing but for sign_off
  signers,     // how many
  rule,        // nothing when undetermined or invalid, like the next
  clauses,     // "P1, P3"
};

// The whole answer's part, nothing where it has none. `decision` empty: the facts are invalid.
std::optional<std::string> column_of(const std::optional<Decision>& decision, AnswerColumn column);

struct AnswerTables {
  struct Step {
    uint32_t level = 0;  // of the policy's space
    // How many codes the fact has: its values (a number's bands), then `missing` and, where a fact
    // could hold anything else (a one_of, a number), `no value of this fact`.
    uint32_t codes = 0;
    std::vector<uint32_t> next;  // by state * codes + code
  };
  std::vector<Step> steps;
  std::vector<std::optional<std::string>> results;  // by the last state
};

// Whether a column of the level's fact may hold what is no value of it.
bool has_code_for_no_value(const Policy::Compiled& compiled, uint32_t level);

// By level: whether some answer depends on its fact, the settings being as they are in force.
std::vector<bool> levels_read(const Policy::Compiled& compiled);

// Facts that no answer depends on have no step, nor have settings. Error: too_large, when the ways
// in which facts can be missing come to too many different answers.
Result<AnswerTables> answer_tables(const Policy::Compiled& compiled, AnswerColumn column);

}  // namespace firebreak::policy
