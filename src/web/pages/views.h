// SPDX-License-Identifier: Apache-2.0
// What the question and answer pages show, as models for the templates: pure functions from
// the policy's words and the register's state. No rule is decided here; the sentences only say what
// was.
//
//   Json model = answer_view(policy.get(), walk, recorded_answer);
//   templates.render("answer.html", model);
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "policy/policy.h"
#include "web/pages/interview.h"

namespace firebreak::web {

// The question at the end of a walk, for question.html. `chosen` are the form values that are
// ticked, `error` what is wrong with them (empty: nothing).
Json question_view(const policy::Policy& policy, const Walk& walk,
                   const std::vector<std::string>& chosen, const std::string& error);

// The form values that stand for an answer given before.
std::vector<std::string> chosen_values(const Json& answer);

// The answer, for answer.html. `answer` is the object of docs/api.md, as it was recorded; `policy`
// is null in a gap between policies (and `walk` then has no steps).
Json answer_view(const policy::Policy* policy, const Walk& walk, const Json& answer);

// The one sentence that the answer page opens with; also its title. `facts` are those of the walk.
std::string answer_sentence(const policy::Policy* policy, const Json& facts, const Json& answer);

// "22 Nov 2026".
std::string say_day(Day day);

// "22 Nov 2026, 5:31am", in Europe/London; short, for a column on a phone.
std::string say_time(Instant instant);

}  // namespace firebreak::web
