// SPDX-License-Identifier: Apache-2.0
// The forms by which an administrator proposes a change that another person approves.
#include <algorithm>
#include <sstream>

#include "register/force_settings.h"
#include "web/pages/govern_page.h"
#include "web/pages/groups.h"

namespace firebreak::web {
namespace {

// The forms by which a change is proposed; a policy has pages of its own.
struct ProposalForm {
  const char* type;
  const char* title;
  const char* text;
  std::vector<TextField> fields;
};

const std::vector<ProposalForm>& proposal_forms() {
  static const std::vector<ProposalForm> forms = {
      {"rank",
       "Propose a rank",
       "A person who holds a rank may sign off what the policy leaves to that rank.",
       {{"person", "Sign-in name"},
        {"rank", "Rank", "In the vocabulary's words, such as chief_officer."},
        {"from", "First day", "Like 2026-12-01."},
        {"until", "Last day", "Leave it empty when there is none."}}},
      {"end-rank",
       "Propose to end a rank",
       "From the day after the last day this person signs off nothing more under this rank.",
       {{"person", "Sign-in name"}, {"rank", "Rank"}, {"until", "Last day", "Like 2026-12-31."}}},
      {"destination",
       "Propose a destination",
       "Referrals go to destinations and nowhere else. What was signed off for another address "
       "goes back to draft.",
       {{"id", "Short name", "Letters a to z, digits and hyphens."},
        {"recipient", "Recipient", "In the vocabulary's words, such as immigration_enforcement."},
        {"address", "E-mail address for referrals", "Leave it empty when none may be sent there."},
        {"label", "Name that people read"},
        {"purposes", "What it is for", "One on a line.", 3},
        {"addresses", "Other e-mail addresses that reach it", "One on a line.", 3},
        {"domains", "Domains", "One on a line. Every address at it or below it is taken for it.",
         3},
        {"telephones", "Telephone numbers",
         "One on a line, in international form, such as +443069990123.", 3},
        {"from", "First day", "Like 2026-12-01. Leave it empty when there is none."},
        {"until", "Last day", "Referrals go there until then. What is closed stays closed."}}},
      {"end-destination",
       "Propose to take a destination away",
       "Nothing more is sent there.",
       {{"id", "Short name"}}},
      {"office",
       "Propose an office",
       "A question and a referral may say which office or district they come from. What was "
       "recorded under another name keeps it.",
       {{"name", "Office", "A name of up to 60 letters, such as North Coast."},
        {"instead_of", "In place of", "An office of today. Leave it empty to add one."}}},
      {"end-office",
       "Propose to take an office away",
       "No new question or referral can name it. What was recorded under it stays as it is.",
       {{"name", "Office"}}},
      {"setting",
       "Propose to change a setting",
       "Each setting is changed by two persons, and the Board is told.",
       {{"name", "Setting"},
        {"value", "Value", "A whole number, true or false, or optional or required."}}}};
  return forms;
}

const ProposalForm* proposal_form(const Request& request) {
  for (const ProposalForm& form : proposal_forms()) {
    if (request.parameter("type") == form.type) return &form;
  }
  return nullptr;
}

Error no_such_form() {
  return {ErrorCode::not_found, "There is no such change to propose.", {}, {}};
}

// The settings in plain words; offices have a form of their own.
ChoiceField setting_field(Frame& frame) {
  ChoiceField field{"name", "Setting", {}, {{"", "Choose a setting"}}};
  const Json settings = frame.app().reg.settings().at("settings");
  for (const auto& [name, value] : settings.items()) {
    if (name == record::kOffices) continue;
    const std::string now = value.is_string() ? value.get<std::string>() : value.dump();
    field.choices.emplace_back(name, record::setting_words(name) + " (now " + now + ")");
  }
  return field;
}

Response proposal_view(Frame& frame, const Request& request, int status, const ProposalForm& form,
                       const Form& sent, const FormErrors& errors) {
  GovernPage page(form.title);
  page.back("/changes");
  page.text(form.text);
  std::vector<Html> fields;
  const bool setting = std::string_view(form.type) == "setting";
  for (const TextField& field : form.fields) {
    const bool choice = setting && field.name == "name";
    fields.push_back(choice ? select_field(sent, errors, setting_field(frame))
                            : text_field(sent, errors, field));
  }
  fields.push_back(text_field(sent, errors, {"reason", "Why", "The Board reads it.", 3}));
  page.form(std::string("/changes/propose/") + form.type, fields,
            {{{"text", "Propose this change"}}});
  return frame.show(request, status, "govern.html", page.model(errors));
}

bool is_list(const TextField& field) {
  constexpr std::string_view kLists[] = {"purposes", "addresses", "domains", "telephones"};
  return std::find(std::begin(kLists), std::end(kLists), field.name) != std::end(kLists);
}

std::string as_lines(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += value + "\n";
  return out;
}

// The lines of a field that are not empty, without the spaces around them.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) continue;
    out.push_back(line.substr(first, line.find_last_not_of(" \t\r") + 1 - first));
  }
  return out;
}

PageResponse proposal_page(Frame& frame, Request& request) {
  const ProposalForm* form = proposal_form(request);
  if (form == nullptr) co_return frame.error_page(request, no_such_form());
  Form given = query_of(request);
  const record::Destination* known = frame.app().reg.config().destination(given.value("id"));
  if (known != nullptr) {
    given = Form({{"id", known->id},
                  {"recipient", known->recipient},
                  {"address", known->address},
                  {"label", known->label},
                  {"purposes", as_lines(known->purposes)},
                  {"addresses", as_lines(known->addresses)},
                  {"domains", as_lines(known->domains)},
                  {"telephones", as_lines(known->telephones)},
                  {"from", known->from ? format_day(*known->from) : ""},
                  {"until", known->until ? format_day(*known->until) : ""}});
  }
  co_return proposal_view(frame, request, 200, *form, given, {});
}

// The value of a setting: a whole number, true or false, or a word.
Json setting_value(const std::string& value) {
  if (value == "true" || value == "false") return value == "true";
  const bool number =
      value.size() < 9 && value.find_first_not_of("0123456789") == std::string::npos;
  return number ? Json(std::stoi(value)) : Json(value);
}

Json request_of(const ProposalForm& form, const Form& sent) {
  std::string type = form.type;
  std::replace(type.begin(), type.end(), '-', '_');
  Json request = {{"type", type}, {"reason", sent.value("reason")}};
  for (const TextField& field : form.fields) {
    const std::string value = sent.value(field.name);
    if (is_list(field)) request[field.name] = lines_of(value);
    // Of a destination what is left empty is taken away; elsewhere it is not said.
    if (is_list(field) || (value.empty() && request["type"] != "destination")) continue;
    request[field.name] = field.name == "value" ? setting_value(value) : Json(value);
  }
  return request;
}

PageResponse take_proposal(Frame& frame, Request& request) {
  const ProposalForm* form = proposal_form(request);
  if (form == nullptr) co_return frame.error_page(request, no_such_form());
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  Block work = [&frame, &request, &sent, form] {
    return frame.app().reg.changes().propose(request.caller->actor, request_of(*form, *sent));
  };
  const Result<Json> change = co_await frame.app().policies.run(std::move(work));
  if (change) {
    frame.notice(request, "The change is proposed. Another person must approve it.");
    co_return redirect("/changes/" + change->at("change").get<std::string>());
  }
  std::vector<std::string> fields = {"reason"};
  for (const TextField& field : form->fields) fields.push_back(field.name);
  FormErrors errors;
  add_error(errors, change.error(), fields);
  co_return proposal_view(frame, request, http_status(change.error().code), *form, *sent, errors);
}

}  // namespace

void add_proposal_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  using identity::Right;
  add_page_routes(router, frame,
                  {{"GET", "/changes/propose/{type}", proposal_page, Right::change_force},
                   {"POST", "/changes/propose/{type}", take_proposal, Right::change_force}});
}

}  // namespace firebreak::web
