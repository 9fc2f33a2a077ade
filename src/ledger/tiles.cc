// SPDX-License-Identifier: Apache-2.0
#include "ledger/tiles.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/files.h"
#include "ledger/edge.h"
#include "ledger/text.h"

namespace firebreak::ledger {
namespace {

std::string show_index(uint64_t index) {
  std::string out;
  for (bool last = true; last || index != 0; last = false, index /= 1000) {
    std::string group = std::to_string(index % 1000);
    group.insert(0, 3 - group.size(), '0');
    out.insert(0, last ? group : "x" + group.append("/"));
  }
  return out;
}

// Takes the part of `text` before `mark` off it; all of it when there is no mark.
std::string_view take(std::string_view& text, std::string_view mark) {
  const size_t end = std::min(text.find(mark), text.size());
  const std::string_view out = text.substr(0, end);
  text.remove_prefix(std::min(end + mark.size(), text.size()));
  return out;
}

std::optional<uint64_t> parse_index(std::string_view text) {
  uint64_t index = 0;
  for (int groups = 0; !text.empty(); ++groups) {
    std::string_view group = take(text, "/");
    if (group.starts_with('x')) group.remove_prefix(1);
    if (group.size() != 3 || groups == 6) return std::nullopt;  // 1000^6 fit 64 bits
    for (const char c : group) {
      if (c < '0' || c > '9') return std::nullopt;
      index = index * 10 + static_cast<uint64_t>(c - '0');
    }
  }
  return index;
}

}  // namespace

std::string TileName::path() const {
  std::string out = "tile/" + (entries ? "entries" : std::to_string(level)) + "/";
  out += show_index(index);
  return width == kTileWidth ? out : out + ".p/" + std::to_string(width);
}

Result<TileName> TileName::parse(std::string_view path) {
  const Error wrong = bad_input("This is not the name of a tile.", std::string(path));
  std::string_view rest = path;
  if (take(rest, "/") != "tile") return wrong;
  TileName out;
  const std::string_view level = take(rest, "/");
  out.entries = level == "entries";
  const auto number = out.entries ? 0 : parse_decimal(level);
  const auto index = parse_index(take(rest, ".p/"));
  const auto width = rest.empty() ? kTileWidth : parse_decimal(rest);
  if (!number || *number >= kTileLevels || !index || !width || *width == 0 || *width > kTileWidth)
    return wrong;
  out.level = static_cast<unsigned>(*number);
  out.index = *index;
  out.width = static_cast<unsigned>(*width);
  if (out.path() != path) return wrong;  // one name for one tile
  return out;
}

std::vector<TileName> tiles_of(uint64_t size) {
  std::vector<TileName> out;
  const auto add = [&](unsigned level, bool entries) {
    const uint64_t hashes = size >> (8 * level);
    for (uint64_t index = 0; index * kTileWidth < hashes; ++index) {
      const uint64_t width = std::min(kTileWidth, hashes - index * kTileWidth);
      out.push_back({level, index, static_cast<unsigned>(width), entries});
    }
  };
  add(0, true);
  for (unsigned level = 0; level < kTileLevels; ++level) add(level, false);
  return out;
}

Bytes tile_bytes(const TileName& name, std::span<const Digest> values) {
  static constexpr std::array<uint8_t, 2> kLength = {0, sizeof(Digest)};
  Bytes out;
  out.reserve(values.size() * (sizeof(Digest) + kLength.size()));
  for (const Digest& value : values) {
    if (name.entries) out.insert(out.end(), kLength.begin(), kLength.end());
    out.insert(out.end(), value.begin(), value.end());
  }
  return out;
}

TileReader::TileReader(std::filesystem::path folder, uint64_t size)
    : folder_(std::move(folder)), size_(size) {}

Result<std::vector<Digest>> TileReader::read_tile(unsigned level, uint64_t index) const {
  const uint64_t hashes = size_ >> (8 * level);
  TileName name{level, index};
  name.width = static_cast<unsigned>(std::min(kTileWidth, hashes - index * kTileWidth));
  const size_t bytes = name.width * sizeof(Digest);
  auto content = read_file(folder_ / name.path(), kTileWidth * sizeof(Digest));
  const bool gone = !content && content.error().code == ErrorCode::not_found;
  if (gone && name.width < kTileWidth) {
    // The log has grown since, and the full tile begins with the same hashes (C2SP tlog-tiles).
    content = read_file(folder_ / TileName{level, index}.path(), kTileWidth * sizeof(Digest));
    if (content) content->resize(std::min(content->size(), bytes));
  }
  if (!content) return content.error();
  if (content->size() != bytes)
    return Error{ErrorCode::corrupt, "The tile has a wrong size.", name.path(), {}};
  std::vector<Digest> out(name.width);
  for (size_t i = 0; i < out.size(); ++i)
    std::copy_n(as_bytes(*content).begin() + static_cast<ptrdiff_t>(32 * i), 32, out[i].begin());
  return out;
}

Result<std::vector<Digest>> TileReader::tile(unsigned level, uint64_t index) {
  if (level >= kTileLevels || index > (size_ >> (8 * level)) / kTileWidth ||
      index * kTileWidth == size_ >> (8 * level)) {
    return bad_input("The ledger has no such tile at this size.", TileName{level, index}.path());
  }
  const auto known = tiles_.find({level, index});
  if (known != tiles_.end()) return known->second;
  FB_TRY(std::vector<Digest> hashes, read_tile(level, index));
  tiles_.emplace(std::pair(level, index), hashes);
  return hashes;
}

Result<Digest> TileReader::node(unsigned level, uint64_t index) {
  if (level >= 64 || index >= size_ >> level)
    return bad_input("The ledger has no such subtree at this size.");
  const unsigned height = level % 8;
  const uint64_t first = index << height;
  FB_TRY(const std::vector<Digest> hashes, tile(level / 8, first / kTileWidth));
  return subtree_root(std::span(hashes).subspan(first % kTileWidth, size_t{1} << height));
}

NodeReader TileReader::reader() {
  return [this](unsigned level, uint64_t index) { return node(level, index); };
}

}  // namespace firebreak::ledger
