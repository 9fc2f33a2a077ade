// SPDX-License-Identifier: Apache-2.0
// The administrator's pages: people, services, and what stands in the configuration of the force.
// A secret (one-time password, token) is shown once, in the answer to the form that made it.
#include <algorithm>

#include "register/force_settings.h"
#include "web/components/components.h"
#include "web/listing.h"
#include "web/pages/board_view.h"
#include "web/pages/govern_page.h"
#include "web/pages/groups.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

using identity::Right;

std::string people_words(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + plain_words(word);
  return out;
}

std::string people_ranks(const identity::Person& person) {
  std::string out;
  for (const identity::RankHeld& held : person.ranks) {
    out += (out.empty() ? "" : "; ") + plain_words(held.rank) + " from " + format_day(held.from);
    if (held.until) out += " until " + format_day(*held.until);
  }
  return out.empty() ? "none" : out;
}

const ListShape& people_list() {
  static const ListShape shape = [] {
    ListShape out = {
        .path = "/people",
        .file = "people",
        .caption = "People",
        .none = "There is nobody yet.",
        .columns = {{.id = "name", .heading = "Sign-in name"},
                    {.id = "display", .heading = "Name"},
                    {.id = "roles", .heading = "Roles"},
                    {.id = "ranks", .heading = "Ranks"},
                    {.id = "state", .heading = "State"}},
        .filters = {{"role", "Role", {}},
                    {"state", "State", {{"active", "Active"}, {"suspended", "Suspended"}}}},
        .search = ListSearch::words,
        .search_label = "Search by name, role or rank",
        .order = "name"};
    for (std::string_view role : identity::known_roles())
      out.filters[0].values.push_back({std::string(role), plain_words(std::string(role))});
    return out;
  }();
  return shape;
}

PageResponse people_page(Frame& frame, Request& request) {
  const auto query = read_list_query(people_list(), request);
  if (!query) co_return frame.error_page(request, query.error());
  std::vector<ListRow> rows;
  for (const identity::Person& person : frame.app().reg.directory().people()) {
    ListRow row;
    row.cells = {{person.name, {}, link_to(person.name, "/people/" + person.id).json()},
                 {person.display_name, {}, {}},
                 {people_words(person.roles), {}, {}},
                 {people_ranks(person), {}, {}},
                 {person.active ? "Active" : "Suspended", {}, {}}};
    row.facets = {{"role", person.roles}, {"state", {person.active ? "active" : "suspended"}}};
    rows.push_back(std::move(row));
  }
  const ListPage found = list_page(people_list(), *query, std::move(rows));
  if (query->csv) co_return list_csv(people_list(), found);
  GovernPage page("People");
  page.wide();
  page.link("Add a person", "/people/add");
  page.link("Keys: who signs with what", "/keys");
  page.block(list_html(people_list(), *query, found));
  co_return frame.show(request, 200, "govern.html", page.model());
}

Html role_boxes(const Form& sent, const FormErrors& errors) {
  const std::vector<std::string> chosen = sent.values("role");
  Json items = Json::array();
  for (std::string_view role : identity::known_roles()) {
    const bool checked = std::find(chosen.begin(), chosen.end(), role) != chosen.end();
    items.push_back(
        {{"value", role}, {"text", plain_words(std::string(role))}, {"checked", checked}});
  }
  return components::checkboxes({{"idPrefix", "role"},
                                 {"name", "role"},
                                 {"fieldset", {{"legend", {{"text", "Roles"}}}}},
                                 {"items", std::move(items)},
                                 {"errorMessage", errors.of("role")}});
}

Response add_person_view(Frame& frame, const Request& request, int status, const Form& sent,
                         const FormErrors& errors) {
  GovernPage page("Add a person");
  page.back("/people");
  page.text("A rank is proposed afterwards, and approved by another person.");
  page.form("/people/add",
            {text_field(sent, errors, {"name", "Sign-in name", "Letters a to z and digits."}),
             text_field(sent, errors, {"display_name", "Name that colleagues see"}),
             role_boxes(sent, errors)},
            {{{"text", "Add this person"}}});
  return frame.show(request, status, "govern.html", page.model(errors));
}

PageResponse add_person_page(Frame& frame, Request& request) {
  co_return add_person_view(frame, request, 200, Form({}), {});
}

// A secret that is shown only now.
Response secret_view(Frame& frame, const Request& request, const std::string& title,
                     const std::string& words, const std::string& secret, const std::string& back) {
  GovernPage page(title);
  page.text(words);
  page.block(components::inset_text({{"text", secret}, {"classes", "fb-break"}}));
  page.text("It is shown only now. Hand it over in person or by telephone.");
  page.link("I have handed it over", back);
  return frame.show(request, 200, "govern.html", page.model());
}

PageResponse take_person(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  record::NewPerson who;
  who.name = sent->value("name");
  who.display_name = sent->value("display_name");
  who.roles = sent->values("role");
  FormErrors errors;
  if (who.name.empty()) errors.add("name", "Enter a sign-in name");
  if (who.display_name.empty()) errors.add("display_name", "Enter the name that colleagues see");
  if (who.roles.empty()) errors.add("role", "Choose at least one role");
  if (errors.any()) co_return add_person_view(frame, request, 400, *sent, errors);
  Block work = [&frame, &request, &who]() -> Result<Json> {
    FB_TRY(const record::AddedPerson added,
           frame.app().reg.directory().add_person(request.caller->actor, who));
    return Json{{"id", added.id}, {"password", added.password}};
  };
  const Result<Json> added = co_await frame.app().passwords.run(std::move(work));
  if (added) {
    co_return secret_view(frame, request, "Person added",
                          "The one-time password of " + who.display_name + ":",
                          added->at("password"), "/people/" + added->at("id").get<std::string>());
  }
  Error error = added.error();
  if (error.where == "roles") error.where = "role";
  add_error(errors, error, {"name", "display_name", "role"});
  co_return add_person_view(frame, request, http_status(error.code), *sent, errors);
}

Error nobody_there() { return {ErrorCode::not_found, "There is no such person.", {}, {}}; }

PageResponse person_page(Frame& frame, Request& request) {
  const auto who = frame.app().reg.directory().person(request.parameter("person"));
  if (!who) co_return frame.error_page(request, nobody_there());
  GovernPage page(who->display_name);
  page.back("/people");
  std::string keys;
  for (const identity::SigningKey& key : who->keys)
    keys += (keys.empty() ? "" : ", ") + key.id + " from " + format_day(key.from);
  page.block(summary_of({{"Sign-in name", who->name},
                         {"Roles", people_words(who->roles)},
                         {"Ranks", people_ranks(*who)},
                         {"Signing keys", keys.empty() ? "none" : keys},
                         {"State", who->active ? "Active" : "Suspended"},
                         {"Reference", who->id}}));
  if (who->active) {
    page.heading("What two persons decide");
    page.link("Propose a rank", "/changes/propose/rank?person=" + who->name);
    for (const identity::RankHeld& held : who->ranks) {
      page.link("Propose to end the rank of " + plain_words(held.rank),
                "/changes/propose/end-rank?person=" + who->name + "&rank=" + held.rank);
    }
    const std::string path = "/people/" + who->id;
    page.heading("A new one-time password");
    page.text("It ends this person's sessions. They choose a password of their own with it.");
    page.form(path + "/password", {},
              {{{"text", "Make a new one-time password"}, {"classes", "govuk-button--secondary"}}});
    page.heading("Suspend");
    page.text("This person is signed out at once and cannot sign in again.");
    page.form(path + "/suspend", {},
              {{{"text", "Suspend this person"}, {"classes", "govuk-button--warning"}}});
  }
  co_return frame.show(request, 200, "govern.html", page.model());
}

PageResponse suspend_person(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const auto who = frame.app().reg.directory().person(request.parameter("person"));
  if (!who) co_return frame.error_page(request, nobody_there());
  Block work = [&frame, &request, &who]() -> Result<Json> {
    FB_CHECK(frame.app().reg.directory().deactivate_person(request.caller->actor, who->name));
    return Json();
  };
  const Result<Json> done = co_await frame.app().reads.run(std::move(work));
  if (!done) co_return frame.error_page(request, done.error());
  frame.notice(request, who->display_name + " is suspended and signed out.");
  co_return redirect("/people/" + who->id);
}

PageResponse reset_person(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const auto who = frame.app().reg.directory().person(request.parameter("person"));
  if (!who) co_return frame.error_page(request, nobody_there());
  Block work = [&frame, &request, &who]() -> Result<Json> {
    FB_TRY(const std::string fresh,
           frame.app().reg.directory().reset_password(request.caller->actor, who->name));
    return Json(fresh);
  };
  const Result<Json> done = co_await frame.app().passwords.run(std::move(work));
  if (!done) co_return frame.error_page(request, done.error());
  co_return secret_view(frame, request, "New one-time password",
                        "The one-time password of " + who->display_name + ":",
                        done->get<std::string>(), "/people/" + who->id);
}

Response services_view(Frame& frame, const Request& request, int status, const Form& sent,
                       const FormErrors& errors) {
  GovernPage page("Services");
  page.text(
      "The records system, the mail gateway and the phone switch ask questions with a token of "
      "their own.");
  std::vector<std::vector<Json>> rows;
  std::vector<std::pair<std::string, std::string>> active;
  for (const identity::Service& service : frame.app().reg.directory().services()) {
    rows.push_back(
        {service.name, plain_words(service.kind), service.active ? "Active" : "Suspended"});
    if (service.active) active.emplace_back(service.name, service.name);
  }
  if (rows.empty()) page.text("There is no service yet.");
  if (!rows.empty()) page.block(plain_table("Services", {"Name", "Kind", "State"}, rows));
  std::vector<std::pair<std::string, std::string>> kinds;
  for (std::string_view kind : identity::known_service_kinds())
    kinds.emplace_back(kind, plain_words(std::string(kind)));
  page.heading("Add a service");
  page.form("/services/add",
            {text_field(sent, errors, {"name", "The service's name"}),
             select_field(sent, errors, {"kind", "Kind", {}, kinds})},
            {{{"text", "Add this service"}}});
  if (!active.empty()) {
    page.heading("Suspend a service");
    page.text("Its token opens nothing more.");
    page.form("/services/suspend", {select_field(sent, errors, {"service", "Service", {}, active})},
              {{{"text", "Suspend this service"}, {"classes", "govuk-button--warning"}}});
  }
  return frame.show(request, status, "govern.html", page.model(errors));
}

PageResponse services_page(Frame& frame, Request& request) {
  co_return services_view(frame, request, 200, Form({}), {});
}

PageResponse take_service(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  Block work = [&frame, &request, &sent]() -> Result<Json> {
    FB_TRY(const record::AddedService added,
           frame.app().reg.directory().add_service(request.caller->actor, sent->value("name"),
                                                   sent->value("kind")));
    return Json(added.token);
  };
  const Result<Json> token = co_await frame.app().reads.run(std::move(work));
  if (token) {
    co_return secret_view(frame, request, "Service added",
                          "The token of " + sent->value("name") + ":", token->get<std::string>(),
                          "/services");
  }
  FormErrors errors;
  add_error(errors, token.error(), {"name", "kind"});
  co_return services_view(frame, request, http_status(token.error().code), *sent, errors);
}

PageResponse suspend_service(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  Block work = [&frame, &request, &sent]() -> Result<Json> {
    FB_CHECK(frame.app().reg.directory().deactivate_service(request.caller->actor,
                                                            sent->value("service")));
    return Json();
  };
  const Result<Json> done = co_await frame.app().reads.run(std::move(work));
  if (!done) {
    FormErrors errors;
    errors.add("service", sentence(done.error()));
    co_return services_view(frame, request, http_status(done.error().code), *sent, errors);
  }
  frame.notice(request, "The service is suspended.");
  co_return redirect("/services");
}

// One line after another of what it is reached by, or what it is for.
std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string days_of(const record::Destination& one) {
  if (!one.from) return "Until " + format_day(*one.until);
  return "From " + format_day(*one.from) + (one.until ? " until " + format_day(*one.until) : "");
}

void add_destination(GovernPage& page, const record::Destination& one) {
  page.heading(one.label);
  std::vector<std::pair<std::string, Json>> lines = {
      {"Recipient", plain_words(one.recipient) +
                        (one.closed() ? ", closed: reached by a released referral alone" : "")},
      {"Referrals to", one.address.empty() ? "Nowhere: it takes none" : one.address}};
  if (one.from || one.until) lines.emplace_back("Referrals on", days_of(one));
  const std::pair<const char*, const std::vector<std::string>*> lists[] = {
      {"For", &one.purposes},
      {"Other addresses", &one.addresses},
      {"Domains", &one.domains},
      {"Telephones", &one.telephones}};
  for (const auto& [name, words] : lists)
    if (!words->empty()) lines.emplace_back(name, joined(*words));
  page.block(summary_of(lines));
  page.link("Change " + one.id, "/changes/propose/destination?id=" + one.id);
  page.link("Take away " + one.id, "/changes/propose/end-destination?id=" + one.id);
}

PageResponse destinations_page(Frame& frame, Request& request) {
  const record::Config& config = frame.app().reg.config();
  GovernPage page("Destinations and settings");
  page.wide();
  for (const record::Destination& one : config.destinations) add_destination(page, one);
  page.link("Propose another destination", "/changes/propose/destination");
  page.link("The force’s offices", "/offices");
  std::vector<std::vector<Json>> settings;
  const Json values = frame.app().reg.settings();
  for (const auto& [name, value] : values.at("settings").items()) {
    if (name == record::kOffices) continue;  // they have a page of their own
    settings.push_back({record::setting_words(name) + " (" + name + ")",
                        value.is_string() ? value.get<std::string>() : value.dump(),
                        link_to("Change " + name, "/changes/propose/setting?name=" + name).json()});
  }
  page.block(
      plain_table("Settings that two persons change", {"Setting", "Value", "Change"}, settings));
  co_return frame.show(request, 200, "govern.html", page.model());
}

}  // namespace

void add_people_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  frame->add_navigation({"People", "/people", Right::manage_people});
  frame->add_navigation({"Services", "/services", Right::manage_people});
  frame->add_navigation({"Destinations", "/destinations", Right::change_force});
  add_page_routes(router, frame,
                  {{"GET", "/people", people_page, Right::manage_people},
                   {"GET", "/people/add", add_person_page, Right::manage_people},
                   {"POST", "/people/add", take_person, Right::manage_people},
                   {"GET", "/people/{person}", person_page, Right::manage_people},
                   {"POST", "/people/{person}/suspend", suspend_person, Right::manage_people},
                   {"POST", "/people/{person}/password", reset_person, Right::manage_people},
                   {"GET", "/services", services_page, Right::manage_people},
                   {"POST", "/services/add", take_service, Right::manage_people},
                   {"POST", "/services/suspend", suspend_service, Right::manage_people},
                   {"GET", "/destinations", destinations_page, Right::change_force}});
}

}  // namespace firebreak::web
