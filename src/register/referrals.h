// SPDX-License-Identifier: Apache-2.0
// A referral's life, step by step: who may take the step, what is decided again, what is recorded.
// The steps do not wait: `done` is called on the recorder's thread when the step is on disk, with
// the referral as `show` gives it (without content), or with the reason why not.
//
//   referrals.draft(actor, body, done);              // body: draft.h
//   referrals.submit(actor, ref, std::nullopt, done);
//   referrals.authorise(chief, ref, {statement_digest, key_id, signature}, done);
//   referrals.release(desk, ref, {facts, false, "done"}, done);
//
// Errors: unauthorised, forbidden (right, rank, own request), conflict (state, signature, policy),
// bad_input (naming the member), not_found, unavailable. Refused attempts are recorded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/person.h"
#include "identity/webauthn.h"
#include "register/recorder.h"
#include "register/referral_query.h"

namespace firebreak::record {

struct Context;

// What an officer sends to authorise: taken from the statement that `show` gave. Signed either by
// a key file, where the force takes those, or by a passkey (Directory::take_sign_off makes it).
struct SignOffRequest {
  std::string statement_digest;  // "sha256:…"
  std::string key;               // "key_…", or a passkey's short name
  std::string signature;         // base64, identity/signoff.h; of a passkey empty
  std::optional<identity::Assertion> assertion = std::nullopt;
};

// What somebody else finds of an urgent sign-off, the next day.
struct Review {
  bool in_order = false;
  std::string note;  // sealed with the referral's key (empty: none)
};

struct ReleaseRequest {
  Json facts;              // read again, now, from the records system
  bool supersede = false;  // a new release of one in doubt
  // Whether the person is safe if this is sent: "done" or "not_needed", and a sealed note.
  std::string safeguarding = {};
  std::string note = {};
};

enum class SettledAs { delivered, not_delivered };
enum class Evidence { mail_log, delivery_notice, recipient };

// Why a referral goes back or is refused: a word of a fixed list, and a note that is sealed with
// the referral's key (empty: none). Words: incomplete, not_necessary, not_proportionate,
// threshold_not_met, safeguarding, other.
struct Answer {
  std::string reason;
  std::string note;
};

// Working content, saved part by part.
struct SaveRequest {
  uint64_t content = 0;  // the revision ("content_revision") that the change was made from
  Json body;             // draft.h; everything may be missing
};

class Referrals {
 public:
  explicit Referrals(const Context& context) : context_(context) {}

  void draft(const identity::Actor& actor, Json body, Done done);
  // `revised`, when given, replaces the draft first.
  void submit(const identity::Actor& actor, std::string ref, std::optional<Json> revised,
              Done done);
  void return_to_draft(const identity::Actor& actor, std::string ref, Answer answer, Done done);
  void withdraw(const identity::Actor& actor, std::string ref, Done done);
  void authorise(const identity::Actor& actor, std::string ref, SignOffRequest request, Done done);
  // Of an urgent sign-off, by a chief officer who had no part in it or the data protection officer.
  void review(const identity::Actor& actor, std::string ref, Review review, Done done);
  void refuse(const identity::Actor& actor, std::string ref, Answer answer, Done done);
  // When facts, policy or decision differ from what was authorised the referral goes back to draft
  // and the error (conflict) says so.
  void release(const identity::Actor& actor, std::string ref, ReleaseRequest request, Done done);
  void settle(const identity::Actor& actor, std::string ref, SettledAs as, Evidence evidence,
              Done done);

  // Begins a referral: content is kept that is not decided about, and may be incomplete. `token` is
  // 16 to 64 letters and digits that the caller made up: the same one again gives the same referral
  // and begins no other, so that a form sent twice does not.
  void begin(const identity::Actor& actor, std::string token, Json body, Done done);
  // Keeps new content of what was begun, or of a draft, without deciding about it; submit() does.
  // Error: conflict (content_changed) when the content is no longer of the revision named, unless
  // it holds the same already.
  void save(const identity::Actor& actor, std::string ref, SaveRequest request, Done done);
  // A supervisor's look: the referral goes on to those who decide. `answer.reason` is one of
  // complete, threshold_met, for_decision, other.
  void forward(const identity::Actor& actor, std::string ref, Answer answer, Done done);

  // Destroys the keys of referrals refused or withdrawn, and of those begun and left alone, more
  // than the configured days ago. Gives {"erased": N}.
  void erase_due(Done done);

  // Reads, on a connection of their own; they see what is on disk.
  // {"referrals": [...], "total": N, "next": M}: one page (referral_query.h); `next`, for `after`,
  // is there when more follow. Who may not list all sees their own; `query.requester` is theirs.
  // What is only begun its writer alone sees.
  [[nodiscard]] Result<Json> page(const identity::Actor& actor, ReferralQuery query);
  // The referral's state and history of steps; with the right (or for one's own) also "content":
  // the draft, the notes and the message as it would be sent; and "statement" with its digest.
  [[nodiscard]] Result<Json> show(const identity::Actor& actor, const std::string& ref);
  // Where a referral stands, without content, as this person may know it. Error: not_found, as
  // show(); the attempt is recorded.
  [[nodiscard]] Result<ReferralState> state(const identity::Actor& actor, const std::string& ref);
  // For AuthZEN: where the referral stands that is about what these facts ask (same action,
  // recipient, channel, roles and crime types). Errors: not_found, also for one about something
  // else; bad_input (facts).
  [[nodiscard]] Result<ReferralState> about(const std::string& ref, const Json& facts);
  // All that is needed to check its sign-offs without trusting this register (sign_off_check.h):
  // entries with receipts, and the message for who may see it. Errors: as show; conflict, when it
  // was never signed off.
  [[nodiscard]] Result<Json> sign_off_export(const identity::Actor& actor, const std::string& ref);

 private:
  const Context& context_;
};

}  // namespace firebreak::record
