// SPDX-License-Identifier: Apache-2.0
// What the tasks of a referral ask for, in words.
#include <algorithm>
#include <charconv>

#include "register/casework.h"
#include "web/pages/tasks.h"

namespace firebreak::web {
namespace {

using Kind = TaskField::Kind;
using Options = std::vector<std::pair<std::string, std::string>>;

const Options& role_options() {
  static const Options options = {{"none", "No role"},
                                  {"victim", "Victim"},
                                  {"witness", "Witness"},
                                  {"reporter", "Person who reported it"},
                                  {"suspect", "Suspect"}};
  return options;
}

const Options& reliability_options() {
  static const Options options = [] {
    const Options sources = {
        {"1", "Reliable source"}, {"2", "Untested source"}, {"3", "Source that is not reliable"}};
    const Options information = {{"A", "known directly"},
                                 {"B", "known indirectly and corroborated"},
                                 {"C", "known indirectly"},
                                 {"D", "not known"},
                                 {"E", "suspected to be false"}};
    Options all;
    for (const auto& [source, source_words] : sources)
      for (const auto& [grade, grade_words] : information)
        all.emplace_back(source + grade, source + grade + ": " + source_words + ", " + grade_words);
    return all;
  }();
  return options;
}

TaskForm person_form(const Making& making) {
  TaskForm form{
      .title = "The occurrence and the person’s reference",
      .hint =
          "Give the references that the records system shows, such as OCC-2026-000001. A name is "
          "given later, and only for the message.",
      .fields = {
          {.name = "occurrence",
           .place = "/occurrence",
           .label = "Occurrence",
           .kind = Kind::reference},
          {.name = "person", .place = "/person", .label = "Person", .kind = Kind::reference}}};
  Options districts;
  for (const std::string& district : making.config.force.districts)
    districts.emplace_back(district, district);
  // The last office was taken away, and the draft still names it: saving leaves it out.
  if (districts.empty() && !making.draft.value("district", "").empty())
    districts.emplace_back("", "None");
  if (!districts.empty()) {
    form.fields.push_back({.name = "district",
                           .place = "/district",
                           .label = "District",
                           .kind = Kind::one_of,
                           .options = std::move(districts),
                           .optional = true});
  }
  return form;
}

TaskForm destination_form(const Making& making) {
  Options options;
  for (const record::Destination& destination : making.config.destinations)
    if (!destination.address.empty()) options.emplace_back(destination.id, destination.label);
  return {.title = "Where it would go",
          .fields = {{.name = "destination",
                      .place = "/destination",
                      .label = "Where would it go?",
                      .hint = "Choose the team that would read it. Teams of the Home Office "
                              "differ: some protect victims.",
                      .kind = Kind::one_of,
                      .options = std::move(options)}}};
}

TaskForm indicators_form() {
  struct Asked {
    const char* name;
    const char* question;
  };
  static constexpr std::array<Asked, 6> kAsked = {{
      {"controlled", "Does someone control where the person goes, or whom they speak to?"},
      {"papers_held", "Does someone else hold the person’s passport or papers?"},
      {"debt_or_pay",
       "Does the person owe a debt to whoever brought or employs them, or is their "
       "pay kept?"},
      {"made_to_offend", "Was the person made or pressed to do what they are suspected of?"},
      {"afraid_or_coached", "Does the person seem afraid, or as if told what to say?"},
      {"living_or_working", "Does the person live or work in conditions that nobody would choose?"},
  }};
  TaskForm form{.title = "Signs of slavery or trafficking",
                .hint =
                    "These are asked before any suspect is referred, because people who are "
                    "exploited are often suspected of what they were made to do.",
                .fields = {}};
  for (const auto& [name, question] : kAsked) {
    form.fields.push_back(
        {.name = name,
         .place = std::string("/indicators/answers/") + name,
         .label = question,
         .kind = Kind::one_of,
         .options = {{"no", "No"}, {"yes", "Yes"}, {"not_known", "It could not be found out"}}});
  }
  form.fields.push_back({.name = "checked_on",
                         .place = "/indicators/checked_on",
                         .label = "On which day was this looked into?",
                         .kind = Kind::day});
  return form;
}

TaskForm assurance_form() {
  return {.title = "Assurance code",
          .hint =
              "An assurance is the recipient’s undertaking about what it will and will not do "
              "with the information.",
          .fields = {{.name = "held",
                      .place = "/assurance/held",
                      .label = "Is an assurance held for this?",
                      .kind = Kind::one_of,
                      .options = {{"no", "No, none is held"}, {"yes", "Yes, with the code below"}}},
                     {.name = "code",
                      .place = "/assurance/code",
                      .label = "Code of the assurance",
                      .hint = "Leave it empty when none is held."}}};
}

TaskForm urgent_form() {
  return {.title = "Is it urgent?",
          .hint =
              "The same people decide, and it is reviewed the next day. Leave this empty when "
              "it is not urgent.",
          .fields = {{.name = "urgency",
                      .place = "/urgent/reason",
                      .label = "Why is it urgent?",
                      .kind = Kind::area},
                     {.name = "needed",
                      .place = "/urgent/needed_by",
                      .label = "By when is it needed?",
                      .kind = Kind::minute}}};
}

TaskForm alternative_form() {
  return {.title = "The less intrusive step that was considered",
          .fields = {{.name = "less_intrusive",
                      .place = "/less_intrusive",
                      .label = "Which less intrusive step was considered?",
                      .hint = "Say which, and why it would not do.",
                      .kind = Kind::area}}};
}

std::optional<TaskForm> reason_form(const Making& making, const std::string& name) {
  const policy::Word* word =
      making.policy == nullptr ? nullptr : making.policy->vocabulary().find_reason(name);
  if (word == nullptr) return std::nullopt;
  return TaskForm{.title = word->label,
                  .fields = {{.name = name,
                              .place = "/reasons/" + name,
                              .label = word->label,
                              .hint = "Write what you know and how you know it. It is sealed, and "
                                      "is not sent.",
                              .kind = Kind::area}}};
}

std::optional<TaskForm> fields_form(const Making& making) {
  if (!making.may_go()) return std::nullopt;
  TaskForm form{.title = "What would be sent",
                .hint = "Only this is sent, and nothing else: the policy allows no other details.",
                .fields = {}};
  const auto& allowed = making.decision.conditions.disclose;
  for (const policy::Field& field : making.policy->vocabulary().fields) {
    const bool listed = std::find(allowed.begin(), allowed.end(), field.name) != allowed.end();
    if (!allowed.empty() && !listed) continue;
    const bool longer = field.name.find("summary") != std::string::npos || field.name == "grounds";
    form.fields.push_back({.name = field.name,
                           .place = "/fields/" + field.name,
                           .label = field.label,
                           .kind = field.kind == policy::FieldKind::date ? Kind::day
                                   : longer                              ? Kind::area
                                                                         : Kind::line,
                           .optional = field.kind == policy::FieldKind::date});
  }
  return form;
}

TaskForm history_form(const std::string& at) {
  const auto field = [&](const char* name, const char* label, const char* hint, Kind kind,
                         Options options = {}) {
    return TaskField{name, at + "/" + name, label, hint, kind, std::move(options)};
  };
  return {
      .title = "A conviction or an allegation",
      .hint =
          "Only convictions count towards the threshold. An allegation is shown to those who "
          "decide, and has no class.",
      .fields = {
          field("kind", "What is it?", "", Kind::one_of,
                {{"conviction", "A conviction"}, {"allegation", "An allegation"}}),
          field("offence", "What was the offence?", "", Kind::line),
          field("date", "When was it?", "The year alone will do where no more is known.",
                Kind::part_date),
          field("place", "Where was it?", "", Kind::line),
          field("source", "Who says so?", "For example, an extract of the other country’s register",
                Kind::line),
          field("reliability", "How reliable is that?", "Graded as intelligence is (3x5x2).",
                Kind::one_of, reliability_options()),
          field("equivalence", "What would it be here?",
                "For a conviction: the offence, with its Home Office code if it has one.",
                Kind::line),
          field(
              "class", "How is it classed?",
              "For a conviction. A named person compares what was done there; no list decides it.",
              Kind::one_of,
              {{"lower_level", "Lower-level"},
               {"other", "Neither lower-level nor high-harm"},
               {"high_harm", "High-harm, such as murder, kidnapping or rape"}}),
          field("classed_by", "Who classed it?", "For a conviction: their name and office.",
                Kind::line)}};
}

TaskForm role_change_form(const std::string& at) {
  return {.title = "A change of the person’s role",
          .fields = {{.name = "hours_before",
                      .place = at + "/hours_before",
                      .label = "How many hours ago was it changed?",
                      .kind = Kind::number},
                     {.name = "from",
                      .place = at + "/from",
                      .label = "What was the role before?",
                      .kind = Kind::one_of,
                      .options = role_options()},
                     {.name = "to",
                      .place = at + "/to",
                      .label = "What was it after?",
                      .kind = Kind::one_of,
                      .options = role_options()},
                     {.name = "office",
                      .place = at + "/office",
                      .label = "Which office changed it?",
                      .hint = "The office, not a person’s name."}}};
}

// The place of entry N ("1" is the first) of a list, or of a new one after the last.
std::optional<std::string> entry_place(const Making& making, const char* list,
                                       std::string_view number) {
  size_t n = 0;
  const auto [end, failed] = std::from_chars(number.data(), number.data() + number.size(), n);
  const size_t size = making.draft.value(list, Json::array()).size();
  const bool fits = failed == std::errc{} && end == number.data() + number.size() && n >= 1 &&
                    n <= size + 1 && n <= record::kMaxCaseworkEntries;
  if (!fits) return std::nullopt;
  return "/" + std::string(list) + "/" + std::to_string(n - 1);
}

}  // namespace

std::optional<TaskForm> task_form(const Making& making, const std::string& task) {
  constexpr std::string_view kReason = "reason-";
  constexpr std::string_view kHistory = "history-";
  constexpr std::string_view kRoleChange = "role-change-";
  if (task == "person") return person_form(making);
  if (task == "destination") return destination_form(making);
  if (task == "indicators") return indicators_form();
  if (task == "alternative") return alternative_form();
  if (task == "assurance") return assurance_form();
  if (task == "urgent") return urgent_form();
  if (task == "fields") return fields_form(making);
  if (task.starts_with(kReason)) return reason_form(making, task.substr(kReason.size()));
  if (task.starts_with(kHistory)) {
    const auto at = entry_place(making, "history", task.substr(kHistory.size()));
    return at ? std::optional(history_form(*at)) : std::nullopt;
  }
  if (task.starts_with(kRoleChange)) {
    const auto at = entry_place(making, "role_changes", task.substr(kRoleChange.size()));
    return at ? std::optional(role_change_form(*at)) : std::nullopt;
  }
  return std::nullopt;
}

std::vector<std::string> history_lines(const Json& draft) {
  std::vector<std::string> lines;
  for (const Json& entry : draft.value("history", Json::array())) {
    const std::string kind = entry.value("kind", "");
    if (kind == "none_known") {
      lines.emplace_back("No history of offending in another country is known");
      continue;
    }
    std::string line = kind == "conviction"   ? "Conviction"
                       : kind == "allegation" ? "Allegation"
                                              : "Not said what";
    const auto add = [&](const char* before, const std::string& text) {
      if (!text.empty()) line.append(before).append(text);
    };
    add(": ", entry.value("offence", ""));
    add(", ", say_date(entry.value("date", "")));
    add(", ", entry.value("place", ""));
    add("; source: ", entry.value("source", ""));
    add("; reliability ", entry.value("reliability", ""));
    add("; here: ", entry.value("equivalence", ""));
    const std::string known = entry.value("class", "");
    add("; class: ", known == "high_harm"     ? "high-harm"
                     : known == "lower_level" ? "lower-level"
                     : known == "other"       ? "neither"
                                              : "");
    add(", classed by ", entry.value("classed_by", ""));
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> role_change_lines(const Json& draft) {
  std::vector<std::string> lines;
  const auto role = [](const Json& change, const char* name) -> std::string {
    for (const auto& [value, words] : role_options())
      if (change.value(name, "") == value) return words;
    return "not said";
  };
  for (const Json& change : draft.value("role_changes", Json::array())) {
    const Json hours = change.value("hours_before", Json());
    lines.push_back("From “" + role(change, "from") + "” to “" + role(change, "to") + "”, " +
                    (hours.is_null() ? "it is not said when" : hours.dump() + " hours before") +
                    ", by: " + change.value("office", "not said"));
  }
  return lines;
}

std::vector<AnsweredRow> answered_rows(const Making& making) {
  std::vector<AnsweredRow> rows;
  const Json draft = spread(making.draft);
  for (const Task& task : tasks_of(making)) {
    if (task.link.starts_with("fact/")) {
      const policy::Attribute* attribute = making.policy->vocabulary().find(task.link.substr(5));
      const Json value = making.draft["facts"].value(attribute->name, Json());
      rows.push_back({task.section, task.title,
                      value.is_null() ? "" : say_answer({attribute, value}), task.link});
      continue;
    }
    if (task.link == "task/history" || task.link == "task/role-changes") {
      const bool history = task.link == "task/history";
      const auto lines = history ? history_lines(making.draft) : role_change_lines(making.draft);
      for (const std::string& line : lines)
        rows.push_back({task.section, task.title, line, task.link});
      if (!lines.empty()) continue;
      const bool none = !history && making.draft.contains("role_changes");
      rows.push_back({task.section, task.title, none ? "None" : "", task.link});
      continue;
    }
    const auto form =
        task.link.empty() ? std::nullopt : task_form(making, task.link.substr(sizeof "task/" - 1));
    if (!form) continue;
    for (const TaskField& field : form->fields)
      rows.push_back({task.section, field.label, said_of(field, draft), task.link});
  }
  return rows;
}

}  // namespace firebreak::web
