// SPDX-License-Identifier: Apache-2.0
#include "web/pages/case_view.h"

#include <algorithm>

#include "policy/policy.h"
#include "register/referral_state.h"
#include "web/components/components.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

Html plain(std::string_view text) { return Html::of_text(text); }

std::string member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The sealed notes, each with the step that it belongs to.
struct Notes {
  const Json& history;
  const Json& texts;

  [[nodiscard]] std::string of(const Json& entry) const {
    for (const Json& document : entry.value("documents", Json::array())) {
      if (document.value("kind", "") != "note") continue;
      const auto number = document.value("revision", size_t{0});
      if (number > 0 && number <= texts.size()) return texts[number - 1].get<std::string>();
    }
    return {};
  }
};

Html warnings(const Json& shown, const CaseNames& names) {
  const Json& after = shown.at("aftercare");
  Html out;
  if (const Json& hold = after.at("hold"); !hold.is_null()) {
    out += components::warning_text(
        {{"text", "Held: " + label_of(kHoldReasons, member(hold, "reason")) + ". By " +
                      names(member(hold, "by")) + ", " + time_words(member(hold, "at")) +
                      ". Nothing is released, handed over or erased until the hold is ended."},
         {"iconFallbackText", "Warning"}});
  }
  if (const Json& consent = after.at("consent_withdrawn"); !consent.is_null()) {
    const bool late = consent.at("too_late").get<bool>();
    out += components::warning_text(
        {{"text", std::string("Consent was withdrawn on ") + time_words(member(consent, "at")) +
                      ". Who said so: " + label_of(kConsentSources, member(consent, "said_by")) +
                      (late ? ". It came too late: the message had left, or may have."
                            : ". What was not sent was stopped.")},
         {"iconFallbackText", "Warning"}});
  }
  return out;
}

// When the sign-off that waits for its release ends; empty when none waits or it does not end.
std::string release_until(const Json& shown, const record::Config& config) {
  if (member(shown, "state") != "authorised" || shown.at("sign_offs").empty()) return {};
  policy::Conditions bound;
  const std::string after = member(shown.at("terms").at("conditions"), "expires_after");
  if (!after.empty()) bound.expires_after = after;
  auto hours = policy::expiry_hours(bound);
  const int urgent_hours = config.sign_off.urgent_hours;
  if (shown.value("urgent", false)) hours = std::min(hours.value_or(urgent_hours), urgent_hours);
  const auto signed_at = parse_instant(member(shown.at("sign_offs").back(), "at"));
  if (!hours || !signed_at) return {};
  return say_time(*signed_at + std::chrono::hours{*hours});
}

Html about(const Json& shown, const CaseNames& names, const record::Config& config) {
  const record::Destination* destination = config.destination(member(shown, "destination"));
  std::vector<SummaryRow> rows = {
      {"State", plain(state_words(member(shown, "state")))},
      {"Requested by", plain(names(member(shown, "requester")))},
      {"To",
       plain(destination == nullptr ? member(shown, "destination")
                                    : destination->label + " <" + destination->address + ">")}};
  if (shown.at("terms").is_object())
    rows.push_back({"Rule of the policy", plain(member(shown.at("terms"), "rule"))});
  for (const Json& given : shown.at("sign_offs")) {
    rows.push_back({"Signed off by", plain(names(member(given, "person")) + ", " +
                                           time_words(member(given, "at")))});
  }
  if (const std::string until = release_until(shown, config); !until.empty())
    rows.push_back({"Void if not released by", plain(until)});
  rows.push_back({"Last step", plain(time_words(member(shown, "changed")))});
  return summary_part(rows);
}

// What the mail server said of a release, as far as the record keeps it: its codes.
std::string server_words(const Json& shown, const Json& release) {
  std::string words;
  for (const Json& entry : shown.at("history")) {
    if (entry.value("release", Json()) != release || !entry.contains("detail")) continue;
    const std::string said = member(entry, "detail");
    if (said.empty()) continue;
    words += (words.empty() ? "" : "; ") + said;
  }
  return words.empty() ? "Nothing" : words;
}

Html delivery(const Json& shown, const CaseNames& names) {
  const Json& dispatches = shown.at("dispatches");
  if (dispatches.empty()) return {};
  std::vector<std::vector<Html>> rows;
  for (const Json& one : dispatches) {
    rows.push_back(
        {plain(std::to_string(one.at("release").get<uint64_t>())),
         plain(names(member(one, "releaser"))), plain(dispatch_words(member(one, "state"))),
         plain(server_words(shown, one.at("release"))), plain(time_words(member(one, "changed")))});
  }
  return table_part(
      "Delivery",
      {"Release", "Released by", "What became of it", "The mail server said", "Last change"}, rows);
}

// The day on which the recipient is to be asked next, in words.
std::string next_time(const Json& shown, const record::Config& config) {
  const auto state = record::read_referral_state(shown);
  const auto day =
      state ? record::next_chase(*state, config.outcomes.chase_days) : std::optional<Day>();
  return day ? say_day(*day) : "No further day is set";
}

Html follow_up(const Json& shown, const Notes& notes, const record::Config& config) {
  const std::string state = member(shown, "state");
  if (state != "handed" && state != "closed") return {};
  const Json& after = shown.at("aftercare");
  const Json& got = after.at("acknowledged");
  std::string reference;
  std::vector<std::vector<Html>> said;
  for (const Json& entry : shown.at("history")) {
    if (member(entry, "kind") == "referral.acknowledged") reference = notes.of(entry);
    if (member(entry, "kind") != "referral.outcome_recorded") continue;
    said.push_back({plain(label_of(kOutcomes, member(entry, "outcome"))),
                    plain(label_of(kOutcomeSources, member(entry, "source"))),
                    plain(day_words(member(entry, "learnt"))), plain(notes.of(entry))});
  }
  Html out = heading_part("What became of it");
  out += summary_part(
      {{"Acknowledged", plain(got.is_null() ? "Not yet" : day_words(member(got, "received")))},
       {"Their reference", plain(reference.empty() ? "None" : reference)},
       {"Ask again on", plain(next_time(shown, config))}});
  if (said.empty()) {
    out += paragraph_part("No outcome is recorded yet.");
  } else {
    out += table_part("Outcomes, as they were told", {"Outcome", "Who said so", "Learnt", "Note"},
                      said);
  }
  return out;
}

Html steps(const Json& shown, const CaseNames& names, const Notes& notes) {
  std::vector<std::vector<Html>> rows;
  const Json& history = shown.at("history");
  size_t times = 1;
  for (size_t i = 0; i < history.size(); ++i) {
    const Json& entry = history[i];
    const bool again = i + 1 < history.size() && member(entry, "kind") == "referral.saved" &&
                       member(history[i + 1], "kind") == "referral.saved" &&
                       member(history[i + 1], "actor") == member(entry, "actor");
    if (again) {
      ++times;  // the many savings of a draft: one row, with the time of the last
      continue;
    }
    const std::string who = names(member(entry, "actor"));
    const std::string often = times > 1 ? " (" + std::to_string(times) + " times)" : "";
    times = 1;
    rows.push_back({plain(time_words(member(entry, "at"))),
                    plain(entry_words(member(entry, "kind")) + often),
                    plain(who.empty() ? "The program" : who), plain(notes.of(entry))});
  }
  return table_part("Every step", {"When", "What", "Who", "Note"}, rows);
}

}  // namespace

Html tasks_body(const Json& found) {
  Html out;
  for (const Choice& kind : kTasks) {
    std::vector<std::vector<Html>> rows;
    for (const Json& task : found.at("tasks")) {
      if (task.value("task", "") != kind.value) continue;
      const std::string ref = task.value("referral", "");
      rows.push_back(
          {link_part("/desk/" + ref, ref), plain(time_words(task.value("since", ""))),
           plain(task.at("due").is_string() ? day_words(task.at("due").get<std::string>())
                                            : std::string("Now"))});
    }
    if (!rows.empty())
      out += table_part(kind.label + std::string(" (") + std::to_string(rows.size()) + ")",
                        {"Referral", "Since", "Due"}, rows);
  }
  if (out.empty()) out += paragraph_part("There is nothing to do.");
  if (found.value("more", false))
    out += paragraph_part("There is more than is listed here. The oldest come first.");
  return out;
}

Html case_body(const Json& shown, const identity::Actor& actor, const CaseNames& names,
               const record::Config& config) {
  const Json content = shown.value("content", Json::object());
  const Json texts = content.value("notes", Json::array());
  const Notes notes{shown.at("history"), texts};
  Html out = warnings(shown, names);
  out += about(shown, names, config);
  out += case_actions(shown, actor);
  out += delivery(shown, names);
  out += follow_up(shown, notes, config);
  if (content.contains("message")) {
    out += heading_part("The message, exactly");
    out += message_part(content.value("message", ""));
  }
  out += steps(shown, names, notes);
  return out;
}

}  // namespace firebreak::web
