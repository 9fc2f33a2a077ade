// SPDX-License-Identifier: Apache-2.0
// My referrals, one of them with its steps, and withdrawing it.
#include <utility>

#include "web/components/components.h"
#include "web/listing.h"
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

}  // namespace

void add_own_referral_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  constexpr auto kDraft = Right::draft_referral;
  frame->add_navigation({"My referrals", "/referrals", kDraft, "Go on with your referrals"});
  add_page_routes(router, frame,
                  {{"GET", "/referrals", own_page, kDraft},
                   {"GET", "/referrals/{ref}/steps", steps_page, kDraft},
                   {"GET", "/referrals/{ref}/withdraw", withdraw_page, kDraft},
                   {"POST", "/referrals/{ref}/withdraw", take_withdrawal, kDraft}});
}

}  // namespace firebreak::web
