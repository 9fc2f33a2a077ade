// SPDX-License-Identifier: Apache-2.0
#include "register/change_steps.h"

#include <algorithm>
#include <utility>

#include "identity/rights.h"
#include "register/event.h"
#include "register/force_settings.h"
#include "register/step_parts.h"

namespace firebreak::record {
namespace {

constexpr size_t kMaxReason = 2000;

// The document `change` ID: the state (change_state.h), the words of people, and every step.
struct Stored {
  Change change;
  Json body;
  uint64_t revision = 0;
};

Result<Stored> stored(Transaction& tx, const std::string& id) {
  const auto document = tx.get("change", id);
  if (!document) {
    if (document.error().code != ErrorCode::not_found) return document.error();
    return Error{ErrorCode::not_found, "There is no such change.", {}, "Check its reference."};
  }
  Stored out;
  FB_TRY(out.body, parse_json(as_text(*document->body)));
  FB_TRY(out.change, read_change(out.body.at("state")));
  out.revision = document->revision;
  return out;
}

Json event_of(std::string_view kind, const std::string& actor, const std::string& id) {
  Json event = new_event(kind, actor);
  event["change"] = id;
  event["notice"] = "board";
  return event;
}

// Appends the step and stores what the change has become.
Result<Json> take(Transaction& tx, Stored before, Json event, std::vector<NewDocument> more = {}) {
  event["at"] = format_instant(tx.now());
  const bool first = before.revision == 0;
  FB_TRY(const Change change,
         next_change(first ? std::nullopt : std::optional(before.change), event));
  Json body = std::move(before.body);
  body["state"] = to_json(change);
  body["steps"].push_back(
      {{"event", event.at("kind")}, {"at", event.at("at")}, {"actor", event.at("actor")}});
  const std::string text = canonical_json(body);
  more.insert(more.begin(),
              {"change", change.id, before.revision + 1, Bytes(text.begin(), text.end())});
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event), std::move(more)));
  return body;
}

Right right_for(const std::string& part) {
  return part == "policies" || part == "assertions" ? Right::change_policy : Right::change_force;
}

Result<void> need_rights(Transaction& tx, const Actor& actor,
                         const std::vector<ChangeLine>& lines) {
  for (const ChangeLine& line : lines) FB_CHECK(need(tx, actor, right_for(line.part)));
  return {};
}

// The ranks that the lines would change are as they were when it was proposed.
Result<void> people_unchanged(Transaction& tx, const std::vector<ChangeLine>& lines) {
  for (const ChangeLine& line : lines) {
    if (line.part != "ranks") continue;
    FB_TRY(const Document document, tx.get("person", line.key));
    FB_TRY(const Json body, parse_json(as_text(*document.body)));
    if (body.at("ranks") != line.before) return refusal_error(Refusal::change_outdated);
  }
  return {};
}

Result<void> still_fits(Transaction& tx, const std::vector<ChangeLine>& lines,
                        const std::optional<Candidate>& candidate) {
  FB_CHECK(people_unchanged(tx, lines));
  return candidate ? candidate->policies.check(tx) : Result<void>();
}

}  // namespace

Result<std::optional<Candidate>> prepare(const Context& context,
                                         const std::vector<ChangeLine>& lines) {
  FB_TRY(Json settings, applied(context.settings(), lines));
  if (settings == context.settings()) return std::optional<Candidate>();
  FB_TRY(Config config, with_settings(context.config(), settings));
  FB_TRY(PoliciesInForce policies,
         PoliciesInForce::load(context.paths.policies(), config, london_day(context.clock.now())));
  // The files are those that the change names, digest by digest.
  if (settings_of(config, policies) != settings) {
    return Error{ErrorCode::conflict, "A policy's file is no longer the one that was proposed.",
                 "policies", "Propose it again."};
  }
  return std::optional(Candidate{std::move(settings), std::move(config), std::move(policies)});
}

Result<Json> do_propose_change(Transaction& tx, const std::optional<Actor>& actor,
                               const std::string& id, const std::vector<ChangeLine>& lines,
                               const std::string& reason,
                               const std::optional<Candidate>& candidate) {
  if (actor) FB_CHECK(need_rights(tx, *actor, lines));
  if (reason.find_first_not_of(" \t\r\n") == std::string::npos || reason.size() > kMaxReason)
    return tx.refuse(Refusal::malformed, "reason", "Say why, in 1 to 2000 bytes.");
  FB_CHECK(still_fits(tx, lines, candidate));
  Json event = event_of(kind::kChangeProposed, actor ? actor->id : std::string(kSystem), id);
  event["lines"] = to_json(lines);
  Stored fresh;
  fresh.body = {{"reason", reason}, {"steps", Json::array()}};
  return take(tx, std::move(fresh), std::move(event));
}

Result<Json> do_approve_change(Transaction& tx, const Context& context, const Actor& actor,
                               const std::string& id, const std::optional<Candidate>& candidate) {
  FB_CHECK(need_by_record(tx, actor, Right::decide_change));
  FB_TRY(Stored before, stored(tx, id));
  const Change& change = before.change;
  const auto gave = [&](const Approval& given) { return given.person == actor.id; };
  if (change.stage != ChangeStage::proposed ||
      std::any_of(change.approvals.begin(), change.approvals.end(), gave))
    return tx.refuse(Refusal::change_not_open);
  if (change.proposer == actor.id) return tx.refuse(Refusal::own_change);
  if (change.concerns(actor.id)) return tx.refuse(Refusal::concerned_by_change);
  FB_CHECK(still_fits(tx, change.lines, candidate));
  Json event = event_of(kind::kChangeApproved, actor.id, id);
  event["effective"] = nullptr;
  if (change.approvals.size() + 1 == change.approvals_needed())
    event["effective"] = format_instant(tx.now() + delay_of(context.settings()));
  return take(tx, std::move(before), std::move(event));
}

Result<Json> do_end_change(Transaction& tx, const Actor& actor, const std::string& id,
                           std::string_view kind, const std::string& reason) {
  const bool withdraws = kind == kind::kChangeWithdrawn;
  if (!withdraws) FB_CHECK(need(tx, actor, Right::decide_change));
  FB_TRY(Stored before, stored(tx, id));
  if (withdraws && (before.change.proposer != actor.id || actor.must_change_password))
    return tx.refuse(Refusal::no_right, {}, "Who proposed a change may withdraw it.");
  if (!before.change.is_open()) return tx.refuse(Refusal::change_not_open);
  if (!withdraws && before.change.proposer == actor.id) return tx.refuse(Refusal::own_change);
  if (!withdraws && before.change.concerns(actor.id))
    return tx.refuse(Refusal::concerned_by_change);
  if (reason.size() > kMaxReason) return tx.refuse(Refusal::malformed, "reason");
  if (!reason.empty()) before.body["answer"] = reason;
  return take(tx, std::move(before), event_of(kind, actor.id, id));
}

Result<Json> do_take_effect(Transaction& tx, Context& context, Directory& directory,
                            const std::string& id, std::optional<Candidate> candidate) {
  FB_TRY(Stored before, stored(tx, id));
  const std::vector<ChangeLine> lines = before.change.lines;
  if (const auto fits = still_fits(tx, lines, candidate); !fits)
    return do_give_up(tx, id, fits.error());
  std::vector<NewDocument> documents;
  if (candidate) {
    FB_TRY(const Document settings, tx.get("settings", "force"));
    const std::string text = canonical_json(candidate->settings);
    documents.push_back(
        {"settings", "force", settings.revision + 1, Bytes(text.begin(), text.end())});
  }
  Json event = event_of(kind::kChangeTookEffect, std::string(kSystem), id);
  FB_TRY(Json body, take(tx, std::move(before), std::move(event), std::move(documents)));
  for (const ChangeLine& line : lines) {
    if (line.part == "ranks") FB_CHECK(directory.set_ranks(tx, line.key, line.after, id));
  }
  if (candidate) {
    FB_CHECK(candidate->policies.record(tx, id));
    tx.after_commit([&context, next = std::make_shared<Candidate>(*std::move(candidate))] {
      context.config.replace(std::move(next->config));
      context.policies.replace(std::move(next->policies));
      context.settings.replace(std::move(next->settings));
    });
  }
  return body;
}

Result<Json> do_give_up(Transaction& tx, const std::string& id, const Error& why) {
  FB_TRY(Stored before, stored(tx, id));
  before.body["answer"] = why.text();
  return take(tx, std::move(before), event_of(kind::kChangeRefused, std::string(kSystem), id));
}

}  // namespace firebreak::record
