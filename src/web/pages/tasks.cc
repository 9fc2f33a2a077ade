// SPDX-License-Identifier: Apache-2.0
#include "web/pages/tasks.h"

#include <algorithm>
#include <set>

#include "register/casework.h"

namespace firebreak::web {
namespace {

constexpr policy::ReadOptions kAsked{.live = true};

// These come from elsewhere: the page's own facts, the destination, the history.
bool is_asked_elsewhere(std::string_view name) {
  return name == "action" || name == "channel" || name == "recipient" ||
         name == "overseas_offending";
}

Answers answers_of(const Json& facts) {
  Answers answers;
  for (const auto& [name, value] : facts.items())
    if (name != "action" && name != "channel") answers[name] = value;
  return answers;
}

bool is_written(const Json& draft, const char* name) {
  return draft.contains(name) && draft[name] != Json("") && draft[name] != Json::object();
}

TaskStatus status_of(bool done, bool begun) {
  if (done) return TaskStatus::done;
  return begun ? TaskStatus::in_progress : TaskStatus::not_started;
}

TaskStatus form_status(const Making& making, const std::string& task) {
  const auto form = task_form(making, task);
  const Json draft = spread(making.draft);
  const bool done = form && all_answered(*form, draft);
  const bool begun =
      form && std::any_of(form->fields.begin(), form->fields.end(),
                          [&](const TaskField& field) { return !said_of(field, draft).empty(); });
  return status_of(done, begun);
}

// The facts that the page lists: role and age always, then what the policy needs.
std::vector<const policy::Attribute*> listed_facts(const Making& making) {
  std::vector<const policy::Attribute*> out;
  if (making.policy == nullptr) return out;
  const auto add = [&](const policy::Attribute* attribute) {
    if (attribute == nullptr || is_asked_elsewhere(attribute->name)) return;
    if (std::find(out.begin(), out.end(), attribute) == out.end()) out.push_back(attribute);
  };
  const policy::Vocabulary& words = making.policy->vocabulary();
  add(words.find("role"));
  add(words.find("age_group"));
  for (const Step& step : making.walk.steps) add(step.attribute);
  // Before the destination is chosen nothing can be known to matter.
  if (making.draft["facts"].contains("recipient")) add(making.walk.next);
  for (const auto& [name, value] : making.draft["facts"].items()) add(words.find(name));
  return out;
}

TaskStatus history_status(const Making& making) {
  const Json history = making.draft.value("history", Json::array());
  if (history.empty()) return TaskStatus::not_started;
  const bool whole = std::all_of(history.begin(), history.end(), [&](const Json& entry) {
    static constexpr std::array<const char*, 9> kMembers = {"kind",        "offence", "date",
                                                            "place",       "source",  "reliability",
                                                            "equivalence", "class",   "classed_by"};
    const std::string kind = entry.value("kind", "");
    const size_t needed = kind == "none_known" ? 1 : kind == "allegation" ? 6 : kMembers.size();
    return std::all_of(kMembers.begin(), kMembers.begin() + static_cast<std::ptrdiff_t>(needed),
                       [&](const char* name) { return entry.contains(name); });
  });
  return status_of(whole, true);
}

TaskStatus role_changes_status(const Making& making) {
  if (!making.draft.contains("role_changes")) return TaskStatus::not_started;
  const Json& changes = making.draft["role_changes"];
  return status_of(std::all_of(changes.begin(), changes.end(),
                               [](const Json& change) { return change.size() == 4; }),
                   true);
}

void add_fact_tasks(const Making& making, std::vector<Task>& tasks) {
  for (const policy::Attribute* attribute : listed_facts(making)) {
    const bool given = making.draft["facts"].contains(attribute->name);
    tasks.push_back({0, attribute->question, "fact/" + attribute->name, status_of(given, false)});
  }
}

void add_history_tasks(const Making& making, std::vector<Task>& tasks) {
  const bool wanted = making.sign_off() || (making.walk.next != nullptr &&
                                            making.walk.next->name == "overseas_offending");
  const bool optional = !wanted && !making.draft.contains("history");
  tasks.push_back({1, "History of offending in another country", "task/history",
                   optional ? TaskStatus::optional : history_status(making)});
  const bool changes = making.draft.contains("role_changes");
  tasks.push_back(
      {1, "Changes of the person’s role", "task/role-changes",
       making.suspect() || changes ? role_changes_status(making) : TaskStatus::optional});
  if (making.suspect()) {
    tasks.push_back({1, "Signs of slavery or trafficking", "task/indicators",
                     form_status(making, "indicators")});
  }
}

void add_test_tasks(const Making& making, std::vector<Task>& tasks) {
  if (!making.may_go()) {
    tasks.push_back({2, "Each limb of the test, by itself", "", TaskStatus::waits});
    return;
  }
  for (const std::string& name : making.decision.conditions.reasons) {
    const policy::Word* word = making.policy->vocabulary().find_reason(name);
    tasks.push_back({2, word != nullptr ? word->label : name, "task/reason-" + name,
                     form_status(making, "reason-" + name)});
  }
  if (!making.sign_off()) return;
  tasks.push_back({2, "The less intrusive step that was considered", "task/alternative",
                   form_status(making, "alternative")});
}

TaskStatus assurance_status(const Making& making) {
  return status_of(is_written(making.draft, "assurance"), false);
}

}  // namespace

Making::Making(const policy::Policy* in_force, const record::Config& of_force, Json content)
    : policy(in_force), config(of_force), draft(std::move(content)) {
  Json& facts = draft["facts"];
  if (!facts.is_object()) facts = Json::object();
  facts.update(page_facts());
  if (policy == nullptr) return;
  walk = walk_questions(*policy, answers_of(facts));
  const auto known = policy->read_facts(facts, kAsked);
  decision = known ? policy->decide(*known) : walk.decision;
}

bool Making::decided() const {
  return policy != nullptr && decision.decision != policy::Outcome::undetermined;
}
bool Making::may_go() const { return decided() && decision.decision != policy::Outcome::refuse; }
bool Making::sign_off() const {
  return decided() && decision.decision == policy::Outcome::sign_off;
}
bool Making::suspect() const {
  const Json role = draft["facts"].value("role", Json::array());
  return std::find(role.begin(), role.end(), "suspect") != role.end();
}

std::vector<Task> tasks_of(const Making& making) {
  std::vector<Task> tasks;
  tasks.push_back({0, "The occurrence and the person’s reference", "task/person",
                   form_status(making, "person")});
  tasks.push_back({0, "Where it would go", "task/destination", form_status(making, "destination")});
  add_fact_tasks(making, tasks);
  add_history_tasks(making, tasks);
  add_test_tasks(making, tasks);
  if (making.sign_off()) {
    tasks.push_back({3, "Assurance code", "task/assurance", assurance_status(making)});
  }
  const bool urgent = is_written(making.draft, "urgent");
  tasks.push_back({3, "Is it urgent?", "task/urgent",
                   urgent ? form_status(making, "urgent") : TaskStatus::optional});
  tasks.push_back({4, "What would be sent", making.may_go() ? "task/fields" : "",
                   making.may_go() ? form_status(making, "fields") : TaskStatus::waits});
  return tasks;
}

bool is_ready(const std::vector<Task>& tasks) {
  return std::all_of(tasks.begin(), tasks.end(), [](const Task& task) {
    return task.status == TaskStatus::done || task.status == TaskStatus::optional;
  });
}

std::optional<Walk> fact_walk(const Making& making, const std::string& attribute) {
  if (making.policy == nullptr || is_asked_elsewhere(attribute)) return std::nullopt;
  const policy::Attribute* found = making.policy->vocabulary().find(attribute);
  if (found == nullptr || found->protected_reason || found->setting) return std::nullopt;
  Walk walk;
  walk.next = found;
  walk.facts = page_facts();
  return walk;
}

Json with_fact(const Making& making, const std::string& attribute, const Json& value) {
  Json facts = page_facts();
  if (!value.is_null()) facts[attribute] = value;
  for (const auto& [name, given] : making.draft["facts"].items()) {
    if (name == attribute) continue;
    Json more = facts;
    more[name] = given;
    if (making.policy == nullptr || making.policy->read_facts(more, kAsked)) facts = more;
  }
  return facts;
}

std::string task_at(const std::string& where) {
  const size_t dot = where.find('.');
  const std::string first = where.substr(0, dot);
  const std::string rest = dot == std::string::npos ? "" : where.substr(dot + 1);
  if (first == "facts") return rest.empty() || is_asked_elsewhere(rest) ? "" : "fact/" + rest;
  if (first == "reasons") return rest.empty() ? "" : "task/reason-" + rest;
  if (first == "less_intrusive") return "task/alternative";
  if (first == "role_changes") return "task/role-changes";
  if (first == "occurrence" || first == "person" || first == "district") return "task/person";
  const std::set<std::string> same = {"history", "indicators", "assurance",
                                      "urgent",  "fields",     "destination"};
  return same.contains(first) ? "task/" + first : "";
}

Json spread(Json draft) {
  if (draft.value("assurance", Json()) == "none_held") draft["assurance"] = {{"held", "no"}};
  if (draft.contains("assurance") && draft["assurance"].contains("code"))
    draft["assurance"]["held"] = "yes";
  return draft;
}

Json folded(Json draft) {
  if (!draft.contains("assurance")) return draft;
  const Json given = draft["assurance"];
  const bool code =
      given.is_object() && given.value("held", "yes") == "yes" && !given.value("code", "").empty();
  if (code) {
    draft["assurance"] = {{"code", given["code"]}};
  } else if (given == "none_held" || given.value("held", "") == "no") {
    draft["assurance"] = "none_held";
  } else {
    draft.erase("assurance");
  }
  return draft;
}

}  // namespace firebreak::web
