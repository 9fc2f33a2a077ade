// SPDX-License-Identifier: Apache-2.0
// What a channel sees of released referrals: the next message to hand over, and the two entries
// around handing it over. The first is on disk before a byte of the message leaves; when the second
// is never written the dispatch is in doubt, and nobody but a named person repeats it.
//
//   FB_TRY(std::optional<Release> release, queue.next());
//   FB_CHECK(queue.begin_handing(release->referral, release->number));
//   ... the SMTP transaction, or the outbox file ...
//   FB_CHECK(queue.finish_handing(release->referral, release->number, HandingOutcome::accepted,
//                                 "250 2.0.0 4F1B2"));
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "register/recorder.h"

namespace firebreak::record {

struct Context;

struct Release {
  std::string referral;
  uint64_t number = 0;
  std::string message_id;   // without angle brackets; the same for every release of a referral
  std::string destination;  // id of force.toml
  std::string from;         // envelope sender and recipient
  std::string to;
  std::string message;  // the bytes that were rendered at submission and signed
};

enum class HandingOutcome {
  accepted,            // the server took responsibility
  rejected_temporary,  // 4xx: tried again later by itself
  rejected_permanent,  // 5xx: failed; a person decides
  not_sent,            // no byte of the message left (no connection): tried again later by itself
  in_doubt,            // the message may have been accepted
};

class DispatchQueue {
 public:
  explicit DispatchQueue(const Context& context) : context_(context) {}

  // The oldest release that is due, with the message opened and checked against its digest; none
  // when nothing is due. After a temporary failure a release is due again 1, 2, 4, … at most 60
  // minutes later. Errors: corrupt, unavailable.
  Result<std::optional<Release>> next();

  // Records that handing begins (durable on return). Error: conflict when the release is no longer
  // to be sent, among them that policy or decision changed since: then it went back to draft.
  Result<void> begin_handing(const std::string& referral, uint64_t number);
  // Records the outcome. `detail` is the server's code, enhanced code and queue identifier; it is
  // kept only when it is at most 64 of A-Z a-z 0-9 . _ : - and spaces. Error: conflict when the
  // release is not being handed; unavailable: then it is in doubt.
  Result<void> finish_handing(const std::string& referral, uint64_t number, HandingOutcome outcome,
                              const std::string& detail = {});

  // Every dispatch being handed when the program last stopped is now in doubt. Called at start.
  Result<int> doubt_interrupted();

  // Called, on the recorder's thread, after each release is on disk. One listener.
  void on_release(std::function<void()> listener);
  void notify() const;

 private:
  const Context& context_;
  mutable std::mutex mutex_;
  std::function<void()> listener_;
};

}  // namespace firebreak::record
