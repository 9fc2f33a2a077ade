// SPDX-License-Identifier: Apache-2.0
// What a released message is handed to: a relay (smtp.h) or the outbox folder (outbox.h). What
// happened is told exactly, because a message that may have left is never sent again by the program
// itself.
//
//   HandOver result = carrier.hand_over(release, stop);
//   queue.finish_handing(release.referral, release.number, result.outcome, result.detail);
#pragma once

#include <stop_token>
#include <string>

#include "register/dispatch_queue.h"

namespace firebreak::mail {

struct HandOver {
  record::HandingOutcome outcome = record::HandingOutcome::in_doubt;
  // For the record: at most 64 of A-Z a-z 0-9 . _ : - and spaces (register/dispatch_queue.h): the
  // server's codes and queue id, or a few fixed words. Never personal data.
  std::string detail;
  // For the operator's log: the same in a sentence, with what the mail or file system said of a
  // connection, a certificate or a file. Never personal data either.
  std::string explanation;
};

class Carrier {
 public:
  Carrier() = default;
  Carrier(const Carrier&) = delete;
  Carrier& operator=(const Carrier&) = delete;
  virtual ~Carrier() = default;
  // Blocks until the outcome is known. A stop that is asked for meanwhile ends the attempt: at once
  // while that leaves no doubt, otherwise after a short grace.
  virtual HandOver hand_over(const record::Release& release, const std::stop_token& stop) = 0;
};

}  // namespace firebreak::mail
