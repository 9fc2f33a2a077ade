// SPDX-License-Identifier: Apache-2.0
#include "register/changes.h"

#include <algorithm>
#include <utility>

#include "base/files.h"
#include "identity/rights.h"
#include "register/change_request.h"
#include "register/change_steps.h"
#include "register/event.h"
#include "register/force_settings.h"
#include "register/person_notice.h"

namespace firebreak::record {

using identity::Actor;
using identity::Right;

namespace {

Error no_change() {
  return {ErrorCode::not_found, "There is no such change.", {}, "Check its reference."};
}

Result<Json> change_body(const Document& document) { return parse_json(as_text(*document.body)); }

// What force.toml asks for now.
Result<Json> read_force_toml(const Context& context) {
  FB_TRY(const std::string text, read_file(context.paths.config()));
  FB_TRY(const Config config, read_config(text, context.paths.config().string()));
  FB_TRY(const PoliciesInForce policies, PoliciesInForce::read(context.paths.policies(), config));
  return settings_of(config, policies);
}

bool sees_all(const Actor& actor) {
  return identity::may(actor, Right::view_notices) || identity::may(actor, Right::decide_change);
}

}  // namespace

Changes::Changes(Context& context, Directory& directory, Json from_force_toml)
    : context_(context), directory_(directory), from_force_toml_(std::move(from_force_toml)) {}

Result<Json> Changes::propose(const std::optional<Actor>& actor, const Json& request) {
  FB_TRY(const std::vector<Right> rights, rights_for(request));
  const Attempt attempt{actor ? actor->id : std::string(kSystem), "change.propose", {}};
  const bool allowed = !actor || std::any_of(rights.begin(), rights.end(), [&](Right right) {
    return identity::may(*actor, right);
  });
  if (!allowed) {
    return context_.recorder->run(
        [&](Transaction& tx) -> Result<Json> {
          return tx.refuse(actor->must_change_password ? Refusal::password_change_due
                                                       : Refusal::no_right);
        },
        attempt);
  }
  FB_TRY(const std::vector<ChangeLine> lines, requested(request));
  FB_TRY(const std::optional<Candidate> candidate, prepare(context_, lines));
  const std::string id = random_name(context_.random, "change_");
  const Json reason = request.value("reason", Json());
  const std::string why = reason.is_string() ? reason.get<std::string>() : std::string();
  FB_TRY(const Json body, context_.recorder->run(
                              [&](Transaction& tx) {
                                return do_propose_change(tx, actor, id, lines, why, candidate);
                              },
                              attempt));
  return shown(body);
}

Result<std::vector<ChangeLine>> Changes::requested(const Json& request) {
  Json wanted;
  if (request.at("type") == "force_toml") {
    FB_TRY(wanted, read_force_toml(context_));
    const std::scoped_lock lock(mutex_);
    from_force_toml_ = wanted;
  }
  return lines_of(context_, directory_, wanted, request);
}

Result<Json> Changes::approve(const Actor& actor, const std::string& id) {
  const std::scoped_lock one(deciding_);
  const auto document = context_.reader->document("change", id);
  if (!document)
    return document.error().code == ErrorCode::not_found ? no_change() : document.error();
  FB_TRY(const Json stored, change_body(*document));
  FB_TRY(const Change change, read_change(stored.at("state")));
  // Only for one that may be approved; for all others the step itself says what is wrong.
  std::optional<Candidate> candidate;
  if (change.stage == ChangeStage::proposed && identity::may(actor, Right::decide_change)) {
    FB_TRY(candidate, prepare(context_, change.lines));
  }
  FB_TRY(const Json body,
         context_.recorder->run(
             [&](Transaction& tx) { return do_approve_change(tx, context_, actor, id, candidate); },
             Attempt{actor.id, "change.approve", {}}));
  const std::string effective = body.at("state").at("effective");
  if (effective.empty() || *parse_instant(effective) > context_.clock.now()) return shown(body);
  return apply(id);
}

Result<Json> Changes::refuse(const Actor& actor, const std::string& id, const std::string& reason) {
  FB_TRY(const Json body, context_.recorder->run(
                              [&](Transaction& tx) {
                                return do_end_change(tx, actor, id, kind::kChangeRefused, reason);
                              },
                              Attempt{actor.id, "change.refuse", {}}));
  return shown(body);
}

Result<Json> Changes::withdraw(const Actor& actor, const std::string& id) {
  FB_TRY(const Json body, context_.recorder->run(
                              [&](Transaction& tx) {
                                return do_end_change(tx, actor, id, kind::kChangeWithdrawn, {});
                              },
                              Attempt{actor.id, "change.withdraw", {}}));
  return shown(body);
}

// With `deciding_` held: nothing else changes what is in force meanwhile.
Result<Json> Changes::apply(const std::string& id) {
  FB_TRY(const Document document, context_.reader->document("change", id));
  FB_TRY(const Json stored, change_body(document));
  FB_TRY(const Change change, read_change(stored.at("state")));
  auto candidate = prepare(context_, change.lines);
  // What may be mended, a disk say, is tried again at the next tick.
  if (!candidate && candidate.error().code == ErrorCode::unavailable) return candidate.error();
  FB_TRY(const Json body, context_.recorder->run([&](Transaction& tx) -> Result<Json> {
    if (!candidate) return do_give_up(tx, id, candidate.error());
    return do_take_effect(tx, context_, directory_, id, *std::move(candidate));
  }));
  return shown(body);
}

Result<Json> Changes::apply_due() {
  const std::scoped_lock one(deciding_);
  FB_TRY(const std::vector<Document> documents, context_.reader->newest("change"));
  int done = 0;
  for (const Document& document : documents) {
    FB_TRY(const Json stored, change_body(document));
    FB_TRY(const Change change, read_change(stored.at("state")));
    if (change.stage != ChangeStage::approved) continue;
    if (*parse_instant(change.effective) > context_.clock.now()) continue;
    FB_TRY([[maybe_unused]] const Json now, apply(change.id));
    ++done;
  }
  return Json{{"took_effect", done}};
}

std::string Changes::name_of(const std::string& person) const {
  const auto who = directory_.person(person);
  return who ? who->display_name : std::string("the command line on the data folder");
}

// A change as people see it: with names, and each line in words.
Json Changes::shown(const Json& document) const {
  const auto name = [this](const std::string& id) { return name_of(id); };
  Json out = document.at("state");
  out["reason"] = document.value("reason", "");
  out["answer"] = document.value("answer", "");
  out["steps"] = document.at("steps");
  for (Json& step : out["steps"]) {
    const std::string actor = step.at("actor");
    step["name"] = step.at("event") == kind::kChangeTookEffect ? "Firebreak" : name(actor);
  }
  out["proposer_name"] = name(out.at("proposer"));
  out["says"] = Json::array();
  if (const auto lines = read_lines(out.at("lines"))) {
    for (const ChangeLine& line : *lines) out["says"].push_back(line_text(line, name));
  }
  return out;
}

Result<Json> Changes::list(const Actor& actor, const std::optional<ChangeStage>& stage) {
  const bool all = sees_all(actor);
  if (!all && !identity::may(actor, Right::change_force) &&
      !identity::may(actor, Right::change_policy))
    return refusal_error(Refusal::no_right);
  FB_TRY(const std::vector<Document> documents, context_.reader->newest("change"));
  std::vector<Json> found;
  for (const Document& document : documents) {
    FB_TRY(const Json body, change_body(document));
    const Json& state = body.at("state");
    if (stage && state.at("state") != stage_name(*stage)) continue;
    if (all || state.at("proposer") == actor.id) found.push_back(shown(body));
  }
  std::sort(found.begin(), found.end(),
            [](const Json& a, const Json& b) { return a.at("proposed") > b.at("proposed"); });
  return Json{{"changes", std::move(found)}};
}

Result<Json> Changes::show(const Actor& actor, const std::string& id) {
  const auto document = context_.reader->document("change", id);
  if (!document && document.error().code != ErrorCode::not_found) return document.error();
  if (!document) return no_change();
  FB_TRY(const Json body, change_body(*document));
  if (!sees_all(actor) && body.at("state").at("proposer") != actor.id) return no_change();
  return shown(body);
}

Result<Json> Changes::notices(const Actor& actor) {
  if (!identity::may(actor, Right::view_notices)) return refusal_error(Refusal::no_right);
  FB_TRY(const std::vector<Document> documents, context_.reader->newest("change"));
  std::vector<Json> found;
  for (const Document& document : documents) {
    FB_TRY(const Json body, change_body(document));
    const Json change = shown(body);
    for (Json notice : change.at("steps")) {
      for (const char* member : {"change", "reason", "says", "effective", "answer"})
        notice[member] = change.at(member);
      found.push_back(std::move(notice));
    }
  }
  FB_TRY(std::vector<Json> people,
         person_notices(*context_.reader, [this](const std::string& id) { return name_of(id); }));
  found.insert(found.end(), std::make_move_iterator(people.begin()),
               std::make_move_iterator(people.end()));
  std::stable_sort(found.begin(), found.end(),
                   [](const Json& a, const Json& b) { return a.at("at") > b.at("at"); });
  return Json{{"notices", std::move(found)}};
}

std::string Changes::force_toml_notice() const {
  const std::scoped_lock lock(mutex_);
  if (from_force_toml_.is_string()) {
    return "force.toml asks for something that cannot be read, and what is in force stays: " +
           from_force_toml_.get<std::string>();
  }
  std::string keys;
  for (const ChangeLine& line : differences(context_.settings(), from_force_toml_))
    keys += (keys.empty() ? "" : ", ") + line.part + " " + line.key;
  if (keys.empty()) return {};
  return "force.toml differs from what is in force (" + keys +
         "). What is in force counts. `firebreak change propose force-toml` proposes the "
         "difference, and a second person approves it.";
}

}  // namespace firebreak::record
