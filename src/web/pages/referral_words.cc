// SPDX-License-Identifier: Apache-2.0
#include "web/pages/referral_words.h"

#include <algorithm>
#include <array>

#include "web/components/components.h"
#include "web/pages/parts.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

struct StepSaid {
  std::string_view kind;
  const char* words;
};

constexpr std::array<StepSaid, 27> kStepsSaid = {{
    {"referral.begun", "Begun"},
    {"referral.drafted", "Content checked against the policy"},
    {"referral.submitted", "Submitted"},
    {"referral.forwarded", "Forwarded to those who decide"},
    {"referral.returned", "Returned to the requester"},
    {"referral.withdrawn", "Withdrawn"},
    {"referral.authorised", "Signed off"},
    {"referral.refused", "Refused"},
    {"referral.released", "Released to be sent"},
    {"referral.handing", "Being handed to the mail server"},
    {"referral.handed", "Handed to the mail server"},
    {"referral.failed", "The mail server did not take it"},
    {"referral.in_doubt", "It is not known whether it arrived"},
    {"referral.settled", "What became of it was settled by evidence"},
    {"referral.superseded", "To be released again"},
    {"referral.erased", "Content erased"},
    {"referral.held", "Held: it is not sent for now"},
    {"referral.hold_ended", "No longer held"},
    {"referral.consent_withdrawn", "The person took back their consent"},
    {"referral.recall_answered", "The recipient answered the recall"},
    {"referral.acknowledged", "Acknowledged by the recipient"},
    {"referral.outcome_asked", "The recipient was asked what became of it"},
    {"referral.outcome_recorded", "What became of it was recorded"},
    {"referral.closed", "Closed"},
    // Many, and nothing that anybody waits for.
    {"referral.saved", ""},
    {"referral.viewed", ""},
    {"", "Another step"},
}};

// Why the program itself sends one back.
constexpr std::array<std::pair<std::string_view, const char*>, 4> kSystemReasons = {{
    {"policy_changed", "The policy in force answers differently now"},
    {"facts_changed", "The facts are not those that were authorised"},
    {"sign_off_expired", "The sign-off has expired"},
    {"destination_changed", "The destination’s address was changed"},
}};

std::string reason_said(const std::string& reason) {
  for (const auto* list : {&return_reasons(), &forward_reasons()})
    for (const auto& [word, said] : *list)
      if (word == reason) return said;
  for (const auto& [word, said] : kSystemReasons)
    if (word == reason) return said;
  return reason;
}

// The note that a step stored; empty when it stored none or the notes are not shown.
std::string note_of(const Json& referral, const Json& entry) {
  const Json notes = referral.contains("content")
                         ? referral["content"].value("notes", Json::array())
                         : Json::array();
  for (const Json& document : entry.value("documents", Json::array())) {
    const size_t number = document.value("revision", size_t{0});
    if (document.value("kind", "") == "note" && number >= 1 && number <= notes.size())
      return notes[number - 1].get<std::string>();
  }
  return {};
}

}  // namespace

const std::vector<StateSaid>& states_said() {
  static const std::vector<StateSaid> states = {
      {"begun", "Being written", "light-blue"},
      {"draft", "Draft", "light-blue"},
      {"submitted", "Submitted", "blue"},
      {"authorised", "Signed off", "turquoise"},
      {"released", "Released", "turquoise"},
      {"handing", "Being sent", "turquoise"},
      {"handed", "Handed over", "green"},
      {"in_doubt", "In doubt", "orange"},
      {"failed", "Not delivered", "red"},
      {"refused", "Refused", "red"},
      {"withdrawn", "Withdrawn", "grey"},
      {"closed", "Closed", "grey"},
      {"erased", "Erased", "grey"},
  };
  return states;
}

Html state_tag(const std::string& state) {
  for (const StateSaid& said : states_said()) {
    if (state == said.state) {
      return components::tag(
          {{"text", said.words}, {"classes", std::string("govuk-tag--") + said.colour}});
    }
  }
  return components::tag({{"text", state}});
}

std::string next_step(const Json& referral) {
  const std::string state = referral.value("state", "");
  if (state == "begun") return "Finish it and submit it";
  if (state == "draft") return "Look at it again and submit it";
  if (state == "submitted") {
    if (referral["terms"].value("decision", "") == "sign_off")
      return referral.value("forwarded", false)
                 ? "A chief officer decides"
                 : "A supervisor looks at it; a chief officer decides";
    return "The referral desk releases it";
  }
  if (state == "authorised") return "The referral desk releases it";
  if (state == "released" || state == "handing") return "It is being sent";
  if (state == "in_doubt") return "The referral desk finds out whether it arrived";
  if (state == "failed") return "The referral desk decides whether to send it again";
  if (state == "handed") return "The referral desk finds out what became of it";
  return "Nothing";
}

std::string say_age(const std::string& since, Instant now) {
  const auto then = parse_instant(since);
  if (!then) return "not known";
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(now - *then).count();
  if (hours < 1) return "less than an hour";
  if (hours < 48) return hours == 1 ? "1 hour" : std::to_string(hours) + " hours";
  return std::to_string(hours / 24) + " days";
}

Json timeline_view(const Json& referral, const std::function<std::string(const Json&)>& role_of) {
  Json steps = Json::array();
  for (const Json& entry : referral.value("history", Json::array())) {
    const std::string kind = entry.value("kind", "");
    const auto* said = std::find_if(kStepsSaid.begin(), kStepsSaid.end() - 1,
                                    [&](const StepSaid& step) { return step.kind == kind; });
    if (*said->words == '\0') continue;
    const auto at = parse_instant(entry.value("at", ""));
    Json step = {{"WHAT", said->words},
                 {"WHO", role_of(entry)},
                 {"WHEN", at ? say_time(*at) : std::string("not known")}};
    const std::string reason = entry.value("reason", "");
    if (!reason.empty()) step["REASON"] = {{"TEXT", reason_said(reason)}};
    const std::string note = note_of(referral, entry);
    if (!note.empty()) step["NOTE"] = {{"HTML_LINES", lines_part(note).json()}};
    steps.push_back(std::move(step));
  }
  return steps;
}

const std::vector<std::pair<std::string, std::string>>& return_reasons() {
  static const std::vector<std::pair<std::string, std::string>> reasons = {
      {"incomplete", "Something is missing or not clear"},
      {"not_necessary", "It is not shown to be necessary"},
      {"not_proportionate", "It is not shown to be proportionate"},
      {"threshold_not_met", "The threshold is not met"},
      {"safeguarding", "Safeguarding must come first"},
      {"other", "Another reason, which the note says"}};
  return reasons;
}

const std::vector<std::pair<std::string, std::string>>& forward_reasons() {
  static const std::vector<std::pair<std::string, std::string>> reasons = {
      {"complete", "It is complete and clear"},
      {"threshold_met", "It is complete, and in my view the threshold is met"},
      {"for_decision", "I have doubts, which the note says; it is for those who decide"},
      {"other", "Another reason, which the note says"}};
  return reasons;
}

}  // namespace firebreak::web
