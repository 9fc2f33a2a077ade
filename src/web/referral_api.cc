// SPDX-License-Identifier: Apache-2.0
// /v1/referrals...: the steps of a referral's life. The register decides who may take a step and
// records a refused attempt; so no right is asked for here, or that record would be missing.
#include <charconv>

#include "web/api.h"
#include "web/app.h"
#include "web/body.h"
#include "web/caller.h"

namespace firebreak::web {
namespace {

namespace asio = boost::asio;
using identity::Actor;
using record::Done;

// One step: takes the actor, the referral and the body, and starts the register's work.
using ReferralStep =
    std::function<Result<Start>(App&, const Actor&, const std::string&, const Request&)>;

asio::awaitable<Response> take(App& app, Request& request, const ReferralStep& step) {
  const Result<Start> start =
      step(app, request.caller->actor, std::string(request.parameter("ref")), request);
  if (!start) co_return problem(start.error());
  const Result<Json> result = co_await recorded(*start);
  co_return result ? json_response(200, *result) : problem(result.error());
}

asio::awaitable<Response> draft(App& app, Request& request) {
  Result<Json> body = request.json();
  if (!body) co_return problem(body.error());
  const Actor& actor = request.caller->actor;
  const Start start = [&](Done done) {
    app.reg.referrals().draft(actor, *std::move(body), std::move(done));
  };
  const Result<Json> made = co_await recorded(start);
  if (!made) co_return problem(made.error());
  Response response = json_response(201, *made);
  response.headers.push_back(
      {"Location", "/v1/referrals/" + made->value("referral", std::string{})});
  co_return response;
}

asio::awaitable<Response> begin(App& app, Request& request) {
  const auto read = [&request]() -> Result<std::pair<std::string, Json>> {
    FB_TRY(Json body, read_object(request, {"token", "draft"}));
    FB_TRY(std::string token, text_of(body, "token"));
    return std::pair(std::move(token), body.value("draft", Json::object()));
  };
  Result<std::pair<std::string, Json>> given = read();
  if (!given) co_return problem(given.error());
  const Actor& actor = request.caller->actor;
  const Start start = [&](Done done) {
    app.reg.referrals().begin(actor, given->first, std::move(given->second), std::move(done));
  };
  const Result<Json> begun = co_await recorded(start);
  if (!begun) co_return problem(begun.error());
  Response response = json_response(201, *begun);
  response.headers.push_back(
      {"Location", "/v1/referrals/" + begun->value("referral", std::string{})});
  co_return response;
}

// "limit" and "after"; a number of ours has at most 18 digits.
Result<uint64_t> number_of(const Header& member) {
  uint64_t number = 0;
  const char* end = member.value.data() + member.value.size();
  const auto read = std::from_chars(member.value.data(), end, number);
  if (member.value.size() > 18 || read.ec != std::errc() || read.ptr != end) {
    return bad_input("This is not a number.", member.name);
  }
  return number;
}

Result<record::ReferralQuery> wanted_page(const Request& request) {
  FB_TRY(const std::vector<Header> members, request.query_members());
  record::ReferralQuery wanted{.limit = record::ReferralQuery::kMost - 1};
  for (const Header& member : members) {
    if (member.name == "state") {
      const auto state = record::state_named(member.value);
      if (!state) return bad_input("This is not the state of a referral.", "state");
      wanted.states.push_back(*state);
    } else if (member.name == "limit") {
      FB_TRY(wanted.limit, number_of(member));
      if (wanted.limit == 0 || wanted.limit >= record::ReferralQuery::kMost) {
        return bad_input("A page has from 1 to 1000 referrals.", "limit");
      }
    } else if (member.name == "after") {
      FB_TRY(wanted.after, number_of(member));
    } else {
      return bad_input("This query member is not known here.", member.name.substr(0, 64),
                       "Known are: state, limit, after.");
    }
  }
  return wanted;
}

asio::awaitable<Response> list(App& app, Request& request) {
  const Block read = [&app, &request]() -> Result<Json> {
    FB_TRY(const record::ReferralQuery wanted, wanted_page(request));
    return app.reg.referrals().page(request.caller->actor, wanted);
  };
  const Result<Json> found = co_await app.reads.run(read);
  co_return found ? json_response(200, *found) : problem(found.error());
}

asio::awaitable<Response> show(App& app, Request& request) {
  const Block read = [&app, &request] {
    return app.reg.referrals().show(request.caller->actor, std::string(request.parameter("ref")));
  };
  const Result<Json> found = co_await app.reads.run(read);
  co_return found ? json_response(200, *found) : problem(found.error());
}

asio::awaitable<Response> export_sign_off(App& app, Request& request) {
  const Block read = [&app, &request] {
    return app.reg.referrals().sign_off_export(request.caller->actor,
                                               std::string(request.parameter("ref")));
  };
  const Result<Json> found = co_await app.reads.run(read);
  co_return found ? json_response(200, *found) : problem(found.error());
}

Result<Start> submit(App& app, const Actor& actor, const std::string& ref, const Request& request) {
  FB_TRY(Json body, read_optional_object(request, {"draft"}));
  std::optional<Json> revised;
  if (body.contains("draft")) revised = std::move(body["draft"]);
  return Start([&app, actor, ref, revised](Done done) {
    app.reg.referrals().submit(actor, ref, revised, std::move(done));
  });
}

Result<record::Answer> read_answer(const Request& request) {
  FB_TRY(const Json body, read_object(request, {"reason", "note"}));
  record::Answer answer;
  FB_TRY(answer.reason, text_of(body, "reason"));
  FB_TRY(answer.note, optional_text_of(body, "note"));
  return answer;
}

Result<Start> save(App& app, const Actor& actor, const std::string& ref, const Request& request) {
  FB_TRY(Json body, read_object(request, {"content_revision", "draft"}));
  const auto revision = body.find("content_revision");
  if (revision == body.end() || !revision->is_number_unsigned())
    return bad_input("This member is a whole number.", "content_revision");
  if (!body.contains("draft")) return bad_input("This member is missing.", "draft");
  record::SaveRequest saved{revision->get<uint64_t>(), std::move(body["draft"])};
  return Start([&app, actor, ref, saved](Done done) {
    app.reg.referrals().save(actor, ref, saved, std::move(done));
  });
}

Result<Start> forward(App& app, const Actor& actor, const std::string& ref,
                      const Request& request) {
  FB_TRY(record::Answer answer, read_answer(request));
  return Start([&app, actor, ref, answer](Done done) {
    app.reg.referrals().forward(actor, ref, answer, std::move(done));
  });
}

Result<Start> send_back(App& app, const Actor& actor, const std::string& ref,
                        const Request& request) {
  FB_TRY(record::Answer answer, read_answer(request));
  return Start([&app, actor, ref, answer](Done done) {
    app.reg.referrals().return_to_draft(actor, ref, answer, std::move(done));
  });
}

Result<Start> withdraw(App& app, const Actor& actor, const std::string& ref,
                       const Request& request) {
  FB_TRY(const Json body, read_optional_object(request, {}));
  return Start(
      [&app, actor, ref](Done done) { app.reg.referrals().withdraw(actor, ref, std::move(done)); });
}

Result<Start> authorise(App& app, const Actor& actor, const std::string& ref,
                        const Request& request) {
  FB_TRY(const Json body, read_object(request, {"statement_digest", "key", "signature"}));
  record::SignOffRequest sign_off;
  FB_TRY(sign_off.statement_digest, text_of(body, "statement_digest"));
  FB_TRY(sign_off.key, text_of(body, "key"));
  FB_TRY(sign_off.signature, text_of(body, "signature"));
  return Start([&app, actor, ref, sign_off](Done done) {
    app.reg.referrals().authorise(actor, ref, sign_off, std::move(done));
  });
}

Result<Start> refuse(App& app, const Actor& actor, const std::string& ref, const Request& request) {
  FB_TRY(record::Answer answer, read_answer(request));
  return Start([&app, actor, ref, answer](Done done) {
    app.reg.referrals().refuse(actor, ref, answer, std::move(done));
  });
}

Result<Start> release(App& app, const Actor& actor, const std::string& ref,
                      const Request& request) {
  FB_TRY(const Json body, read_object(request, {"facts", "supersede", "safeguarding", "note"}));
  record::ReleaseRequest let_go;
  if (!body.contains("facts")) return bad_input("This member is missing.", "facts");
  let_go.facts = body["facts"];
  FB_TRY(let_go.safeguarding, optional_text_of(body, "safeguarding"));
  FB_TRY(let_go.note, optional_text_of(body, "note"));
  if (body.contains("supersede")) {
    if (!body["supersede"].is_boolean())
      return bad_input("This is not true or false.", "supersede");
    let_go.supersede = body["supersede"].get<bool>();
  }
  return Start([&app, actor, ref, let_go](Done done) {
    app.reg.referrals().release(actor, ref, let_go, std::move(done));
  });
}

Result<Start> settle(App& app, const Actor& actor, const std::string& ref, const Request& request) {
  FB_TRY(const Json body, read_object(request, {"as", "evidence"}));
  FB_TRY(const std::string as, text_of(body, "as"));
  FB_TRY(const std::string evidence, text_of(body, "evidence"));
  if (as != "delivered" && as != "not_delivered") {
    return bad_input("This is no way to settle it.", "as", "Use delivered or not_delivered.");
  }
  auto kind = record::Evidence::mail_log;
  if (evidence == "delivery_notice") {
    kind = record::Evidence::delivery_notice;
  } else if (evidence == "recipient") {
    kind = record::Evidence::recipient;
  } else if (evidence != "mail_log") {
    return bad_input("This is no evidence that settles it.", "evidence",
                     "Use mail_log, delivery_notice or recipient.");
  }
  const auto settled =
      as == "delivered" ? record::SettledAs::delivered : record::SettledAs::not_delivered;
  return Start([&app, actor, ref, settled, kind](Done done) {
    app.reg.referrals().settle(actor, ref, settled, kind, std::move(done));
  });
}

}  // namespace

void add_referral_api(Router& router, App& app) {
  router.add({.method = "GET", .path = "/v1/referrals"},
             [&app](Request& request) { return list(app, request); });
  // The register refuses, and records, also who must first change a password.
  router.add({.method = "POST", .path = "/v1/referrals", .before_new_password = true},
             [&app](Request& request) { return draft(app, request); });
  router.add({.method = "POST", .path = "/v1/referrals/begun", .before_new_password = true},
             [&app](Request& request) { return begin(app, request); });
  router.add({.method = "GET", .path = "/v1/referrals/{ref}"},
             [&app](Request& request) { return show(app, request); });
  router.add({.method = "GET", .path = "/v1/referrals/{ref}/signoff-export"},
             [&app](Request& request) { return export_sign_off(app, request); });
  const std::pair<const char*, ReferralStep> steps[] = {
      {"submit", submit},       {"return", send_back}, {"withdraw", withdraw},
      {"authorise", authorise}, {"refuse", refuse},    {"release", release},
      {"settle", settle},       {"save", save},        {"forward", forward}};
  for (const auto& [name, step] : steps) {
    router.add({.method = "POST",
                .path = std::string("/v1/referrals/{ref}/") + name,
                .before_new_password = true},
               [&app, taken = step](Request& request) { return take(app, request, taken); });
  }
}

}  // namespace firebreak::web
