// SPDX-License-Identifier: Apache-2.0
#include "web/pages/casework_rows.h"

#include <array>

namespace firebreak::web {
namespace {

struct SignWords {
  const char* name;
  const char* words;
};
// As register/casework.h lists the indicators.
constexpr std::array<SignWords, 6> kSigns = {
    {{"controlled", "Is controlled by somebody else"},
     {"papers_held", "Somebody else holds their papers"},
     {"debt_or_pay", "Owes a debt, or is paid little or nothing"},
     {"made_to_offend", "Was made to commit the offence"},
     {"afraid_or_coached", "Is afraid, or says what they were told to say"},
     {"living_or_working", "Lives or works in bad conditions"}}};

std::string part(const Json& entry, const char* name) {
  return entry.contains(name) && entry.at(name).is_string() ? entry.at(name).get<std::string>()
                                                            : std::string();
}

// The parts that are there, with commas.
std::string listed(std::initializer_list<std::string> parts) {
  std::string out;
  for (const std::string& one : parts) {
    if (!one.empty()) out += (out.empty() ? "" : ", ") + one;
  }
  return out;
}

std::string labelled(const char* label, const std::string& text) {
  return text.empty() ? text : std::string(label) + ": " + text;
}

std::string class_words(const std::string& name) {
  if (name == "high_harm") return "high-harm";
  return name == "lower_level" ? "lower-level" : name;
}

std::string history_words(const Json& entry) {
  if (part(entry, "kind") == "none_known") return "Nothing is known.";
  return listed({part(entry, "offence"), part(entry, "date"), part(entry, "place"),
                 labelled("source", part(entry, "source")),
                 labelled("reliability", part(entry, "reliability")),
                 labelled("here it would be", part(entry, "equivalence")),
                 labelled("class", class_words(part(entry, "class"))),
                 labelled("classed by", part(entry, "classed_by"))});
}

std::string history_heading(const Json& entry) {
  const std::string kind = part(entry, "kind");
  if (kind == "conviction") return "Conviction elsewhere";
  return kind == "allegation" ? "Allegation elsewhere, not a conviction" : "History elsewhere";
}

std::string role_change_words(const Json& entry) {
  const std::string hours =
      entry.contains("hours_before") ? entry.at("hours_before").dump() + " hours before" : "";
  return listed({hours, labelled("from", part(entry, "from")), labelled("to", part(entry, "to")),
                 labelled("by", part(entry, "office"))});
}

std::string sign_words(const Json& answers, const char* wanted) {
  std::string out;
  for (const SignWords& sign : kSigns) {
    if (part(answers, sign.name) == wanted)
      out += (out.empty() ? "" : "; ") + std::string(sign.words);
  }
  return out;
}

void add_indicators(const Json& draft, TextRows& rows) {
  if (!draft.contains("indicators")) return;
  const Json& indicators = draft.at("indicators");
  const std::string found = sign_words(indicators.value("answers", Json::object()), "yes");
  rows.emplace_back("Signs of slavery or trafficking",
                    listed({found.empty() ? "None was found" : found,
                            labelled("looked for on", part(indicators, "checked_on"))}));
}

void add_assurance(const Json& draft, TextRows& rows) {
  if (!draft.contains("assurance")) return;
  const Json& assurance = draft.at("assurance");
  rows.emplace_back("Assurance of the recipient",
                    assurance.is_object() ? part(assurance, "code") : "None is held.");
}

}  // namespace

TextRows casework_rows(const Json& draft) {
  TextRows rows;
  if (draft.contains("urgent")) {
    const Json& urgent = draft.at("urgent");
    rows.emplace_back(
        "Why it is urgent",
        listed({part(urgent, "reason"), labelled("needed by", part(urgent, "needed_by"))}));
  }
  for (const Json& entry : draft.value("history", Json::array()))
    rows.emplace_back(history_heading(entry), history_words(entry));
  const Json changes = draft.value("role_changes", Json());
  if (changes.is_array() && changes.empty())
    rows.emplace_back("Changes of role", "None was recorded.");
  if (changes.is_array()) {
    for (const Json& entry : changes) rows.emplace_back("Change of role", role_change_words(entry));
  }
  add_indicators(draft, rows);
  add_assurance(draft, rows);
  if (draft.contains("less_intrusive"))
    rows.emplace_back("Less intrusive step considered", part(draft, "less_intrusive"));
  return rows;
}

std::vector<std::string> casework_unknown(const Json& draft) {
  std::vector<std::string> out;
  const Json answers = draft.value("indicators", Json::object()).value("answers", Json::object());
  for (const SignWords& sign : kSigns) {
    if (part(answers, sign.name) == "not_known") out.emplace_back(sign.words);
  }
  return out;
}

}  // namespace firebreak::web
