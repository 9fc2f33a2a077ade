// SPDX-License-Identifier: Apache-2.0
// Reader's pages of referrals. Statements are kept by their text, so what differs from page to page
// is bound: ?1 the last one seen, ?2 the limit, ?3 the offset; ?4 and ?5 the range of references,
// ?6 the requester.
#include <algorithm>
#include <map>

#include "register/reader.h"
#include "register/rows.h"
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

std::string pages_order(const ReferralQuery& query) {
  return query.oldest_first ? " ORDER BY last_seq" : " ORDER BY last_seq DESC";
}

std::string pages_following(const ReferralQuery& query) {
  if (!query.after) return {};
  return query.oldest_first ? " AND last_seq > ?1" : " AND last_seq < ?1";
}

constexpr const char* kPagesLimit = " LIMIT ?2 OFFSET ?3";

// One arm for each state, each in the order of its index; the database merges them and stops at the
// limit.
std::string pages_of_states(const ReferralQuery& query) {
  std::string arms;
  for (const State state : query.states.empty() ? all_states() : query.states) {
    if (!arms.empty()) arms += " UNION ALL ";
    arms += "SELECT id, last_seq FROM referral WHERE state = " + pages_quoted(state_name(state)) +
            pages_following(query);
  }
  return "SELECT referral.body FROM (" + arms + pages_order(query) + kPagesLimit +
         ") AS page JOIN referral USING (id)" +
         (query.oldest_first ? " ORDER BY page.last_seq" : " ORDER BY page.last_seq DESC");
}

// What a reference begins with, or who asked, leaves few: the states are looked at row by row.
std::string pages_where(const ReferralQuery& query) {
  std::string where = query.reference.empty()
                          ? " WHERE requester = ?6"
                          : " WHERE id >= ?4 AND id < ?5 AND (?6 = '' OR +requester = ?6)";
  if (!query.states.empty()) where += " AND state IN (" + pages_states(query.states) + ")";
  return where;
}

bool pages_by_state(const ReferralQuery& query) {
  return query.requester.empty() && query.reference.empty();
}

}  // namespace

// Counting reads a whole index, so it is done once for each state of the register.
Result<uint64_t> Reader::count_by_state(const std::vector<State>& states) {
  FB_TRY(Statement * newest, prepared("SELECT coalesce(max(seq) + 1, 0) FROM event"));
  FB_TRY([[maybe_unused]] const bool row, newest->step());
  const auto size = static_cast<uint64_t>(newest->integer(0));
  newest->reset();
  if (!counted_at_ || *counted_at_ != size) {
    FB_TRY(Statement * select, prepared("SELECT state, count(*) FROM referral GROUP BY state"));
    counts_.clear();
    while (true) {
      FB_TRY(const bool more, select->step());
      if (!more) break;
      if (const auto state = state_named(select->text(0))) {
        counts_[*state] = static_cast<uint64_t>(select->integer(1));
      }
    }
    select->reset();
    counted_at_ = size;
  }
  uint64_t total = 0;
  for (const auto& [state, count] : counts_) {
    const bool wanted = states.empty() || std::ranges::find(states, state) != states.end();
    if (wanted) total += count;
  }
  return total;
}

Result<uint64_t> Reader::count(const ReferralQuery& query) {
  if (pages_by_state(query)) return count_by_state(query.states);
  const std::string end = pages_after(query.reference);
  FB_TRY(Statement * select, prepared("SELECT count(*) FROM referral" + pages_where(query)));
  select->bind(uint64_t{0}, uint64_t{0}, uint64_t{0}, std::string_view(query.reference),
               std::string_view(end), std::string_view(query.requester));
  FB_TRY([[maybe_unused]] const bool row, select->step());
  const auto found = static_cast<uint64_t>(select->integer(0));
  select->reset();
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
  const bool by_state = pages_by_state(query);
  const uint64_t after = std::min<uint64_t>(query.after.value_or(0), INT64_MAX);
  const uint64_t limit = std::min(query.limit, ReferralQuery::kMost);
  const uint64_t offset = std::min<uint64_t>(query.offset, INT64_MAX);
  const std::string end = pages_after(query.reference);
  FB_TRY(Statement * select,
         prepared(by_state ? pages_of_states(query)
                           : "SELECT body FROM referral" + pages_where(query) +
                                 pages_following(query) + pages_order(query) + kPagesLimit));
  if (by_state) {
    select->bind(after, limit, offset);
  } else {
    select->bind(after, limit, offset, std::string_view(query.reference), std::string_view(end),
                 std::string_view(query.requester));
  }
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
    FB_TRY(ReferralState state, referral_of(body));
    page.referrals.push_back(std::move(state));
  }
  return page;
}

}  // namespace firebreak::record
