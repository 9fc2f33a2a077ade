// SPDX-License-Identifier: Apache-2.0
// What the referral desk records besides release: holds, consent that is withdrawn, what the
// recipient and others say afterwards. Notes are sealed with the referral's key; the entries hold
// fixed words and days. As in referrals.h, a step does not wait, `done` gets the referral or the
// error, and refused attempts are recorded.
//
//   aftercare.hold(desk, ref, {"safeguarding", "Her new address is not safe yet."}, done);
//   aftercare.acknowledge(desk, ref, {"IE-2026-4411", "2026-11-23"}, done);
//   aftercare.record_outcome(desk, ref, {"papers_served", "solicitor", "2026-12-01", ""}, done);
#pragma once

#include <string>

#include "identity/person.h"
#include "register/referrals.h"

namespace firebreak::record {

struct Context;

struct Acknowledgement {
  std::string reference;  // the recipient's; sealed
  std::string received;   // day
};

struct OutcomeReport {
  std::string outcome;  // of outcome_words()
  std::string source;   // of outcome_sources()
  std::string learnt;   // day
  std::string note;     // sealed; empty: none
};

class AftercareSteps {
 public:
  explicit AftercareSteps(const Context& context) : context_(context) {}

  // While it is held nothing is released, handed over or erased. Answer::reason is of
  // hold_reasons().
  void hold(const identity::Actor& actor, std::string ref, Answer answer, Done done);
  void end_hold(const identity::Actor& actor, std::string ref, std::string note, Done done);
  // What was not sent yet goes back to draft; for what may have left, it is asked back.
  // Answer::reason is of consent_sources(). Also for the requester.
  void withdraw_consent(const identity::Actor& actor, std::string ref, Answer answer, Done done);
  // What the recipient answered when it was asked back: a word of recall_answers().
  void answer_recall(const identity::Actor& actor, std::string ref, Answer answer, Done done);
  void acknowledge(const identity::Actor& actor, std::string ref, Acknowledgement got, Done done);
  // The recipient was asked what became of it; sets the day of the next time.
  void ask_outcome(const identity::Actor& actor, std::string ref, Done done);
  // Never overwrites what was said before. Error besides: bad_input for a day to come.
  void record_outcome(const identity::Actor& actor, std::string ref, OutcomeReport said, Done done);
  // Nothing is asked any more. Needs an outcome, which may be `unknown`.
  void close(const identity::Actor& actor, std::string ref, Done done);

  // What waits for the desk, oldest first: {"tasks": [{"task": one of recall, in_doubt, failed,
  // release, held, chase, acknowledge; "referral", "state", "since", "due" (a day) or null}],
  // "more": whether some state holds more than is looked at}.
  [[nodiscard]] Result<Json> tasks(const identity::Actor& actor);

 private:
  const Context& context_;
};

}  // namespace firebreak::record
