// SPDX-License-Identifier: Apache-2.0
// Receipts (C2SP tlog-proof): a record's place in the log, its inclusion proof and a checkpoint, in
// one text that anyone can verify offline, knowing the log's origin and public key alone.
//
//   FB_TRY(std::string text, make_receipt(index, record, checkpoint_note, nodes));
//   FB_TRY(Receipt receipt, verify_receipt(text, record, origin, keys));
//
// Format: lines, each ending in a newline:
//   c2sp.org/tlog-proof@v1
//   extra BASE64                 only when there is extra data; it is not authenticated
//   index DECIMAL
//   BASE64                       one line for each hash of the proof, from the leaf's sibling up
//                                an empty line, then the signed checkpoint as it stands
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ledger/checkpoint.h"
#include "ledger/proof.h"

namespace firebreak::ledger {

struct Receipt {
  Bytes extra = {};  // not authenticated: never to be trusted by itself
  uint64_t index = 0;
  Proof proof = {};
  std::string checkpoint = {};  // the signed note
};

std::string write_receipt(const Receipt& receipt);
// Reads the format; verifies nothing. Error: bad_input, with the line.
Result<Receipt> parse_receipt(std::string_view text);

// A receipt for the record at `index` under the signed checkpoint; the proof is verified before it
// is given out, the signatures are not (the caller holds its own log's checkpoint). Errors:
// bad_input when the checkpoint does not cover the entry; corrupt when the stored hashes do not
// lead to its root; the reader's.
Result<std::string> make_receipt(uint64_t index, const Digest& record, std::string checkpoint_note,
                                 const NodeReader& nodes, Bytes extra = {});

// Verifies all of it for this record (the commitment, see ledger/commitment.h). Errors: bad_input,
// unauthorised (signatures), corrupt (the proof leads elsewhere).
Result<Receipt> verify_receipt(std::string_view text, const Digest& record, std::string_view origin,
                               std::span<const Verifier> known);

}  // namespace firebreak::ledger
