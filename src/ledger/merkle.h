// SPDX-License-Identifier: Apache-2.0
// The Merkle tree of RFC 9162, section 2.1, over SHA-256: its two hashes, and the right edge of a
// growing tree, which is all that is needed to append a leaf and to know the root.
//
//   Frontier tree;
//   tree.append(leaf_hash(record));
//   Digest root = tree.root();
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>

#include "base/hash.h"
#include "base/result.h"

namespace firebreak::ledger {

// SHA-256(0x00 || record), RFC 9162 section 2.1.1.
Digest leaf_hash(std::span<const uint8_t> record);
// SHA-256(0x01 || left || right), RFC 9162 section 2.1.1.
Digest node_hash(const Digest& left, const Digest& right);
// The root of the tree without leaves, SHA-256 of nothing.
Digest empty_root();

// The hash of the complete subtree over the leaves [index * 2^level, (index + 1) * 2^level). At
// level 0 it is the leaf hash. A reader gives the error of its store when it cannot read.
using NodeReader = std::function<Result<Digest>(unsigned level, uint64_t index)>;
using LeafReader = std::function<Result<Digest>(uint64_t index)>;

// Nodes computed from the leaf hashes alone. A node at level L reads 2^L leaves; where tiles are
// published, TileReader (ledger/tiles.h) reads one file instead.
NodeReader nodes_from_leaves(LeafReader leaves);

// The root over the first `size` leaves. Errors: the reader's.
Result<Digest> tree_root(uint64_t size, const NodeReader& nodes);

// The complete subtrees along the right edge of a tree, one for each bit of its size. A value of
// about 2 KB: copy it to keep a state to which a transaction may roll back.
class Frontier {
 public:
  // Number of leaves.
  [[nodiscard]] uint64_t size() const { return size_; }
  void append(const Digest& leaf);
  // RFC 9162's MTH over all leaves appended; empty_root() when there are none.
  [[nodiscard]] Digest root() const;

  // The size as 8 bytes, big-endian, then the subtrees' hashes, the largest subtree first.
  [[nodiscard]] Bytes serialise() const;
  // Error: corrupt, when the length does not fit the size. The content is not checked: compare
  // root() with the root that was stored.
  static Result<Frontier> restore(std::span<const uint8_t> bytes);

 private:
  uint64_t size_ = 0;
  std::array<Digest, 64> subtree_{};  // [level], in use where the size has that bit
};

}  // namespace firebreak::ledger
