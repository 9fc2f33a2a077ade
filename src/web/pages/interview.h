// SPDX-License-Identifier: Apache-2.0
// The interview behind "Can I share this person's information?": which question comes next, which
// answers count, and when there is nothing left to ask. It is a function of the policy and of the
// answers given, so that a changed answer, a changed policy and a page sent twice all come out
// right.
//
//   Answers answers;                                  // attribute -> value, as read_facts takes it
//   Walk walk = walk_questions(*policy, answers);
//   if (walk.next) ...ask(*walk.next)...; else ...walk.decision...;
//
// It asks only what still matters under the answers so far, the policy's best question first; never
// for what the page itself supplies (action, channel), never for a protected attribute.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "policy/policy.h"

namespace firebreak::web {

// What a person answered, by attribute: a value as Policy::read_facts takes it, or null where they
// do not know. Holds facts about the case alone; there is nowhere to put a name.
using Answers = std::map<std::string, Json>;

// The facts that the page supplies: it asks about sharing, by the one channel there is.
Json page_facts();

struct Step {
  const policy::Attribute* attribute = nullptr;
  Json value;  // null: not known
};

struct Walk {
  std::vector<Step> steps;                  // the answers that count, in the order of asking
  const policy::Attribute* next = nullptr;  // what to ask now; null: nothing is left to ask
  Json facts;                               // the page's facts and the answers that count
  policy::Decision decision;                // of those facts
};

// Answers that no longer matter, or that another answer now rules out, are passed over. Pointers
// are into the policy's vocabulary.
Walk walk_questions(const policy::Policy& policy, const Answers& answers);

// The walk up to the question about `attribute`, as if it had not been answered; nothing when that
// question does not come up.
std::optional<Walk> walk_to(const policy::Policy& policy, Answers answers,
                            const std::string& attribute);

// One choice on the page.
struct Option {
  std::string value;
  std::string label;
  bool exclusive = false;  // stands alone: "none of these", "I do not know"
};
// What the form sends for these two; no vocabulary word has a hyphen.
inline constexpr const char* kNone = "none-of-these";
inline constexpr const char* kNotKnown = "not-known";

// The choices for the question at the end of a walk. Values of a one-of attribute that the answers
// so far make impossible are left out.
std::vector<Option> options(const policy::Policy& policy, const Walk& walk);

// Reads what the form sent for the question at the end of a walk: the fact's value, or null for "I
// do not know". Error: bad_input with the message to show beside the question.
Result<Json> read_answer(const policy::Policy& policy, const Walk& walk,
                         const std::vector<std::string>& chosen);

// An answer in the words of the page: "Victim, witness", "None of these", "I do not know".
std::string say_answer(const Step& step);

}  // namespace firebreak::web
