// SPDX-License-Identifier: Apache-2.0
// Beginning a referral, checking the answers, submitting it.
#include <utility>

#include "web/pages/casework_parts.h"
#include "web/pages/groups.h"

namespace firebreak::web {
namespace {

using identity::Right;

Json check_model(Frame& frame, const Request& request, const Opened& open) {
  const std::string base = path_of(request, "");
  Json model = {{"TITLE", "Check your answers"},
                {"SECTION", answers_view(open.making, base)},
                {"ACTION", base + "submit"},
                {"REVISION", std::to_string(open.revision())},
                {"BACK", {{"LINK", base + "tasks"}}}};
  const auto* destination =
      frame.app().reg.config().destination(open.making.draft.value("destination", ""));
  if (destination != nullptr) model["GOES_TO"] = destination->label;
  if (open.making.sign_off()) {
    model["SIGN_OFF"] = true;
  } else {
    model["NO_SIGN_OFF"] = true;
  }
  return model;
}

PageResponse check_page(Frame& frame, Request& request) {
  auto shown = co_await own_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  if (!may_change(*shown)) co_return redirect(path_of(request, "steps"));
  const Opened open = opened(frame, *std::move(shown));
  if (!open.making.may_go()) co_return redirect(path_of(request, "tasks"));
  co_return frame.show(request, 200, "check_referral.html", check_model(frame, request, open));
}

PageResponse take_submission(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  auto shown = co_await own_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  // Sent twice, or from a page that is older than the submission: it is submitted already.
  if (!may_change(*shown)) co_return redirect(path_of(request, "steps"));
  const Opened open = opened(frame, *std::move(shown));
  if (revision_in(*sent) != open.revision()) {
    Json model = check_model(frame, request, open);
    FormErrors errors;
    errors.add("", "The referral was changed after you opened this page. Check it again");
    errors.put_in(model);
    co_return frame.show(request, 409, "check_referral.html", std::move(model));
  }
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  const std::string ref(request.parameter("ref"));
  Start start = [&referrals, actor, ref](record::Done done) {
    referrals.submit(actor, ref, std::nullopt, std::move(done));
  };
  auto submitted = co_await recorded(std::move(start));
  if (submitted) {
    frame.notice(request, "The referral was submitted. Nothing is sent until it is released.");
    co_return redirect(path_of(request, "steps"));
  }
  auto again = co_await own_referral(frame, request);
  if (again && !may_change(*again)) co_return redirect(path_of(request, "steps"));
  Json model = check_model(frame, request, open);
  FormErrors errors;
  errors.add("", sentence(submitted.error()));
  errors.put_in(model);
  const std::string task = task_at(submitted.error().where);
  if (!task.empty()) model["MEND"] = {{"LINK", path_of(request, task)}};
  co_return frame.show(request, http_status(submitted.error().code), "check_referral.html",
                       std::move(model));
}

// Begins with the facts of the answer that was shown last, or with nothing.
PageResponse begin_referral(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  Json draft = {{"facts", page_facts()}};
  const Interview interview = frame.interviews().get(request.caller->token);
  if (sent->value("from") == "answer" && interview.recorded)
    draft["facts"] = interview.recorded->facts;
  // The destination, where there is only one for this recipient.
  std::vector<std::string> fitting;
  const Day today = london_day(frame.app().reg.clock().now());
  for (const record::Destination& destination : frame.app().reg.config().destinations)
    if (destination.recipient == draft["facts"].value("recipient", "") &&
        destination.takes_referrals(today))
      fitting.push_back(destination.id);
  if (fitting.size() == 1) draft["destination"] = fitting.front();
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  const std::string token = sent->value("token");
  Start start = [&referrals, actor, token, draft](record::Done done) {
    referrals.begin(actor, token, draft, std::move(done));
  };
  auto begun = co_await recorded(std::move(start));
  if (!begun) co_return frame.error_page(request, begun.error());
  co_return redirect("/referrals/" + begun->value("referral", "") + "/tasks");
}

}  // namespace

void add_submission_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  constexpr auto kDraft = Right::draft_referral;
  add_page_routes(router, frame,
                  {{"POST", "/referrals/begin", begin_referral, kDraft},
                   {"GET", "/referrals/{ref}/check", check_page, kDraft},
                   {"POST", "/referrals/{ref}/submit", take_submission, kDraft}});
}

}  // namespace firebreak::web
