// SPDX-License-Identifier: Apache-2.0
// Urgent sign-offs, which somebody else looks at again the next day.
#include "web/components/components.h"
#include "web/pages/groups.h"
#include "web/pages/sign_off_view.h"

namespace firebreak::web {
namespace {

using identity::Right;

Block look(Frame& frame, const Request& request) {
  record::Referrals& referrals = frame.app().reg.referrals();
  return [&referrals, actor = request.caller->actor, ref = std::string(request.parameter("ref"))] {
    return referrals.show(actor, ref);
  };
}

PageResponse reviews_page(Frame& frame, Request& request) {
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  Block work = [&referrals, actor] {
    return referrals.page(actor, {.oldest_first = true, .urgent_unreviewed = true, .limit = 1000});
  };
  const auto list = co_await frame.app().reads.run(std::move(work));
  if (!list) co_return frame.error_page(request, list.error());
  const auto person = frame.app().reg.directory().person(actor.id);
  co_return frame.show(request, 200, "urgent_reviews.html",
                       urgent_reviews_view((*list)["referrals"], reader_of(frame, *person)));
}

Response review_form(Frame& frame, const Request& request, int status, const Json& referral,
                     const FormErrors& errors, const std::string& note) {
  const auto person = frame.app().reg.directory().person(request.caller->actor.id);
  if (!referral.contains("content")) {
    return frame.error_page(request, {ErrorCode::conflict, "Its content is destroyed.", {}, {}});
  }
  const auto policy = frame.policy_today();
  Json model = sign_off_view(referral, policy.get(), reader_of(frame, *person));
  model["TITLE"] = "Review an urgent sign-off";
  model["BACK"] = {{"LINK", "/urgent-reviews"}};
  model["REVIEW"] = {
      {"REVIEW_ACTION", "/urgent-reviews/" + referral.value("referral", "")},
      {"HTML_FINDING",
       components::radios({{"name", "finding"},
                           {"fieldset",
                            {{"legend",
                              {{"text", "Was this urgent sign-off in order?"},
                               {"classes", "govuk-fieldset__legend--m"}}}}},
                           {"errorMessage", errors.of("finding")},
                           {"items",
                            {{{"value", "in_order"}, {"text", "Yes, it was in order"}},
                             {{"value", "not_in_order"}, {"text", "No, it was not"}}}}})
           .json()},
      {"HTML_REVIEW_NOTE",
       components::textarea({{"name", "note"},
                             {"id", "note"},
                             {"rows", 3},
                             {"label", {{"text", "What you found"}}},
                             {"hint", {{"text", "It is sealed with the referral."}}},
                             {"value", note},
                             {"errorMessage", errors.of("note")}})
           .json()},
      {"HTML_RECORD",
       components::button({{"text", "Record the review"}, {"preventDoubleClick", true}}).json()}};
  errors.put_in(model);
  return frame.show(request, status, "sign_off.html", std::move(model));
}

PageResponse review_page(Frame& frame, Request& request) {
  Block work = look(frame, request);
  const auto referral = co_await frame.app().reads.run(std::move(work));
  if (!referral) co_return frame.error_page(request, referral.error());
  co_return review_form(frame, request, 200, *referral, {}, "");
}

PageResponse take_review(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const std::string finding = sent->value("finding");
  const record::Review review{finding == "in_order", sent->value("note")};
  FormErrors errors;
  if (finding != "in_order" && finding != "not_in_order")
    errors.add("finding", "Choose what you found");
  if (review.note.empty()) errors.add("note", "Write what you found");
  if (review.note.size() > 10'000)
    errors.add("note", "What you found must be 10,000 characters or fewer");
  if (errors.any()) {
    Block work = look(frame, request);
    const auto referral = co_await frame.app().reads.run(std::move(work));
    if (!referral) co_return frame.error_page(request, referral.error());
    co_return review_form(frame, request, 400, *referral, errors, review.note);
  }
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  const std::string ref(request.parameter("ref"));
  Start step = [&referrals, actor, ref, review](record::Done done) {
    referrals.review(actor, ref, review, std::move(done));
  };
  const auto done = co_await recorded(std::move(step));
  if (!done) co_return frame.error_page(request, done.error());
  frame.notice(request, "Your review is recorded.");
  co_return redirect("/urgent-reviews");
}

}  // namespace

void add_review_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  constexpr auto kReview = Right::review_urgent;
  constexpr size_t kReviewBody = size_t{64} << 10;  // a note of 10,000 characters, escaped
  frame->add_navigation(
      {"Urgent reviews", "/urgent-reviews", kReview, "Look again at urgent sign-offs"});
  add_page_routes(
      router, frame,
      {{"GET", "/urgent-reviews", reviews_page, kReview},
       {"GET", "/urgent-reviews/{ref}", review_page, kReview},
       {"POST", "/urgent-reviews/{ref}", take_review, kReview, Access::signed_in, kReviewBody}});
}

}  // namespace firebreak::web
