// SPDX-License-Identifier: Apache-2.0
// Retention and erasure by two persons: the dry run, proposing, and approving what another person
// proposed.
#include "web/components/components.h"
#include "web/pages/case_words.h"
#include "web/pages/groups.h"

namespace firebreak::web {
namespace {

using identity::Right;
using record::Done;

constexpr std::array<Choice, 5> kBlockedChoices = {{
    {"erased", "It is erased"},
    {"held", "It is held"},
    {"not_closed", "It was not closed: close it first, with an outcome or with Not known"},
    {"recall_open", "The recipient is still being asked to delete it"},
    {"wrong_state", "It is under way"},
}};
constexpr std::array<Choice, 3> kProposalStates = {{
    {"open", "Waiting for another person"},
    {"approved", "Approved: destroyed"},
    {"declined", "Declined: nothing was destroyed"},
}};

std::string word(const Json& object, const char* name) {
  const Json value = object.value(name, Json());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Html items_table(const std::string& caption, const Json& items) {
  std::vector<std::vector<Html>> rows;
  for (const Json& item : items) {
    const Json& gone = item.at("destroys");
    const std::string ref = word(item, "referral");
    const std::string blocked = word(item, "blocked");
    if (blocked == "erased") {
      rows.push_back({link_part("/desk/" + ref, ref),
                      Html::of_text(state_words(word(item, "state"))),
                      Html::of_text("It is destroyed"), Html::of_text("Nothing")});
      continue;
    }
    rows.push_back(
        {link_part("/desk/" + ref, ref), Html::of_text(state_words(word(item, "state"))),
         Html::of_text("Its key; drafts: " + word(gone, "drafts") +
                       "; messages: " + word(gone, "messages") + "; notes: " + word(gone, "notes") +
                       "; files in the outbox for releases: " + word(gone, "releases")),
         Html::of_text(blocked.empty() ? "Nothing" : label_of(kBlockedChoices, blocked))});
  }
  return table_part(caption, {"Referral", "State", "What would be destroyed", "What keeps it"},
                    rows);
}

Html what_stays() {
  return components::inset_text(
      {{"text",
        "What stays: every entry of the ledger, every figure that was or will be counted from "
        "them, "
        "and the entry that says who had it erased. Nobody can read the content again."}});
}

Html blocked_table(const Json& blocked) {
  std::vector<std::vector<Html>> rows;
  for (const Json& one : blocked) {
    const std::string ref = word(one, "referral");
    rows.push_back({link_part("/desk/" + ref, ref),
                    Html::of_text(label_of(kBlockedChoices, word(one, "because")))});
  }
  return rows.empty() ? Html()
                      : table_part("Old enough, and kept", {"Referral", "Why it is kept"}, rows);
}

Html proposals_table(Frame& frame, const Json& proposals) {
  std::vector<std::vector<Html>> rows;
  for (const Json& one : proposals) {
    const std::string id = word(one, "proposal");
    rows.push_back({link_part("/erasure/" + id, time_words(word(one, "at"))),
                    Html::of_text(frame.display_name(word(one, "proposer"))),
                    Html::of_text(std::to_string(one.at("referrals").size())),
                    Html::of_text(label_of(kProposalStates, word(one, "state")))});
  }
  if (rows.empty()) return paragraph_part("Nothing was proposed yet.");
  return table_part("Proposals", {"Proposed", "By", "Referrals", "State"}, rows);
}

boost::asio::awaitable<Result<Json>> erasure_plan(Frame& frame, const Request& request) {
  record::Erasures& erasures = frame.app().reg.erasures();
  const identity::Actor actor = request.caller->actor;
  Block work = [&erasures, actor] { return erasures.plan(actor); };
  Result<Json> plan = co_await frame.app().reads.run(std::move(work));
  co_return plan;
}

Response plan_page(Frame& frame, const Request& request, const Json& plan, const Form& sent,
                   const FormErrors& errors) {
  Html body = what_stays();
  const std::string years = plan.at("years").dump();
  if (plan.at("due").empty()) {
    body += paragraph_part(
        "Nothing is due. Years for which a referral is kept after its last step: " + years + ".");
  } else {
    body += items_table("Due: a dry run", plan.at("due"));
  }
  body += blocked_table(plan.at("blocked"));
  body += proposals_table(frame, plan.at("proposals"));
  Json model = {{"TITLE", "Retention and erasure"},
                {"HEADING", "Retention and erasure"},
                {"WIDE", true},
                {"HTML_BODY", body.json()}};
  if (identity::may(request.caller->actor, Right::propose_erasure)) {
    Html fields =
        radios_part(kErasureReasons, {"because", "Why is it to be erased?"}, sent, errors);
    fields += text_part({"referral", "One referral’s reference",
                         "Leave it empty for all whose retention has ended."},
                        sent, errors);
    model["PROPOSE"] = {{"HTML_FIELDS", fields.json()},
                        {"HTML_SUBMIT", components::button({{"text", "Propose the erasure"},
                                                            {"preventDoubleClick", true}})
                                            .json()}};
  }
  errors.put_in(model);
  return frame.show(request, errors.any() ? 400 : 200, "erasure.html", std::move(model));
}

PageResponse show_erasure_plan(Frame& frame, Request& request) {
  const Result<Json> plan = co_await erasure_plan(frame, request);
  if (!plan) co_return frame.error_page(request, plan.error());
  co_return plan_page(frame, request, *plan, Form({}), FormErrors());
}

PageResponse propose_erasure(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  FormErrors errors;
  record::ErasureProposal proposal{sent->value("because"), {}};
  bool known = false;
  for (const Choice& choice : kErasureReasons) known = known || choice.value == proposal.because;
  if (!known) errors.add("because", "Select why it is to be erased");
  const std::string ref = sent->value("referral");
  if (!ref.empty()) proposal.referrals = {ref};
  if (known && ref.empty() && proposal.because != "retention")
    errors.add("referral", "Enter the reference of the referral");
  if (!errors.any()) {
    const identity::Actor actor = request.caller->actor;
    record::Erasures& erasures = frame.app().reg.erasures();
    Start start = [&](Done done) { erasures.propose(actor, proposal, std::move(done)); };
    const auto made = co_await recorded(std::move(start));
    if (made) {
      frame.notice(request, "Proposed. Nothing is destroyed until another person approves it.");
      co_return redirect("/erasure/" + made->value("proposal", ""));
    }
    if (made.error().code == ErrorCode::forbidden || made.error().code == ErrorCode::unavailable)
      co_return frame.error_page(request, made.error());
    errors.add("referral",
               proposal.referrals.empty() ? "Nothing is due for erasure." : sentence(made.error()));
  }
  const Result<Json> plan = co_await erasure_plan(frame, request);
  if (!plan) co_return frame.error_page(request, plan.error());
  co_return plan_page(frame, request, *plan, *sent, errors);
}

const Json* proposal_in(const Json& plan, std::string_view id) {
  for (const Json& one : plan.at("proposals"))
    if (word(one, "proposal") == id) return &one;
  return nullptr;
}

PageResponse show_proposal(Frame& frame, Request& request) {
  const Result<Json> plan = co_await erasure_plan(frame, request);
  if (!plan) co_return frame.error_page(request, plan.error());
  const Json* one = proposal_in(*plan, request.parameter("proposal"));
  if (one == nullptr) {
    co_return frame.error_page(request,
                               Error{ErrorCode::not_found, "There is no such proposal.", {}, {}});
  }
  const identity::Actor& actor = request.caller->actor;
  Html body =
      summary_part({{"State", Html::of_text(label_of(kProposalStates, word(*one, "state")))},
                    {"Proposed by", Html::of_text(frame.display_name(word(*one, "proposer")))},
                    {"When", Html::of_text(time_words(word(*one, "at")))},
                    {"Why", Html::of_text(label_of(kErasureReasons, word(*one, "because")))}});
  body += what_stays();
  body += items_table("Exactly these", one->at("referrals"));
  Json model = {{"TITLE", "Erasure"},
                {"HEADING", "Erasure"},
                {"WIDE", true},
                {"BACK", {{"LINK", "/erasure"}}},
                {"HTML_BODY", body.json()},
                {"ADDRESS", "/erasure/" + word(*one, "proposal")}};
  const bool open = word(*one, "state") == "open";
  const bool own = word(*one, "proposer") == actor.id;
  if (open && !own && identity::may(actor, Right::approve_erasure))
    model["APPROVE"] = {
        {"HTML_APPROVE", components::button({{"text", "Approve: destroy it for good"},
                                             {"classes", "govuk-button--warning"},
                                             {"preventDoubleClick", true}})
                             .json()}};
  if (open)
    model["DECLINE"] = {{"HTML_DECLINE", components::button({{"text", "Decline: destroy nothing"},
                                                             {"classes", "govuk-button--secondary"},
                                                             {"preventDoubleClick", true}})
                                             .json()}};
  if (open && own) model["OWN"] = true;
  co_return frame.show(request, 200, "erasure_proposal.html", std::move(model));
}

PageResponse decide_proposal(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const std::string id(request.parameter("proposal"));
  const bool approve = request.path.ends_with("/approve");
  const identity::Actor actor = request.caller->actor;
  record::Erasures& erasures = frame.app().reg.erasures();
  Start start = [&](Done done) {
    if (approve) return erasures.approve(actor, id, std::move(done));
    erasures.decline(actor, id, std::move(done));
  };
  const auto result = co_await recorded(std::move(start));
  if (!result && result.error().code == ErrorCode::conflict) {
    frame.notice(request, "Somebody has decided about this proposal already.");
    co_return redirect("/erasure/" + id);
  }
  if (!result) co_return frame.error_page(request, result.error());
  if (!approve) {
    frame.notice(request, "Declined. Nothing was destroyed.");
  } else {
    frame.notice(request, "Destroyed: " + std::to_string(result->at("erased").size()) +
                              ". Kept: " + std::to_string(result->at("kept").size()) + ".");
  }
  co_return redirect("/erasure/" + id);
}

}  // namespace

void add_erasure_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  frame->add_navigation({"Erasure", "/erasure", Right::approve_erasure});
  add_page_routes(
      router, frame,
      {{"GET", "/erasure", show_erasure_plan, Right::approve_erasure},
       {"POST", "/erasure", propose_erasure, Right::propose_erasure},
       {"GET", "/erasure/{proposal}", show_proposal, Right::approve_erasure},
       {"POST", "/erasure/{proposal}/approve", decide_proposal, Right::approve_erasure},
       {"POST", "/erasure/{proposal}/decline", decide_proposal, Right::approve_erasure}});
}

}  // namespace firebreak::web
