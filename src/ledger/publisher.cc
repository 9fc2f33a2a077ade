// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "ledger/edge.h"
#include "ledger/tiles.h"

namespace firebreak::ledger {
namespace {

constexpr std::string_view kCheckpointFile = "checkpoint";

Error failed(const std::string& what, const std::filesystem::path& path) {
  const int number = errno;
  return {ErrorCode::unavailable, what + ": " + std::generic_category().message(number) + ".",
          path.string(), "Nothing new was published; it is tried again at the next checkpoint."};
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const Error error = failed("The folder cannot be synced", folder);
  if (fd >= 0) ::close(fd);
  if (!synced) return error;
  return {};
}

// Writes tiles durably, with the folders above them.
class TileWriter {
 public:
  explicit TileWriter(std::filesystem::path root) : root_(std::move(root)) {}

  Result<void> write(const TileName& name, std::span<const Digest> values) {
    FB_CHECK(make_folders(std::filesystem::path(name.path()).parent_path()));
    FB_CHECK(write_file_durably(root_ / name.path(), tile_bytes(name, values)));
    if (values.size() == kTileWidth) full_.push_back(name);
    return {};
  }

  // Makes the root, and the folders of a path below it.
  Result<void> make_folders(const std::filesystem::path& below) {
    std::filesystem::path folder = root_;
    FB_CHECK(make_folder(folder));
    for (const auto& part : below) {
      folder /= part;
      FB_CHECK(make_folder(folder));
    }
    return {};
  }

  // C2SP tlog-tiles: a partial tile may go once the full one is there. A failure costs only room,
  // and the checker takes a partial tile that stayed, so it is not an error.
  void remove_partial_tiles() const {
    for (const TileName& name : full_) {
      std::error_code ignored;
      std::filesystem::remove_all((root_ / name.path()).string() + ".p", ignored);
    }
  }

 private:
  // A folder that exists may still be missing on disk, when the process that made it was killed
  // before it synced: each is synced once by every publication that uses it.
  Result<void> make_folder(const std::filesystem::path& folder) {
    if (synced_.contains(folder)) return {};
    if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST)
      return failed("The folder cannot be made", folder);
    FB_CHECK(sync_folder(folder / ".."));
    synced_.insert(folder);
    return {};
  }

  std::filesystem::path root_;
  std::set<std::filesystem::path> synced_;
  std::vector<TileName> full_;
};

Error differs(const char* message) {
  return {ErrorCode::corrupt, message, "ledger",
          "Nothing was signed. Run a ledger verification: it names the place."};
}

// One way through the records from `from` on, which checks that they lead from the last checkpoint
// to the next; with a writer it also writes the tiles.
class Passage {
 public:
  Passage(const std::filesystem::path& folder, const std::optional<Checkpoint>& last,
          const Checkpoint& next)
      : folder_(folder), last_(last), next_(next) {}

  Result<void> run(uint64_t from, const RecordReader& records, TileWriter* writer) const {
    const TileSink write = [&](const TileName& name, std::span<const Digest> values) {
      return writer == nullptr ? Result<void>{} : writer->write(name, values);
    };
    TileReader published(folder_, from);
    FB_TRY(TileEdge edge, TileEdge::at(from / kTileWidth * kTileWidth, published, write));
    FB_CHECK(check(edge));
    FB_CHECK(feed(edge, next_.size, records, write, [&] { return check(edge); }));
    if (edge.root() != next_.root) return differs("The records do not lead to the new root.");
    for (unsigned level = 0; level < kTileLevels; ++level) {
      if (!edge.open_tile(level).empty())
        FB_CHECK(write(edge.open_name(level), edge.open_tile(level)));
    }
    return {};
  }

 private:
  [[nodiscard]] Result<void> check(const TileEdge& edge) const {
    if (last_ && edge.size() == last_->size && edge.root() != last_->root)
      return differs("The published tiles and the records do not lead to the last checkpoint.");
    return {};
  }

  const std::filesystem::path& folder_;
  const std::optional<Checkpoint>& last_;
  const Checkpoint& next_;
};

}  // namespace

Publisher::Publisher(std::filesystem::path folder, std::string origin, Verifier key)
    : folder_(std::move(folder)), origin_(std::move(origin)), key_(std::move(key)) {}

Result<Publisher> Publisher::open(std::filesystem::path folder, std::string origin, Verifier key) {
  Publisher out(std::move(folder), std::move(origin), std::move(key));
  const std::filesystem::path path = out.folder_ / kCheckpointFile;
  auto note = read_file(path, kMaxNoteBytes);
  if (!note && note.error().code == ErrorCode::not_found) return out;
  if (!note) return note.error();
  auto checkpoint = open_checkpoint(*note, out.origin_, std::span(&out.key_, 1));
  if (!checkpoint) {
    return Error{ErrorCode::corrupt,
                 "The published checkpoint does not verify: " + checkpoint.error().message,
                 path.string(), "Restore the file from a copy of the ledger."};
  }
  out.checkpoint_ = *std::move(checkpoint);
  out.note_ = *std::move(note);
  return out;
}

Result<void> Publisher::publish(const Checkpoint& next, const RecordReader& records,
                                const Signer& signer) {
  return publish_from(checkpoint_ ? checkpoint_->size : 0, next, records, signer);
}

Result<void> Publisher::rebuild(const Checkpoint& next, const RecordReader& records,
                                const Signer& signer) {
  return publish_from(0, next, records, signer);
}

Result<void> Publisher::publish_from(uint64_t from, const Checkpoint& next,
                                     const RecordReader& records, const Signer& signer) {
  const Verifier& key = signer.verifier();
  if (next.origin != origin_ || key.name() != key_.name() || key.public_key() != key_.public_key())
    return bad_input("The checkpoint or its signer is another ledger's.", origin_);
  if (checkpoint_ && next.size < checkpoint_->size) {
    return Error{ErrorCode::conflict, "The ledger is shorter than its last checkpoint.", "ledger",
                 "Entries were lost: restore the record before anything is published."};
  }
  FB_TRY(std::string note, sign_checkpoint(next, signer));
  const Passage passage(folder_, checkpoint_, next);
  FB_CHECK(passage.run(from, records, nullptr));  // nothing is written before all is checked
  TileWriter writer(folder_);
  FB_CHECK(writer.make_folders({}));  // an empty log has a checkpoint and no tiles
  FB_CHECK(passage.run(from, records, &writer));
  FB_CHECK(write_file_durably(folder_ / kCheckpointFile, note));
  writer.remove_partial_tiles();
  checkpoint_ = next;
  note_ = std::move(note);
  return {};
}

}  // namespace firebreak::ledger
