// SPDX-License-Identifier: Apache-2.0
// The supervisor's look at what was submitted: the queue, one referral, returning and forwarding.
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

constexpr size_t kMostNote = size_t{4} << 20;  // a note of a megabyte is shown again with its error

ListShape queue_shape() {
  return {.path = "/supervisor",
          .file = "to-look-at",
          .caption = "To look at",
          .none = "Nothing waits for a supervisor.",
          .columns = {{.id = "reference", .heading = "Reference", .sorts = false},
                      {.id = "waits", .heading = "Waits for"},
                      {.id = "urgent", .heading = "Urgent", .sorts = false},
                      {.id = "seen", .heading = "Forwarded", .sorts = false}},
          .filters = {{"seen", "Forwarded", {{"no", "No"}, {"yes", "Yes"}}}},
          .search = ListSearch::reference,
          .search_label = "Search by reference",
          .order = "waits"};
}

// What is urgent comes first; then what waits longest, unless the list is turned round.
record::ReferralQuery queue_query(const ListQuery& asked, const identity::Actor& actor) {
  record::ReferralQuery query = asked_of_register(asked);
  query.states = {record::State::submitted};
  query.urgent_first = true;
  query.not_requester = actor.id;
  const auto seen = asked.chosen.find("seen");
  if (seen != asked.chosen.end() && seen->second.size() == 1)
    query.forwarded = seen->second.front() == "yes";
  return query;
}

ListRow queue_row(const Json& referral, Instant now) {
  const std::string ref = referral.value("referral", "");
  const bool seen = referral.value("forwarded", false);
  const Html link = Element("a")
                        .set("class", "govuk-link fb-break")
                        .set("href", "/supervisor/" + ref)
                        .text(ref)
                        .html();
  return {.cells = {{.text = ref, .shown = link.json()},
                    {.text = say_age(referral.value("changed", ""), now)},
                    {.text = referral.value("urgent", false) ? "Yes" : "No"},
                    {.text = seen ? "Yes" : "No"}}};
}

PageResponse look_queue_page(Frame& frame, Request& request) {
  const ListShape shape = queue_shape();
  const auto query = read_list_query(shape, request);
  if (!query) co_return frame.error_page(request, query.error());
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  const Instant now = frame.app().reg.clock().now();
  ListPage page;
  Block work = [&]() -> Result<Json> {
    FB_TRY(page, read_referrals(referrals, actor, shape, *query, queue_query(*query, actor),
                                [&](const Json& referral) { return queue_row(referral, now); }));
    return Json();
  };
  const auto read = co_await read_pool(frame, *query).run(std::move(work));
  if (!read) co_return frame.error_page(request, read.error());
  if (query->csv) co_return list_csv(shape, page);
  Json model = {{"TITLE", "To look at"},
                {"WIDE", true},
                {"HTML_LIST", list_html(shape, *query, page).json()}};
  co_return frame.show(request, 200, "supervisor_queue.html", std::move(model));
}

// What a supervisor may still do about it.
bool waits_for_supervisor(const Request& request, const Json& referral) {
  return referral["state"] == "submitted" && referral["requester"] != request.caller->actor.id;
}

PageResponse look_page(Frame& frame, Request& request) {
  auto shown = co_await shown_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  const Json& referral = *shown;
  const std::string base = "/supervisor/" + std::string(request.parameter("ref"));
  Json model = {{"TITLE", "Referral to look at"},
                {"REF", referral["referral"]},
                {"HTML_STATE", state_tag(referral.value("state", "")).json()},
                {"BACK", {{"LINK", "/supervisor"}}},
                {"STEP", timeline_view(referral, [&](const Json& entry) {
                   return role_of_step(frame, request, referral, entry);
                 })}};
  if (referral.contains("content")) {
    const Opened open = opened(frame, referral);
    model["SECTION"] = answers_view(open.making, "");
    Json changes = Json::array();
    for (const std::string& line : role_change_lines(open.making.draft))
      changes.push_back({{"TEXT", line}});
    if (!changes.empty()) model["ROLE_CHANGED"] = {{"CHANGE", std::move(changes)}};
  }
  if (referral.value("urgent", false)) model["URGENT"] = true;
  if (waits_for_supervisor(request, referral)) {
    model["DECIDE"] = {{"RETURN_LINK", base + "/return"}};
    if (!referral.value("forwarded", false))
      model["DECIDE"]["FORWARD"] = {{"FORWARD_LINK", base + "/forward"}};
  }
  co_return frame.show(request, 200, "supervisor_referral.html", std::move(model));
}

TaskForm form_for(bool forward) {
  return forward
             ? decision_form("Forward this referral", "Why do you forward it?", forward_reasons())
             : decision_form("Return this referral", "Why do you return it?", return_reasons());
}

Response decision_page(Frame& frame, const Request& request, bool forward, const Typed& typed,
                       const FormErrors& errors, int status) {
  const TaskForm form = form_for(forward);
  Json model = {{"TITLE", form.title},
                {"HEADING", form.title},
                {"REF", std::string(request.parameter("ref"))},
                {"ACTION", request.path},
                {"SEND", forward ? "Forward the referral" : "Return the referral"},
                {"BACK", {{"LINK", "/supervisor/" + std::string(request.parameter("ref"))}}},
                {"HTML_FIELDS", task_fields(form, typed, errors).json()}};
  errors.put_in(model);
  return frame.show(request, status, "supervisor_decision.html", std::move(model));
}

PageResponse ask_decision(Frame& frame, Request& request) {
  auto shown = co_await shown_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  if (!waits_for_supervisor(request, *shown))
    co_return redirect("/supervisor/" + std::string(request.parameter("ref")));
  co_return decision_page(frame, request, request.path.ends_with("/forward"), {}, {}, 200);
}

PageResponse take_look(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const bool forward = request.path.ends_with("/forward");
  const TaskForm form = form_for(forward);
  const Typed typed = typed_in(form, *sent);
  FormErrors errors;
  const Json given = written(form, typed, Json::object(), errors);
  if (!errors.any() && !given.contains("reason")) errors.add("reason", "Select a reason");
  const bool says_why = given.contains("note");
  if (!errors.any() && given["reason"] == "other" && !says_why)
    errors.add("note", "Say in the note what the other reason is");
  if (errors.any()) co_return decision_page(frame, request, forward, typed, errors, 400);
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  const std::string ref(request.parameter("ref"));
  const record::Answer answer{given.value("reason", ""), given.value("note", "")};
  Start start = [&referrals, actor, ref, answer, forward](record::Done done) {
    if (forward) return referrals.forward(actor, ref, answer, std::move(done));
    referrals.return_to_draft(actor, ref, answer, std::move(done));
  };
  auto done = co_await recorded(std::move(start));
  if (!done && done.error().code == ErrorCode::conflict) {
    errors.add("", sentence(done.error()));
    co_return decision_page(frame, request, forward, typed, errors, 409);
  }
  if (!done) co_return frame.error_page(request, done.error());
  frame.notice(request, forward ? "The referral was forwarded to those who decide."
                                : "The referral was returned to its requester.");
  co_return redirect("/supervisor");
}

}  // namespace

void add_supervisor_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  constexpr auto kLook = Right::forward_referral;
  frame->add_navigation(
      {"To look at", "/supervisor", kLook, "Look at referrals before a chief officer decides"});
  add_page_routes(
      router, frame,
      {{"GET", "/supervisor", look_queue_page, kLook},
       {"GET", "/supervisor/{ref}", look_page, kLook},
       {"GET", "/supervisor/{ref}/return", ask_decision, kLook},
       {"GET", "/supervisor/{ref}/forward", ask_decision, kLook},
       {"POST", "/supervisor/{ref}/return", take_look, kLook, Access::signed_in, kMostNote},
       {"POST", "/supervisor/{ref}/forward", take_look, kLook, Access::signed_in, kMostNote}});
}

}  // namespace firebreak::web
