// SPDX-License-Identifier: Apache-2.0
// Releasing: a named person reads exactly what is sent, reads each fact again from the records
// system, says that the person is safe, and releases. Also sending again one that is in doubt.
#include "web/components/components.h"
#include "web/pages/case_words.h"
#include "web/pages/groups.h"

namespace firebreak::web {
namespace {

using identity::Right;
using policy::Attribute;
using policy::AttributeKind;
using record::Done;

// What the program itself sets, so that nobody reads it again.
bool is_fixed(const std::string& name) {
  return name == "action" || name == "recipient" || name == "channel";
}

constexpr std::array<Choice, 2> kYesNo = {{{"yes", "Yes"}, {"no", "No"}}};
constexpr const char* kNoneOfThese = "none-of-these";

// A referral that is to be released, as its page needs it.
struct ToRelease {
  Json shown;
  Json facts;  // of its draft
  std::shared_ptr<const policy::Policy> policy;
  bool again = false;  // one in doubt is sent again

  [[nodiscard]] std::string reference() const { return shown.value("referral", ""); }
  [[nodiscard]] std::string address() const {
    return "/desk/" + reference() + (again ? "/send-again" : "/release");
  }
};

// The attributes that are asked for again: those that the draft has a fact of.
std::vector<const Attribute*> asked_again(const ToRelease& one) {
  std::vector<const Attribute*> out;
  for (const Attribute& attribute : one.policy->vocabulary().attributes) {
    if (one.facts.contains(attribute.name) && !is_fixed(attribute.name)) out.push_back(&attribute);
  }
  return out;
}

std::string value_words(const Attribute& attribute, const Json& value) {
  const auto label = [&](const std::string& name) {
    const auto index = attribute.value_index(name);
    return index ? attribute.values[*index].label : name;
  };
  if (value.is_boolean()) return value.get<bool>() ? "Yes" : "No";
  if (value.is_number()) return value.dump();
  if (value.is_string()) return label(value.get<std::string>());
  std::string out;
  if (value.is_array()) {
    for (const Json& item : value)
      out += (out.empty() ? "" : ", ") + label(item.get<std::string>());
    return out.empty() ? "None of these" : out;
  }
  for (const auto& [name, belongs] : value.items())
    out += (out.empty() ? "" : ", ") + label(name) + (belongs.get<bool>() ? ": yes" : ": no");
  return out;
}

Json legend_of(const Attribute& attribute) {
  return {{"legend", {{"text", attribute.question}, {"classes", "govuk-fieldset__legend--s"}}}};
}

Html fact_choices(const Attribute& attribute, const std::string& was, const Form& sent,
                  const FormErrors& errors) {
  const std::string name = "fact-" + attribute.name;
  const auto chosen = sent.values(name);
  const auto item = [&](const std::string& value, const std::string& text) {
    const bool checked = std::find(chosen.begin(), chosen.end(), value) != chosen.end();
    return Json{{"value", value}, {"text", text}, {"checked", checked}};
  };
  Json items = Json::array();
  for (const policy::Value& value : attribute.values)
    items.push_back(item(value.name, value.label));
  Json options = {{"name", name},
                  {"idPrefix", name},
                  {"fieldset", legend_of(attribute)},
                  {"hint", {{"text", "When it was submitted: " + was + "."}}},
                  {"errorMessage", errors.of(name)},
                  {"classes", "govuk-radios--small govuk-checkboxes--small"}};
  if (attribute.kind != AttributeKind::any_of) {
    options["items"] = std::move(items);
    return components::radios(options);
  }
  items.push_back({{"divider", "or"}});
  Json none = item(kNoneOfThese, "None of these");
  none["behaviour"] = "exclusive";
  items.push_back(std::move(none));
  options["items"] = std::move(items);
  return components::checkboxes(options);
}

Html fact_field(const Attribute& attribute, const Json& value, const Form& sent,
                const FormErrors& errors) {
  const std::string was = value_words(attribute, value);
  if (attribute.kind != AttributeKind::number) return fact_choices(attribute, was, sent, errors);
  const std::string name = "fact-" + attribute.name;
  const std::string hint = "When it was submitted: " + was + ".";
  return components::input(
      {{"name", name},
       {"id", name},
       {"classes", "govuk-input--width-5"},
       {"inputmode", "numeric"},
       {"label", {{"text", attribute.question}, {"classes", "govuk-label--s"}}},
       {"hint", {{"text", hint}}},
       {"errorMessage", errors.of(name)},
       {"value", sent.value(name)}});
}

// The fact as it was read again; null when nothing was chosen.
Json fact_sent(const Attribute& attribute, const Form& sent) {
  const auto values = sent.values("fact-" + attribute.name);
  if (values.empty() || values.front().empty()) return nullptr;
  if (attribute.kind == AttributeKind::any_of) {
    if (values.size() == 1 && values.front() == kNoneOfThese) return Json::array();
    return values;
  }
  if (attribute.kind == AttributeKind::yes_no) {
    if (values.front() != "yes" && values.front() != "no") return nullptr;
    return values.front() == "yes";
  }
  if (attribute.kind != AttributeKind::number) return values.front();
  const std::string& text = values.front();
  const bool digits = text.size() <= 9 && text.find_first_not_of("0123456789") == text.npos;
  return digits ? Json(std::stoi(text)) : Json();
}

struct ReadAgain {
  Json facts;
  FormErrors errors;
};

ReadAgain read_again(const ToRelease& one, const Form& sent) {
  ReadAgain out{one.facts, {}};
  for (const Attribute* attribute : asked_again(one)) {
    Json fact = fact_sent(*attribute, sent);
    if (fact.is_null())
      out.errors.add("fact-" + attribute->name,
                     "Answer what the records system says now: " + attribute->question);
    out.facts[attribute->name] = std::move(fact);
  }
  const std::string safe = sent.value("safeguarding");
  if (safe != "done" && safe != "not_needed")
    out.errors.add("safeguarding", "Select whether the person is safe if this is sent");
  return out;
}

Html release_body(Frame& frame, const Request& request, const ToRelease& one) {
  const record::Destination* to =
      frame.app().reg.config().destination(one.shown.value("destination", ""));
  Html body = paragraph_part("You, " + frame.display_name(request) +
                             ", release this. The record will say so.");
  body += summary_part(
      {{"To", Html::of_text(to == nullptr ? one.shown.value("destination", "")
                                          : to->label + " <" + to->address + ">")},
       {"Requested by", Html::of_text(frame.display_name(one.shown.value("requester", "")))}});
  if (one.again)
    body += components::warning_text(
        {{"text",
          "It is not known whether the message arrived the first time. It is sent a second time, "
          "with the same Message-ID."},
         {"iconFallbackText", "Warning"}});
  body += heading_part("Exactly this is sent");
  body += message_part(one.shown.at("content").value("message", ""));
  body += heading_part("Read each fact again from the records system");
  body += paragraph_part(
      "Nothing is filled in for you. If a fact is no longer as it was, the sign-off is void and "
      "the "
      "referral goes back to its requester.");
  return body;
}

Response release_page(Frame& frame, const Request& request, const ToRelease& one, const Form& sent,
                      const FormErrors& errors) {
  Html fields;
  for (const Attribute* attribute : asked_again(one))
    fields += fact_field(*attribute, one.facts.at(attribute->name), sent, errors);
  fields += heading_part("Safeguarding");
  fields += radios_part(kSafeguarding, {"safeguarding", "Is the person safe if this is sent?"},
                        sent, errors);
  fields += note_part({"note", "What was done for their safety, or why it is not safe",
                       "It is sealed with the referral."},
                      sent, errors);
  const char* title = one.again ? "Send this referral again" : "Release this referral";
  Json model = {
      {"TITLE", title},
      {"HEADING", title},
      {"CAPTION", {{"TEXT", one.reference()}}},
      {"HTML_BODY", release_body(frame, request, one).json()},
      {"HTML_FIELDS", fields.json()},
      {"HTML_SUBMIT", components::button({{"text", one.again ? "Send it again" : "Release it"},
                                          {"classes", "govuk-button--warning"},
                                          {"preventDoubleClick", true}})
                          .json()},
      {"ACTION", one.address()},
      {"CANCEL", "/desk/" + one.reference()}};
  errors.put_in(model);
  return frame.show(request, errors.any() ? 400 : 200, "step_form.html", std::move(model));
}

// The referral with its content; nothing but its state when it can no longer be released.
boost::asio::awaitable<Result<Json>> content_to_release(Frame& frame, const Request& request) {
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  const std::string ref(request.parameter("ref"));
  Block work = [&referrals, actor, ref] { return referrals.show(actor, ref); };
  Result<Json> shown = co_await frame.app().reads.run(std::move(work));
  co_return shown;
}

Result<ToRelease> to_release(Frame& frame, const Request& request, Json shown) {
  ToRelease one{std::move(shown), {}, frame.policy_today(), request.path.ends_with("/send-again")};
  const std::string state = one.shown.value("state", "");
  const bool open = one.again ? state == "in_doubt"
                              : state == "authorised" || state == "failed" || state == "submitted";
  if (!open || !one.shown.contains("content")) {
    return Error{ErrorCode::conflict, "The referral is not waiting to be released.", {}, {}};
  }
  if (!one.policy) {
    return Error{ErrorCode::conflict,
                 "No policy is in force today, so nothing is released.",
                 {},
                 "The policy owner must put a policy in force."};
  }
  one.facts = one.shown.at("content").at("draft").at("facts");
  return one;
}

// Who released it, when it was somebody else a moment ago.
std::string released_by(Frame& frame, const Json& shown) {
  if (shown.at("dispatches").empty()) return {};
  const Json& last = shown.at("dispatches").back();
  return frame.display_name(last.value("releaser", "")) + " released it on " +
         time_words(last.value("changed", "")) + ".";
}

PageResponse show_release(Frame& frame, Request& request) {
  Result<Json> shown = co_await content_to_release(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  const std::string told = released_by(frame, *shown);
  const auto one = to_release(frame, request, *std::move(shown));
  if (!one) {
    frame.notice(request, sentence(one.error()) + (told.empty() ? "" : " " + told));
    co_return redirect("/desk/" + std::string(request.parameter("ref")));
  }
  co_return release_page(frame, request, *one, Form({}), FormErrors());
}

// "Not safe to send now" holds it, with what was written as the reason.
PageResponse hold_instead(Frame& frame, Request& request, const ToRelease& one, const Form& sent) {
  const identity::Actor actor = request.caller->actor;
  const std::string ref(request.parameter("ref"));
  if (sent.value("note").empty()) {
    FormErrors errors;
    errors.add("note", "Write why it is not safe to send it now");
    co_return release_page(frame, request, one, sent, errors);
  }
  const record::Answer answer{"safeguarding", sent.value("note")};
  record::AftercareSteps& aftercare = frame.app().reg.aftercare();
  Start start = [&](Done done) { aftercare.hold(actor, ref, answer, std::move(done)); };
  const auto held = co_await recorded(std::move(start));
  if (!held && held.error().code == ErrorCode::bad_input) {
    FormErrors errors;
    errors.add("note", sentence(held.error()));
    co_return release_page(frame, request, one, sent, errors);
  }
  if (!held && held.error().code != ErrorCode::conflict)
    co_return frame.error_page(request, held.error());
  frame.notice(request, held ? "It is held: nothing is sent until the hold is ended."
                             : sentence(held.error()));
  co_return redirect("/desk/" + ref);
}

PageResponse take_release(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  Result<Json> shown = co_await content_to_release(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  const std::string ref(request.parameter("ref"));
  const std::string told = released_by(frame, *shown);
  const auto one = to_release(frame, request, *std::move(shown));
  if (!one) {
    frame.notice(request, sentence(one.error()) + (told.empty() ? "" : " " + told));
    co_return redirect("/desk/" + ref);
  }
  if (sent->value("safeguarding") == "not_safe") {
    PageResponse held = hold_instead(frame, request, *one, *sent);
    Response answer = co_await std::move(held);
    co_return answer;
  }
  ReadAgain read = read_again(*one, *sent);
  if (read.errors.any()) co_return release_page(frame, request, *one, *sent, read.errors);
  const record::ReleaseRequest let_go{read.facts, one->again, sent->value("safeguarding"),
                                      sent->value("note")};
  const identity::Actor actor = request.caller->actor;
  record::Referrals& referrals = frame.app().reg.referrals();
  Start start = [&](Done done) { referrals.release(actor, ref, let_go, std::move(done)); };
  const auto result = co_await recorded(std::move(start));
  if (!result && result.error().code == ErrorCode::bad_input) {
    const bool note = result.error().where == "note";
    read.errors.add(note ? "note" : "", sentence(result.error()));
    co_return release_page(frame, request, *one, *sent, read.errors);
  }
  if (!result && result.error().code == ErrorCode::conflict) {
    frame.notice(request, sentence(result.error()));
    co_return redirect("/desk/" + ref);
  }
  if (!result) co_return frame.error_page(request, result.error());
  frame.notice(request, "Released. The message is being handed to the mail server.");
  co_return redirect("/desk/" + ref);
}

}  // namespace

void add_release_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  for (const char* path : {"/desk/{ref}/release", "/desk/{ref}/send-again"}) {
    add_page_routes(
        router, frame,
        {{"GET", path, show_release, Right::release_referral},
         {"POST", path, take_release, Right::release_referral, Access::signed_in, 64u << 10}});
  }
}

}  // namespace firebreak::web
