// SPDX-License-Identifier: Apache-2.0
#include "register/reader.h"

#include <algorithm>
#include <iterator>

#include "register/event.h"
#include "register/rows.h"
#include "register/sqlite.h"

namespace firebreak::record {
namespace {

template <size_t N>
Result<std::array<uint8_t, N>> fixed(std::span<const uint8_t> bytes) {
  std::array<uint8_t, N> out{};
  if (bytes.size() != N)
    return Error{ErrorCode::corrupt, "A stored value has the wrong length.", {}, {}};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

Error no_entry(uint64_t seq) {
  return {ErrorCode::not_found, "There is no such entry.", "entry " + std::to_string(seq), {}};
}

}  // namespace

Reader::Reader(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Reader::~Reader() = default;

Result<std::unique_ptr<Reader>> Reader::open(const std::filesystem::path& database) {
  FB_TRY(Database db, Database::open(database, OpenMode::read_only));
  FB_CHECK(check_marks(db));
  return std::unique_ptr<Reader>(new Reader(std::make_unique<Database>(std::move(db))));
}

Result<uint64_t> Reader::size() {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select, database_->prepare("SELECT coalesce(max(seq) + 1, 0) FROM event"));
  FB_TRY([[maybe_unused]] const bool row, select.step());
  return static_cast<uint64_t>(select.integer(0));
}

Result<StoredEntry> Reader::entry(uint64_t seq) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select, database_->prepare("SELECT entry, salt, root FROM event WHERE seq = ?"));
  select.bind(seq);
  FB_TRY(const bool row, select.step());
  if (!row) return no_entry(seq);
  StoredEntry out{seq, std::string(as_text(select.blob(0))), {}, {}};
  FB_TRY(out.salt, fixed<32>(select.blob(1)));
  FB_TRY(out.root, fixed<32>(select.blob(2)));
  return out;
}

Result<std::vector<std::string>> Reader::entries(uint64_t first, uint64_t count) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select,
         database_->prepare("SELECT entry FROM event WHERE seq >= ? ORDER BY seq LIMIT ?"));
  select.bind(first, count);
  std::vector<std::string> out;
  while (true) {
    FB_TRY(const bool row, select.step());
    if (!row) return out;
    out.emplace_back(as_text(select.blob(0)));
  }
}

Result<Digest> Reader::root_at(uint64_t size) {
  if (size == 0) return ledger::empty_root();
  FB_TRY(const StoredEntry last, entry(size - 1));
  return last.root;
}

Result<std::vector<Digest>> Reader::records(uint64_t first, uint64_t count) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select,
         database_->prepare("SELECT leaf FROM event WHERE seq >= ? ORDER BY seq LIMIT ?"));
  select.bind(first, count);
  std::vector<Digest> out;
  while (true) {
    FB_TRY(const bool row, select.step());
    if (!row) break;
    FB_TRY(const Digest leaf, fixed<32>(select.blob(0)));
    out.push_back(leaf);
  }
  if (out.size() != count) return no_entry(first + out.size());
  return out;
}

Result<ReferralState> Reader::referral(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select, database_->prepare(kSelectReferral));
  return select_referral(select, id);
}

Result<std::vector<ReferralState>> Reader::in_states(const std::vector<State>& states) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select, database_->prepare(kSelectReferralsInState));
  return select_in_states(select, states);
}

namespace {

Result<std::vector<ReferralState>> all_rows(Statement& select) {
  std::vector<ReferralState> out;
  while (true) {
    FB_TRY(const bool row, select.step());
    if (!row) return out;
    FB_TRY(ReferralState state, referral_of(select.text(0)));
    out.push_back(std::move(state));
  }
}

}  // namespace

Result<std::vector<ReferralState>> Reader::oldest(State state, size_t limit) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select,
         database_->prepare("SELECT body FROM referral WHERE state = ? ORDER BY last_seq LIMIT ?"));
  select.bind(state_name(state), static_cast<uint64_t>(limit));
  return all_rows(select);
}

Result<std::vector<ReferralState>> Reader::kept(size_t limit) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select,
         database_->prepare("SELECT body FROM referral INDEXED BY referral_kept WHERE "
                            "instr(body, '\"hold\":{') > 0 OR instr(body, '\"recall\":\"open\"') "
                            "> 0 ORDER BY last_seq LIMIT ?"));
  select.bind(static_cast<uint64_t>(limit));
  return all_rows(select);
}

Result<std::vector<ReferralState>> Reader::after(std::string_view ref, size_t limit) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select,
         database_->prepare("SELECT body FROM referral WHERE id > ? ORDER BY id LIMIT ?"));
  select.bind(ref, static_cast<uint64_t>(limit));
  return all_rows(select);
}

Result<uint64_t> Reader::count_referrals() {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select, database_->prepare("SELECT count(*) FROM referral"));
  FB_TRY([[maybe_unused]] const bool row, select.step());
  return static_cast<uint64_t>(select.integer(0));
}

Result<std::vector<Json>> Reader::history(const ReferralState& state) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select, database_->prepare("SELECT event.entry FROM step JOIN event USING (seq) "
                                              "WHERE step.referral = ? ORDER BY event.seq"));
  select.bind(std::string_view(state.id));
  std::vector<Json> out;
  while (true) {
    FB_TRY(const bool row, select.step());
    if (!row) break;
    FB_TRY(Json entry, parse_json(as_text(select.blob(0))));
    out.push_back(std::move(entry));
  }
  return out;
}

Result<std::vector<uint64_t>> Reader::entries_of(std::string_view event_kind) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select,
         database_->prepare("SELECT seq FROM event "
                            "WHERE json_extract(CAST(entry AS TEXT), '$.kind') = ? ORDER BY seq"));
  select.bind(event_kind);
  std::vector<uint64_t> out;
  while (true) {
    FB_TRY(const bool row, select.step());
    if (!row) break;
    out.push_back(static_cast<uint64_t>(select.integer(0)));
  }
  return out;
}

Result<Document> Reader::document(std::string_view kind, std::string_view id,
                                  std::optional<uint64_t> revision) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select, database_->prepare(revision ? kSelectDocument : kSelectNewestDocument));
  return select_document(select, kind, id, revision);
}

Result<std::vector<Document>> Reader::newest(std::string_view kind) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select, database_->prepare(kSelectAllNewest));
  return select_documents(select, kind);
}

Result<std::vector<Document>> Reader::documents(std::string_view kind, std::string_view id) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(Statement select, database_->prepare(kSelectRevisions));
  return select_revisions(select, kind, id);
}

}  // namespace firebreak::record
