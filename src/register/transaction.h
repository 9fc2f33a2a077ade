// SPDX-License-Identifier: Apache-2.0
// What a unit of work may do to the register: append entries and store documents, all of it in one
// database transaction. Works run one at a time on the recorder's thread (recorder.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/result.h"
#include "register/referral_state.h"
#include "register/refusal.h"

namespace firebreak::record {

// A stored document: every thing that matters is one, and its salted digest stands in the entry
// that wrote it. `body` is empty (no value) when it was destroyed.
struct Document {
  std::string kind;
  std::string id;
  uint64_t revision = 1;
  std::optional<Bytes> body;
  uint64_t seq = 0;  // of the entry that wrote it
};

struct NewDocument {
  std::string kind;
  std::string id;
  uint64_t revision = 1;
  Bytes body;
};

struct DocumentName {
  std::string kind;
  std::string id;
  uint64_t revision = 1;
};

class Transaction {
 public:
  Transaction() = default;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  virtual ~Transaction() = default;

  // The same for all that happens in this work.
  [[nodiscard]] virtual Instant now() const = 0;

  // Number of entries so far, with this work's own.
  [[nodiscard]] virtual uint64_t size() const = 0;

  // Appends an entry (event.h) with what it stores and destroys, computes leaf and root, and brings
  // the indexes up to date. Gives its number. Errors: internal, when the entry is not one that the
  // register may hold (an impossible step of a referral); unavailable.
  virtual Result<uint64_t> append(Json event, std::vector<NewDocument> store = {},
                                  std::vector<DocumentName> destroy = {}) = 0;

  // The document, of the newest revision when none is given. Error: not_found.
  virtual Result<Document> get(std::string_view kind, std::string_view id,
                               std::optional<uint64_t> revision = std::nullopt) = 0;
  // Every document of a kind in its newest revision, in the order of their identifiers.
  virtual Result<std::vector<Document>> all(std::string_view kind) = 0;
  // Error: not_found.
  virtual Result<ReferralState> referral(std::string_view id) = 0;
  // The referrals in one of these states, oldest change first.
  virtual Result<std::vector<ReferralState>> referrals(std::vector<State> states) = 0;

  // Refuses: the work is rolled back, the attempt recorded. Return what it gives.
  virtual Error refuse(Refusal refusal, std::string where = {}, std::string detail = {}) = 0;
  // The work ends with this error, but what it recorded stays. Return what it gives.
  virtual Error keep(Error error) = 0;
  // Called on the recorder's thread after the commit is on disk, before the callers are told.
  virtual void after_commit(std::function<void()> action) = 0;
};

}  // namespace firebreak::record
