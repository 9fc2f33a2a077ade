// SPDX-License-Identifier: Apache-2.0
#include "register/verify.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/files.h"
#include "ledger/check.h"
#include "ledger/commitment.h"
#include "policy/offences.h"
#include "policy/policy.h"
#include "register/data_folder.h"
#include "register/event.h"
#include "register/fold.h"
#include "register/rows.h"
#include "register/schema.h"
#include "register/sqlite.h"
#include "register/store.h"

namespace firebreak::record {
namespace {

constexpr size_t kMostFindings = 100;
constexpr const char* kKeepAndRestore =
    "Stop the service, keep this folder as evidence, and restore the last copy that verifies.";

std::string name_of(const DocumentKey& key) {
  return std::get<0>(key) + " " + std::get<1>(key) + " " + std::to_string(std::get<2>(key));
}

DocumentKey next_revision(DocumentKey key) {
  ++std::get<2>(key);
  return key;
}

// Bytes of a damaged file must not break the report: only printable ASCII is repeated.
std::string printable(std::string text) {
  std::replace_if(text.begin(), text.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return text.substr(0, 200);
}

class Verification {
 public:
  explicit Verification(const std::filesystem::path& folder) : paths_{folder} {}

  VerifyReport run() {
    if (const auto done = check_database(); !done) damaged(done.error());
    if (report_.ok()) check_policies();
    if (report_.ok()) check_ledger();
    return std::move(report_);
  }

 private:
  void find(std::optional<uint64_t> entry, std::string document, std::string message) {
    if (report_.findings.size() >= kMostFindings) return;
    report_.findings.push_back(
        {entry, printable(std::move(document)), std::move(message), kKeepAndRestore});
  }

  void damaged(const Error& error) {
    report_.findings.push_back({next_ > 0 ? std::optional(next_) : std::nullopt,
                                {},
                                error.text(),
                                error.code == ErrorCode::corrupt ? kKeepAndRestore : ""});
  }

  // A server may be writing: everything below is read in one transaction, that is, as of one
  // moment.
  Result<Database> open_database() {
    auto db = Database::open(paths_.database(), OpenMode::read_only);
    if (db) {
      const auto begun = db->execute("BEGIN; SELECT count(*) FROM sqlite_schema");
      if (begun) return db;
      if (begun.error().code != ErrorCode::unavailable) return begun.error();
    }
    // A folder that nobody can write, with no server: the file stands by itself.
    if (std::filesystem::exists(paths_.database().string() + "-wal")) {
      return db ? Error{ErrorCode::unavailable, "The database cannot be read now.",
                        paths_.database().string(), "Try again."}
                : db.error();
    }
    FB_TRY(Database still, Database::open(paths_.database(), OpenMode::immutable));
    FB_CHECK(still.execute("BEGIN"));
    return still;
  }

  Result<void> check_database() {
    if (!is_data_folder(paths_.root)) {
      return Error{ErrorCode::not_found, "There is no register in this folder.",
                   paths_.root.string(), "Name a data folder."};
    }
    FB_TRY(Database db, open_database());
    FB_CHECK(check_marks(db));
    FB_CHECK(check_schema(db));
    FB_CHECK(check_events(db));
    FB_CHECK(check_documents(db));
    FB_CHECK(check_referrals(db));
    FB_CHECK(check_steps(db));
    FB_CHECK(check_tree(db));
    return check_file(db);
  }

  Result<void> check_schema(Database& db) {
    FB_TRY(Statement select, db.prepare("SELECT coalesce(sql, ''), name FROM sqlite_schema "
                                        "WHERE sql IS NOT NULL ORDER BY rowid"));
    size_t at = 0;
    while (true) {
      FB_TRY(const bool row, select.step());
      if (!row) break;
      if (at >= kSchema.size() || select.text(0) != kSchema[at]) {
        find(std::nullopt, {}, "The tables of the database are not those of a register.");
        return {};
      }
      ++at;
    }
    if (at != kSchema.size())
      find(std::nullopt, {}, "The tables of the database are not those of a register.");
    return {};
  }

  Result<void> check_events(Database& db) {
    FB_TRY(Statement select,
           db.prepare("SELECT seq, entry, salt, leaf, root FROM event ORDER BY seq"));
    while (true) {
      FB_TRY(const bool row, select.step());
      if (!row) break;
      if (const std::string fault = check_event(select); !fault.empty()) {
        find(next_, {}, fault);
        return {};  // what follows was built on it
      }
      ++next_;
    }
    report_.entries = next_;
    report_.referrals = fold_.referrals().size();
    report_.sign_offs = fold_.sign_offs();
    report_.root = show_digest(tree_.root());
    next_ = 0;
    if (report_.entries == 0) find(std::nullopt, {}, "The register has no entries.");
    return {};
  }

  // What is wrong with the entry in this row; empty when nothing is.
  std::string check_event(const Statement& row) {
    if (row.integer(0) != static_cast<int64_t>(next_)) {
      return "The entry is missing: the next that is there is entry " +
             std::to_string(row.integer(0)) + ".";
    }
    const auto bytes = row.blob(1);
    const auto salt_bytes = row.blob(2);
    ledger::Salt salt{};
    if (salt_bytes.size() != salt.size()) return "The entry's salt has the wrong length.";
    std::copy(salt_bytes.begin(), salt_bytes.end(), salt.begin());
    const Digest leaf = ledger::commitment(salt, bytes);
    if (!std::ranges::equal(row.blob(3), leaf))
      return "The entry, its salt or its leaf was changed: they do not belong together.";
    tree_.append(ledger::leaf_hash(leaf));
    if (!std::ranges::equal(row.blob(4), tree_.root()))
      return "The root after this entry is not that of the entries up to it.";
    const auto entry = read_entry(as_text(bytes), next_);
    if (!entry) return entry.error().message;
    const auto taken = fold_.take(*entry);
    return taken ? std::string() : taken.error().message;
  }

  Result<void> check_documents(Database& db) {
    if (!report_.ok()) return {};
    FB_TRY(Statement select, db.prepare("SELECT kind, id, revision, body, salt, seq FROM document "
                                        "ORDER BY kind, id, revision"));
    auto expected = fold_.documents().begin();
    const auto end = fold_.documents().end();
    while (true) {
      FB_TRY(const bool row, select.step());
      if (!row) break;
      const DocumentKey key{std::string(select.text(0)), std::string(select.text(1)),
                            static_cast<uint64_t>(select.integer(2))};
      while (expected != end && expected->first < key) missing_document(expected++);
      if (expected == end || expected->first != key) {
        find(std::nullopt, name_of(key), "The document stands in no entry.");
        continue;
      }
      check_document(select, key, (expected++)->second);
      ++report_.documents;
    }
    while (expected != end) missing_document(expected++);
    return {};
  }

  void missing_document(std::map<DocumentKey, ExpectedDocument>::const_iterator expected) {
    find(expected->second.seq, name_of(expected->first), "The document is missing.");
  }

  void check_document(const Statement& row, const DocumentKey& key,
                      const ExpectedDocument& expected) {
    if (row.integer(5) != static_cast<int64_t>(expected.seq))
      find(expected.seq, name_of(key), "The document names another entry than the one it is of.");
    if (expected.destroyed || row.is_null(3)) {
      if (expected.destroyed != row.is_null(3)) {
        find(expected.seq, name_of(key),
             expected.destroyed ? "The document was destroyed, but its content is there."
                                : "The document's content is missing.");
      }
      return;
    }
    if (show_digest(document_digest(row.blob(4), row.blob(3))) != expected.digest)
      find(expected.seq, name_of(key), "The document was changed: its digest is not the entry's.");
    if (std::get<0>(key) != "settings" || fold_.documents().contains(next_revision(key))) return;
    if (as_text(row.blob(3)) != canonical_json(fold_.settings()))
      find(expected.seq, name_of(key), "The settings are not those that two persons decided.");
  }

  Result<void> check_referrals(Database& db) {
    if (!report_.ok()) return {};
    FB_TRY(Statement select, db.prepare("SELECT id, state, requester, last_seq, body FROM referral "
                                        "ORDER BY id"));
    std::set<std::string> seen;
    while (true) {
      FB_TRY(const bool row, select.step());
      if (!row) break;
      const std::string id(select.text(0));
      const auto expected = fold_.referrals().find(id);
      if (expected == fold_.referrals().end()) {
        find(std::nullopt, "referral " + id, "The index holds a referral that has no entry.");
        continue;
      }
      seen.insert(id);
      const ReferralState& state = expected->second;
      if (select.text(1) != state_name(state.state) || select.text(2) != state.requester ||
          select.integer(3) != static_cast<int64_t>(state.last_seq) ||
          select.text(4) != canonical_json(to_json(state)))
        find(state.last_seq, "referral " + id, "The index disagrees with the referral's entries.");
    }
    for (const auto& [id, state] : fold_.referrals()) {
      if (!seen.contains(id))
        find(state.last_seq, "referral " + id, "The referral is missing from the index.");
    }
    return {};
  }

  Result<void> check_steps(Database& db) {
    if (!report_.ok()) return {};
    FB_TRY(Statement select, db.prepare("SELECT referral, seq FROM step"));
    std::set<std::pair<std::string, uint64_t>> found;
    while (true) {
      FB_TRY(const bool row, select.step());
      if (!row) break;
      found.emplace(select.text(0), static_cast<uint64_t>(select.integer(1)));
    }
    std::vector<std::pair<std::string, uint64_t>> differing;
    std::ranges::set_symmetric_difference(found, fold_.steps(), std::back_inserter(differing));
    for (const auto& [id, seq] : differing)
      find(seq, "referral " + id, "The index of a referral's steps disagrees with the entries.");
    return {};
  }

  Result<void> check_tree(Database& db) {
    if (!report_.ok()) return {};
    FB_TRY(const ledger::Frontier stored, stored_tree(db));
    if (stored.serialise() != tree_.serialise())
      find(report_.entries - 1, {}, "The stored tree is not that of the entries.");
    return {};
  }

  // SQLite's own check of the file: its indexes against its tables, and every page accounted for.
  Result<void> check_file(Database& db) {
    if (!report_.ok()) return {};
    FB_TRY(Statement select, db.prepare("PRAGMA integrity_check(1)"));
    FB_TRY(const bool row, select.step());
    if (!row || select.text(0) != "ok")
      find(std::nullopt, {}, "The register's database file is damaged.");
    return {};
  }

  void check_policies() {
    for (const auto& [from, put] : fold_.policy_files()) {
      const auto policy = policy::Policy::load(paths_.policies() / put.file, put.decided);
      if (!policy || (*policy)->digest() != put.digest) {
        find(std::nullopt, "policy " + put.file,
             policy ? "The policy's text is not the one that was put in force."
                    : "The policy that was put in force cannot be read.");
      }
      if (put.offences_file.empty()) continue;
      const auto list = policy::OffenceList::load(paths_.policies() / put.offences_file);
      if (list && list->digest() == put.decided.offences) continue;
      find(std::nullopt, "offences " + put.offences_file,
           "The list of offences is not the one that was put in force with " + put.file + ".");
    }
  }

  void check_ledger() {
    const auto text = read_file(paths_.ledger_public(), 4096);
    if (!text || *text != fold_.ledger_key() + "\n") {
      find(0, "ledger.pub", "The ledger's public key is not the one of the first entry.");
      return;
    }
    const auto key = ledger::Verifier::parse(fold_.ledger_key());
    if (!key) {
      find(0, {}, "The ledger's public key in the first entry cannot be read.");
      return;
    }
    if (!std::filesystem::exists(paths_.ledger() / "checkpoint")) return;  // none is due yet
    // A server may publish while we read. A finding counts when nothing was published meanwhile.
    for (int attempt = 0;; ++attempt) {
      const auto before = published_note();
      const auto checked = check_published_once(*key);
      if (!checked) return damaged(checked.error());
      if (!checked->ok() && attempt < 5) {
        std::this_thread::sleep_for(std::chrono::milliseconds{50 << attempt});
        if (published_note() != before || attempt == 0) continue;
      }
      if (checked->checkpoint) report_.checkpoint = checked->checkpoint->size;
      for (const ledger::Finding& finding : checked->findings)
        find(finding.entry, finding.file.empty() ? "" : "ledger/" + finding.file, finding.message);
      return;
    }
  }

  std::string published_note() {
    const auto note = read_file(paths_.ledger() / "checkpoint", size_t{1} << 20);
    return note ? *note : std::string();
  }

  Result<ledger::CheckReport> check_published_once(const ledger::Verifier& key) {
    FB_TRY(Database db, open_database());
    FB_TRY(Statement count, db.prepare("SELECT count(*) FROM event"));
    FB_TRY([[maybe_unused]] const bool row, count.step());
    const auto size = static_cast<uint64_t>(count.integer(0));
    FB_TRY(Statement select,
           db.prepare("SELECT leaf FROM event WHERE seq >= ? ORDER BY seq LIMIT ?"));
    const auto records = [&](uint64_t first, uint64_t wanted) -> Result<std::vector<Digest>> {
      select.bind(first, wanted);
      std::vector<Digest> out(wanted);
      for (Digest& leaf : out) {
        FB_TRY(const bool some, select.step());
        if (!some || select.blob(0).size() != leaf.size())
          return Error{ErrorCode::corrupt, "An entry's leaf cannot be read.", {}, {}};
        std::ranges::copy(select.blob(0), leaf.begin());
      }
      select.reset();
      return out;
    };
    return ledger::check_published(paths_.ledger(), fold_.origin(), std::span(&key, 1),
                                   ledger::Expected{size, records});
  }

  FolderPaths paths_;
  VerifyReport report_;
  Fold fold_;
  ledger::Frontier tree_;
  uint64_t next_ = 0;  // the entry that is being read
};

}  // namespace

std::string VerifyFinding::text() const {
  std::string out;
  if (entry) out += "entry " + std::to_string(*entry) + ": ";
  if (!document.empty()) out += document + ": ";
  out += message;
  return action.empty() ? out : out + " " + action;
}

Json VerifyReport::json() const {
  Json list = Json::array();
  for (const VerifyFinding& finding : findings) {
    list.push_back({{"entry", finding.entry ? Json(*finding.entry) : Json()},
                    {"document", finding.document},
                    {"message", finding.message},
                    {"action", finding.action}});
  }
  return {{"ok", ok()},
          {"entries", entries},
          {"documents", documents},
          {"referrals", referrals},
          {"sign_offs", sign_offs},
          {"root", root},
          {"checkpoint", checkpoint ? Json(*checkpoint) : Json()},
          {"findings", std::move(list)}};
}

VerifyReport verify(const std::filesystem::path& folder) { return Verification(folder).run(); }

}  // namespace firebreak::record
