// SPDX-License-Identifier: Apache-2.0
// The tiles along the right edge of a growing log: what the publisher writes from and what the
// checker compares with. For the units of this folder; Frontier suffices for everything else.
//
//   TileEdge edge(on_full);                       // called with every tile that becomes full
//   FB_CHECK(feed(edge, size, records, on_bundle, on_entry));
//   FB_TRY(Digest root, edge.root());
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ledger/tiles.h"

namespace firebreak::ledger {

inline constexpr unsigned kTileLevels = 8;  // 256^8 leaves are all that 64 bits can count

// Called with a tile, or with a bundle of records.
using TileSink = std::function<Result<void>(const TileName& name, std::span<const Digest> values)>;

class TileEdge {
 public:
  explicit TileEdge(TileSink on_full) : on_full_(std::move(on_full)) {}
  // Goes on from a log of `size` leaves, a multiple of 256, whose tiles `published` reads.
  static Result<TileEdge> at(uint64_t size, TileReader& published, TileSink on_full);

  [[nodiscard]] uint64_t size() const { return size_; }
  // Error: that of on_full.
  Result<void> append(const Digest& leaf);
  [[nodiscard]] Digest root() const;
  // The hashes in the tile at this level that is not full yet.
  [[nodiscard]] const std::vector<Digest>& open_tile(unsigned level) const { return open_[level]; }
  [[nodiscard]] TileName open_name(unsigned level) const;

 private:
  uint64_t size_ = 0;
  std::array<std::vector<Digest>, kTileLevels> open_;
  TileSink on_full_;
};

// Appends the records from edge.size() on until the log has `end`. on_bundle gets each bundle,
// before its entries are appended; on_entry is called when the log has grown to each size.
Result<void> feed(TileEdge& edge, uint64_t end, const RecordReader& records,
                  const TileSink& on_bundle, const std::function<Result<void>()>& on_entry);

// The root of a complete subtree over hashes whose number is a power of two.
Digest subtree_root(std::span<const Digest> hashes);

}  // namespace firebreak::ledger
