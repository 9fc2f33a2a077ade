// SPDX-License-Identifier: Apache-2.0
#include "ledger/edge.h"

#include <algorithm>
#include <utility>

namespace firebreak::ledger {

Digest subtree_root(std::span<const Digest> hashes) {
  Frontier subtree;
  for (const Digest& hash : hashes) subtree.append(hash);
  return subtree.root();
}

Result<TileEdge> TileEdge::at(uint64_t size, TileReader& published, TileSink on_full) {
  TileEdge out(std::move(on_full));
  out.size_ = size;
  for (unsigned level = 1; level < kTileLevels; ++level) {
    const uint64_t hashes = size >> (8 * level);
    if (hashes % kTileWidth == 0) continue;
    FB_TRY(out.open_[level], published.tile(level, hashes / kTileWidth));
  }
  return out;
}

TileName TileEdge::open_name(unsigned level) const {
  return {level, (size_ >> (8 * level)) / kTileWidth, static_cast<unsigned>(open_[level].size())};
}

Result<void> TileEdge::append(const Digest& leaf) {
  const uint64_t index = size_++;
  Digest hash = leaf;
  for (unsigned level = 0; level < kTileLevels; ++level) {
    std::vector<Digest>& tile = open_[level];
    tile.push_back(hash);
    if (tile.size() < kTileWidth) break;
    FB_CHECK(on_full_({level, (index >> (8 * level)) / kTileWidth}, tile));
    hash = subtree_root(tile);
    tile.clear();
  }
  return {};
}

Digest TileEdge::root() const {
  // One subtree for each bit of the size, as in tree_root(); each lies in an open tile.
  const auto nodes = [&](unsigned level, uint64_t index) -> Result<Digest> {
    const unsigned height = level % 8;
    const size_t first = (index << height) % kTileWidth;
    return subtree_root(std::span(open_[level / 8]).subspan(first, size_t{1} << height));
  };
  return *tree_root(size_, nodes);
}

Result<void> feed(TileEdge& edge, uint64_t end, const RecordReader& records,
                  const TileSink& on_bundle, const std::function<Result<void>()>& on_entry) {
  while (edge.size() < end) {
    const uint64_t first = edge.size();
    const uint64_t count = std::min(kTileWidth, end - first);
    FB_TRY(const std::vector<Digest> bundle, records(first, count));
    if (bundle.size() != count)
      return internal_error("The reader of records gave another number than was asked for.");
    FB_CHECK(on_bundle({0, first / kTileWidth, static_cast<unsigned>(count), true}, bundle));
    for (const Digest& record : bundle) {
      FB_CHECK(edge.append(leaf_hash(record)));
      FB_CHECK(on_entry());
    }
  }
  return {};
}

}  // namespace firebreak::ledger
