// SPDX-License-Identifier: Apache-2.0
// The sealed documents of a referral, each under the referral's own key (vault/vault.h):
//
//   key      revision 1              the data key, wrapped by the force's master key
//   draft    the content's revision  {"draft": draft.h, "facts_nonce": base64 of 32 bytes}
//   message  the submission's number nonce (32 bytes) || the message's bytes
//   note     1, 2, …                 a note's text
#pragma once

#include <functional>
#include <string>

#include "register/draft.h"
#include "register/transaction.h"
#include "vault/vault.h"

namespace firebreak::record {

using Nonce = Digest;  // 32 random bytes

struct OpenedDraft {
  Draft draft;
  Nonce facts_nonce{};
};

struct OpenedMessage {
  Nonce nonce{};
  std::string bytes;
};

// Where documents are read from: a transaction, or a reader.
using Fetch = std::function<Result<Document>(std::string_view kind, std::string_view id,
                                             std::optional<uint64_t> revision)>;

// The key of one referral and what it opens. Lives as long as one step.
class ReferralVault {
 public:
  // A new key; `document` is to be stored with the referral's first entry.
  static ReferralVault create(const vault::MasterKey& master, const std::string& ref,
                              Random& random, NewDocument& document);
  // Errors: conflict when it was erased; corrupt.
  static Result<ReferralVault> open(const vault::MasterKey& master, const std::string& ref,
                                    const Fetch& fetch);

  [[nodiscard]] NewDocument seal_draft(const OpenedDraft& draft, uint64_t content,
                                       Random& random) const;
  [[nodiscard]] NewDocument seal_message(const OpenedMessage& message, uint64_t revision,
                                         Random& random) const;
  [[nodiscard]] NewDocument seal_note(const std::string& text, uint64_t number,
                                      Random& random) const;
  // Errors: corrupt, naming nothing of the content.
  [[nodiscard]] Result<OpenedDraft> draft(const Fetch& fetch, uint64_t content) const;
  [[nodiscard]] Result<OpenedMessage> message(const Fetch& fetch, uint64_t revision) const;
  [[nodiscard]] Result<std::string> note(const Fetch& fetch, uint64_t number) const;

 private:
  ReferralVault(std::string ref, vault::DataKey key);
  [[nodiscard]] NewDocument seal(const char* kind, uint64_t revision, std::string_view plain,
                                 Random& random) const;
  [[nodiscard]] Result<Bytes> open_document(const Fetch& fetch, const char* kind,
                                            uint64_t revision) const;
  std::string ref_;
  vault::DataKey key_;
};

Nonce new_nonce(Random& random);

}  // namespace firebreak::record
