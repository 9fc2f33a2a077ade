// SPDX-License-Identifier: Apache-2.0
// The forms of the steps that the referral desk takes on one referral, all made in one way: a form
// names its fields and begins its step.
#include "web/components/components.h"
#include "web/pages/case_words.h"
#include "web/pages/groups.h"
#include "web/refused.h"

namespace firebreak::web {
namespace {

using identity::Right;
using record::Done;

struct StepField {
  enum class Kind { words, day, note, text };
  Kind kind;
  FieldPart part;
  Choices choices = {};
  const char* missing = "";  // the error when nothing is given; empty: it may be left out
};

// Begins the step with what was sent.
using BeginStep = void (*)(record::Register&, const identity::Actor&, const std::string& ref,
                           const Form& sent, Done);

struct StepForm {
  const char* path;
  const char* heading;
  const char* lead;
  const char* button;
  const char* done;  // the notice afterwards
  Right right;
  std::vector<StepField> fields;
  BeginStep begin;
};

constexpr FieldPart kNotePart = {"note", "Note", "It is sealed with the referral."};

StepField note_field() { return {StepField::Kind::note, kNotePart}; }
StepField word_field(const FieldPart& part, Choices choices, const char* missing) {
  return {StepField::Kind::words, part, choices, missing};
}
StepField day_field(const FieldPart& part) {
  return {StepField::Kind::day, part, {}, "Enter a real date, like 27 3 2026"};
}

record::Answer answer_in(const Form& sent, const char* word) {
  return {sent.value(word), sent.value("note")};
}

StepForm hold_form() {
  return {"hold",
          "Hold this referral",
          "While it is held nothing is released, handed over or erased.",
          "Hold it",
          "The referral is held.",
          Right::hold_referral,
          {word_field({"reason", "Why is it held?"}, kHoldReasons, "Select why it is held"),
           note_field()},
          [](auto& reg, auto& actor, auto& ref, auto& sent, Done done) {
            reg.aftercare().hold(actor, ref, answer_in(sent, "reason"), std::move(done));
          }};
}

StepForm end_hold_form() {
  return {"end-hold",
          "End the hold",
          "What is due to be sent is sent at once.",
          "End the hold",
          "The hold was ended.",
          Right::hold_referral,
          {note_field()},
          [](auto& reg, auto& actor, auto& ref, auto& sent, Done done) {
            reg.aftercare().end_hold(actor, ref, sent.value("note"), std::move(done));
          }};
}

StepForm consent_form() {
  return {
      "consent",
      "Consent was withdrawn",
      "What was not sent is stopped and goes back to its requester. What has left is asked back.",
      "Record it",
      "It is recorded that consent was withdrawn.",
      Right::hold_referral,
      {word_field({"said_by", "Who said so?"}, kConsentSources, "Select who said so"),
       note_field()},
      [](auto& reg, auto& actor, auto& ref, auto& sent, Done done) {
        reg.aftercare().withdraw_consent(actor, ref, answer_in(sent, "said_by"), std::move(done));
      }};
}

StepForm recall_form() {
  return {
      "recall",
      "Answer to the request to delete it",
      "Consent was withdrawn after the message had left, or may have. The recipient was asked to "
      "delete it.",
      "Record the answer",
      "The answer is recorded.",
      Right::follow_up,
      {word_field({"answer", "What does the recipient say?"}, kRecallAnswers,
                  "Select what the recipient says"),
       note_field()},
      [](auto& reg, auto& actor, auto& ref, auto& sent, Done done) {
        reg.aftercare().answer_recall(actor, ref, answer_in(sent, "answer"), std::move(done));
      }};
}

StepForm acknowledge_form() {
  return {"acknowledge",
          "Record an acknowledgement",
          "The recipient says that it has the message.",
          "Record it",
          "The acknowledgement is recorded.",
          Right::follow_up,
          {{StepField::Kind::text,
            {"reference", "The recipient’s reference", "It is sealed with the referral."}},
           day_field({"received", "When did it come?", "For example, 27 3 2026"})},
          [](auto& reg, auto& actor, auto& ref, auto& sent, Done done) {
            reg.aftercare().acknowledge(
                actor, ref, {sent.value("reference"), day_of(sent, "received")}, std::move(done));
          }};
}

StepForm asked_form() {
  return {"asked",
          "The recipient was asked what became of it",
          "Record this when you have asked. The next day to ask is set by the force’s calendar.",
          "Record that they were asked",
          "It is recorded that the recipient was asked.",
          Right::follow_up,
          {},
          [](auto& reg, auto& actor, auto& ref, auto&, Done done) {
            reg.aftercare().ask_outcome(actor, ref, std::move(done));
          }};
}

StepForm outcome_form() {
  return {"outcome",
          "Record an outcome",
          "What was recorded before stays. If nobody knows, record that it is not known.",
          "Record it",
          "The outcome is recorded.",
          Right::follow_up,
          {word_field({"outcome", "What became of it?"}, kOutcomes, "Select what became of it"),
           word_field({"source", "Who said so?"}, kOutcomeSources, "Select who said so"),
           day_field({"learnt", "When did you learn it?", "For example, 27 3 2026"}), note_field()},
          [](auto& reg, auto& actor, auto& ref, auto& sent, Done done) {
            reg.aftercare().record_outcome(actor, ref,
                                           {sent.value("outcome"), sent.value("source"),
                                            day_of(sent, "learnt"), sent.value("note")},
                                           std::move(done));
          }};
}

StepForm close_form() {
  return {"close",
          "Close this referral",
          "Nobody is asked any more. What is learnt later can still be recorded.",
          "Close it",
          "The referral is closed.",
          Right::follow_up,
          {},
          [](auto& reg, auto& actor, auto& ref, auto&, Done done) {
            reg.aftercare().close(actor, ref, std::move(done));
          }};
}

StepForm settle_form() {
  return {
      "settle",
      "Settle by evidence",
      "It is not known whether the message arrived. Say what the evidence shows.",
      "Settle it",
      "It is settled.",
      Right::settle_dispatch,
      {word_field({"as", "What does the evidence show?"}, kSettledAs,
                  "Select what the evidence shows"),
       word_field({"evidence", "What is the evidence?"}, kEvidence, "Select what the evidence is")},
      [](auto& reg, auto& actor, auto& ref, auto& sent, Done done) {
        const auto as = sent.value("as") == "delivered" ? record::SettledAs::delivered
                                                        : record::SettledAs::not_delivered;
        const std::string by = sent.value("evidence");
        const auto evidence = by == "mail_log"          ? record::Evidence::mail_log
                              : by == "delivery_notice" ? record::Evidence::delivery_notice
                                                        : record::Evidence::recipient;
        reg.referrals().settle(actor, ref, as, evidence, std::move(done));
      }};
}

constexpr std::array<Choice, 6> kReturnReasons = {{
    {"incomplete", "Something is missing"},
    {"not_necessary", "It is not necessary"},
    {"not_proportionate", "It is not proportionate"},
    {"threshold_not_met", "The threshold is not met"},
    {"safeguarding", "The person is not safe"},
    {"other", "Another reason"},
}};

StepForm return_form() {
  return {
      "return",
      "Send it back to its requester",
      "Every sign-off is void. A release that waits is stopped.",
      "Send it back",
      "It was sent back.",
      Right::return_referral,
      {word_field({"reason", "Why is it sent back?"}, kReturnReasons, "Select why it is sent back"),
       note_field()},
      [](auto& reg, auto& actor, auto& ref, auto& sent, Done done) {
        reg.referrals().return_to_draft(actor, ref, answer_in(sent, "reason"), std::move(done));
      }};
}

const std::vector<StepForm>& step_forms() {
  static const std::vector<StepForm> forms = {
      hold_form(),  end_hold_form(), consent_form(), recall_form(), acknowledge_form(),
      asked_form(), outcome_form(),  close_form(),   settle_form(), return_form()};
  return forms;
}

const StepForm* form_of(const Request& request) {
  for (const StepForm& form : step_forms())
    if (form.path == request.parameter("step")) return &form;
  return nullptr;
}

Html field_of(const StepField& field, const Form& sent, const FormErrors& errors) {
  switch (field.kind) {
    case StepField::Kind::words:
      return radios_part(field.choices, field.part, sent, errors);
    case StepField::Kind::day:
      return day_part(field.part, sent, errors);
    case StepField::Kind::note:
      return note_part(field.part, sent, errors);
    case StepField::Kind::text:
      break;
  }
  return text_part(field.part, sent, errors);
}

FormErrors check_step(const StepForm& form, const Form& sent) {
  FormErrors errors;
  for (const StepField& field : form.fields) {
    const std::string name = field.part.name;
    if (field.kind == StepField::Kind::day && day_of(sent, name).empty())
      errors.add(name + "-day", field.missing);
    if (field.kind != StepField::Kind::words) continue;
    bool known = false;
    for (const Choice& choice : field.choices) known = known || sent.value(name) == choice.value;
    if (!known) errors.add(name, field.missing);
  }
  return errors;
}

Response step_page(Frame& frame, const Request& request, const StepForm& form, const Form& sent,
                   const FormErrors& errors) {
  const std::string ref(request.parameter("ref"));
  Html fields;
  for (const StepField& field : form.fields) fields += field_of(field, sent, errors);
  Json model = {{"TITLE", form.heading},
                {"HEADING", form.heading},
                {"CAPTION", {{"TEXT", ref}}},
                {"HTML_BODY", paragraph_part(form.lead).json()},
                {"HTML_FIELDS", fields.json()},
                {"HTML_SUBMIT",
                 components::button({{"text", form.button}, {"preventDoubleClick", true}}).json()},
                {"ACTION", "/desk/" + ref + "/" + form.path},
                {"CANCEL", "/desk/" + ref}};
  errors.put_in(model);
  return frame.show(request, errors.any() ? 400 : 200, "step_form.html", std::move(model));
}

// Who may not take the step, and an address that is none, are told so before anything is shown.
std::optional<Error> not_open(Frame& frame, const Request& request, const StepForm* form) {
  if (form == nullptr) return Error{ErrorCode::not_found, "There is nothing here.", {}, {}};
  if (identity::may(request.caller->actor, form->right)) return std::nullopt;
  record_refused(frame.app(), request, "referral.step", record::Refusal::no_right);
  return Error{
      ErrorCode::forbidden,
      "None of your roles has the right “" + std::string(identity::right_name(form->right)) + "”.",
      {},
      {}};
}

PageResponse show_step(Frame& frame, Request& request) {
  const StepForm* form = form_of(request);
  if (const auto error = not_open(frame, request, form))
    co_return frame.error_page(request, *error);
  record::Reader& reader = frame.app().reg.reader();
  const std::string ref(request.parameter("ref"));
  Block work = [&reader, ref]() -> Result<Json> {
    FB_TRY(const record::ReferralState state, reader.referral(ref));
    return Json(state.id);
  };
  const Result<Json> there = co_await frame.app().reads.run(std::move(work));
  if (!there) co_return frame.error_page(request, there.error());
  co_return step_page(frame, request, *form, Form({}), FormErrors());
}

// Where on the form the register's error belongs.
std::string place_of_error(const StepForm& form, const Error& error) {
  for (const StepField& field : form.fields) {
    if (error.where != field.part.name) continue;
    return error.where + (field.kind == StepField::Kind::day ? "-day" : "");
  }
  return {};
}

PageResponse take_step_form(Frame& frame, Request& request) {
  const StepForm* form = form_of(request);
  if (const auto error = not_open(frame, request, form))
    co_return frame.error_page(request, *error);
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  FormErrors errors = check_step(*form, *sent);
  if (errors.any()) co_return step_page(frame, request, *form, *sent, errors);
  const std::string ref(request.parameter("ref"));
  const identity::Actor actor = request.caller->actor;
  record::Register& reg = frame.app().reg;
  Start start = [&](Done done) { form->begin(reg, actor, ref, *sent, std::move(done)); };
  const auto result = co_await recorded(std::move(start));
  if (!result && result.error().code == ErrorCode::bad_input) {
    errors.add(place_of_error(*form, result.error()), sentence(result.error()));
    co_return step_page(frame, request, *form, *sent, errors);
  }
  // Somebody was quicker, or it stands otherwise by now: the referral's page shows how.
  if (!result && result.error().code == ErrorCode::conflict) {
    frame.notice(request, sentence(result.error()));
    co_return redirect("/desk/" + ref);
  }
  if (!result) co_return frame.error_page(request, result.error());
  frame.notice(request, form->done);
  co_return redirect("/desk/" + ref);
}

}  // namespace

void add_case_step_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  add_page_routes(router, frame,
                  {{"GET", "/desk/{ref}/{step}", show_step, Right::list_referrals},
                   {"POST", "/desk/{ref}/{step}", take_step_form, Right::list_referrals}});
}

}  // namespace firebreak::web
