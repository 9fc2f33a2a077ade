// SPDX-License-Identifier: Apache-2.0
// The chief officer's pages: what waits for a sign-off, one page with all that a decision rests on,
// and the page on which a passkey signs. Refusing is chosen unless somebody chooses otherwise, and
// needs no passkey and no script.
#include "web/components/components.h"
#include "web/pages/groups.h"
#include "web/pages/parts.h"
#include "web/pages/referral_list.h"
#include "web/pages/sign_off_view.h"

namespace firebreak::web {
namespace {

using identity::Right;

identity::Person person_of_caller(Frame& frame, const Request& request) {
  return *frame.app().reg.directory().person(request.caller->actor.id);
}

Block show_referral(Frame& frame, const Request& request) {
  record::Referrals& referrals = frame.app().reg.referrals();
  return [&referrals, actor = request.caller->actor, ref = std::string(request.parameter("ref"))] {
    return referrals.show(actor, ref);
  };
}

Json decision_choices(const FormErrors& errors, const Form* sent) {
  const std::string chosen = sent == nullptr ? "refuse" : sent->value("decision");
  const std::string reason = sent == nullptr ? "" : sent->value("reason");
  Json reasons = {{{"value", ""}, {"text", "Choose a reason"}}};
  for (const auto& [value, text] :
       {std::pair{"threshold_not_met", "The threshold is not met"},
        std::pair{"not_necessary", "It is not necessary"},
        std::pair{"not_proportionate", "It is not proportionate"},
        std::pair{"safeguarding", "Safeguarding comes first"},
        std::pair{"incomplete", "Something is missing"}, std::pair{"other", "Another reason"}})
    reasons.push_back({{"value", value}, {"text", text}, {"selected", reason == value}});
  Json model;
  model["HTML_DECISION"] =
      components::radios(
          {{"name", "decision"},
           {"fieldset",
            {{"legend",
              {{"text", "What do you decide?"}, {"classes", "govuk-fieldset__legend--m"}}}}},
           {"value", chosen},
           {"errorMessage", errors.of("decision")},
           {"items",
            {{{"value", "refuse"}, {"text", "Refuse: nothing is sent"}},
             {{"value", "return"}, {"text", "Send it back to the officer"}},
             {{"value", "authorise"},
              {"text", "Authorise exactly this message"},
              {"hint", {{"text", "Your passkey signs it on the next page."}}}}}}})
          .json();
  model["HTML_REASON"] =
      components::select({{"name", "reason"},
                          {"id", "reason"},
                          {"label", {{"text", "Reason, if you do not authorise"}}},
                          {"items", reasons},
                          {"errorMessage", errors.of("reason")}})
          .json();
  model["HTML_NOTE"] =
      components::textarea({{"name", "note"},
                            {"id", "note"},
                            {"rows", 3},
                            {"label", {{"text", "Note to the officer (optional)"}}},
                            {"hint", {{"text", "It is sealed with the referral."}}},
                            {"value", sent == nullptr ? "" : sent->value("note")},
                            {"errorMessage", errors.of("note")}})
          .json();
  model["HTML_CONTINUE"] =
      components::button({{"text", "Continue"}, {"preventDoubleClick", true}}).json();
  return model;
}

Response referral_page(Frame& frame, const Request& request, int status, const Json& referral,
                       FormErrors errors, const Form* sent) {
  const identity::Person person = person_of_caller(frame, request);
  const SignOffReader reader = reader_of(frame, person);
  const auto policy = frame.policy_today();
  Json model;
  if (!referral.contains("content")) {
    return frame.show(request, status, "sign_off_closed.html",
                      {{"TITLE", "Sign-off"},
                       {"BACK", {{"LINK", "/sign-off"}}},
                       {"HAPPENED", what_happened(referral, reader.name_of)}});
  }
  model = sign_off_view(referral, policy.get(), reader);
  const std::string why_not = why_not_sign(referral, policy.get(), reader);
  if (why_not.empty()) {
    model["DECIDE"] = decision_choices(errors, sent);
    model["DECIDE"]["DECIDE_ACTION"] = "/sign-off/" + referral.value("referral", "");
    model["DECIDE"]["REVISION"] = std::to_string(referral.at("revision").get<uint64_t>());
  } else {
    model["CLOSED"] = {{"WHY_NOT", why_not}};
    // Nothing typed is lost, even where it cannot be used any more.
    if (sent != nullptr && !sent->value("note").empty())
      model["TYPED"] = {{"HTML_TYPED_NOTE", lines_part(sent->value("note")).json()}};
  }
  errors.put_in(model);
  return frame.show(request, status, "sign_off.html", std::move(model));
}

PageResponse queue_page(Frame& frame, Request& request) {
  const ListShape& shape = sign_off_shape();
  const auto asked = read_list_query(shape, request);
  if (!asked) co_return frame.error_page(request, asked.error());
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  const identity::Person person = person_of_caller(frame, request);
  const SignOffReader reader = reader_of(frame, person);
  record::ReferralQuery query = asked_of_register(*asked);
  query.states = {record::State::submitted};
  query.for_sign_off = true;
  query.urgent_first = true;
  ListPage page;
  Block work = [&]() -> Result<Json> {
    FB_TRY(page, read_referrals(referrals, actor, shape, *asked, query, [&](const Json& referral) {
             return sign_off_row(referral, reader);
           }));
    return Json();
  };
  const auto read = co_await read_pool(frame, *asked).run(std::move(work));
  if (!read) co_return frame.error_page(request, read.error());
  if (asked->csv) co_return list_csv(shape, page);
  co_return frame.show(request, 200, "sign_off_queue.html",
                       {{"TITLE", "Sign-off"},
                        {"WIDE", true},
                        {"HTML_LIST", list_html(shape, *asked, page).json()}});
}

PageResponse sign_off_page(Frame& frame, Request& request) {
  Block work = show_referral(frame, request);
  const auto referral = co_await frame.app().reads.run(std::move(work));
  if (!referral) co_return frame.error_page(request, referral.error());
  co_return referral_page(frame, request, 200, *referral, {}, nullptr);
}

FormErrors decision_errors(const Form& sent) {
  FormErrors errors;
  const std::string decision = sent.value("decision");
  if (decision != "refuse" && decision != "return" && decision != "authorise")
    errors.add("decision", "Choose what you decide");
  if (decision != "authorise" && sent.value("reason").empty())
    errors.add("reason", "Choose a reason");
  if (sent.value("note").size() > 10'000)
    errors.add("note", "The note must be 10,000 characters or fewer");
  return errors;
}

// What a step that was refused left: the referral as it is now, and why, on the same page.
PageResponse refused_page(Frame& frame, Request& request, Error error, Form sent) {
  Block work = show_referral(frame, request);
  const auto referral = co_await frame.app().reads.run(std::move(work));
  if (!referral) co_return frame.error_page(request, error);
  FormErrors errors;
  const bool late = (*referral)["state"] != "submitted";
  const NameOf name_of = [&frame](const std::string& id) { return frame.display_name(id); };
  errors.add("", late ? "Your decision was not recorded. " + what_happened(*referral, name_of)
                      : "Your decision was not recorded. " + sentence(error));
  co_return referral_page(frame, request, http_status(error.code), *referral, errors, &sent);
}

bool same_revision(const Json& referral, std::string_view revision) {
  return std::to_string(referral.at("revision").get<uint64_t>()) == revision;
}

PageResponse take_decision(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const Form form = *sent;
  const std::string ref(request.parameter("ref"));
  Block work = show_referral(frame, request);
  const auto referral = co_await frame.app().reads.run(std::move(work));
  if (!referral) co_return frame.error_page(request, referral.error());
  FormErrors errors = decision_errors(form);
  if (!same_revision(*referral, form.value("revision")))
    errors.add("", "The referral was changed since you opened it. Read it again, then decide");
  if (errors.any()) co_return referral_page(frame, request, 400, *referral, errors, &form);
  if (form.value("decision") == "authorise")
    co_return redirect("/sign-off/" + ref + "/passkey/" + form.value("revision"));
  const bool refuse = form.value("decision") == "refuse";
  const record::Answer answer{form.value("reason"), form.value("note")};
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  Start step = [&referrals, actor, ref, answer, refuse](record::Done done) {
    if (refuse) {
      referrals.refuse(actor, ref, answer, std::move(done));
    } else {
      referrals.return_to_draft(actor, ref, answer, std::move(done));
    }
  };
  const auto decided = co_await recorded(std::move(step));
  if (!decided) {
    PageResponse page = refused_page(frame, request, decided.error(), form);
    co_return co_await std::move(page);
  }
  frame.notice(request, refuse ? "You refused " + ref + ". Nothing is sent."
                               : "You sent " + ref + " back to the officer.");
  co_return redirect("/sign-off");
}

Response passkey_page(Frame& frame, const Request& request, int status, const Json& referral,
                      FormErrors errors) {
  record::Directory& directory = frame.app().reg.directory();
  const auto state = record::read_referral_state(referral);
  if (!state) return frame.error_page(request, state.error());
  const auto options = directory.sign_off_options(request.caller->token, *state);
  Json model = {{"TITLE", "Sign off with your passkey"},
                {"BACK", {{"LINK", "/sign-off/" + state->id}}},
                {"REFERENCE", state->id},
                {"ADDRESS", state->statement.value("address", "")},
                {"MESSAGE_DIGEST", state->statement.value("message_digest", "")},
                {"STATEMENT_DIGEST", state->statement_digest},
                {"RULE", state->terms.rule}};
  if (options) {
    model["SIGN"] = {
        {"OPTIONS", options->dump()},
        {"SIGN_ACTION", "/sign-off/" + state->id + "/passkey/" + std::to_string(state->revision)},
        {"HTML_SIGN",
         components::button({{"text", "Sign with your passkey"}, {"preventDoubleClick", true}})
             .json()}};
  } else {
    const bool none = person_of_caller(frame, request).passkeys.empty();
    model["NO_PASSKEY"] = {
        {"WHY_NOT", none
                        ? "You have not registered a passkey. Register one, then come back to this "
                          "referral: it waits for you."
                        : sentence(options.error())}};
  }
  errors.put_in(model);
  return frame.show(request, status, "sign_off_passkey.html", std::move(model));
}

PageResponse sign_page(Frame& frame, Request& request) {
  Block work = show_referral(frame, request);
  const auto referral = co_await frame.app().reads.run(std::move(work));
  if (!referral) co_return frame.error_page(request, referral.error());
  const identity::Person person = person_of_caller(frame, request);
  const auto policy = frame.policy_today();
  const bool closed = !why_not_sign(*referral, policy.get(), reader_of(frame, person)).empty() ||
                      !same_revision(*referral, request.parameter("revision"));
  if (closed) co_return redirect("/sign-off/" + std::string(request.parameter("ref")));
  co_return passkey_page(frame, request, 200, *referral, {});
}

PageResponse take_signature(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const Form form = *sent;
  const std::string ref(request.parameter("ref"));
  Block look = show_referral(frame, request);
  const auto referral = co_await frame.app().reads.run(std::move(look));
  if (!referral) co_return frame.error_page(request, referral.error());
  const uint64_t revision = (*referral)["revision"].get<uint64_t>();
  FormErrors errors;
  const std::string answer = form.value("answer");
  if (!same_revision(*referral, request.parameter("revision")))
    co_return redirect("/sign-off/" + ref);
  if (answer.empty()) errors.add("", "No passkey answered. Signing off needs JavaScript");
  record::Directory& directory = frame.app().reg.directory();
  const auto asked = errors.any()
                         ? Result<record::SignOffRequest>(bad_input("nothing"))
                         : directory.take_sign_off(request.caller->token, ref, revision, answer);
  if (!asked) {
    if (!errors.any()) errors.add("", "Nothing was signed. " + sentence(asked.error()));
    co_return passkey_page(frame, request, 400, *referral, errors);
  }
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  const record::SignOffRequest sign_off = *asked;
  Start step = [&referrals, actor, ref, sign_off](record::Done done) {
    referrals.authorise(actor, ref, sign_off, std::move(done));
  };
  const auto done = co_await recorded(std::move(step));
  if (!done) {
    PageResponse page = refused_page(frame, request, done.error(), form);
    co_return co_await std::move(page);
  }
  frame.notice(request, (*done)["state"] == "authorised"
                            ? "You signed off " + ref + ". The referral desk can release it."
                            : "You signed off " + ref + ". Another person must sign it, too.");
  co_return redirect("/sign-off/" + ref);
}

}  // namespace

void add_sign_off_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  constexpr auto kSign = Right::authorise_referral;
  constexpr size_t kDecisionBody = size_t{64} << 10;  // a note of 10,000 characters, escaped
  frame->add_navigation(
      {"Sign-off", "/sign-off", kSign, "Decide on referrals that wait for a sign-off"});
  add_page_routes(
      router, frame,
      {{"GET", "/sign-off", queue_page, kSign},
       {"GET", "/sign-off/{ref}", sign_off_page, kSign},
       {"POST", "/sign-off/{ref}", take_decision, kSign, Access::signed_in, kDecisionBody},
       {"GET", "/sign-off/{ref}/passkey/{revision}", sign_page, kSign},
       {"POST", "/sign-off/{ref}/passkey/{revision}", take_signature, kSign}});
}

}  // namespace firebreak::web
