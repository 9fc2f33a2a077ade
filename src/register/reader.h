// SPDX-License-Identifier: Apache-2.0
// Reads what is committed, on a connection of its own that cannot write. Safe to call from several
// threads: calls take turns.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/commitment.h"
#include "ledger/merkle.h"
#include "ledger/tiles.h"
#include "register/referral_query.h"
#include "register/referral_state.h"
#include "register/transaction.h"

namespace firebreak::record {

class Database;
class Statement;

struct StoredEntry {
  uint64_t seq = 0;
  std::string bytes;  // canonical JSON
  ledger::Salt salt{};
  Digest root{};  // of the tree that ends with this entry
};

class Reader {
 public:
  static Result<std::unique_ptr<Reader>> open(const std::filesystem::path& database);
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader();

  // Number of entries.
  Result<uint64_t> size();
  Result<StoredEntry> entry(uint64_t seq);
  // The canonical JSON of the entries from `first` on, at most `count`; fewer at the end.
  Result<std::vector<std::string>> entries(uint64_t first, uint64_t count);
  // The root of the tree over the first `size` entries. Error: not_found.
  Result<Digest> root_at(uint64_t size);
  // The log's records [first, first + count), for the publisher and for proofs.
  Result<std::vector<Digest>> records(uint64_t first, uint64_t count);
  Result<ReferralState> referral(std::string_view id);
  // One page of them, with the number of all.
  Result<ReferralPage> page(const ReferralQuery& query);
  // Those in one of these states, oldest change first.
  Result<std::vector<ReferralState>> in_states(const std::vector<State>& states);
  // At most `limit` in this state, oldest change first.
  Result<std::vector<ReferralState>> oldest(State state, size_t limit);
  // At most `limit` that are held or being asked back, in whatever state, oldest change first.
  Result<std::vector<ReferralState>> kept(size_t limit);
  // At most `limit` referrals in the order of their references, after this one (empty: the first).
  Result<std::vector<ReferralState>> after(std::string_view ref, size_t limit);
  // How many referrals there are.
  Result<uint64_t> count_referrals();
  // The entries of one referral, in order.
  Result<std::vector<Json>> history(const ReferralState& state);
  // The numbers of all entries of a kind, in order. Reads the whole record.
  Result<std::vector<uint64_t>> entries_of(std::string_view event_kind);
  Result<Document> document(std::string_view kind, std::string_view id,
                            std::optional<uint64_t> revision = std::nullopt);
  // Every document of a kind in its newest revision, in the order of their identifiers.
  Result<std::vector<Document>> newest(std::string_view kind);
  Result<std::vector<Document>> documents(std::string_view kind, std::string_view id);

 private:
  explicit Reader(std::unique_ptr<Database> database);
  Result<std::vector<std::string>> page_rows(const ReferralQuery& query, uint64_t& total);
  // With the lock held.
  Result<uint64_t> count(const ReferralQuery& query);
  // The statement of that text, ready to be bound; made at its first use.
  Result<Statement*> prepared(const std::string& sql);
  static constexpr size_t kMostPrepared = 64;
  static constexpr size_t kMostCounts = 10'000;

  std::mutex mutex_;
  std::unique_ptr<Database> database_;
  std::optional<uint64_t> counted_at_;  // the last entry about a referral when counts_ were taken
  std::map<std::vector<std::string>, uint64_t> counts_;  // by what is counted
  std::map<std::string, std::shared_ptr<Statement>> prepared_;
};

}  // namespace firebreak::record
