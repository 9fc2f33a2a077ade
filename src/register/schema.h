// SPDX-License-Identifier: Apache-2.0
// The tables of register.sqlite, version 1. `event` and `document` are the record; the others are
// indexes that `verify` computes again from them.
#pragma once

#include <array>
#include <cstdint>

namespace firebreak::record {

inline constexpr int64_t kApplicationId =
    0x46424B31;                               // "FBK1", the file's mark (PRAGMA application_id)
inline constexpr int64_t kSchemaVersion = 1;  // PRAGMA user_version

// In the order in which they are made. The texts stand word for word in the file, and verify
// compares them.
inline constexpr std::array<const char*, 9> kSchema = {
    // An entry of the ledger: its canonical JSON, the salt and the commitment that is the Merkle
    // leaf's record (ledger/commitment.h), the root of the tree that ends with it.
    "CREATE TABLE event (seq INTEGER PRIMARY KEY, entry BLOB NOT NULL, salt BLOB NOT NULL, "
    "leaf BLOB NOT NULL, root BLOB NOT NULL) STRICT",
    // What entries stored. A destroyed document keeps its row without a body.
    "CREATE TABLE document (kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, "
    "body BLOB, salt BLOB NOT NULL, seq INTEGER NOT NULL REFERENCES event(seq), "
    "PRIMARY KEY (kind, id, revision)) STRICT, WITHOUT ROWID",
    // The right edge of the tree (ledger::Frontier), so that a start need not read every entry.
    "CREATE TABLE tree (one INTEGER PRIMARY KEY CHECK (one = 1), frontier BLOB NOT NULL) STRICT",
    // Where each referral stands (referral_state.h, as canonical JSON).
    "CREATE TABLE referral (id TEXT PRIMARY KEY, state TEXT NOT NULL, requester TEXT NOT NULL, "
    "last_seq INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX referral_state ON referral (state, last_seq)",
    "CREATE INDEX referral_requester ON referral (requester, last_seq)",
    // Urgent ones, which are few. No function of JSON may stand in a schema that is not trusted;
    // in canonical JSON the member can only be written so.
    "CREATE INDEX referral_urgent ON referral (last_seq) WHERE instr(body, '\"urgent\":true') > 0",
    // Those that are held or being asked back, in whatever state.
    "CREATE INDEX referral_kept ON referral (last_seq) WHERE instr(body, '\"hold\":{') > 0 OR "
    "instr(body, '\"recall\":\"open\"') > 0",
    // Which entries belong to a referral.
    "CREATE TABLE step (referral TEXT NOT NULL, seq INTEGER NOT NULL, "
    "PRIMARY KEY (referral, seq)) STRICT, WITHOUT ROWID",
};

}  // namespace firebreak::record
