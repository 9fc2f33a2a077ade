// SPDX-License-Identifier: Apache-2.0
// The queries that the writer (store.h) and the readers (reader.h, verify.h) share, and what reads
// their rows.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ledger/merkle.h"
#include "register/sqlite.h"
#include "register/transaction.h"

namespace firebreak::record {

inline constexpr const char* kSelectDocument =
    "SELECT kind, id, revision, body, seq FROM document WHERE kind = ? AND id = ? AND revision = ?";
inline constexpr const char* kSelectNewestDocument =
    "SELECT kind, id, revision, body, seq FROM document WHERE kind = ? AND id = ? "
    "ORDER BY revision DESC LIMIT 1";
inline constexpr const char* kSelectAllNewest =
    "SELECT kind, id, max(revision), body, seq FROM document WHERE kind = ? GROUP BY id "
    "ORDER BY id";
inline constexpr const char* kSelectRevisions =
    "SELECT kind, id, revision, body, seq FROM document WHERE kind = ? AND id = ? "
    "ORDER BY revision";
inline constexpr const char* kSelectReferral = "SELECT body FROM referral WHERE id = ?";
inline constexpr const char* kSelectReferralsInState =
    "SELECT body FROM referral WHERE state = ? ORDER BY last_seq";

// The file is a register of this version. Error: corrupt.
Result<void> check_marks(Database& db);
// Error: corrupt when it cannot be read.
Result<ledger::Frontier> stored_tree(Database& db);

// Each takes the statement of the query above that fits. Errors: not_found; corrupt.
Result<Document> select_document(Statement& select, std::string_view kind, std::string_view id,
                                 std::optional<uint64_t> revision);
Result<std::vector<Document>> select_documents(Statement& select, std::string_view kind);
Result<std::vector<Document>> select_revisions(Statement& select, std::string_view kind,
                                               std::string_view id);
Result<ReferralState> select_referral(Statement& select, std::string_view id);
Result<std::vector<ReferralState>> select_in_states(Statement& select,
                                                    const std::vector<State>& states);
// The state in the first column of a row.
Result<ReferralState> referral_of(std::string_view body);

}  // namespace firebreak::record
