// SPDX-License-Identifier: Apache-2.0
// A log as a folder of files that any web server can serve (C2SP tlog-tiles), and that Go's
// sumdb/tlog and public monitors read: tiles of 256 hashes, bundles of records, one checkpoint.
//
//   FB_TRY(Publisher publisher, Publisher::open(folder, origin, signer.verifier()));
//   FB_CHECK(publisher.publish({origin, tree.size(), tree.root()}, records, signer));
//
// Files, with L the level, N the index in groups of three digits (1234067 is x001/x234/067), and
// W the width of a tile that is not full yet:
//   checkpoint                     the signed note
//   tile/L/N[.p/W]                 1 to 256 hashes of 32 bytes; hash i at level L is the hash of
//                                  the complete subtree of 256^L leaves from (256 N + i) 256^L on
//   tile/entries/N[.p/W]           the same entries as tile/0/N: for each a length (2 bytes,
//                                  big-endian, always 32) and the record (32 bytes)
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/checkpoint.h"
#include "ledger/merkle.h"

namespace firebreak::ledger {

inline constexpr uint64_t kTileWidth = 256;

// Gives exactly the records [first, first + count); count is 1 to 256.
using RecordReader = std::function<Result<std::vector<Digest>>(uint64_t first, uint64_t count)>;

// One tile's place; a bundle of records has `entries` set and level 0.
struct TileName {
  unsigned level = 0;
  uint64_t index = 0;
  unsigned width = kTileWidth;  // 1 to 256
  bool entries = false;

  // Relative to the folder: "tile/0/x001/234.p/17".
  [[nodiscard]] std::string path() const;
  // Error: bad_input unless `path` is exactly what path() writes for some tile.
  static Result<TileName> parse(std::string_view path);
};

// Every file of a published log of `size` entries apart from the checkpoint.
std::vector<TileName> tiles_of(uint64_t size);
// The file's content. `values` are the tile's hashes, or the bundle's records.
Bytes tile_bytes(const TileName& name, std::span<const Digest> values);

// Writes the folder. One publisher at a time (the data folder's lock sees to it).
class Publisher {
 public:
  // Reads the checkpoint in the folder, which need not exist yet, and verifies it with the log's
  // key. Errors: corrupt when it does not verify; unavailable.
  static Result<Publisher> open(std::filesystem::path folder, std::string origin, Verifier key);

  // The last published checkpoint, as an opened value and as the signed note.
  [[nodiscard]] const std::optional<Checkpoint>& checkpoint() const { return checkpoint_; }
  [[nodiscard]] const std::string& note() const { return note_; }

  // Writes what the log has gained since the last checkpoint, then signs and puts in place the new
  // one. All tiles are on disk before it: a crash or an error at any point leaves a valid
  // checkpoint and every file it needs. It signs only what extends the last checkpoint: the
  // published tiles, continued by the records, must lead to both roots, or nothing is written.
  // Errors: conflict when the new size is smaller; corrupt when tiles and records do not lead to
  // the roots (check_published names the place); bad_input when the origin or the signer is
  // another log's; unavailable; the reader's.
  Result<void> publish(const Checkpoint& next, const RecordReader& records, const Signer& signer);

  // The same, writing every file anew from the records: for a folder whose tiles were damaged or
  // lost. The records must still lead to the last checkpoint's root.
  Result<void> rebuild(const Checkpoint& next, const RecordReader& records, const Signer& signer);

 private:
  Publisher(std::filesystem::path folder, std::string origin, Verifier key);
  Result<void> publish_from(uint64_t from, const Checkpoint& next, const RecordReader& records,
                            const Signer& signer);
  std::filesystem::path folder_;
  std::string origin_;
  Verifier key_;
  std::optional<Checkpoint> checkpoint_;
  std::string note_;
};

// Reads nodes from a published folder for proofs; keeps the tiles it has read. Not for use from
// several threads at once, nor across a publication of a larger size.
class TileReader {
 public:
  TileReader(std::filesystem::path folder, uint64_t size);
  // The hashes of the tile that holds so many at this size. Errors as node().
  Result<std::vector<Digest>> tile(unsigned level, uint64_t index);
  // Errors: bad_input when the node is not complete at this size; not_found or corrupt, naming the
  // file.
  Result<Digest> node(unsigned level, uint64_t index);
  // The same as a function; it refers to this object.
  NodeReader reader();

 private:
  Result<std::vector<Digest>> read_tile(unsigned level, uint64_t index) const;
  std::filesystem::path folder_;
  uint64_t size_;
  std::map<std::pair<unsigned, uint64_t>, std::vector<Digest>> tiles_;
};

}  // namespace firebreak::ledger
