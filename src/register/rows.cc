// SPDX-License-Identifier: Apache-2.0
#include "register/rows.h"

#include <algorithm>

#include "register/schema.h"

namespace firebreak::record {
namespace {

Document document_of(const Statement& row) {
  Document document{std::string(row.text(0)), std::string(row.text(1)),
                    static_cast<uint64_t>(row.integer(2)), std::nullopt,
                    static_cast<uint64_t>(row.integer(4))};
  if (!row.is_null(3)) {
    const auto body = row.blob(3);
    document.body.emplace(body.begin(), body.end());
  }
  return document;
}

Result<std::vector<Document>> rest_of(Statement& select) {
  std::vector<Document> out;
  while (true) {
    FB_TRY(const bool row, select.step());
    if (!row) break;
    out.push_back(document_of(select));
  }
  select.reset();
  return out;
}

Result<int64_t> pragma(Database& db, const char* sql) {
  FB_TRY(Statement statement, db.prepare(sql));
  FB_TRY(const bool row, statement.step());
  return row ? statement.integer(0) : 0;
}

}  // namespace

Result<void> check_marks(Database& db) {
  FB_TRY(const int64_t application, pragma(db, "PRAGMA application_id"));
  FB_TRY(const int64_t version, pragma(db, "PRAGMA user_version"));
  if (application == kApplicationId && version == kSchemaVersion) return {};
  return Error{ErrorCode::corrupt,
               "This file is not a register that this version can read.",
               {},
               "Check that it is the right file and the right version of Firebreak."};
}

Result<ledger::Frontier> stored_tree(Database& db) {
  FB_TRY(Statement select, db.prepare("SELECT frontier FROM tree"));
  FB_TRY(const bool row, select.step());
  if (!row) return Error{ErrorCode::corrupt, "The stored tree is missing.", {}, {}};
  return ledger::Frontier::restore(select.blob(0));
}

Result<Document> select_document(Statement& select, std::string_view kind, std::string_view id,
                                 std::optional<uint64_t> revision) {
  if (revision) {
    select.bind(kind, id, *revision);
  } else {
    select.bind(kind, id);
  }
  FB_TRY(const bool row, select.step());
  if (!row) {
    return Error{ErrorCode::not_found, "There is no such " + std::string(kind) + ".", {}, {}};
  }
  Document document = document_of(select);
  select.reset();
  return document;
}

Result<std::vector<Document>> select_documents(Statement& select, std::string_view kind) {
  select.bind(kind);
  return rest_of(select);
}

Result<std::vector<Document>> select_revisions(Statement& select, std::string_view kind,
                                               std::string_view id) {
  select.bind(kind, id);
  return rest_of(select);
}

Result<ReferralState> referral_of(std::string_view body) {
  FB_TRY(const Json json, parse_json(body));
  return read_referral_state(json);
}

Result<ReferralState> select_referral(Statement& select, std::string_view id) {
  select.bind(id);
  FB_TRY(const bool row, select.step());
  if (!row) {
    return Error{ErrorCode::not_found, "There is no such referral.", {}, "Check its reference."};
  }
  auto state = referral_of(select.text(0));
  select.reset();
  return state;
}

Result<std::vector<ReferralState>> select_in_states(Statement& select,
                                                    const std::vector<State>& states) {
  std::vector<ReferralState> out;
  for (const State state : states) {
    select.bind(state_name(state));
    while (true) {
      FB_TRY(const bool row, select.step());
      if (!row) break;
      FB_TRY(ReferralState found, referral_of(select.text(0)));
      out.push_back(std::move(found));
    }
    select.reset();
  }
  std::sort(out.begin(), out.end(),
            [](const ReferralState& a, const ReferralState& b) { return a.last_seq < b.last_seq; });
  return out;
}

}  // namespace firebreak::record
