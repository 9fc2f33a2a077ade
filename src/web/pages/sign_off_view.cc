// SPDX-License-Identifier: Apache-2.0
#include "web/pages/sign_off_view.h"

#include <algorithm>
#include <array>
#include <utility>

#include "policy/explain.h"
#include "register/passkey_rules.h"
#include "register/policies_in_force.h"
#include "web/components/components.h"
#include "web/pages/casework_rows.h"
#include "web/pages/frame.h"
#include "web/pages/parts.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

using policy::Policy;

struct StepWords {
  const char* kind;
  const char* did;
};
constexpr std::array<StepWords, 27> kStepWords = {
    {{"referral.begun", "began it"},
     {"referral.saved", "saved it"},
     {"referral.forwarded", "forwarded it"},
     {"referral.reviewed", "reviewed it"},
     {"referral.drafted", "wrote the draft"},
     {"referral.submitted", "submitted it"},
     {"referral.returned", "sent it back"},
     {"referral.withdrawn", "withdrew it"},
     {"referral.authorised", "signed it off"},
     {"referral.refused", "refused it"},
     {"referral.released", "released it"},
     {"referral.handing", "began to hand it over"},
     {"referral.handed", "handed it over"},
     {"referral.failed", "could not hand it over"},
     {"referral.in_doubt", "put it in doubt"},
     {"referral.settled", "settled it"},
     {"referral.superseded", "sent it again"},
     {"referral.viewed", "read it"},
     {"referral.held", "held it"},
     {"referral.hold_ended", "ended the hold"},
     {"referral.consent_withdrawn", "recorded that consent was withdrawn"},
     {"referral.recall_answered", "recorded the answer to the recall"},
     {"referral.acknowledged", "recorded that the recipient has it"},
     {"referral.outcome_asked", "asked the recipient what became of it"},
     {"referral.outcome_recorded", "recorded what became of it"},
     {"referral.closed", "closed it"},
     {"referral.erased", "erased it"}}};

std::string did(const Json& entry) {
  for (const StepWords& words : kStepWords) {
    if (entry.at("kind") == words.kind) return words.did;
  }
  return "took another step";
}

std::string time_of(const Json& entry, const char* member = "at") {
  const auto at = parse_instant(entry.value(member, ""));
  return at ? say_time(*at) : std::string("not known");
}

std::string actor_name(const Json& entry, const NameOf& name_of) {
  const auto id = entry.value("actor", "");
  if (id == "system") return "Firebreak";
  const std::string name = name_of(id);
  return name.empty() ? id : name;
}

Json summary_row(const std::string& key, const std::string& value) {
  return {{"key", {{"text", key}}}, {"value", {{"text", value}}}};
}

Json summary(Json rows) { return components::summary_list({{"rows", std::move(rows)}}).json(); }

// How long it waits, roughly: what a tired reader needs.
std::string age(Instant since, Instant now) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - since).count();
  const auto counted = [](int64_t count, const char* one, const char* many) {
    return std::to_string(count) + (count == 1 ? one : many);
  };
  if (minutes < 60) return counted(std::max<int64_t>(minutes, 0), " minute", " minutes");
  if (minutes < 48 * 60) return counted(minutes / 60, " hour", " hours");
  return counted(minutes / (24 * 60), " day", " days");
}

bool waits(const Json& referral) {
  return referral.at("state") == "submitted" && referral.at("terms").at("decision") == "sign_off";
}

bool is_urgent(const Json& referral) { return referral.value("urgent", false); }

std::string signed_of(const Json& referral) {
  return std::to_string(referral.at("sign_offs").size()) + " of " +
         std::to_string(referral.at("terms").at("count").get<int>());
}

// A fact whose answer is that nobody knows.
bool says_unknown(const Json& value) { return value == "unknown" || value == "not_sought"; }

void add_facts(const Json& draft, const Policy* policy, Json& model) {
  if (policy == nullptr) return;
  const Json& facts = draft.at("facts");
  Json rows = Json::array();
  Json unknown = Json::array();
  for (const policy::Attribute& attribute : policy->vocabulary().attributes) {
    if (attribute.setting || attribute.protected_reason) continue;
    const std::string& asked = attribute.question.empty() ? attribute.name : attribute.question;
    const bool given = facts.contains(attribute.name);
    if (given)
      rows.push_back(summary_row(asked, say_answer({&attribute, facts.at(attribute.name)})));
    if (!given || says_unknown(facts.at(attribute.name))) unknown.push_back({{"TEXT", asked}});
  }
  for (const std::string& sign : casework_unknown(draft)) unknown.push_back({{"TEXT", sign}});
  model["HTML_FACTS"] = summary(std::move(rows));
  if (unknown.empty()) {
    model["ALL_KNOWN"] = true;
  } else {
    model["UNKNOWN"] = {{"FACT", std::move(unknown)}};
  }
}

// The officer's account; safeguarding stands by itself, before everything else.
void add_account(const Json& draft, const Policy* policy, Json& model) {
  Json rows = Json::array();
  std::string safeguarding;
  for (const auto& [name, text] : draft.at("reasons").items()) {
    const policy::Word* word = policy == nullptr ? nullptr : policy->vocabulary().find_reason(name);
    if (name == "safeguarding") safeguarding = text;
    rows.push_back(summary_row(word == nullptr || word->label.empty() ? name : word->label, text));
  }
  model["SAFEGUARDING"] = safeguarding.empty()
                              ? Json{{"MISSING_PLAN", true}}
                              : Json{{"PLAN", {{"HTML_LINES", lines_part(safeguarding).json()}}}};
  for (const auto& [heading, text] : casework_rows(draft))
    rows.push_back(summary_row(heading, text));
  rows.push_back(summary_row("Occurrence", draft.value("occurrence", "")));
  rows.push_back(summary_row("Person", draft.value("person", "")));
  model["HTML_ACCOUNT"] = summary(std::move(rows));
}

void add_message(const Json& referral, const SignOffReader& reader, Json& model) {
  const Json& statement = referral.at("statement");
  if (statement.is_null()) return;
  const auto address = statement.value("address", "");
  const record::Destination* to = reader.config.destination(statement.value("destination", ""));
  model["SENT"] = {
      {"TO", to == nullptr ? address : to->label},
      {"ADDRESS", address},
      {"HTML_MESSAGE", message_part(referral.at("content").value("message", "")).json()},
      {"MESSAGE_DIGEST", statement.value("message_digest", "")},
      {"STATEMENT_DIGEST", referral.value("statement_digest", "")}};
}

void add_policy(const Json& facts, const Policy* policy, Json& model) {
  if (policy == nullptr) return;
  const auto read = policy->read_facts(facts, {.live = true});
  if (!read) return;
  Walk walk;
  walk.facts = facts;
  const Json view = answer_view(policy, walk, policy::answer(*policy, policy->decide(*read)));
  for (const char* name : {"ANSWER", "BECAUSE", "RULE", "CLAUSES", "CONDITIONS", "POLICY"}) {
    if (view.contains(name)) model[name] = view.at(name);
  }
  model["HTML_EXPLANATION"] =
      Element("pre")
          .set("class", "fb-message")
          .set("tabindex", "0")
          .set("role", "region")
          .set("aria-label", "How the policy comes to this")
          .text(policy::text(*policy,
                             policy::explain(*policy, *read, policy::Advice::towards_refusal)))
          .html()
          .json();
}

void add_people(const Json& referral, const SignOffReader& reader, Json& model) {
  Json steps = Json::array();
  const Json& history = referral.at("history");
  size_t times = 1;
  for (size_t i = 0; i < history.size(); ++i) {
    const Json& entry = history[i];
    const bool again = i + 1 < history.size() && entry.at("kind") == "referral.saved" &&
                       history[i + 1].at("kind") == "referral.saved" &&
                       history[i + 1].value("actor", "") == entry.value("actor", "");
    if (again) {
      ++times;  // the many savings of a draft: one line, with the time of the last
      continue;
    }
    Json step = {{"WHEN_TEXT", time_of(entry)},
                 {"WHO", actor_name(entry, reader.name_of)},
                 {"DID", did(entry)}};
    if (times > 1) step["TIMES"] = {{"COUNT", std::to_string(times)}};
    steps.push_back(std::move(step));
    times = 1;
  }
  model["STEP"] = std::move(steps);
  Json given = Json::array();
  for (const Json& sign_off : referral.at("sign_offs")) {
    const auto signer = sign_off.value("person", "");
    Json row = {{"SIGNER", reader.name_of(signer)}, {"SIGNED_AT", time_of(sign_off)}};
    const auto at = parse_instant(sign_off.value("at", ""));
    if (at && reader.deputised(signer, referral.at("terms").value("rank", ""), london_day(*at)))
      row["DEPUTY"] = true;
    given.push_back(std::move(row));
  }
  if (!given.empty()) model["GIVEN"] = {{"SIGN_OFF", std::move(given)}};
  model["SIGNED_OF"] = signed_of(referral);
  if (referral.contains("review")) {
    const Json& review = referral.at("review");
    model["REVIEWED"] = {
        {"REVIEWER", reader.name_of(review.value("by", ""))},
        {"REVIEWED_AT", time_of(review)},
        {"FOUND",
         review.value("finding", "") == "in_order" ? "it was in order" : "it was not in order"}};
  }
  Json notes = Json::array();
  for (const Json& note : referral.at("content").at("notes"))
    notes.push_back({{"HTML_LINES", lines_part(note.get<std::string>()).json()}});
  if (!notes.empty()) model["NOTES"] = {{"NOTE_ROW", std::move(notes)}};
}

}  // namespace

SignOffReader reader_of(Frame& frame, const identity::Person& person) {
  record::Register& reg = frame.app().reg;
  const auto policy = frame.policy_today();
  return {person, reg.clock().now(), reg.config(),
          [&frame](const std::string& id) { return frame.display_name(id); },
          [&reg, policy](const std::string& id, const std::string& rank, Day day) {
            const auto who = reg.directory().person(id);
            return who && policy &&
                   identity::deputises(*who, record::rank_names(*policy), rank, day);
          }};
}

const ListShape& sign_off_shape() {
  static const ListShape shape = {
      .path = "/sign-off",
      .file = "sign-off",
      .caption = "Referrals that wait for a sign-off",
      .none = "Nothing waits for a sign-off.",
      .columns = {{.id = "reference", .heading = "Reference", .sorts = false},
                  {.id = "urgent", .heading = "Urgent", .sorts = false},
                  {.id = "waits", .heading = "Waits for"},
                  {.id = "signed", .heading = "Signed", .sorts = false}},
      .search = ListSearch::reference,
      .search_label = "Search by reference",
      .order = "waits"};
  return shape;
}

ListRow sign_off_row(const Json& referral, const SignOffReader& reader) {
  const auto since = parse_instant(referral.value("changed", ""));
  const std::string ref = referral.value("referral", "");
  Html shown = Element("a")
                   .set("class", "govuk-link fb-break")
                   .set("href", "/sign-off/" + ref)
                   .text(ref)
                   .html();
  const auto& acted = referral.at("acted");
  if (std::find(acted.begin(), acted.end(), reader.person.id) != acted.end()) {
    shown += Element("div")
                 .set("class", "govuk-hint")
                 .text("You had a part in it: another chief officer decides.")
                 .html();
  }
  ListCell urgent{.text = "No"};
  if (is_urgent(referral)) {
    urgent = {.text = "Yes",
              .shown = components::tag({{"text", "Urgent"}, {"classes", "govuk-tag--red"}}).json()};
  }
  return {.cells = {{.text = ref, .shown = shown.json()},
                    urgent,
                    {.text = since ? age(*since, reader.now) : "not known"},
                    {.text = signed_of(referral)}}};
}

Json urgent_reviews_view(const Json& referrals, const SignOffReader& reader) {
  Json rows = Json::array();
  for (const Json& referral : referrals) {
    const auto state = record::read_referral_state(referral);
    if (!state || !state->awaits_review()) continue;
    const auto at = parse_instant(state->sign_offs.back().at);
    if (!at) continue;
    Json row = {{"REFERENCE", state->id},
                {"SIGNED_BY", reader.name_of(state->sign_offs.back().person)},
                {"SIGNED_AT", say_time(*at)},
                {"SIGNED_INSTANT", state->sign_offs.back().at}};
    const bool own = std::ranges::any_of(
        state->sign_offs, [&](const auto& given) { return given.person == reader.person.id; });
    if (own || state->acted.contains(reader.person.id)) {
      row["NOT_YOURS"] = true;
    } else {
      row["OPEN"] = {{"LINK", "/urgent-reviews/" + state->id}};
    }
    if (london_day(*at) == london_day(reader.now)) row["TODAY"] = true;
    rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Json& a, const Json& b) {
    return a.at("SIGNED_INSTANT") < b.at("SIGNED_INSTANT");
  });
  Json model = {{"TITLE", "Urgent sign-offs to review"}, {"WIDE", true}};
  if (rows.empty()) model["NONE"] = true;
  if (!rows.empty()) model["QUEUE"] = {{"ROW", std::move(rows)}};
  return model;
}

Json sign_off_view(const Json& referral, const Policy* policy, const SignOffReader& reader) {
  const Json& draft = referral.at("content").at("draft");
  const Json& facts = draft.at("facts");
  Json model = {{"TITLE", "Sign-off " + referral.value("referral", "")},
                {"BACK", {{"LINK", "/sign-off"}}},
                {"REFERENCE", referral.value("referral", "")}};
  if (is_urgent(referral)) model["URGENT"] = true;
  add_message(referral, reader, model);
  add_account(draft, policy, model);
  add_facts(draft, policy, model);
  add_policy(facts, policy, model);
  add_people(referral, reader, model);
  return model;
}

std::string why_not_sign(const Json& referral, const Policy* policy, const SignOffReader& reader) {
  if (!waits(referral)) return what_happened(referral, reader.name_of);
  const std::string& me = reader.person.id;
  if (referral.at("requester") == me) return "You asked for this referral yourself.";
  const Json& acted = referral.at("acted");
  if (std::find(acted.begin(), acted.end(), me) != acted.end()) {
    return "You have returned, released or settled this referral before, so another chief officer "
           "must decide.";
  }
  if (policy == nullptr) return "No policy is in force today, so everything is refused.";
  const bool look = reader.config.referrals.supervisor == record::SupervisorLook::required;
  if (look && !referral.value("forwarded", false))
    return "A supervisor must forward it before anybody decides.";
  const auto rank = referral.at("terms").value("rank", "");
  if (!identity::holds_rank(reader.person, record::rank_names(*policy), rank,
                            london_day(reader.now)))
    return "You do not hold the rank that the policy asks for today.";
  for (const Json& given : referral.at("sign_offs")) {
    if (given.at("person") == me) return "You have signed it off. Another person must, too.";
  }
  return {};
}

std::string what_happened(const Json& referral, const NameOf& name_of) {
  const Json& history = referral.at("history");
  for (auto entry = history.rbegin(); entry != history.rend(); ++entry) {
    const auto kind = entry->value("kind", "");
    if (kind == "referral.handing" || kind == "referral.handed") continue;
    return "It does not wait for a sign-off any more: " + actor_name(*entry, name_of) + " " +
           did(*entry) + ", " + time_of(*entry) + ".";
  }
  return "It does not wait for a sign-off.";
}

}  // namespace firebreak::web
