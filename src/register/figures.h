// SPDX-License-Identifier: Apache-2.0
// What the entries count, for those who oversee: the questions asked and how they were answered,
// the steps of referrals, the attempts that were refused, and every referral that needed a
// sign-off. Everything is recounted from the entries themselves; nothing is counted anywhere else.
//
//   Figures figures(reader);
//   FB_TRY(const Counts counts, figures.of(first_day, last_day));
//   counts.questions.at({"enforcement", "victim", "refuse"});
//
// Each entry is read once and its day's counts are kept, so that only the first call takes long: a
// server makes one at its start. stop() ends a call that reads. Safe to call from several threads.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "register/reader.h"

namespace firebreak::record {

// Questions that count together. `recipient` is the vocabulary's word, or "not_known"; `role` is
// the roles in the vocabulary's order joined by " and ", or "not_known"; `decision` as in
// docs/api.md.
struct QuestionKey {
  std::string recipient;
  std::string role;
  std::string decision;
  auto operator<=>(const QuestionKey&) const = default;
};

// A referral whose disclosure needed a sign-off when it was last submitted.
struct SignOffReferral {
  std::string referral;
  std::string rule;
  std::string policy;        // its digest
  std::string role;          // as in QuestionKey
  std::string submitted;     // RFC 3339, the first time
  std::string last_step;     // the kind of its newest entry, without "referral."
  std::string last_changed;  // RFC 3339
  uint64_t sign_offs = 0;    // given, of any revision
  bool handed = false;       // the mail server took it at least once
  uint64_t first_entry = 0;  // of its submission
  uint64_t last_entry = 0;
};

struct Counts {
  std::map<QuestionKey, uint64_t> questions;
  std::map<std::string, uint64_t> rules;     // questions by the rule that answered
  std::map<std::string, uint64_t> steps;     // entries about referrals, by kind without "referral."
  std::map<std::string, uint64_t> attempts;  // refused attempts, by code
  std::vector<SignOffReferral> sign_offs;    // submitted on these days, oldest first
  uint64_t entries = 0;                      // how many entries the register holds now
};

class Figures {
 public:
  // The reader must outlive it.
  explicit Figures(Reader& reader) : reader_(reader) {}

  // Of the Europe/London days from `first` to `last`, both counted. Errors: corrupt, unavailable.
  Result<Counts> of(Day first, Day last);
  // For the server's end: what is being read is left, and nothing is counted any more.
  void stop() { stopped_ = true; }

 private:
  struct OneDay {
    std::map<QuestionKey, uint64_t> questions;
    std::map<std::string, uint64_t> rules, steps, attempts;
  };
  Result<void> catch_up();
  Result<void> take(const Json& entry);
  void take_step(const std::string& kind, const Json& entry, OneDay& day);

  Reader& reader_;
  std::mutex mutex_;
  std::atomic<bool> stopped_{false};
  uint64_t next_ = 0;  // the first entry not taken yet
  std::map<Day, OneDay> days_;
  std::map<std::string, SignOffReferral> sign_offs_;  // by referral
};

}  // namespace firebreak::record
