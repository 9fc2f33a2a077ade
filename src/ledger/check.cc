// SPDX-License-Identifier: Apache-2.0
#include "ledger/check.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/files.h"
#include "ledger/edge.h"

namespace firebreak::ledger {
namespace {

constexpr size_t kMaxFindings = 100;
constexpr size_t kRecordBytes = 2 + sizeof(Digest);  // in a bundle, with its length
constexpr size_t kMaxTileBytes = kTileWidth * kRecordBytes;

// The checking of one folder. Findings are gathered; only a failure to read the records ends it.
class Check {
 public:
  explicit Check(std::filesystem::path folder) : folder_(std::move(folder)) {}

  CheckReport run(std::string_view origin, std::span<const Verifier> known,
                  const std::optional<Expected>& expected) {
    if (!read_checkpoint(origin, known)) return std::move(report_);
    size_ = report_.checkpoint->size;
    if (expected && expected->size < size_) {
      find("checkpoint", expected->size,
           "The checkpoint covers more entries (" + std::to_string(size_) +
               ") than the record holds (" + std::to_string(expected->size) + ").");
      return std::move(report_);
    }
    list_files();
    const Expected own{size_, [this](uint64_t first, uint64_t n) { return bundle(first, n); }};
    compare(expected ? *expected : own);
    return std::move(report_);
  }

 private:
  using Place = std::tuple<bool, unsigned, uint64_t>;  // entries, level, index

  void find(std::string file, std::optional<uint64_t> entry, std::string message) {
    if (report_.findings.size() < kMaxFindings)
      report_.findings.push_back({std::move(file), entry, std::move(message)});
  }

  bool read_checkpoint(std::string_view origin, std::span<const Verifier> known) {
    auto note = read_file(folder_ / "checkpoint", kMaxNoteBytes);
    ++report_.files;
    if (!note) {
      find("checkpoint", {}, note.error().message);
      return false;
    }
    auto checkpoint = open_checkpoint(*note, origin, known);
    if (!checkpoint) {
      find("checkpoint", {}, checkpoint.error().message);
      return false;
    }
    report_.checkpoint = *std::move(checkpoint);
    return true;
  }

  void list_files() {
    std::error_code error;
    const std::filesystem::recursive_directory_iterator end;
    std::filesystem::recursive_directory_iterator files(folder_ / "tile", error);
    if (error == std::errc::no_such_file_or_directory) return;  // visit_tile finds what is missing
    for (; !error && files != end; files.increment(error)) {
      const std::string path = files->path().lexically_relative(folder_).string();
      const auto type = files->symlink_status(error).type();
      if (type == std::filesystem::file_type::directory) continue;
      // What write_file_durably had not renamed yet when it was cut off; nobody reads it.
      if (files->path().filename().string().starts_with(".new-")) continue;
      const auto name = TileName::parse(path);
      if (name && type == std::filesystem::file_type::regular) {
        files_[{name->entries, name->level, name->index}].insert(name->width);
      } else {
        find(path, {}, "This file has no place in a published ledger.");
      }
    }
    if (error) find("tile", {}, "The folder cannot be read: " + error.message() + ".");
  }

  // The records as the bundle's file has them.
  Result<std::vector<Digest>> bundle(uint64_t first, uint64_t records) {
    TileName name{0, first / kTileWidth, static_cast<unsigned>(records), true};
    if (!has(name)) name.width = kTileWidth;
    auto content = read_file(folder_ / name.path(), kMaxTileBytes);
    const Error wrong{ErrorCode::corrupt, "The bundle does not hold its records.", name.path(), {}};
    if (!content) return Error{content.error().code, content.error().message, name.path(), {}};
    if (content->size() < records * kRecordBytes) return wrong;
    std::vector<Digest> out(records);
    for (size_t i = 0; i < out.size(); ++i) {
      std::copy_n(as_bytes(*content).begin() + static_cast<ptrdiff_t>(i * kRecordBytes + 2),
                  sizeof(Digest), out[i].begin());
    }
    return out;
  }

  [[nodiscard]] bool has(const TileName& name) const {
    const auto widths = files_.find({name.entries, name.level, name.index});
    return widths != files_.end() && widths->second.contains(name.width);
  }

  void compare(const Expected& expected) {
    const TileSink visit = [&](const TileName& name, std::span<const Digest> values) {
      visit_tile(name, values);
      return Result<void>{};
    };
    TileEdge edge(visit);
    const auto check_root = [&]() -> Result<void> {
      if (edge.size() == size_ && edge.root() != report_.checkpoint->root)
        find("checkpoint", {}, "The records do not lead to the root in the checkpoint.");
      return {};
    };
    auto fed = check_root();
    if (fed) fed = feed(edge, expected.size, expected.records, visit, check_root);
    if (!fed) {
      find(fed.error().where, edge.size(), fed.error().message);
      return;
    }
    for (unsigned level = 0; level < kTileLevels; ++level) {
      if (!edge.open_tile(level).empty()) visit_tile(edge.open_name(level), edge.open_tile(level));
    }
    report_unvisited();
  }

  // Compares all files of one tile, full and partial, with what they must hold; `values` is all
  // that the expected records give of it.
  void visit_tile(const TileName& name, std::span<const Digest> values) {
    const auto listed = files_.extract({name.entries, name.level, name.index});
    const std::set<unsigned> widths = listed ? listed.mapped() : std::set<unsigned>{};
    const uint64_t hashes = size_ >> (8 * name.level);
    const uint64_t before = name.index * kTileWidth;
    TileName needed = name;
    needed.width =
        static_cast<unsigned>(hashes > before ? std::min(kTileWidth, hashes - before) : 0);
    if (needed.width != 0 && !widths.contains(needed.width) && !widths.contains(kTileWidth))
      find(needed.path(), first_entry(needed, 0), "The file is missing.");
    for (const unsigned width : widths) {
      TileName file = name;
      file.width = width;
      if (width > values.size()) {
        find(file.path(), first_entry(file, values.size()), "The file goes beyond the record.");
      } else {
        compare_file(file, values.first(width));
      }
    }
  }

  void compare_file(const TileName& name, std::span<const Digest> values) {
    ++report_.files;
    const auto content = read_file(folder_ / name.path(), 2 * kMaxTileBytes);
    if (!content) return find(name.path(), {}, content.error().message);
    const Bytes right = tile_bytes(name, values);
    const auto bytes = as_bytes(*content);
    const auto [at, unused] = std::mismatch(bytes.begin(), bytes.end(), right.begin(), right.end());
    if (at == bytes.end() && bytes.size() == right.size()) return;
    const auto offset = static_cast<size_t>(at - bytes.begin());
    const std::optional<uint64_t> entry =
        offset < right.size() ? std::optional(entry_at(name, offset)) : std::nullopt;
    if (bytes.size() != right.size()) {
      return find(name.path(), entry,
                  "The file is of " + std::to_string(bytes.size()) + " bytes; it must have " +
                      std::to_string(right.size()) + ".");
    }
    find(name.path(), entry,
         "Byte " + std::to_string(offset) + " of the file is not what the record demands.");
  }

  // The first entry covered by the value at `position` of the tile.
  static uint64_t first_entry(const TileName& name, uint64_t position) {
    return (name.index * kTileWidth + position) << (8 * name.level);
  }
  static uint64_t entry_at(const TileName& name, size_t offset) {
    return first_entry(name, offset / (name.entries ? kRecordBytes : sizeof(Digest)));
  }

  void report_unvisited() {
    for (const auto& [place, widths] : files_) {
      const auto& [entries, level, index] = place;
      for (const unsigned width : widths)
        find(TileName{level, index, width, entries}.path(), {}, "The file goes beyond the record.");
    }
  }

  std::filesystem::path folder_;
  uint64_t size_ = 0;
  std::map<Place, std::set<unsigned>> files_;  // the widths that are there
  CheckReport report_;
};

}  // namespace

std::string Finding::text() const {
  std::string out = file;
  if (entry) out += (out.empty() ? "" : ": ") + ("entry " + std::to_string(*entry));
  return out + (out.empty() ? "" : ": ") + message;
}

CheckReport check_published(const std::filesystem::path& folder, std::string_view origin,
                            std::span<const Verifier> known,
                            const std::optional<Expected>& expected) {
  return Check(folder).run(origin, known, expected);
}

}  // namespace firebreak::ledger
