// SPDX-License-Identifier: Apache-2.0
// Writing a referral: the task list, a page for each task, check your answers, submit.
#include <utility>

#include "register/casework.h"
#include "web/components/components.h"
#include "web/pages/casework_parts.h"
#include "web/pages/groups.h"
#include "web/pages/views.h"

namespace firebreak::web {
namespace {

using identity::Right;

// The longest text that a box may hold and be shown again: a megabyte, as a form encodes it.
constexpr size_t kMostTyped = size_t{4} << 20;

Html task_items(const std::vector<Task>& tasks, int section, const std::string& base) {
  Json items = Json::array();
  for (const Task& task : tasks) {
    if (task.section != section) continue;
    Json item = {{"title", {{"text", task.title}}}};
    if (!task.link.empty()) item["href"] = base + task.link;
    switch (task.status) {
      case TaskStatus::done:
        item["status"] = {{"text", "Completed"}};
        break;
      case TaskStatus::in_progress:
        item["status"] = {{"tag", {{"text", "In progress"}, {"classes", "govuk-tag--light-blue"}}}};
        break;
      case TaskStatus::optional:
        item["status"] = {{"text", "Optional"}};
        break;
      case TaskStatus::waits:
        item["status"] = {{"text", "Cannot start yet"},
                          {"classes", "govuk-task-list__status--cannot-start-yet"}};
        break;
      case TaskStatus::not_started:
        item["status"] = {{"tag", {{"text", "Not started yet"}, {"classes", "govuk-tag--blue"}}}};
    }
    items.push_back(std::move(item));
  }
  return components::task_list(
      {{"idPrefix", "section-" + std::to_string(section)}, {"items", std::move(items)}});
}

// What the policy says of the facts so far, once it has been recorded.
Json decided_view(const Making& making, const Json& answer) {
  const Walk& walk = making.walk;
  Json view = answer_view(making.policy, walk, answer);
  view["REFERENCE"] = answer.value("reference", "");
  if (answer["decision"] != "refuse") view.erase("SUPPORT");
  return view;
}

PageResponse task_list_page(Frame& frame, Request& request) {
  auto shown = co_await own_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  if (!may_change(*shown)) co_return redirect(path_of(request, "steps"));
  const Opened open = opened(frame, *std::move(shown));
  const std::vector<Task> tasks = tasks_of(open.making);
  Json model = {{"TITLE", "Your referral"},
                {"REF", open.referral["referral"]},
                {"BACK", {{"LINK", "/referrals"}}}};
  if (open.making.decided()) {
    auto answer = co_await told_answer(frame, request, open.making);
    // Facts that today's policy does not read are mended on their pages.
    const bool unread = !answer && answer.error().code == ErrorCode::bad_input;
    if (!answer && !unread) co_return frame.error_page(request, answer.error());
    if (answer) model["DECIDED"] = decided_view(open.making, *answer);
  }
  if (open.policy == nullptr) model["NO_POLICY"] = true;
  const std::string base = path_of(request, "");
  model["SECTION"] = Json::array();
  for (size_t i = 0; i < kTaskSections.size(); ++i) {
    model["SECTION"].push_back(
        {{"HEADING", kTaskSections.at(i)},
         {"HTML_TASKS", task_items(tasks, static_cast<int>(i), base).json()}});
  }
  if (open.making.may_go() && is_ready(tasks)) {
    model["READY"] = {{"LINK", base + "check"}};
  } else {
    model["NOT_READY"] = true;
  }
  co_return frame.show(request, 200, "tasks.html", std::move(model));
}

// Saves and says where it stands; the error is the register's.
boost::asio::awaitable<Result<Json>> save(Frame& frame, const Request& request, uint64_t revision,
                                          Json draft) {
  record::Referrals& referrals = frame.app().reg.referrals();
  const identity::Actor actor = request.caller->actor;
  const std::string ref(request.parameter("ref"));
  const record::SaveRequest wanted{revision, folded(std::move(draft))};
  Start start = [&referrals, actor, ref, wanted](record::Done done) {
    referrals.save(actor, ref, wanted, std::move(done));
  };
  auto saved = co_await recorded(std::move(start));
  co_return saved;
}

// What the register holds now, beside what was typed from an older page.
Json conflict_view(const TaskForm& form, const Json& draft) {
  Json rows = Json::array();
  for (const TaskField& field : form.fields) {
    const std::string said = said_of(field, draft);
    rows.push_back(
        {{"key", {{"text", field.label}}}, {"value", {{"text", said.empty() ? "Nothing" : said}}}});
  }
  return {{"HTML_NOW", components::summary_list({{"rows", rows}}).json()}};
}

Json task_model(const Request& request, const TaskForm& form, const Typed& typed,
                const FormErrors& errors, uint64_t revision) {
  Json model = {{"TITLE", form.title},
                {"ACTION", request.path},
                {"REVISION", std::to_string(revision)},
                {"BACK", {{"LINK", path_of(request, "tasks")}}},
                {"HTML_FIELDS", task_fields(form, typed, errors).json()}};
  if (form.fields.size() > 1) model["HEADING"] = {{"TEXT", form.title}};
  if (!form.hint.empty()) model["HINT"] = {{"TEXT", form.hint}};
  errors.put_in(model);
  return model;
}

// The list that an entry belongs to is a page of its own.
std::string after_task(const Request& request) {
  const std::string task(request.parameter("task"));
  if (task.starts_with("history-")) return path_of(request, "task/history");
  if (task.starts_with("role-change-")) return path_of(request, "task/role-changes");
  return path_of(request, "tasks");
}

Json list_model(const Request& request, const Opened& open, bool history) {
  const Json& draft = open.making.draft;
  const auto lines = history ? history_lines(draft) : role_change_lines(draft);
  const std::string entry = history ? "history-" : "role-change-";
  Json model = {{"TITLE", history ? "History of offending in another country"
                                  : "Changes of the person’s role"},
                {"HINT", history ? "Add every conviction and allegation that is known. Only "
                                   "convictions count."
                                 : "Add each change of this person’s role in the last weeks. Those "
                                   "who decide see that it changed, when, and by which office."},
                {"ACTION", request.path},
                {"REVISION", std::to_string(open.revision())},
                {"BACK", {{"LINK", path_of(request, "tasks")}}},
                {"ENTRY", Json::array()}};
  const bool none_known =
      history && lines.size() == 1 && draft["history"][0]["kind"] == "none_known";
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    Json line = {{"TEXT", lines[i]}, {"NUMBER", number}};
    if (!none_known) line["CHANGE"] = {{"LINK", path_of(request, "task/" + entry + number)}};
    model["ENTRY"].push_back(std::move(line));
  }
  if (!none_known && lines.size() < record::kMaxCaseworkEntries) {
    model["ADD"] = {{"LINK", path_of(request, "task/" + entry + std::to_string(lines.size() + 1))},
                    {"WORDS", history ? "Add a conviction or an allegation" : "Add a change"}};
  }
  const bool said_none = !history && draft.contains("role_changes") && lines.empty();
  if (said_none) model["SAID_NONE"] = true;
  if (lines.empty() && !said_none) {
    model["NONE"] = {{"WORDS", history ? "No such history is known" : "The role was not changed"}};
  }
  return model;
}

PageResponse task_page(Frame& frame, Request& request) {
  auto shown = co_await own_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  if (!may_change(*shown)) co_return redirect(path_of(request, "steps"));
  const Opened open = opened(frame, *std::move(shown));
  const std::string task(request.parameter("task"));
  if (task == "history" || task == "role-changes") {
    co_return frame.show(request, 200, "task_entries.html",
                         list_model(request, open, task == "history"));
  }
  const auto form = task_form(open.making, task);
  if (!form) co_return redirect(path_of(request, "tasks"));
  Json model =
      task_model(request, *form, typed_of(*form, spread(open.making.draft)), {}, open.revision());
  model["BACK"] = {{"LINK", after_task(request)}};
  co_return frame.show(request, 200, "task.html", std::move(model));
}

// What follows from an answer: the recipient from the destination, the class from the history.
Json with_consequences(Frame& frame, const Making& making, const std::string& task, Json draft) {
  if (task == "destination") {
    const auto* chosen = frame.app().reg.config().destination(draft.value("destination", ""));
    draft["facts"] = with_fact(making, "recipient", chosen ? Json(chosen->recipient) : Json());
  }
  if (task.starts_with("history")) {
    const Json history = draft.value("history", Json::array());
    draft["facts"] = with_fact(making, "overseas_offending",
                               history.empty() ? Json() : Json(record::highest_class(history)));
  }
  return draft;
}

// The draft after one of the list's two buttons: there is none to list, or entry N goes. Error:
// bad_input for what no button of ours sends.
Result<Json> after_button(const Form& sent, Json draft, const char* list, bool history) {
  if (sent.value("none") == "yes") {
    draft[list] = Json::array();
    if (history) draft[list].push_back({{"kind", "none_known"}});
    return draft;
  }
  const std::string number = sent.value("remove");
  const bool digits = !number.empty() && number.size() <= 2 &&
                      number.find_first_not_of("0123456789") == std::string::npos;
  const size_t at = digits ? std::stoul(number) : 0;
  if (at < 1 || at > draft.value(list, Json::array()).size()) {
    return bad_input("There is no such entry in the list.", {}, "Load the page again.");
  }
  draft[list].erase(at - 1);
  if (draft[list].empty()) draft.erase(list);
  return draft;
}

PageResponse take_entries(Frame& frame, Request& request, const Form& sent, const Opened& open) {
  const bool history = request.parameter("task") == "history";
  const char* list = history ? "history" : "role_changes";
  auto changed = after_button(sent, open.making.draft, list, history);
  if (!changed) co_return frame.error_page(request, changed.error());
  Json draft = *std::move(changed);
  draft = with_consequences(frame, open.making, list, std::move(draft));
  auto saved = co_await save(frame, request, revision_in(sent), std::move(draft));
  if (!saved && saved.error().code == ErrorCode::conflict) {
    Json model = list_model(request, open, history);
    FormErrors errors;
    errors.add("", "The list was changed in another tab. This is what it holds now");
    errors.put_in(model);
    co_return frame.show(request, 409, "task_entries.html", std::move(model));
  }
  if (!saved) co_return frame.error_page(request, saved.error());
  co_return redirect(request.path);
}

PageResponse take_task(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  auto shown = co_await own_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  if (!may_change(*shown)) co_return redirect(path_of(request, "steps"));
  const Opened open = opened(frame, *std::move(shown));
  const std::string task(request.parameter("task"));
  if (task == "history" || task == "role-changes") {
    Response listed = co_await take_entries(frame, request, *sent, open);
    co_return listed;
  }
  const auto form = task_form(open.making, task);
  if (!form) co_return redirect(path_of(request, "tasks"));
  const Typed typed = typed_in(*form, *sent);
  FormErrors errors;
  Json draft = written(*form, typed, spread(open.making.draft), errors);
  if (!errors.any()) {
    draft = with_consequences(frame, open.making, task, std::move(draft));
    auto saved = co_await save(frame, request, revision_in(*sent), std::move(draft));
    if (saved) co_return redirect(after_task(request));
    if (saved.error().code != ErrorCode::conflict) errors.add("", sentence(saved.error()));
  }
  const bool stale = !errors.any();
  if (stale) {
    errors.add("",
               "The referral was changed after you opened this page. What you typed is below, and "
               "is not saved yet");
  }
  Json model = task_model(request, *form, typed, errors, open.revision());
  if (stale) model["CONFLICT"] = conflict_view(*form, spread(open.making.draft));
  co_return frame.show(request, stale ? 409 : 400, "task.html", std::move(model));
}

PageResponse fact_page(Frame& frame, Request& request) {
  auto shown = co_await own_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  if (!may_change(*shown)) co_return redirect(path_of(request, "steps"));
  const Opened open = opened(frame, *std::move(shown));
  const std::string attribute(request.parameter("attribute"));
  const auto walk = fact_walk(open.making, attribute);
  if (!walk) co_return redirect(path_of(request, "tasks"));
  const Json& facts = open.making.draft["facts"];
  const auto chosen =
      facts.contains(attribute) ? chosen_values(facts[attribute]) : std::vector<std::string>{};
  Json model = question_view(*open.policy, *walk, chosen, "");
  model["ACTION"] = request.path;
  model["REVISION"] = {{"NUMBER", std::to_string(open.revision())}};
  model["BACK"] = {{"LINK", path_of(request, "tasks")}};
  co_return frame.show(request, 200, "question.html", std::move(model));
}

PageResponse take_fact(Frame& frame, Request& request) {
  const auto sent = frame.form(request);
  if (!sent) co_return frame.error_page(request, sent.error());
  auto shown = co_await own_referral(frame, request);
  if (!shown) co_return frame.error_page(request, shown.error());
  if (!may_change(*shown)) co_return redirect(path_of(request, "steps"));
  const Opened open = opened(frame, *std::move(shown));
  const std::string attribute(request.parameter("attribute"));
  const auto walk = fact_walk(open.making, attribute);
  if (!walk) co_return redirect(path_of(request, "tasks"));
  const std::vector<std::string> chosen = sent->values("answer");
  const auto value = read_answer(*open.policy, *walk, chosen);
  std::string problem = value ? "" : value.error().message;
  std::string notice;
  int status = 400;
  if (value) {
    Json draft = open.making.draft;
    draft["facts"] = with_fact(open.making, attribute, *value);
    auto saved = co_await save(frame, request, revision_in(*sent), std::move(draft));
    if (saved) co_return redirect(path_of(request, "tasks"));
    const bool stale = saved.error().code == ErrorCode::conflict;
    status = http_status(saved.error().code);
    problem = stale ? "The referral was changed in another tab. Check this answer and send it again"
                    : sentence(saved.error());
    const Json& facts = open.making.draft["facts"];
    const Json now = facts.value(attribute, Json());
    const policy::Attribute* found = walk->next;
    notice = "It holds now: " + (now.is_null() ? "nothing" : say_answer({found, now}));
  }
  Json model = question_view(*open.policy, *walk, chosen, problem);
  model["ACTION"] = request.path;
  model["REVISION"] = {{"NUMBER", std::to_string(open.revision())}};
  model["BACK"] = {{"LINK", path_of(request, "tasks")}};
  if (!notice.empty()) model["NOTICE"] = {{"TEXT", notice}};
  co_return frame.show(request, status, "question.html", std::move(model));
}

}  // namespace

void add_casework_pages(Router& router, const std::shared_ptr<Frame>& frame) {
  constexpr auto kDraft = Right::draft_referral;
  add_page_routes(
      router, frame,
      {{"GET", "/referrals/{ref}/tasks", task_list_page, kDraft},
       {"GET", "/referrals/{ref}/task/{task}", task_page, kDraft},
       {"POST", "/referrals/{ref}/task/{task}", take_task, kDraft, Access::signed_in, kMostTyped},
       {"GET", "/referrals/{ref}/fact/{attribute}", fact_page, kDraft},
       {"POST", "/referrals/{ref}/fact/{attribute}", take_fact, kDraft}});
}

}  // namespace firebreak::web
