// SPDX-License-Identifier: Apache-2.0
// The register's database as its one writer sees it: begins and commits, and between these is the
// Transaction of the work that runs. Used by the recorder's thread alone.
//
//   FB_TRY(auto store, Store::open(path, clock, random));
//   store->begin();  store->begin_work(); ... store->end_work(true);  store->commit();
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "ledger/merkle.h"
#include "register/sqlite.h"
#include "register/transaction.h"

namespace firebreak::record {

// "sha256:" of "firebreak document v1\n" || salt (32 bytes) || body: what an entry says of a
// document.
Digest document_digest(std::span<const uint8_t> salt, std::span<const uint8_t> body);

class Store final : public Transaction {
 public:
  // Makes a new database file with its tables. Errors: conflict when it exists; unavailable.
  static Result<void> create(const std::filesystem::path& path);
  // Errors: corrupt when the last root is not that of the stored tree; unavailable.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& path, const Clock& clock,
                                             Random& random);
  ~Store() override;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  Result<void> begin();
  // On disk when it returns without error.
  Result<void> commit();
  void rollback();

  Result<void> begin_work();
  // Keeps what the work recorded, or takes it back.
  Result<void> end_work(bool keep);
  [[nodiscard]] const std::optional<Refusal>& refusal() const { return refusal_; }
  [[nodiscard]] bool kept() const { return keep_; }
  // The actions of the kept works since begin(); they are taken away.
  std::vector<std::function<void()>> take_actions();

  [[nodiscard]] Fault fault() const { return db_.fault(); }
  void forget_fault() { db_.forget_fault(); }
  // For fault tests: as if the database had failed; the most pages that the file may have.
  void note_fault(Fault fault) { db_.note_fault(fault); }
  Result<void> limit_pages(int pages);

  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] uint64_t size() const override { return tree_.size(); }
  Result<uint64_t> append(Json event, std::vector<NewDocument> store,
                          std::vector<DocumentName> destroy) override;
  Result<Document> get(std::string_view kind, std::string_view id,
                       std::optional<uint64_t> revision) override;
  Result<std::vector<Document>> all(std::string_view kind) override;
  Result<ReferralState> referral(std::string_view id) override;
  Result<std::vector<ReferralState>> referrals(std::vector<State> states) override;
  Error refuse(Refusal refusal, std::string where, std::string detail) override;
  Error keep(Error error) override;
  void after_commit(std::function<void()> action) override;

 private:
  struct Statements;
  Store(Database db, const Clock& clock, Random& random);
  Result<void> prepare();
  Result<void> load_tree();
  Result<void> load_time();
  Result<void> insert_event(const std::string& bytes);
  Result<void> insert_document(const NewDocument& document, const Digest& salt, uint64_t seq);
  Result<void> destroy_document(const DocumentName& name);
  Result<void> update_indexes(const Json& entry);

  const Clock& clock_;
  Random& random_;
  Database db_;
  std::unique_ptr<Statements> sql_;
  ledger::Frontier tree_;
  // What to go back to: the tree at the last commit, and at the beginning of the work.
  ledger::Frontier committed_tree_;
  ledger::Frontier work_tree_;
  Instant now_;
  std::optional<Refusal> refusal_;
  bool keep_ = false;
  bool destroyed_ = false;  // since begin(): the log of the database must be emptied after commit
  std::vector<std::function<void()>> actions_;
  size_t actions_before_work_ = 0;
};

}  // namespace firebreak::record
