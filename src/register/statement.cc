// SPDX-License-Identifier: Apache-2.0
#include "register/statement.h"

namespace firebreak::record {

Json make_statement(const StatementOf& of) {
  return {{"v", 1},
          {"referral", of.referral},
          {"revision", of.revision},
          {"message_digest", show_digest(of.message_digest)},
          {"destination", of.destination},
          {"address", of.address},
          {"decision", of.terms.decision},
          {"rank", of.terms.rank.empty() ? Json() : Json(of.terms.rank)},
          {"count", of.terms.count},
          {"rule", of.terms.rule},
          {"policy", of.terms.policy},
          {"facts_digest", show_digest(of.facts_digest)}};
}

Digest statement_digest(const Json& statement) {
  return sha256(as_bytes(canonical_json(statement)));
}

Digest nonced_digest(std::span<const uint8_t> nonce, std::span<const uint8_t> content) {
  return sha256({nonce, content});
}

}  // namespace firebreak::record
