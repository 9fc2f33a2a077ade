// SPDX-License-Identifier: Apache-2.0
// What two persons decide together: the changes that wait and that were, one change with what it
// does; and the Board's notices.
#include <algorithm>

#include "web/components/components.h"
#include "web/listing.h"
#include "web/pages/govern_page.h"
#include "web/pages/groups.h"

namespace firebreak::web {
namespace {

using identity::Right;

struct StageWords {
  const char* state;
  const char* words;
  const char* colour;
};

constexpr StageWords kStageWords[] = {{"proposed", "Waits for another person", "yellow"},
                                      {"approved", "Approved, waits for its time", "blue"},
                                      {"took_effect", "In effect", "green"},
                                      {"refused", "Refused", "red"},
                                      {"withdrawn", "Withdrawn", "grey"}};

const StageWords& stage_words(const std::string& state) {
  const auto* found = std::find_if(std::begin(kStageWords), std::end(kStageWords),
                                   [&](const StageWords& row) { return state == row.state; });
  return found == std::end(kStageWords) ? kStageWords[0] : *found;
}

Html stage_tag(const std::string& state) {
  const StageWords& row = stage_words(state);
  return components::tag(
      {{"text", row.words}, {"classes", std::string("govuk-tag--") + row.colour}});
}

std::string change_step_words(const std::string& event) {
  if (event == "change.proposed") return "Proposed";
  if (event == "change.approved") return "Approved";
  if (event == "change.refused") return "Refused";
  if (event == "person.added") return "Person added";
  if (event == "person.account_linked") return "Account linked";
  if (event == "person.password_reset") return "New one-time password";
  if (event == "passkey.registered") return "Passkey added";
  if (event == "passkey.confirmed") return "Passkey confirmed";
  if (event == "passkey.suspended") return "Passkey suspended";
  return event == "change.withdrawn" ? "Withdrawn" : "Took effect";
}

// What the change does, a line each.
Html says_of(const Json& change) {
  Element list = Element("ul").set("class", "govuk-list govuk-list--bullet fb-break");
  for (const Json& line : change.at("says")) list.add(Element("li").text(line.get<std::string>()));
  return list.html();
}

const ListShape& change_list() {
  static const ListShape shape = [] {
    ListShape out = {.path = "/changes",
                     .file = "changes",
                     .caption = "Changes, newest first",
                     .none = "Nobody has proposed a change.",
                     .columns = {{.id = "what", .heading = "What changes", .sorts = false},
                                 {.id = "state", .heading = "State"},
                                 {.id = "by", .heading = "Proposed by"},
                                 {.id = "at", .heading = "Proposed"}},
                     .filters = {{"state", "State", {}}},
                     .search = ListSearch::words,
                     .search_label = "Search by what changes or who proposed it",
                     .order = "at",
                     .descending = true};
    for (const StageWords& row : kStageWords)
      out.filters[0].values.push_back({row.state, row.words});
    return out;
  }();
  return shape;
}

ListRow change_row(const Json& change) {
  const std::string what = change.at("says").empty() ? "" : change.at("says")[0];
  const std::string state = change.at("state");
  const std::string at = change.at("proposed");
  ListRow row;
  row.cells = {
      {what, {}, link_to(what, "/changes/" + change.at("change").get<std::string>()).json()},
      {stage_words(state).words, {}, stage_tag(state).json()},
      {change.at("proposer_name"), {}, {}},
      {said_time(at), at, {}}};
  row.facets["state"] = {state};
  return row;
}

PageResponse changes_page(Frame& frame, Request& request) {
  const auto query = read_list_query(change_list(), request);
  if (!query) co_return frame.error_page(request, query.error());
  Block work = [&frame, &request] {
    return frame.app().reg.changes().list(request.caller->actor, std::nullopt);
  };
  const Result<Json> found = co_await frame.app().reads.run(std::move(work));
  if (!found) co_return frame.error_page(request, found.error());
  std::vector<ListRow> rows;
  for (const Json& change : found->at("changes")) rows.push_back(change_row(change));
  const ListPage listed = list_page(change_list(), *query, std::move(rows));
  if (query->csv) co_return list_csv(change_list(), listed);
  GovernPage page("Changes that need two persons");
  page.wide();
  page.text(
      "Ranks, destinations, policies in force and the settings that matter are proposed by one "
      "person and approved by another. Each step is a notice to the Board.");
  const std::string notice = frame.app().reg.changes().force_toml_notice();
  if (!notice.empty()) page.block(components::inset_text({{"text", notice}}));
  page.block(list_html(change_list(), *query, listed));
  if (identity::may(request.caller->actor, Right::change_force))
    page.link("Propose to change a setting", "/changes/propose/setting");
  co_return frame.show(request, 200, "govern.html", page.model());
}

// What this person may do about it, as forms.
void add_decisions(GovernPage& page, const Json& change, const identity::Actor& actor,
                   const Form& sent, const FormErrors& errors) {
  const std::string path = "/changes/" + change.at("change").get<std::string>();
  const std::string state = change.at("state");
  if (state != "proposed" && state != "approved") return;
  if (change.at("proposer") == actor.id) {
    page.text("You proposed this. Another person decides about it.");
    page.form(path + "/withdraw", {},
              {{{"text", "Withdraw it"}, {"classes", "govuk-button--secondary"}}});
    return;
  }
  if (!identity::may(actor, Right::decide_change)) return;
  const Json& lines = change.at("lines");
  if (std::any_of(lines.begin(), lines.end(),
                  [&](const Json& line) { return line.at("key") == actor.id; })) {
    page.text("This is about your own rank. Another person decides about it.");
    return;
  }
  const Json& given = change.at("approvals");
  const bool approved = std::any_of(given.begin(), given.end(), [&](const Json& approval) {
    return approval.at("person") == actor.id;
  });
  if (state == "proposed" && !approved) {
    page.heading("Approve");
    page.text("By approving you say that you have read what it does and why.");
    page.form(path + "/approve", {}, {{{"text", "Approve this change"}}});
  }
  page.heading("Refuse");
  page.form(path + "/refuse",
            {text_field(sent, errors, {"reason", "Why not", "The Board reads it.", 3})},
            {{{"text", "Refuse this change"}, {"classes", "govuk-button--warning"}}});
}

// Links to the texts of policies that the change would put in force.
void add_policy_links(GovernPage& page, const Json& change, const identity::Actor& actor) {
  if (!identity::may(actor, Right::change_policy) && !identity::may(actor, Right::decide_change))
    return;
  for (const Json& line : change.at("lines")) {
    if (line.at("part") != "policies" || !line.at("before").is_null()) continue;
    const std::string file = line.at("after").at("file");
    page.link("Read the text of the policy from " + line.at("key").get<std::string>(),
              "/policies/texts/" + file);
    page.link("Compare it with the policy in force today", "/policies/differences/" + file);
  }
}

Response change_view(Frame& frame, const Request& request, int status, const Json& change,
                     const Form& sent, const FormErrors& errors) {
  GovernPage page("Change");
  page.back("/changes");
  page.heading("What it does");
  page.block(says_of(change));
  add_policy_links(page, change, request.caller->actor);
  std::vector<std::pair<std::string, Json>> lines = {
      {"State", stage_tag(change.at("state")).json()},
      {"Why", change.at("reason")},
      {"Proposed by", change.at("proposer_name")}};
  const std::string effective = change.at("effective");
  if (!effective.empty()) lines.emplace_back("Not before", said_time(effective));
  if (change.at("answer") != "") lines.emplace_back("Why not", change.at("answer"));
  lines.emplace_back("Reference", change.at("change"));
  page.block(summary_of(lines));
  std::vector<std::vector<Json>> steps;
  for (const Json& step : change.at("steps"))
    steps.push_back(
        {change_step_words(step.at("event")), step.at("name"), said_time(step.at("at"))});
  page.block(plain_table("Steps", {"Step", "By", "When"}, steps));
  add_decisions(page, change, request.caller->actor, sent, errors);
  return frame.show(request, status, "govern.html", page.model(errors));
}

PageResponse shown_change(Frame& frame, Request& request, int status, Form sent,
                          FormErrors errors) {
  Block work = [&frame, &request] {
    return frame.app().reg.changes().show(request.caller->actor,
                                          std::string(request.parameter("change")));
  };
  const Result<Json> change = co_await frame.app().reads.run(std::move(work));
  if (!change) co_return frame.error_page(request, change.error());
  co_return change_view(frame, request, status, *change, sent, errors);
}

PageResponse change_page(Frame& frame, Request& request) {
  return shown_change(frame, request, 200, Form({}), {});
}

std::string outcome_text(const Json& change) {
  const std::string state = change.at("state");
  if (state == "took_effect") return "The change is in effect.";
  if (state == "proposed") return "Your approval is recorded. One more person must approve it.";
  if (state == "approved") {
    return "The change is approved and takes effect not before " +
           said_time(change.at("effective")) + ".";
  }
  return state == "refused" ? "The change is refused." : "The change is withdrawn.";
}

using ChangeStep = Result<Json> (*)(record::Changes&, const identity::Actor&, const std::string&,
                                    const std::string&);

PageResponse decide_on_change(Frame& frame, Request& request, ChangeStep step, bool needs_reason) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  const std::string reason = sent->value("reason");
  FormErrors errors;
  if (needs_reason && reason.empty()) errors.add("reason", "Say why not");
  const std::string id(request.parameter("change"));
  Result<Json> done = Json();
  if (!errors.any()) {
    Block work = [&frame, &request, &id, &reason, step] {
      return step(frame.app().reg.changes(), request.caller->actor, id, reason);
    };
    done = co_await frame.app().policies.run(std::move(work));
  }
  if (done && !errors.any()) {
    frame.notice(request, outcome_text(*done));
    co_return redirect("/changes/" + id);
  }
  if (!done && done.error().code == ErrorCode::not_found)
    co_return frame.error_page(request, done.error());
  if (!done) add_error(errors, done.error(), {"reason"});
  const int status = done ? 400 : http_status(done.error().code);
  PageResponse again = shown_change(frame, request, status, *sent, errors);
  Response response = co_await std::move(again);
  co_return response;
}

PageResponse approve_change(Frame& frame, Request& request) {
  return decide_on_change(
      frame, request,
      [](record::Changes& changes, const identity::Actor& actor, const std::string& id,
         const std::string&) { return changes.approve(actor, id); },
      false);
}

PageResponse refuse_it(Frame& frame, Request& request) {
  return decide_on_change(
      frame, request,
      [](record::Changes& changes, const identity::Actor& actor, const std::string& id,
         const std::string& reason) { return changes.refuse(actor, id, reason); },
      true);
}

PageResponse withdraw_it(Frame& frame, Request& request) {
  return decide_on_change(
      frame, request,
      [](record::Changes& changes, const identity::Actor& actor, const std::string& id,
         const std::string&) { return changes.withdraw(actor, id); },
      false);
}

PageResponse notices_page(Frame& frame, Request& request) {
  Block work = [&frame, &request] {
    return frame.app().reg.changes().notices(request.caller->actor);
  };
  const Result<Json> found = co_await frame.app().reads.run(std::move(work));
  if (!found) co_return frame.error_page(request, found.error());
  GovernPage page("Notices to the Board");
  page.text(
      "Each step of each change that needs two persons: ranks, destinations, policies in force and "
      "the settings that matter; and each step about those who can be one of two persons: their "
      "passkeys, accounts and one-time passwords. Newest first.");
  if (found->at("notices").empty()) page.text("There are no notices yet.");
  for (const Json& notice : found->at("notices")) {
    page.heading(change_step_words(notice.at("event")) + " by " +
                 notice.at("name").get<std::string>() + ", " + said_time(notice.at("at")));
    page.block(says_of(notice));
    if (notice.at("change") == "") continue;
    page.text("Why: " + notice.at("reason").get<std::string>());
    page.link("The whole change", "/changes/" + notice.at("change").get<std::string>());
  }
  co_return frame.show(request, 200, "govern.html", page.model());
}

}  // namespace

void add_change_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  frame->add_navigation({"Changes", "/changes", Right::decide_change});
  frame->add_navigation({"Notices", "/board/notices", Right::view_notices});
  add_page_routes(router, frame,
                  {{"GET", "/changes", changes_page, Right::view_notices},
                   {"GET", "/changes/{change}", change_page, Right::view_notices},
                   {"POST", "/changes/{change}/approve", approve_change, Right::decide_change},
                   {"POST", "/changes/{change}/refuse", refuse_it, Right::decide_change},
                   {"POST", "/changes/{change}/withdraw", withdraw_it, Right::view_notices},
                   {"GET", "/board/notices", notices_page, Right::view_notices}});
}

}  // namespace firebreak::web
