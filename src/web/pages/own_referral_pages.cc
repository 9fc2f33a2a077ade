// SPDX-License-Identifier: Apache-2.0
// My referrals, one of them with its steps, withdrawing it, and saying that the person withdrew
// their consent.
#include <algorithm>
#include <utility>

#include "web/components/components.h"
#include "web/listing.h"
#include "web/pages/case_words.h"
#include "web/pages/casework_parts.h"
#include "web/pages/groups.h"
#include "web/pages/referral_list.h"
#include "web/pages/referral_words.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

using identity::Right;

ListShape own_shape() {
  ListShape shape{.path = "/referrals",
                  .file = "my-referrals",
                  .caption = "My referrals",
                  .none = "You have no referrals.",
                  .columns = {{.id = "reference", .heading = "Reference", .sorts = false},
                              {.id = "state", .heading = "State", .sorts = false},
                              {.id = "age", .heading = "Last step"},
                              {.id = "next", .heading = "Next", .sorts = false}},
                  .filters = {{"state", "State", {}}},
                  .search = ListSearch::reference,
                  .search_label = "Search by reference",
                  .order = "age",
                  .descending = true};
  for (const StateSaid& said : states_said())
    shape.filters.front().values.push_back({said.state, said.words});
  return shape;
}

ListRow own_row(const Json& referral, Instant now) {
  const std::string ref = referral.value("referral", "");
  const std::string state = referral.value("state", "");
  const bool open = may_change(referral);
  const Html link = Element("a")
                        .set("class", "govuk-link fb-break")
                        .set("href", "/referrals/" + ref + (open ? "/tasks" : "/steps"))
                        .text(ref)
                        .html();
  std::string words = state;
  for (const StateSaid& said : states_said())
    if (state == said.state) words = said.words;
  return {.cells = {{.text = ref, .shown = link.json()},
                    {.text = words, .shown = state_tag(state).json()},
                    {.text = say_age(referral.value("changed", ""), now) + " ago"},
                    {.text = next_step(referral)}}};
}

PageResponse own_page(Frame& frame, Request& request) {
  const ListShape shape = own_shape();
  const auto query = read_list_query(shape, request);
  if (!query) co_return frame.error_page(request, query.error());
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  record::ReferralQuery wanted = asked_of_register(*query);
  wanted.requester = actor.id;
  const Instant now = frame.app().reg.clock().now();
  ListPage page;
  Block work = [&]() -> Result<Json> {
    FB_TRY(page, read_referrals(referrals, actor, shape, *query, wanted,
                                [&](const Json& referral) { return own_row(referral, now); }));
    return Json();
  };
  const auto read = co_await read_pool(frame, *query).run(std::move(work));
  if (!read) co_return frame.error_page(request, read.error());
  if (query->csv) co_return list_csv(shape, page);
  Json model = {{"TITLE", "My referrals"},
                {"WIDE", true},
                {"TOKEN", frame.new_token()},
                {"HTML_LIST", list_html(shape, *query, page).json()}};
  co_return frame.show(request, 200, "my_referrals.html", std::move(model));
}

const Json& consent_of(const Json& referral) {
  return referral.at("aftercare").at("consent_withdrawn");
}

bool may_have_left(const Json& referral) {
  const std::string state = referral.value("state", "");
  return state == "handing" || state == "in_doubt" || state == "handed" || state == "closed";
}

// Whether it can still be recorded that consent was withdrawn: once for what was submitted last.
bool can_lose_consent(const Json& referral) {
  const Json& consent = consent_of(referral);
  const bool stopped = !consent.is_null() && referral.at("revision") <= consent.at("revision");
  return referral.value("state", "") != "erased" && !stopped;
}

// What became of the referral when consent was withdrawn; empty when it was not.
const char* consent_said(const Json& referral) {
  const Json& consent = consent_of(referral);
  if (consent.is_null()) return "";
  const std::string recall = consent.value("recall", "");
  if (recall == "open")
    return "Consent was withdrawn after the message had left, or may have. The referral desk asks "
           "the recipient to delete it and records the answer.";
  if (!recall.empty())
    return "Consent was withdrawn after the message had left. The recipient was asked to delete "
           "it, and its answer is recorded.";
  return "Consent was withdrawn. What was not sent then was stopped.";
}

// What recording it does to a referral that stands as this one.
const char* consent_does(const Json& referral) {
  if (may_have_left(referral))
    return "The message has left, or may have: it cannot be stopped any more. The referral desk "
           "gets the task to ask the recipient to delete it, and records the answer.";
  if (may_change(referral))
    return "Nothing of it was submitted. It stays with you, and the record says that consent was "
           "withdrawn. Withdraw the referral as well if it is not needed any more.";
  return "Nothing of it that was not sent is sent: it is stopped at once and goes back to you. It "
         "can be submitted again only with facts that say that consent was withdrawn, if the "
         "policy allows it then.";
}

PageResponse steps_page(Frame& frame, Request& request) {
  auto shown = co_await own_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  const Json& referral = *shown;
  const std::string state = referral.value("state", "");
  Json model = {{"TITLE", "Referral"},
                {"REF", referral["referral"]},
                {"HTML_STATE", state_tag(state).json()},
                {"NEXT", next_step(referral)},
                {"BACK", {{"LINK", "/referrals"}}},
                {"STEP", timeline_view(referral, [&](const Json& entry) {
                   return role_of_step(frame, request, referral, entry);
                 })}};
  if (referral.value("urgent", false)) model["URGENT"] = true;
  if (may_change(referral)) model["REVISE"] = {{"LINK", path_of(request, "tasks")}};
  if (may_change(referral) || state == "submitted" || state == "authorised")
    model["WITHDRAW"] = {{"LINK", path_of(request, "withdraw")}};
  if (can_lose_consent(referral)) model["CONSENT"] = {{"LINK", path_of(request, "consent")}};
  if (const char* words = consent_said(referral); *words != '\0')
    model["CONSENT_SAID"] = {{"WORDS", words}};
  if (referral.contains("content")) {
    const Opened open = opened(frame, referral);
    model["SECTION"] = answers_view(open.making, "");
  }
  co_return frame.show(request, 200, "referral.html", std::move(model));
}

PageResponse withdraw_page(Frame& frame, Request& request) {
  auto shown = co_await own_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  Json model = {{"TITLE", "Withdraw this referral"},
                {"REF", (*shown)["referral"]},
                {"ACTION", request.path},
                {"DAYS", std::to_string(frame.app().reg.config().referrals.erase_refused_days)},
                {"BACK", {{"LINK", path_of(request, "steps")}}}};
  co_return frame.show(request, 200, "withdraw.html", std::move(model));
}

PageResponse take_withdrawal(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  const std::string ref(request.parameter("ref"));
  Start start = [&referrals, actor, ref](record::Done done) {
    referrals.withdraw(actor, ref, std::move(done));
  };
  auto withdrawn = co_await recorded(std::move(start));
  if (!withdrawn) {
    auto shown = co_await own_referral(frame, request);
    const bool already = shown && (*shown)["state"] == "withdrawn";
    if (!already) co_return frame.error_page(request, withdrawn.error());
  }
  frame.notice(request, "The referral was withdrawn. Nothing of it will be sent.");
  co_return redirect(path_of(request, "steps"));
}

constexpr FieldPart kSaidBy = {"said_by", "Who told you?"};
constexpr FieldPart kConsentNote = {"note", "What was said, when, and how it reached you",
                                    "It is sealed with the referral."};

Response consent_view(Frame& frame, const Request& request, const Json& referral, const Form& sent,
                      const FormErrors& errors) {
  Html fields = radios_part(kConsentSources, kSaidBy, sent, errors);
  fields += note_part(kConsentNote, sent, errors);
  const Json button = {{"text", "Record that consent was withdrawn"},
                       {"classes", "govuk-button--warning"},
                       {"preventDoubleClick", true}};
  Json model = {{"TITLE", "The person withdrew their consent"},
                {"HEADING", "The person withdrew their consent"},
                {"CAPTION", {{"TEXT", referral.at("referral")}}},
                {"HTML_BODY", paragraph_part(consent_does(referral)).json()},
                {"HTML_FIELDS", fields.json()},
                {"HTML_SUBMIT", components::button(button).json()},
                {"ACTION", request.path},
                {"CANCEL", path_of(request, "steps")},
                {"BACK", {{"LINK", path_of(request, "steps")}}}};
  errors.put_in(model);
  return frame.show(request, errors.any() ? 400 : 200, "step_form.html", std::move(model));
}

PageResponse consent_page(Frame& frame, Request& request) {
  auto shown = co_await own_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  if (!can_lose_consent(*shown)) co_return redirect(path_of(request, "steps"));
  co_return consent_view(frame, request, *shown, Form({}), {});
}

FormErrors check_consent(const Form& sent) {
  FormErrors errors;
  const bool known = std::any_of(kConsentSources.begin(), kConsentSources.end(),
                                 [&](const Choice& c) { return sent.value("said_by") == c.value; });
  if (!known) errors.add("said_by", "Select who told you");
  if (sent.value("note").find_first_not_of(" \r\n\t") == std::string::npos)
    errors.add("note", "Enter what was said, when, and how it reached you");
  return errors;
}

PageResponse take_consent(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  auto shown = co_await own_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  FormErrors errors = check_consent(*sent);
  if (errors.any()) co_return consent_view(frame, request, *shown, *sent, errors);
  record::AftercareSteps& aftercare = frame.app().reg.aftercare();
  const identity::Actor actor = request.caller->actor;
  const std::string ref(request.parameter("ref"));
  const record::Answer answer{sent->value("said_by"), sent->value("note")};
  Start start = [&aftercare, actor, ref, answer](record::Done done) {
    aftercare.withdraw_consent(actor, ref, answer, std::move(done));
  };
  const auto recorded_it = co_await recorded(std::move(start));
  if (!recorded_it && recorded_it.error().code == ErrorCode::bad_input) {
    errors.add(recorded_it.error().where, sentence(recorded_it.error()));
    co_return consent_view(frame, request, *shown, *sent, errors);
  }
  // It was recorded by somebody else meanwhile, or stands otherwise by now: its page shows how.
  const bool otherwise = !recorded_it && recorded_it.error().code == ErrorCode::conflict;
  if (!recorded_it && !otherwise) co_return frame.error_page(request, recorded_it.error());
  frame.notice(request, otherwise ? sentence(recorded_it.error())
                                  : "It is recorded that consent was withdrawn.");
  co_return redirect(path_of(request, "steps"));
}

}  // namespace

void add_own_referral_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  constexpr auto kDraft = Right::draft_referral;
  frame->add_navigation({"My referrals", "/referrals", kDraft, "Go on with your referrals"});
  add_page_routes(router, frame,
                  {{"GET", "/referrals", own_page, kDraft},
                   {"GET", "/referrals/{ref}/steps", steps_page, kDraft},
                   {"GET", "/referrals/{ref}/withdraw", withdraw_page, kDraft},
                   {"POST", "/referrals/{ref}/withdraw", take_withdrawal, kDraft},
                   {"GET", "/referrals/{ref}/consent", consent_page, kDraft},
                   {"POST", "/referrals/{ref}/consent", take_consent, kDraft}});
}

}  // namespace firebreak::web
