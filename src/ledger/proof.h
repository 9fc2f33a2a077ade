// SPDX-License-Identifier: Apache-2.0
// Proofs that a leaf stands in a tree, and that one tree is the beginning of another (RFC 9162,
// sections 2.1.3 and 2.1.4): made from stored hashes, verified without any.
//
//   FB_TRY(Proof proof, inclusion_proof(index, size, nodes));
//   FB_CHECK(verify_inclusion(leaf_hash(record), index, size, root, proof));
#pragma once

#include <vector>

#include "ledger/merkle.h"

namespace firebreak::ledger {

// Hashes in the order of RFC 9162; at most 63 for inclusion and 64 for consistency.
using Proof = std::vector<Digest>;

// Errors: bad_input when index >= size; the reader's.
Result<Proof> inclusion_proof(uint64_t index, uint64_t size, const NodeReader& nodes);
// From the tree of `first` leaves to the tree of `second`; empty when they are equal. Errors:
// bad_input unless 0 < first <= second; the reader's.
Result<Proof> consistency_proof(uint64_t first, uint64_t second, const NodeReader& nodes);

// RFC 9162 section 2.1.3.2. Errors: bad_input when the question has no answer (index >= size) or
// the proof has the wrong length; corrupt when it leads to another root.
Result<void> verify_inclusion(const Digest& leaf, uint64_t index, uint64_t size, const Digest& root,
                              const Proof& proof);
// RFC 9162 section 2.1.4.2. Every tree extends the empty one, of which nothing can be proved: a
// `first` of 0 is refused. Errors as above.
Result<void> verify_consistency(uint64_t first, const Digest& first_root, uint64_t second,
                                const Digest& second_root, const Proof& proof);

}  // namespace firebreak::ledger
