// SPDX-License-Identifier: Apache-2.0
#include "register/referral_steps.h"

#include <algorithm>
#include <array>
#include <utility>

#include "identity/rights.h"
#include "identity/signoff.h"
#include "register/context.h"
#include "register/event.h"
#include "register/judge.h"
#include "register/sealing.h"
#include "register/statement.h"

namespace firebreak::record {
namespace {

using identity::Actor;
using identity::Right;

constexpr std::array<std::string_view, 6> kAnswerReasons = {
    "incomplete",        "not_necessary", "not_proportionate",
    "threshold_not_met", "safeguarding",  "other"};
constexpr size_t kErasedAtOnce = 100;

Fetch fetch_from(Transaction& tx) {
  return [&tx](std::string_view kind, std::string_view id, std::optional<uint64_t> revision) {
    return tx.get(kind, id, revision);
  };
}

Result<void> need(Transaction& tx, const Actor& actor, Right right) {
  if (actor.must_change_password) return tx.refuse(Refusal::password_change_due);
  if (!identity::may(actor, right)) return tx.refuse(Refusal::no_right);
  return {};
}

// Who may not see the referral is told that there is none.
Result<void> need_requester(Transaction& tx, const Actor& actor, const ReferralState& state) {
  if (state.requester == actor.id) return {};
  const bool seen = identity::may(actor, Right::list_referrals);
  return tx.refuse(seen ? Refusal::not_requester : Refusal::not_shown);
}

Json step(std::string_view event_kind, const Actor& actor, const ReferralState& state) {
  Json event = new_event(event_kind, actor.id);
  event["referral"] = state.id;
  return event;
}

// The state after the step, as the caller gets it.
Result<Json> outcome(Transaction& tx, const std::string& ref) {
  FB_TRY(const ReferralState state, tx.referral(ref));
  return to_json(state);
}

Result<OpenedDraft> open_draft(Transaction& tx, const Context& context,
                               const ReferralState& state) {
  const Fetch fetch = fetch_from(tx);
  FB_TRY(const ReferralVault vault, ReferralVault::open(context.vault, state.id, fetch));
  return vault.draft(fetch, state.content);
}

// Records a new content of a draft.
Result<void> append_draft(Transaction& tx, const Context& context, const Actor& actor,
                          const std::string& ref, uint64_t content, const Draft& draft,
                          const Judged& judged) {
  std::vector<NewDocument> documents;
  NewDocument key;
  auto vault = content == 1 ? ReferralVault::create(context.vault, ref, context.random, key)
                            : ReferralVault::open(context.vault, ref, fetch_from(tx));
  if (!vault) return vault.error();
  if (content == 1) documents.push_back(std::move(key));
  documents.push_back(
      vault->seal_draft({draft, new_nonce(context.random)}, content, context.random));
  Json event = new_event(kind::kDrafted, actor.id);
  event["referral"] = ref;
  event["content"] = content;
  event["destination"] = draft.destination;
  event["facets"] = judged.facets;
  event["terms"] = to_json(judged.terms);
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event), std::move(documents)));
  return {};
}

}  // namespace

Result<Json> do_draft(Transaction& tx, const Context& context, const Actor& actor,
                      const Json& body) {
  FB_CHECK(need(tx, actor, Right::draft_referral));
  auto draft = read_draft(body);
  if (!draft) return tx.refuse(Refusal::malformed, draft.error().where, draft.error().text());
  FB_TRY(const Judged judged, judge(tx, context, *draft));
  const std::string ref = random_name(context.random, "ref_");
  FB_CHECK(append_draft(tx, context, actor, ref, 1, *draft, judged));
  return outcome(tx, ref);
}

namespace {

Result<std::string> render(Transaction& tx, const Context& context, const std::string& ref,
                           const Destination& destination, const Judged& judged) {
  return context.renderer->render({ref, ref + "@" + context.config.force.domain,
                                   context.config.mail.from, destination.address, tx.now(),
                                   judged.fields});
}

// Renders, seals and records a submission of the draft that `content` holds.
Result<void> append_submission(Transaction& tx, const Context& context, const Actor& actor,
                               const ReferralState& state, const Judged& judged) {
  FB_TRY(const OpenedDraft opened, open_draft(tx, context, state));
  const Destination& destination = *context.config.destination(opened.draft.destination);
  FB_TRY(std::string message, render(tx, context, state.id, destination, judged));
  const OpenedMessage sealed{new_nonce(context.random), std::move(message)};
  const uint64_t revision = state.revision + 1;
  const Json statement = make_statement(
      {state.id, revision, nonced_digest(sealed.nonce, as_bytes(sealed.bytes)), destination.id,
       destination.address, judged.terms,
       nonced_digest(opened.facts_nonce, as_bytes(canonical_json(opened.draft.facts)))});
  FB_TRY(const ReferralVault vault, ReferralVault::open(context.vault, state.id, fetch_from(tx)));
  Json event = step(kind::kSubmitted, actor, state);
  event["revision"] = revision;
  event["content"] = state.content;
  event["destination"] = destination.id;
  event["facets"] = judged.facets;
  event["terms"] = to_json(judged.terms);
  event["statement"] = statement;
  event["statement_digest"] = show_digest(statement_digest(statement));
  FB_TRY([[maybe_unused]] const uint64_t seq,
         tx.append(std::move(event), {vault.seal_message(sealed, revision, context.random)}));
  return {};
}

}  // namespace

Result<Json> do_submit(Transaction& tx, const Context& context, const Actor& actor,
                       const std::string& ref, const std::optional<Json>& revised) {
  FB_CHECK(need(tx, actor, Right::draft_referral));
  FB_TRY(ReferralState state, tx.referral(ref));
  FB_CHECK(need_requester(tx, actor, state));
  if (state.state != State::draft) return tx.refuse(Refusal::wrong_state);
  FB_TRY(const OpenedDraft stored, open_draft(tx, context, state));
  Draft draft = stored.draft;
  if (revised) {
    auto read = read_draft(*revised);
    if (!read) return tx.refuse(Refusal::malformed, read.error().where, read.error().text());
    draft = *std::move(read);
  }
  FB_TRY(const Judged judged, judge(tx, context, draft));
  if (revised) {
    FB_CHECK(append_draft(tx, context, actor, ref, state.content + 1, draft, judged));
    FB_TRY(state, tx.referral(ref));
  }
  FB_CHECK(append_submission(tx, context, actor, state, judged));
  return outcome(tx, ref);
}

namespace {

// A step that says no, with a word and a sealed note.
Result<Json> append_answer(Transaction& tx, const Context& context, Json event,
                           const ReferralState& state, const Answer& answer) {
  const bool known = std::find(kAnswerReasons.begin(), kAnswerReasons.end(), answer.reason) !=
                     kAnswerReasons.end();
  if (!known) {
    return tx.refuse(Refusal::malformed, "reason",
                     "Use incomplete, not_necessary, not_proportionate, threshold_not_met, "
                     "safeguarding or other.");
  }
  if (answer.note.size() > kMaxDraftText) return tx.refuse(Refusal::malformed, "note");
  event["reason"] = answer.reason;
  std::vector<NewDocument> documents;
  if (!answer.note.empty()) {
    FB_TRY(const ReferralVault vault, ReferralVault::open(context.vault, state.id, fetch_from(tx)));
    documents.push_back(vault.seal_note(answer.note, state.notes + 1, context.random));
  }
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event), std::move(documents)));
  return outcome(tx, state.id);
}

}  // namespace

Result<Json> do_return(Transaction& tx, const Context& context, const Actor& actor,
                       const std::string& ref, const Answer& answer) {
  FB_CHECK(need(tx, actor, Right::return_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  const bool possible = state.state == State::submitted || state.state == State::authorised ||
                        state.state == State::released || state.state == State::failed;
  if (!possible) return tx.refuse(Refusal::wrong_state);
  return append_answer(tx, context, step(kind::kReturned, actor, state), state, answer);
}

Result<Json> do_withdraw(Transaction& tx, const Actor& actor, const std::string& ref) {
  FB_CHECK(need(tx, actor, Right::draft_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  FB_CHECK(need_requester(tx, actor, state));
  const bool possible = state.state == State::draft || state.state == State::submitted ||
                        state.state == State::authorised;
  if (!possible) return tx.refuse(Refusal::wrong_state);
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(step(kind::kWithdrawn, actor, state)));
  return outcome(tx, ref);
}

namespace {

Result<identity::Person> person_of(Transaction& tx, const Actor& actor) {
  FB_TRY(const Document document, tx.get("person", actor.id));
  if (!document.body) return Error{ErrorCode::corrupt, "A person's record was destroyed.", {}, {}};
  FB_TRY(const Json body, parse_json(as_text(*document.body)));
  FB_TRY(identity::Person person, identity::read_person(body));
  if (!person.active) return tx.refuse(Refusal::no_right);
  return person;
}

// Who may decide about a submitted referral, today: right, nobody's own, rank.
Result<identity::Person> decider(Transaction& tx, const Context& context, const Actor& actor,
                                 const ReferralState& state) {
  if (state.state != State::submitted || state.terms.decision != "sign_off")
    return tx.refuse(Refusal::wrong_state);
  if (state.requester == actor.id) return tx.refuse(Refusal::self_authorised);
  if (state.acted.contains(actor.id)) return tx.refuse(Refusal::acted_in_chain);
  FB_TRY(identity::Person person, person_of(tx, actor));
  const Day today = london_day(tx.now());
  const auto policy = context.policies.on(today);
  if (!policy) return tx.refuse(Refusal::no_policy_in_force);
  if (!identity::holds_rank(person, rank_names(**policy), state.terms.rank, today))
    return tx.refuse(Refusal::rank_not_held);
  return person;
}

Result<void> check_signature(Transaction& tx, const identity::Person& person,
                             const ReferralState& state, const SignOffRequest& request) {
  const bool again =
      std::any_of(state.sign_offs.begin(), state.sign_offs.end(),
                  [&](const SignOffGiven& given) { return given.person == person.id; });
  if (again) return tx.refuse(Refusal::already_signed);
  if (request.statement_digest != state.statement_digest)
    return tx.refuse(Refusal::wrong_digest, "statement_digest");
  const identity::SigningKey* key = identity::usable_key(person, request.key, london_day(tx.now()));
  if (key == nullptr) return tx.refuse(Refusal::key_not_usable, "key");
  const auto signature = identity::parse_signature(request.signature);
  const bool good =
      signature &&
      identity::sign_off_verifies(key->public_key, statement_digest(state.statement), *signature);
  if (!good) return tx.refuse(Refusal::wrong_signature, "signature");
  return {};
}

}  // namespace

Result<Json> do_authorise(Transaction& tx, const Context& context, const Actor& actor,
                          const std::string& ref, const SignOffRequest& request) {
  FB_CHECK(need(tx, actor, Right::authorise_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  FB_TRY(const identity::Person person, decider(tx, context, actor, state));
  FB_CHECK(check_signature(tx, person, state, request));
  FB_TRY(const OpenedDraft opened, open_draft(tx, context, state));
  FB_TRY([[maybe_unused]] const auto policy, decide_again(tx, context, state, opened.draft));
  Json event = step(kind::kAuthorised, actor, state);
  event["facets"] = state.facets;
  event["terms"] = to_json(state.terms);
  event["statement"] = state.statement;
  event["statement_digest"] = state.statement_digest;
  event["key"] = request.key;
  event["signature"] = request.signature;
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
  return outcome(tx, ref);
}

Result<Json> do_refuse(Transaction& tx, const Context& context, const Actor& actor,
                       const std::string& ref, const Answer& answer) {
  FB_CHECK(need(tx, actor, Right::authorise_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  FB_TRY([[maybe_unused]] const identity::Person person, decider(tx, context, actor, state));
  return append_answer(tx, context, step(kind::kRefused, actor, state), state, answer);
}

namespace {

// Whether the referral stands where it may be released, by this person.
Result<void> check_releasable(Transaction& tx, const Actor& actor, const ReferralState& state,
                              const ReleaseRequest& request) {
  switch (state.state) {
    case State::released:
    case State::handing:
    case State::handed:
      return tx.refuse(Refusal::already_released);
    case State::in_doubt:
      if (!request.supersede) return tx.refuse(Refusal::already_released);
      break;
    case State::submitted:
      if (state.terms.decision != "permit") return tx.refuse(Refusal::wrong_state);
      break;
    case State::authorised:
    case State::failed:
      break;
    default:
      return tx.refuse(Refusal::wrong_state);
  }
  if (request.supersede && state.state != State::in_doubt)
    return tx.refuse(Refusal::wrong_state, "supersede");
  if (state.requester == actor.id) return tx.refuse(Refusal::own_release);
  return {};
}

bool expired(const ReferralState& state, const policy::Policy& policy, const Draft& draft,
             Instant now) {
  const auto facts = policy.read_facts(draft.facts, {.live = true});
  if (!facts || state.sign_offs.empty()) return false;
  const auto hours = policy::expiry_hours(policy.decide(*facts).conditions);
  const auto signed_at = parse_instant(state.sign_offs.back().at);
  return hours && signed_at && now > *signed_at + std::chrono::hours{*hours};
}

}  // namespace

Result<Json> do_release(Transaction& tx, const Context& context, const Actor& actor,
                        const std::string& ref, const ReleaseRequest& request) {
  FB_CHECK(need(tx, actor, Right::release_referral));
  FB_TRY(const ReferralState state, tx.referral(ref));
  FB_CHECK(check_releasable(tx, actor, state, request));
  FB_TRY(const OpenedDraft opened, open_draft(tx, context, state));
  FB_TRY(const auto policy, decide_again(tx, context, state, opened.draft));
  const auto now_facts = policy->read_facts(request.facts, {.live = true});
  if (!now_facts) {
    return tx.refuse(Refusal::unknown_word, "facts." + now_facts.error().where,
                     now_facts.error().message + " " + now_facts.error().action);
  }
  if (policy->facts_json(*now_facts) != opened.draft.facts)
    return send_back(tx, state, Refusal::facts_changed);
  if (expired(state, *policy, opened.draft, tx.now()))
    return send_back(tx, state, Refusal::sign_off_expired);
  const uint64_t number = state.dispatches.size() + 1;
  if (state.state == State::in_doubt) {
    Json superseded = step(kind::kSuperseded, actor, state);
    superseded["release"] = number - 1;
    FB_TRY([[maybe_unused]] const uint64_t before, tx.append(std::move(superseded)));
  }
  Json event = step(kind::kReleased, actor, state);
  event["release"] = number;
  event["statement_digest"] = state.statement_digest;
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
  tx.after_commit([&context] {
    if (context.released) context.released();
  });
  return outcome(tx, ref);
}

Result<Json> do_settle(Transaction& tx, const Actor& actor, const std::string& ref, SettledAs as,
                       Evidence evidence) {
  FB_CHECK(need(tx, actor, Right::settle_dispatch));
  FB_TRY(const ReferralState state, tx.referral(ref));
  if (state.state != State::in_doubt) return tx.refuse(Refusal::wrong_state);
  Json event = step(kind::kSettled, actor, state);
  event["release"] = state.last_dispatch()->number;
  event["as"] = as == SettledAs::delivered ? "delivered" : "not_delivered";
  event["evidence"] = evidence == Evidence::mail_log          ? "mail_log"
                      : evidence == Evidence::delivery_notice ? "delivery_notice"
                                                              : "recipient";
  FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
  return outcome(tx, ref);
}

namespace {

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

}  // namespace

Result<Json> do_erase(Transaction& tx, int days) {
  FB_TRY(const auto closed, tx.referrals({State::refused, State::withdrawn}));
  size_t erased = 0;
  for (const ReferralState& state : closed) {
    const auto changed = parse_instant(state.changed);
    if (!changed || tx.now() < *changed + std::chrono::days{days}) continue;
    Json event = new_event(kind::kErased, kSystem);
    event["referral"] = state.id;
    FB_TRY([[maybe_unused]] const uint64_t seq,
           tx.append(std::move(event), {}, sealed_documents(state)));
    if (++erased == kErasedAtOnce) break;
  }
  return Json{{"erased", erased}};
}

}  // namespace firebreak::record
