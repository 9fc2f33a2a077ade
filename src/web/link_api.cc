// SPDX-License-Identifier: Apache-2.0
// POST /v1/links: a records system opens "Can I share?" for one of its officers.
#include "identity/rights.h"
#include "identity/token.h"
#include "web/api.h"
#include "web/app.h"
#include "web/body.h"
#include "web/caller.h"

namespace firebreak::web {
namespace {

constexpr size_t kLinkBody = size_t{16} << 10;

bool is_records_system(App& app, const identity::Actor& actor) {
  for (const identity::Service& service : app.reg.directory().services())
    if (service.id == actor.id) return service.kind == "records_system";
  return false;
}

// The facts as the pages keep answers; without a policy in force there is nothing to ask.
Result<Json> known_facts(App& app, const Json& body) {
  if (!body.contains("facts")) return Json::object();
  const auto policy = app.reg.policy_today();
  if (!policy) return Json::object();
  FB_TRY(const policy::Facts facts, (*policy)->read_facts(body.at("facts"), {.live = true}));
  return (*policy)->facts_json(facts);
}

Result<Json> make_link(App& app, const Request& request) {
  if (!is_records_system(app, request.caller->actor)) {
    return Error{
        ErrorCode::forbidden, "Only a service of the kind records_system makes links.", {}, {}};
  }
  FB_TRY(const Json body, read_object(request, {"person", "facts"}));
  FB_TRY(const std::string name, text_of(body, "person"));
  FB_TRY(Json facts, known_facts(app, body));
  const auto person = app.reg.directory().person_named(name);
  if (!person || !person->active ||
      !identity::may({.id = person->id, .roles = person->roles}, identity::Right::ask_question)) {
    return Error{ErrorCode::not_found, "Nobody who may ask questions has this sign-in name.",
                 "person", "Send the name that the officer signs in with."};
  }
  SystemRandom random;
  const std::string token = identity::new_token(random, "");
  app.links.keep(token, {person->id, request.caller->actor.id, std::move(facts)});
  return Json{{"url", app.reg.config().web.origin + "/link/" + token},
              {"expires", format_instant(app.reg.clock().now() + QuestionLink::kLife)}};
}

}  // namespace

void add_link_api(Router& router, App& app) {
  router.add({.method = "POST",
              .path = "/v1/links",
              .right = identity::Right::ask_question,
              .max_body = kLinkBody},
             [&app](Request& request) -> boost::asio::awaitable<Response> {
               const Result<Json> link = make_link(app, request);
               co_return link ? json_response(201, *link) : problem(link.error());
             });
}

}  // namespace firebreak::web
