// SPDX-License-Identifier: Apache-2.0
// A page of a referral in the making: what it asks for, where each answer stands in the draft
// (register/draft.h), and how it is typed, read and shown. Every answer may be left empty; nothing
// that was typed is lost on an error.
//
//   const TaskForm form = {.title = "Urgent", .fields = {{.name = "reason", .place =
//       "/urgent/reason", .label = "Why is it urgent?", .kind = TaskField::Kind::area}}};
//   FormErrors errors;
//   const Typed typed = typed_in(form, sent);
//   const Json draft = written(form, typed, old_draft, errors);
//   if (errors.any()) model["HTML_FIELDS"] = task_fields(form, typed, errors).json();
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "web/components/html.h"
#include "web/pages/form.h"

namespace firebreak::web {

struct TaskField {
  enum class Kind {
    line,       // one line of text
    reference,  // of the records system: no spaces, so that no name slips in
    area,       // more than a line
    one_of,     // one of the options
    number,     // a whole number
    part_date,  // a year, a month or a day: "2011", "2011-03", "2011-03-27"
    day,        // a day: "2026-03-27"
    minute,     // a day and a time: "2026-03-27T09:30"
  };
  std::string name;   // of the form's member, and the field's id
  std::string place;  // a JSON pointer into the draft
  std::string label;
  std::string hint = {};
  Kind kind = Kind::line;
  std::vector<std::pair<std::string, std::string>> options = {};  // value, words
  bool optional = false;                                          // the task is done without it
};

struct TaskForm {
  std::string title;
  std::string hint = {};
  std::vector<TaskField> fields;
};

// What stands in the boxes, by their names; a date has three, named NAME-day, -month and -year, and
// a minute NAME-time too.
using Typed = std::map<std::string, std::string>;

Typed typed_in(const TaskForm& form, const Form& sent);
Typed typed_of(const TaskForm& form, const Json& draft);

// The draft with what was typed. What is wrong is left as it was, with an error at its box.
Json written(const TaskForm& form, const Typed& typed, Json draft, FormErrors& errors);

// The boxes, with what was typed; characters that would hide other text are shown as "�".
Html task_fields(const TaskForm& form, const Typed& typed, const FormErrors& errors);

// An answer as it is read back; empty when there is none.
std::string said_of(const TaskField& field, const Json& draft);

// Whether the draft has an answer to every field that is not optional.
bool all_answered(const TaskForm& form, const Json& draft);

// "2011-03-27" as "27 March 2011", "2011-03" as "March 2011"; other texts as they are.
std::string say_date(const std::string& date);

}  // namespace firebreak::web
