// SPDX-License-Identifier: Apache-2.0
// What a chief officer signs: exactly what would be sent, to whom, under which rule. No personal
// data: message and facts stand in it as salted digests.
//
//   {"v":1, "referral":"ref_…", "revision":N, "message_digest":"sha256:…", "destination":"…",
//    "address":"…", "decision":"sign_off"|"permit", "rank":"chief_officer"|null, "count":1,
//    "rule":"…", "policy":{"id","version","digest"}, "facts_digest":"sha256:…"}
//
// Its digest is the SHA-256 of its canonical JSON (RFC 8785). message_digest is that of
// nonce (32 bytes) || message; facts_digest that of nonce || canonical JSON of the facts; the
// nonces are sealed with what they belong to.
#pragma once

#include <span>
#include <string>

#include "base/hash.h"
#include "base/json.h"
#include "register/referral_state.h"

namespace firebreak::record {

struct StatementOf {
  std::string referral;
  uint64_t revision = 0;
  Digest message_digest{};
  std::string destination;
  std::string address;
  Terms terms;
  Digest facts_digest{};
};
Json make_statement(const StatementOf& of);

// What sign-offs are made over. `statement` must be what make_statement gives: canonical_json
// throws for numbers that are not integers.
Digest statement_digest(const Json& statement);

// SHA-256(nonce || content), as for the two digests inside a statement.
Digest nonced_digest(std::span<const uint8_t> nonce, std::span<const uint8_t> content);

}  // namespace firebreak::record
