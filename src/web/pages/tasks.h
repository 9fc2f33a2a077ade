// SPDX-License-Identifier: Apache-2.0
// The tasks that make up a referral, from its draft: what each asks for, which are done, and what
// was answered. Pure functions; no rule is decided here, the policy says what it needs.
//
//   const Making making(policy.get(), config, draft);
//   for (const Task& task : tasks_of(making)) ...
//   const auto form = task_form(making, "alternative");
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "policy/policy.h"
#include "register/config.h"
#include "web/pages/interview.h"
#include "web/pages/task_form.h"

namespace firebreak::web {

// A referral in the making, and what today's policy says of its facts so far.
struct Making {
  Making(const policy::Policy* in_force, const record::Config& of_force, Json content);

  const policy::Policy* policy;  // null: none is in force, and everything waits
  const record::Config& config;
  Json draft;
  Walk walk;                  // the questions that matter, from the facts given
  policy::Decision decision;  // of all facts given

  [[nodiscard]] bool decided() const;   // whatever else is answered, this stays
  [[nodiscard]] bool may_go() const;    // it is permitted, perhaps after a sign-off
  [[nodiscard]] bool sign_off() const;  // after a sign-off
  [[nodiscard]] bool suspect() const;   // the role includes suspect
};

enum class TaskStatus { not_started, in_progress, done, optional, waits };

struct Task {
  int section = 0;  // of kTaskSections
  std::string title;
  std::string link;  // after "/referrals/REF/"
  TaskStatus status = TaskStatus::not_started;
};

inline constexpr std::array<const char*, 5> kTaskSections = {
    "The person and the matter", "History and signs", "The test", "Before it goes", "The message"};

std::vector<Task> tasks_of(const Making& making);
// Whether nothing is left to do but to check and submit.
bool is_ready(const std::vector<Task>& tasks);

// The page of a task ("person", "destination", "indicators", "reason-necessity", …), or of an entry
// of a list ("history-1", "role-change-2"; one after the last is a new one). Nothing when there is
// no such task.
std::optional<TaskForm> task_form(const Making& making, const std::string& task);

// The page of one fact; nothing for what no page asks for.
std::optional<Walk> fact_walk(const Making& making, const std::string& attribute);
// The facts with this answer (null: not known); others that cannot hold together with it are left
// out.
Json with_fact(const Making& making, const std::string& attribute, const Json& value);

// What was answered, for the page that checks it: {"SECTION":…, rows of a summary list}.
struct AnsweredRow {
  int section = 0;
  std::string question;
  std::string answer;
  std::string link;  // of the task; empty where there is none
};
std::vector<AnsweredRow> answered_rows(const Making& making);

// The entries of the two lists in words.
std::vector<std::string> history_lines(const Json& draft);
std::vector<std::string> role_change_lines(const Json& draft);

// The task that a refused submission is about, from the place that the error names.
std::string task_at(const std::string& where);

// The drafts that task_form's places stand in: an assurance is told apart into two members, and put
// together again.
Json spread(Json draft);
Json folded(Json draft);

}  // namespace firebreak::web
