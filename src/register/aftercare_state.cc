// SPDX-License-Identifier: Apache-2.0
#include "register/aftercare_state.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "register/event.h"
#include "register/referral_state.h"

namespace firebreak::record {
namespace {

using WordList = std::vector<std::string>;

Error cannot_follow(const char* why) {
  return {ErrorCode::corrupt, std::string("This step of a referral cannot follow: ") + why, {}, {}};
}

std::string text_in(const Json& entry, const char* member) {
  return entry.at(member).get<std::string>();
}

// A day of the entry, or empty for null.
Result<std::string> day_in(const Json& entry, const char* member) {
  if (entry.at(member).is_null()) return std::string();
  std::string day = text_in(entry, member);
  if (!parse_day(day)) return cannot_follow("a day in it is not a date.");
  return day;
}

Result<void> held(ReferralState& s, const Json& e) {
  if (s.state == State::erased) return cannot_follow("the referral is erased.");
  if (s.after.hold) return cannot_follow("the referral is held already.");
  s.after.hold = Hold{text_in(e, "actor"), text_in(e, "reason"), text_in(e, "at")};
  if (!is_word_of(hold_reasons(), s.after.hold->reason))
    return cannot_follow("its reason is not one that a hold has.");
  return {};
}

Result<void> hold_ended(ReferralState& s, const Json&) {
  if (!s.after.hold) return cannot_follow("the referral is not held.");
  s.after.hold.reset();
  return {};
}

Result<void> consent_withdrawn(ReferralState& s, const Json& e) {
  if (s.state == State::erased) return cannot_follow("the referral is erased.");
  if (s.stopped_by_consent()) return cannot_follow("consent was withdrawn already.");
  const bool too_late = e.at("too_late").get<bool>();
  if (too_late != s.may_have_left())
    return cannot_follow("whether it comes too late is not what the referral's state says.");
  const bool asked_back = s.after.consent && s.after.consent->recall == "open";
  s.after.consent = ConsentWithdrawn{
      text_in(e, "actor"), text_in(e, "said_by"), text_in(e, "at"), s.revision, too_late, {}};
  if (!is_word_of(consent_sources(), s.after.consent->said_by))
    return cannot_follow("nobody of this description withdraws consent.");
  if (too_late || asked_back) s.after.consent->recall = "open";
  const bool stopped = s.state == State::submitted || s.state == State::authorised ||
                       s.state == State::released || s.state == State::failed;
  if (stopped) back_to_draft(s);
  return {};
}

Result<void> recall_answered(ReferralState& s, const Json& e) {
  if (!s.after.consent || s.after.consent->recall != "open")
    return cannot_follow("nothing is being asked back.");
  s.after.consent->recall = text_in(e, "answer");
  if (!is_word_of(recall_answers(), s.after.consent->recall))
    return cannot_follow("this is no answer to asking it back.");
  return {};
}

Result<void> acknowledged(ReferralState& s, const Json& e) {
  if (!s.handed_over()) return cannot_follow("only what was handed over is acknowledged.");
  FB_TRY(std::string received, day_in(e, "received"));
  s.after.acknowledged = Acknowledged{text_in(e, "actor"), text_in(e, "at"), std::move(received)};
  return {};
}

Result<void> outcome_asked(ReferralState& s, const Json& e) {
  if (s.state != State::handed) return cannot_follow("only what was handed over is asked about.");
  ++s.after.asked;
  FB_TRY(s.after.chase, day_in(e, "chase"));
  return {};
}

Result<void> outcome_recorded(ReferralState& s, const Json& e) {
  if (!s.handed_over()) return cannot_follow("only what was handed over has an outcome.");
  FB_TRY(std::string learnt, day_in(e, "learnt"));
  const Outcome said{text_in(e, "outcome"), text_in(e, "source"), std::move(learnt),
                     text_in(e, "actor"), text_in(e, "at")};
  if (!is_word_of(outcome_words(), said.outcome) || !is_word_of(outcome_sources(), said.source))
    return cannot_follow("its outcome or its source is none of the fixed words.");
  s.after.outcomes.push_back(said);
  FB_TRY(s.after.chase, day_in(e, "chase"));
  return {};
}

Result<void> closed(ReferralState& s, const Json&) {
  if (s.state != State::handed || s.after.outcomes.empty())
    return cannot_follow("only what was handed over and has an outcome is closed.");
  if (s.after.consent && s.after.consent->recall == "open")
    return cannot_follow("it is still being asked back.");
  s.state = State::closed;
  return {};
}

Result<void> viewed(ReferralState& s, const Json& e) {
  if (s.state == State::erased) return cannot_follow("the referral is erased.");
  s.after.viewed[text_in(e, "actor")] = text_in(e, "at");
  return {};
}

using Take = Result<void> (*)(ReferralState&, const Json&);
constexpr std::array<std::pair<std::string_view, Take>, 9> kTakes = {{
    {kind::kHeld, held},
    {kind::kHoldEnded, hold_ended},
    {kind::kConsentWithdrawn, consent_withdrawn},
    {kind::kRecallAnswered, recall_answered},
    {kind::kAcknowledged, acknowledged},
    {kind::kOutcomeAsked, outcome_asked},
    {kind::kOutcomeRecorded, outcome_recorded},
    {kind::kClosed, closed},
    {kind::kViewed, viewed},
}};

std::optional<Day> handed_day(const ReferralState& state) {
  if (state.state != State::handed) return std::nullopt;
  const auto at = parse_instant(state.last_dispatch()->changed);
  return at ? std::optional(london_day(*at)) : std::nullopt;
}

Day days_later(Day day, int days) {
  return Day{std::chrono::sys_days{day} + std::chrono::days{days}};
}

}  // namespace

const WordList& hold_reasons() {
  static const WordList words = {"safeguarding", "complaint", "legal_advice", "facts_in_doubt",
                                 "other"};
  return words;
}

const WordList& consent_sources() {
  static const WordList words = {"subject", "solicitor", "adviser", "other"};
  return words;
}

const WordList& recall_answers() {
  static const WordList words = {"deleted", "declined", "no_reply"};
  return words;
}

const WordList& outcome_words() {
  static const WordList words = {"no_reply", "no_action",      "papers_served", "detained",
                                 "removed",  "status_granted", "other",         "unknown"};
  return words;
}

const WordList& outcome_sources() {
  static const WordList words = {"recipient", "subject", "solicitor", "other"};
  return words;
}

bool is_word_of(const WordList& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_aftercare_kind(std::string_view event_kind) {
  return std::any_of(kTakes.begin(), kTakes.end(),
                     [&](const auto& known) { return known.first == event_kind; });
}

Result<void> take_aftercare(ReferralState& state, const Json& entry) {
  const auto event_kind = text_in(entry, "kind");
  if (entry.at("actor") == kSystem) return cannot_follow("a named person takes it.");
  for (const auto& [name, take] : kTakes) {
    if (name != event_kind) continue;
    FB_CHECK(take(state, entry));
    count_notes(state, entry);
    return {};
  }
  return cannot_follow("it is of no kind that a referral has.");
}

void back_to_draft(ReferralState& state) {
  if (state.state == State::released) state.dispatches.back().state = "void";
  state.state = State::draft;
  state.statement = nullptr;
  state.statement_digest.clear();
  state.sign_offs.clear();
}

void count_notes(ReferralState& state, const Json& entry) {
  for (const Json& document : entry.value("documents", Json::array())) {
    if (document.at("kind") == "note") state.notes = document.at("revision").get<uint64_t>();
  }
}

std::optional<Day> next_chase(const ReferralState& state, const std::vector<int>& chase_days) {
  const auto handed = handed_day(state);
  if (!handed) return std::nullopt;
  if (state.after.asked == 0 && state.after.outcomes.empty()) {
    if (chase_days.empty()) return std::nullopt;
    return days_later(*handed, chase_days.front());
  }
  const auto set = parse_day(state.after.chase);
  return set ? std::optional(*set) : std::nullopt;
}

std::optional<Day> chase_after(const ReferralState& state, const std::vector<int>& chase_days,
                               Day today) {
  const auto handed = handed_day(state);
  for (const int days : chase_days) {
    if (!handed) break;
    const Day day = days_later(*handed, days);
    if (day > today) return day;
  }
  return std::nullopt;
}

Json to_json(const Aftercare& after) {
  Json out = {{"hold", nullptr},       {"consent_withdrawn", nullptr}, {"acknowledged", nullptr},
              {"asked", after.asked},  {"chase", after.chase},         {"outcomes", Json::array()},
              {"viewed", after.viewed}};
  if (const auto& hold = after.hold)
    out["hold"] = {{"by", hold->by}, {"reason", hold->reason}, {"at", hold->at}};
  if (const auto& consent = after.consent) {
    out["consent_withdrawn"] = {{"by", consent->by},
                                {"said_by", consent->said_by},
                                {"at", consent->at},
                                {"revision", consent->revision},
                                {"too_late", consent->too_late},
                                {"recall", consent->recall}};
  }
  if (const auto& got = after.acknowledged)
    out["acknowledged"] = {{"by", got->by}, {"at", got->at}, {"received", got->received}};
  for (const Outcome& said : after.outcomes) {
    out["outcomes"].push_back({{"outcome", said.outcome},
                               {"source", said.source},
                               {"learnt", said.learnt},
                               {"by", said.by},
                               {"at", said.at}});
  }
  return out;
}

Aftercare read_aftercare(const Json& json) {
  Aftercare after;
  if (const Json& hold = json.at("hold"); !hold.is_null())
    after.hold = Hold{text_in(hold, "by"), text_in(hold, "reason"), text_in(hold, "at")};
  if (const Json& consent = json.at("consent_withdrawn"); !consent.is_null()) {
    after.consent = ConsentWithdrawn{text_in(consent, "by"),
                                     text_in(consent, "said_by"),
                                     text_in(consent, "at"),
                                     consent.at("revision").get<uint64_t>(),
                                     consent.at("too_late").get<bool>(),
                                     text_in(consent, "recall")};
  }
  if (const Json& got = json.at("acknowledged"); !got.is_null())
    after.acknowledged =
        Acknowledged{text_in(got, "by"), text_in(got, "at"), text_in(got, "received")};
  after.asked = json.at("asked").get<uint64_t>();
  after.chase = text_in(json, "chase");
  for (const Json& said : json.at("outcomes")) {
    after.outcomes.push_back({text_in(said, "outcome"), text_in(said, "source"),
                              text_in(said, "learnt"), text_in(said, "by"), text_in(said, "at")});
  }
  after.viewed = json.at("viewed").get<std::map<std::string, std::string>>();
  return after;
}

}  // namespace firebreak::record
