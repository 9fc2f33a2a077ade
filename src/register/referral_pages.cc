// SPDX-License-Identifier: Apache-2.0
// Reader's pages of referrals. Statements are kept by their text, so what differs from page to page
// is bound: ?1 the last one seen, ?2 the limit, ?3 the offset; ?4 and ?5 the range of references,
// ?6 the requester, ?7 the requester whose own are left out.
#include <algorithm>

#include "register/reader.h"
#include "register/sqlite.h"

namespace firebreak::record {
namespace {

std::string pages_quoted(std::string_view state) { return "'" + std::string(state) + "'"; }

std::string pages_states(const std::vector<State>& states) {
  std::string list;
  for (const State state : states) {
    list += (list.empty() ? "" : ", ") + pages_quoted(state_name(state));
  }
  return list;
}

// The end of the range of texts that begin with `prefix`: no reference holds this character.
std::string pages_after(const std::string& prefix) { return prefix + "\x7F"; }

// What is put first by a query, and then the order of last changes.
constexpr const char* kPagesColumns =
    "id, last_seq, coalesce(json_extract(body, '$.urgent'), 0) AS urgent";

std::string pages_order(const ReferralQuery& query, const std::string& of = {}) {
  return " ORDER BY " + (query.urgent_first ? of + "urgent DESC, " : "") + of + "last_seq" +
         (query.oldest_first ? "" : " DESC");
}

std::string pages_following(const ReferralQuery& query) {
  if (!query.after) return {};
  return query.oldest_first ? " AND last_seq > ?1" : " AND last_seq < ?1";
}

std::string pages_left_out(const ReferralQuery& query) {
  std::string out;
  if (!query.not_requester.empty()) out += " AND requester <> ?7";
  if (query.forwarded) {
    out += std::string(" AND coalesce(json_extract(body, '$.forwarded'), 0) = ") +
           (*query.forwarded ? "1" : "0");
  }
  // As the index referral_urgent has it.
  if (query.urgent_unreviewed) {
    out += " AND instr(body, '\"urgent\":true') > 0 AND json_extract(body, '$.review') IS NULL";
  }
  if (query.for_sign_off) out += " AND json_extract(body, '$.terms.decision') = 'sign_off'";
  return out;
}

// What a reference begins with, or who asked, leaves few: the states are looked at row by row.
std::string pages_where(const ReferralQuery& query) {
  std::string where;
  if (!query.reference.empty()) {
    where = " WHERE id >= ?4 AND id < ?5 AND (?6 = '' OR +requester = ?6)";
  } else {
    where = query.requester.empty() ? " WHERE TRUE" : " WHERE requester = ?6";
  }
  // The plus keeps the database from another index than that of the urgent ones.
  const std::string state = query.urgent_unreviewed ? "+state" : "state";
  if (!query.states.empty()) where += " AND " + state + " IN (" + pages_states(query.states) + ")";
  return where + pages_left_out(query);
}

bool pages_by_state(const ReferralQuery& query) {
  return query.requester.empty() && query.reference.empty() && !query.urgent_unreviewed;
}

// One arm for each state, each in the order of its index; the database merges them and stops at the
// limit.
std::string pages_arms(const ReferralQuery& query) {
  std::string arms;
  for (const State state : query.states.empty() ? all_states() : query.states) {
    if (!arms.empty()) arms += " UNION ALL ";
    arms += std::string("SELECT ") + (query.urgent_first ? kPagesColumns : "id, last_seq") +
            " FROM referral WHERE state = " + pages_quoted(state_name(state)) +
            pages_left_out(query) + pages_following(query);
  }
  return arms;
}

std::string pages_select(const ReferralQuery& query) {
  const std::string found =
      pages_by_state(query)
          ? pages_arms(query)
          : std::string("SELECT ") + (query.urgent_first ? kPagesColumns : "id, last_seq") +
                " FROM referral" + pages_where(query) + pages_following(query);
  return "SELECT referral.body FROM (" + found + pages_order(query) +
         " LIMIT ?2 OFFSET ?3) AS page JOIN referral USING (id)" + pages_order(query, "page.");
}

// The last entry about any referral: one look into the index for each state.
std::string pages_newest() {
  std::string arms;
  for (const State state : all_states()) {
    if (!arms.empty()) arms += " UNION ALL ";
    arms += "SELECT max(last_seq) AS newest FROM referral WHERE state = " +
            pages_quoted(state_name(state));
  }
  return "SELECT coalesce(max(newest), 0) FROM (" + arms + ")";
}

// `end`, as the query's own texts, must stay until the last step.
void bind_page(Statement& select, const ReferralQuery& query, const std::string& end) {
  const uint64_t after = std::min<uint64_t>(query.after.value_or(0), INT64_MAX);
  const uint64_t limit = std::min(query.limit, ReferralQuery::kMost);
  const uint64_t offset = std::min<uint64_t>(query.offset, INT64_MAX);
  select.bind(after, limit, offset, std::string_view(query.reference), std::string_view(end),
              std::string_view(query.requester), std::string_view(query.not_requester));
}

}  // namespace

// Counting reads a whole index, so it is done once until a referral changes; what else is recorded
// changes nothing.
Result<uint64_t> Reader::count(const ReferralQuery& query) {
  FB_TRY(Statement * newest, prepared(pages_newest()));
  FB_TRY([[maybe_unused]] const bool row, newest->step());
  const auto changed = static_cast<uint64_t>(newest->integer(0));
  newest->reset();
  if (counted_at_ != changed || counts_.size() >= kMostCounts) counts_.clear();
  counted_at_ = changed;
  const std::string sql = "SELECT count(*) FROM referral" + pages_where(query);
  const std::vector<std::string> key = {sql, query.reference, query.requester, query.not_requester};
  const auto known = counts_.find(key);
  if (known != counts_.end()) return known->second;
  FB_TRY(Statement * select, prepared(sql));
  const std::string end = pages_after(query.reference);
  bind_page(*select, query, end);
  FB_TRY([[maybe_unused]] const bool counted, select->step());
  const auto found = static_cast<uint64_t>(select->integer(0));
  select->reset();
  counts_.emplace(key, found);
  return found;
}

Result<Statement*> Reader::prepared(const std::string& sql) {
  const auto known = prepared_.find(sql);
  if (known != prepared_.end()) {
    known->second->reset();
    return known->second.get();
  }
  FB_TRY(Statement statement, database_->prepare(sql.c_str()));
  if (prepared_.size() >= kMostPrepared) prepared_.clear();
  return prepared_.emplace(sql, std::make_shared<Statement>(std::move(statement)))
      .first->second.get();
}

// The rows as they are stored: what reads them need not keep others waiting.
Result<std::vector<std::string>> Reader::page_rows(const ReferralQuery& query, uint64_t& total) {
  const std::scoped_lock lock(mutex_);
  FB_TRY(total, count(query));
  FB_TRY(Statement * select, prepared(pages_select(query)));
  const std::string end = pages_after(query.reference);
  bind_page(*select, query, end);
  std::vector<std::string> rows;
  while (true) {
    FB_TRY(const bool row, select->step());
    if (!row) break;
    rows.emplace_back(select->text(0));
  }
  select->reset();
  return rows;
}

Result<ReferralPage> Reader::page(const ReferralQuery& query) {
  ReferralPage page;
  FB_TRY(const std::vector<std::string> rows, page_rows(query, page.total));
  for (const std::string& body : rows) {
    FB_TRY(Json referral, parse_json(body));
    page.referrals.push_back(std::move(referral));
  }
  return page;
}

}  // namespace firebreak::record
