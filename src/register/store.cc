// SPDX-License-Identifier: Apache-2.0
#include "register/store.h"

#include <algorithm>
#include <utility>

#include "ledger/commitment.h"
#include "register/event.h"
#include "register/rows.h"
#include "register/schema.h"

namespace firebreak::record {
namespace {

constexpr std::string_view kDocumentDomain = "firebreak document v1\n";

// Settings of a connection that writes. FULL: a commit is on disk when it returns. secure_delete: a
// destroyed body leaves no copy in the file's free pages.
constexpr const char* kPragmas =
    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; "
    "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;";

}  // namespace

struct Store::Statements {
  Statement begin, commit, rollback, savepoint, release, back;
  Statement insert_event, insert_document, destroy, get_one, get_newest, all, tree;
  Statement referral, put_referral, step, referrals;
};

Digest document_digest(std::span<const uint8_t> salt, std::span<const uint8_t> body) {
  return sha256({as_bytes(kDocumentDomain), salt, body});
}

Store::Store(Database db, const Clock& clock, Random& random)
    : clock_(clock), random_(random), db_(std::move(db)), now_(clock.now()) {}

Store::~Store() = default;

Result<void> Store::create(const std::filesystem::path& path) {
  if (std::filesystem::exists(path)) {
    return Error{ErrorCode::conflict, "There is a register already.", path.string(), {}};
  }
  FB_TRY(Database db, Database::open(path, OpenMode::create));
  FB_CHECK(db.execute("PRAGMA journal_mode = WAL"));
  FB_CHECK(db.execute(kPragmas));
  FB_CHECK(db.execute("BEGIN IMMEDIATE"));
  const std::string marks = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                            "; PRAGMA user_version = " + std::to_string(kSchemaVersion);
  FB_CHECK(db.execute(marks.c_str()));
  for (const char* statement : kSchema) FB_CHECK(db.execute(statement));
  FB_TRY(Statement tree, db.prepare("INSERT INTO tree VALUES (1, ?)"));
  const Bytes empty = ledger::Frontier().serialise();
  FB_CHECK(tree.run(std::span<const uint8_t>(empty)));
  return db.execute("COMMIT");
}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& path, const Clock& clock,
                                           Random& random) {
  FB_TRY(Database db, Database::open(path, OpenMode::read_write));
  std::unique_ptr<Store> store(new Store(std::move(db), clock, random));
  FB_CHECK(store->db_.execute(kPragmas));
  FB_CHECK(check_marks(store->db_));
  FB_CHECK(store->prepare());
  FB_CHECK(store->load_tree());
  return store;
}

Result<void> Store::prepare() {
  const auto sql = [&](const char* text) { return db_.prepare(text); };
  FB_TRY(Statement begin, sql("BEGIN IMMEDIATE"));
  FB_TRY(Statement commit, sql("COMMIT"));
  FB_TRY(Statement rollback, sql("ROLLBACK"));
  FB_TRY(Statement savepoint, sql("SAVEPOINT work"));
  FB_TRY(Statement release, sql("RELEASE work"));
  FB_TRY(Statement back, sql("ROLLBACK TO work"));
  FB_TRY(Statement insert_event, sql("INSERT INTO event VALUES (?, ?, ?, ?, ?)"));
  FB_TRY(Statement insert_document, sql("INSERT INTO document VALUES (?, ?, ?, ?, ?, ?)"));
  FB_TRY(Statement destroy, sql("UPDATE document SET body = NULL WHERE kind = ? AND id = ? AND "
                                "revision = ? AND body IS NOT NULL RETURNING seq"));
  FB_TRY(Statement get_one, sql(kSelectDocument));
  FB_TRY(Statement get_newest, sql(kSelectNewestDocument));
  FB_TRY(Statement all, sql(kSelectAllNewest));
  FB_TRY(Statement tree, sql("UPDATE tree SET frontier = ? WHERE one = 1"));
  FB_TRY(Statement referral, sql(kSelectReferral));
  FB_TRY(Statement put_referral, sql("INSERT OR REPLACE INTO referral VALUES (?, ?, ?, ?, ?)"));
  FB_TRY(Statement step, sql("INSERT INTO step VALUES (?, ?)"));
  FB_TRY(Statement referrals, sql(kSelectReferralsInState));
  sql_ = std::make_unique<Statements>(
      Statements{std::move(begin), std::move(commit), std::move(rollback), std::move(savepoint),
                 std::move(release), std::move(back), std::move(insert_event),
                 std::move(insert_document), std::move(destroy), std::move(get_one),
                 std::move(get_newest), std::move(all), std::move(tree), std::move(referral),
                 std::move(put_referral), std::move(step), std::move(referrals)});
  return {};
}

Result<void> Store::load_tree() {
  FB_TRY(tree_, stored_tree(db_));
  FB_TRY(Statement last, db_.prepare("SELECT seq, root FROM event ORDER BY seq DESC LIMIT 1"));
  FB_TRY(const bool some, last.step());
  const bool fits = some ? last.integer(0) + 1 == static_cast<int64_t>(tree_.size()) &&
                               std::ranges::equal(last.blob(1), tree_.root())
                         : tree_.size() == 0;
  if (!fits) {
    return Error{ErrorCode::corrupt, "The newest entry and the stored tree do not fit together.",
                 "entry " + std::to_string(tree_.size()),
                 "Run `firebreak ledger verify` and restore the last good copy."};
  }
  committed_tree_ = tree_;
  return load_time();
}

// The time of the newest entry that has one; of the others the day is known.
Result<void> Store::load_time() {
  FB_TRY(Statement select, db_.prepare("SELECT entry, seq FROM event ORDER BY seq DESC"));
  while (true) {
    FB_TRY(const bool some, select.step());
    if (!some) return {};
    FB_TRY(const Json entry,
           read_entry(as_text(select.blob(0)), static_cast<uint64_t>(select.integer(1))));
    FB_TRY(const Instant at, entry_time(entry));
    now_ = std::max(now_, at);
    if (!entry.contains("day")) return {};
  }
}

Result<void> Store::begin() {
  FB_CHECK(sql_->begin.run());
  // Entries are never older than those before them, even when the machine's clock is set back,
  // and stays so over a restart (load_time).
  now_ = std::max(now_, clock_.now());
  destroyed_ = false;
  actions_.clear();
  return {};
}

Result<void> Store::commit() {
  const Bytes frontier = tree_.serialise();
  FB_CHECK(sql_->tree.run(std::span<const uint8_t>(frontier)));
  FB_CHECK(sql_->commit.run());
  committed_tree_ = tree_;
  if (destroyed_) {
    // What was destroyed must leave the write-ahead log too. A reader may be in the way: then the
    // next ordinary checkpoint of the database does it.
    const auto emptied = db_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    if (!emptied && db_.fault() == Fault::batch) db_.forget_fault();
  }
  return {};
}

void Store::rollback() {
  if (!db_.autocommit()) {
    const auto ignored = sql_->rollback.run();  // a failed rollback leaves the fault set
    static_cast<void>(ignored);
  }
  tree_ = committed_tree_;
  actions_.clear();
}

Result<void> Store::begin_work() {
  refusal_.reset();
  keep_ = false;
  work_tree_ = tree_;
  actions_before_work_ = actions_.size();
  return sql_->savepoint.run();
}

Result<void> Store::end_work(bool keep) {
  if (!keep) {
    FB_CHECK(sql_->back.run());
    tree_ = work_tree_;
    actions_.resize(actions_before_work_);
  }
  return sql_->release.run();
}

std::vector<std::function<void()>> Store::take_actions() { return std::exchange(actions_, {}); }

Result<void> Store::limit_pages(int pages) {
  const std::string pragma = "PRAGMA max_page_count = " + std::to_string(pages);
  return db_.execute(pragma.c_str());
}

Result<uint64_t> Store::append(Json event, std::vector<NewDocument> store,
                               std::vector<DocumentName> destroy) {
  const uint64_t seq = tree_.size();
  event["v"] = 1;
  event["seq"] = seq;
  if (!event.contains("day")) event["at"] = format_instant(now_);
  std::vector<Digest> salts(store.size());
  for (size_t i = 0; i < store.size(); ++i) {
    random_.fill(salts[i]);
    event["documents"].push_back(
        {{"kind", store[i].kind},
         {"id", store[i].id},
         {"revision", store[i].revision},
         {"digest", show_digest(document_digest(salts[i], store[i].body))}});
  }
  for (const DocumentName& name : destroy) {
    event["destroyed"].push_back(
        {{"kind", name.kind}, {"id", name.id}, {"revision", name.revision}});
  }
  if (const auto sound = check_members(event); !sound)
    return internal_error("An entry is not well formed: " + sound.error().message);
  try {
    FB_CHECK(insert_event(canonical_json(event)));
  } catch (const std::exception&) {
    return internal_error("An entry cannot be written as canonical JSON.");
  }
  for (size_t i = 0; i < store.size(); ++i) FB_CHECK(insert_document(store[i], salts[i], seq));
  for (const DocumentName& name : destroy) FB_CHECK(destroy_document(name));
  FB_CHECK(update_indexes(event));
  return seq;
}

Result<void> Store::insert_event(const std::string& bytes) {
  const ledger::Salt salt = ledger::new_salt(random_);
  const Digest leaf = ledger::commitment(salt, as_bytes(bytes));
  const uint64_t seq = tree_.size();
  tree_.append(ledger::leaf_hash(leaf));
  const Digest root = tree_.root();
  return sql_->insert_event.run(seq, as_bytes(bytes), std::span<const uint8_t>(salt),
                                std::span<const uint8_t>(leaf), std::span<const uint8_t>(root));
}

Result<void> Store::insert_document(const NewDocument& document, const Digest& salt, uint64_t seq) {
  return sql_->insert_document.run(std::string_view(document.kind), std::string_view(document.id),
                                   document.revision, std::span<const uint8_t>(document.body),
                                   std::span<const uint8_t>(salt), seq);
}

Result<void> Store::destroy_document(const DocumentName& name) {
  sql_->destroy.bind(std::string_view(name.kind), std::string_view(name.id), name.revision);
  FB_TRY(const bool found, sql_->destroy.step());
  sql_->destroy.reset();
  if (!found) return internal_error("A document to be destroyed is not there.");
  destroyed_ = true;
  return {};
}

Result<void> Store::update_indexes(const Json& entry) {
  if (!is_referral_kind(entry.at("kind").get_ref<const std::string&>())) return {};
  const auto id = entry.at("referral").get<std::string>();
  auto before = referral(id);
  if (!before && before.error().code != ErrorCode::not_found) return before.error();
  auto after = next_state(before ? std::optional(*std::move(before)) : std::nullopt, entry);
  if (!after) return internal_error(after.error().message);
  const std::string body = canonical_json(to_json(*after));
  FB_CHECK(sql_->put_referral.run(std::string_view(id), state_name(after->state),
                                  std::string_view(after->requester), after->last_seq,
                                  std::string_view(body)));
  return sql_->step.run(std::string_view(id), after->last_seq);
}

Result<Document> Store::get(std::string_view kind, std::string_view id,
                            std::optional<uint64_t> revision) {
  return select_document(revision ? sql_->get_one : sql_->get_newest, kind, id, revision);
}

Result<std::vector<Document>> Store::all(std::string_view kind) {
  return select_documents(sql_->all, kind);
}

Result<ReferralState> Store::referral(std::string_view id) {
  return select_referral(sql_->referral, id);
}

Result<std::vector<ReferralState>> Store::referrals(std::vector<State> states) {
  return select_in_states(sql_->referrals, states);
}

Error Store::refuse(Refusal refusal, std::string where, std::string detail) {
  refusal_ = refusal;
  return refusal_error(refusal, std::move(where), std::move(detail));
}

Error Store::keep(Error error) {
  keep_ = true;
  return error;
}

void Store::after_commit(std::function<void()> action) { actions_.push_back(std::move(action)); }

}  // namespace firebreak::record
