// SPDX-License-Identifier: Apache-2.0
#include "register/erasure.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "register/step_parts.h"

namespace firebreak::record {
namespace {

constexpr size_t kErasedAtOnce = 100;
constexpr size_t kProposedAtOnce = 500;
constexpr std::array<std::string_view, 4> kErasureReasons = {"retention", "subject_request",
                                                             "unlawful", "court_order"};
// What may have been sent, if it was disclosed.
constexpr std::array<State, 5> kSentStates = {State::closed, State::failed, State::handed,
                                              State::refused, State::withdrawn};

// Every sealed document of a referral, the key among them.
std::vector<DocumentName> sealed_documents(const ReferralState& state) {
  std::vector<DocumentName> out = {{"key", state.id, 1}};
  const auto add = [&](const char* name, uint64_t count) {
    for (uint64_t i = 1; i <= count; ++i) out.push_back({name, state.id, i});
  };
  add("draft", state.content);
  add("message", state.revision);
  add("note", state.notes);
  return out;
}

Result<void> erase_one(Transaction& tx, const Context& context, const ReferralState& state,
                       Json event) {
  event["referral"] = state.id;
  FB_TRY([[maybe_unused]] const uint64_t seq,
         tx.append(std::move(event), {}, sealed_documents(state)));
  tx.after_commit([&context, state] {
    if (context.erased) context.erased(state);
  });
  return {};
}

// Why it may not be erased at all, in a word; empty when it may.
std::string blocked_because(const ReferralState& state) {
  if (state.after.hold) return "held";
  if (state.after.consent && state.after.consent->recall == "open") return "recall_open";
  switch (state.state) {
    case State::begun:
    case State::refused:
    case State::withdrawn:
    case State::handed:
    case State::failed:
    case State::closed:
      return {};
    default:
      return "wrong_state";
  }
}

std::optional<Day> retention_end(const ReferralState& state, int years) {
  const auto changed = parse_instant(state.changed);
  if (!changed) return std::nullopt;
  const Day end = london_day(*changed) + std::chrono::years{years};
  // The 29th of February ends with the month in other years.
  return end.ok() ? end : Day{end.year() / end.month() / std::chrono::last};
}

// The same for retention: besides, what is due must be closed or failed, and old enough.
std::string not_due_because(const ReferralState& state, int years, Day today) {
  if (const std::string blocked = blocked_because(state); !blocked.empty()) return blocked;
  if (state.state == State::handed) return "not_closed";
  // What ended without being sent goes by itself; once something may have left, it is kept as long
  // as what was sent.
  const bool ended = state.state == State::closed || state.state == State::failed ||
                     (state.state != State::begun && state.was_disclosed());
  if (!ended) return "wrong_state";
  const auto end = retention_end(state, years);
  return end && *end <= today ? "" : "not_due";
}

// Why it stays, whoever proposed its erasure for which reason; empty when it goes.
std::string kept_because(const ReferralState& state, const std::string& because, int years,
                         Day today) {
  return because == "retention" ? not_due_because(state, years, today) : blocked_because(state);
}

Json item_of(const ReferralState& state, int years) {
  const auto end = retention_end(state, years);
  return {{"referral", state.id},
          {"state", state_name(state.state)},
          {"changed", state.changed},
          {"due", end ? Json(format_day(*end)) : Json()},
          {"blocked", state.state == State::erased ? "erased" : blocked_because(state)},
          {"destroys",
           {{"keys", state.state == State::erased ? 0 : 1},
            {"drafts", state.content},
            {"messages", state.revision},
            {"notes", state.notes},
            {"releases", state.dispatches.size()}}}};
}

Result<Json> proposal_of(const Document& document) {
  if (!document.body) return Error{ErrorCode::corrupt, "A proposal was destroyed.", {}, {}};
  return parse_json(as_text(*document.body));
}

Result<std::vector<std::string>> due_now(Transaction& tx, int years) {
  FB_TRY(const auto found, tx.referrals({kSentStates.begin(), kSentStates.end()}));
  std::vector<std::string> out;
  for (const ReferralState& state : found) {
    if (out.size() == kProposedAtOnce) break;
    if (not_due_because(state, years, london_day(tx.now())).empty()) out.push_back(state.id);
  }
  return out;
}

Result<void> check_each(Transaction& tx, const ErasureProposal& proposal, int years) {
  for (const std::string& ref : proposal.referrals) {
    FB_TRY(const ReferralState state, tx.referral(ref));
    if (!kept_because(state, proposal.because, years, london_day(tx.now())).empty())
      return tx.refuse(Refusal::not_erasable, ref);
  }
  return {};
}

Bytes body_of(const Json& proposal) {
  const std::string text = canonical_json(proposal);
  return {text.begin(), text.end()};
}

Result<Json> do_propose(Transaction& tx, const Context& context, const Actor& actor,
                        ErasureProposal proposal) {
  FB_CHECK(need(tx, actor, Right::propose_erasure));
  if (std::find(kErasureReasons.begin(), kErasureReasons.end(), proposal.because) ==
      kErasureReasons.end()) {
    return tx.refuse(Refusal::malformed, "because",
                     "Use retention, subject_request, unlawful or court_order.");
  }
  const int years = context.config().retention.years;
  if (proposal.referrals.empty() && proposal.because == "retention") {
    FB_TRY(proposal.referrals, due_now(tx, years));
  }
  auto& refs = proposal.referrals;
  std::sort(refs.begin(), refs.end());
  refs.erase(std::unique(refs.begin(), refs.end()), refs.end());
  if (refs.empty() || refs.size() > kProposedAtOnce)
    return tx.refuse(Refusal::malformed, "referrals", "Name one to 500 referrals.");
  FB_CHECK(check_each(tx, proposal, years));
  const std::string id = random_name(context.random, "erasure_");
  const Json body = {{"proposal", id},       {"because", proposal.because},    {"referrals", refs},
                     {"proposer", actor.id}, {"at", format_instant(tx.now())}, {"state", "open"}};
  Json event = new_event(kind::kErasureProposed, actor.id);
  event["proposal"] = id;
  event["because"] = proposal.because;
  event["referrals"] = refs;
  FB_TRY([[maybe_unused]] const uint64_t seq,
         tx.append(std::move(event), {{"erasure", id, 1, body_of(body)}}));
  return body;
}

Result<Json> open_proposal(Transaction& tx, const std::string& id) {
  FB_TRY(const Document document, tx.get("erasure", id));
  FB_TRY(Json body, proposal_of(document));
  if (body.value("state", "") != "open") return tx.refuse(Refusal::wrong_state);
  return body;
}

Result<Json> do_approve(Transaction& tx, const Context& context, const Actor& actor,
                        const std::string& id) {
  FB_CHECK(need_by_record(tx, actor, Right::approve_erasure));
  FB_TRY(Json body, open_proposal(tx, id));
  if (body.at("proposer") == actor.id) return tx.refuse(Refusal::own_proposal);
  std::vector<ReferralState> going;
  Json erased = Json::array();
  Json kept = Json::array();
  for (const auto& ref : body.at("referrals")) {
    FB_TRY(ReferralState state, tx.referral(ref.get<std::string>()));
    // As it is now: it may have been sent, or its retention begun anew, since it was proposed.
    const bool goes = kept_because(state, body.at("because").get<std::string>(),
                                   context.config().retention.years, london_day(tx.now()))
                          .empty();
    (goes ? erased : kept).push_back(ref);
    if (goes) going.push_back(std::move(state));
  }
  body["state"] = "approved";
  Json event = new_event(kind::kErasureApproved, actor.id);
  event["proposal"] = id;
  event["kept"] = kept;
  FB_TRY([[maybe_unused]] const uint64_t seq,
         tx.append(std::move(event), {{"erasure", id, 2, body_of(body)}}));
  for (const ReferralState& state : going) {
    Json gone = new_event(kind::kErased, actor.id);
    gone["proposal"] = id;
    FB_CHECK(erase_one(tx, context, state, std::move(gone)));
  }
  return Json{{"proposal", id}, {"erased", std::move(erased)}, {"kept", std::move(kept)}};
}

// By whoever may approve, and by whoever proposed it.
Result<Json> do_decline(Transaction& tx, const Actor& actor, const std::string& id) {
  const bool proposes = identity::may(actor, Right::propose_erasure);
  if (!proposes) FB_CHECK(need(tx, actor, Right::approve_erasure));
  FB_TRY(Json body, open_proposal(tx, id));
  body["state"] = "declined";
  Json event = new_event(kind::kErasureDeclined, actor.id);
  event["proposal"] = id;
  FB_TRY([[maybe_unused]] const uint64_t seq,
         tx.append(std::move(event), {{"erasure", id, 2, body_of(body)}}));
  return body;
}

}  // namespace

Result<Json> Erasures::plan(const Actor& actor) {
  if (!identity::may(actor, Right::propose_erasure) &&
      !identity::may(actor, Right::approve_erasure))
    return refusal_error(Refusal::no_right, {}, "Ask the data protection officer.");
  const int years = context_.config().retention.years;
  const Day today = london_day(context_.clock.now());
  Json out = {{"years", years},
              {"due", Json::array()},
              {"blocked", Json::array()},
              {"proposals", Json::array()}};
  FB_TRY(const auto sent, context_.reader->in_states({kSentStates.begin(), kSentStates.end()}));
  for (const ReferralState& state : sent) {
    const auto end = retention_end(state, years);
    if (!end || *end > today) continue;
    const bool unsent = state.state == State::refused || state.state == State::withdrawn;
    if (unsent && !state.was_disclosed()) continue;  // goes by itself
    const std::string why = not_due_because(state, years, today);
    if (why.empty()) {
      out["due"].push_back(item_of(state, years));
    } else {
      out["blocked"].push_back(
          {{"referral", state.id}, {"state", state_name(state.state)}, {"because", why}});
    }
  }
  FB_TRY(const auto documents, context_.reader->newest("erasure"));
  for (const Document& document : documents) {
    FB_TRY(Json proposal, proposal_of(document));
    Json items = Json::array();
    for (const auto& ref : proposal.at("referrals")) {
      FB_TRY(const ReferralState state, context_.reader->referral(ref.get<std::string>()));
      items.push_back(item_of(state, years));
    }
    proposal["referrals"] = std::move(items);
    out["proposals"].push_back(std::move(proposal));
  }
  return out;
}

void Erasures::propose(const Actor& actor, ErasureProposal proposal, Done done) {
  context_.recorder->submit(
      [&context = context_, actor, proposal = std::move(proposal)](Transaction& tx) {
        return do_propose(tx, context, actor, proposal);
      },
      std::move(done), Attempt{actor.id, "erasure.propose", {}});
}

void Erasures::approve(const Actor& actor, std::string proposal, Done done) {
  context_.recorder->submit([&context = context_, actor, id = std::move(proposal)](
                                Transaction& tx) { return do_approve(tx, context, actor, id); },
                            std::move(done), Attempt{actor.id, "erasure.approve", {}});
}

void Erasures::decline(const Actor& actor, std::string proposal, Done done) {
  context_.recorder->submit(
      [actor, id = std::move(proposal)](Transaction& tx) { return do_decline(tx, actor, id); },
      std::move(done), Attempt{actor.id, "erasure.decline", {}});
}

Result<Json> do_erase(Transaction& tx, const Context& context) {
  const auto& settings = context.config().referrals;
  FB_TRY(const auto ended, tx.referrals({State::refused, State::withdrawn, State::begun}));
  size_t erased = 0;
  for (const ReferralState& state : ended) {
    const auto changed = parse_instant(state.changed);
    const int days =
        state.state == State::begun ? settings.erase_begun_days : settings.erase_refused_days;
    if (!changed || tx.now() < *changed + std::chrono::days{days}) continue;
    if (!blocked_because(state).empty() || state.was_disclosed()) continue;
    FB_CHECK(erase_one(tx, context, state, new_event(kind::kErased, kSystem)));
    if (++erased == kErasedAtOnce) break;
  }
  return Json{{"erased", erased}};
}

}  // namespace firebreak::record
