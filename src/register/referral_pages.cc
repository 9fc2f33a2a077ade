// SPDX-License-Identifier: Apache-2.0
// Reader's pages of referrals. A number in a query is written into its text, a name is bound.
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

std::string pages_limit(const ReferralQuery& query) {
  return " LIMIT " + std::to_string(std::min(query.limit, ReferralQuery::kMost)) + " OFFSET " +
         std::to_string(std::min<uint64_t>(query.offset, INT64_MAX));
}

std::string pages_following(const ReferralQuery& query) {
  if (!query.after) return {};
  const uint64_t after = std::min<uint64_t>(*query.after, INT64_MAX);
  return (query.oldest_first ? " AND last_seq > " : " AND last_seq < ") + std::to_string(after);
}

// One arm for each state, each in the order of its index; the database merges them and stops at the
// limit.
std::string pages_of_states(const ReferralQuery& query) {
  std::string arms;
  for (const State state : query.states.empty() ? all_states() : query.states) {
    if (!arms.empty()) arms += " UNION ALL ";
    arms += "SELECT id, last_seq FROM referral WHERE state = " + pages_quoted(state_name(state)) +
            pages_following(query);
  }
  return "SELECT referral.body FROM (" + arms + pages_order(query) + pages_limit(query) +
         ") AS page JOIN referral USING (id)" +
         (query.oldest_first ? " ORDER BY page.last_seq" : " ORDER BY page.last_seq DESC");
}

// What a reference begins with, or who asked, leaves few: the states are looked at row by row.
std::string pages_where(const ReferralQuery& query) {
  std::string where = query.reference.empty()   ? " WHERE requester = ?"
                      : query.requester.empty() ? " WHERE id >= ? AND id < ?"
                                                : " WHERE id >= ? AND id < ? AND +requester = ?";
  if (!query.states.empty()) where += " AND state IN (" + pages_states(query.states) + ")";
  return where;
}

void pages_bind(Statement& select, const ReferralQuery& query, const std::string& end) {
  const std::string_view reference = query.reference;
  const std::string_view requester = query.requester;
  if (reference.empty()) {
    select.bind(requester);
  } else if (requester.empty()) {
    select.bind(reference, std::string_view(end));
  } else {
    select.bind(reference, std::string_view(end), requester);
  }
}

bool pages_by_state(const ReferralQuery& query) {
  return query.requester.empty() && query.reference.empty();
}

}  // namespace

// Counting reads a whole index, so it is done once for each state of the register.
Result<uint64_t> Reader::count_by_state(const std::vector<State>& states) {
  FB_TRY(Statement newest, database_->prepare("SELECT coalesce(max(seq) + 1, 0) FROM event"));
  FB_TRY([[maybe_unused]] const bool row, newest.step());
  const auto size = static_cast<uint64_t>(newest.integer(0));
  if (!counted_at_ || *counted_at_ != size) {
    FB_TRY(Statement select,
           database_->prepare("SELECT state, count(*) FROM referral GROUP BY state"));
    counts_.clear();
    while (true) {
      FB_TRY(const bool more, select.step());
      if (!more) break;
      if (const auto state = state_named(select.text(0))) {
        counts_[*state] = static_cast<uint64_t>(select.integer(1));
      }
    }
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
  FB_TRY(Statement select,
         database_->prepare(("SELECT count(*) FROM referral" + pages_where(query)).c_str()));
  pages_bind(select, query, end);
  FB_TRY([[maybe_unused]] const bool row, select.step());
  return static_cast<uint64_t>(select.integer(0));
}

Result<ReferralPage> Reader::page(const ReferralQuery& query) {
  const std::scoped_lock lock(mutex_);
  const bool by_state = pages_by_state(query);
  const std::string end = pages_after(query.reference);
  const std::string text = by_state ? pages_of_states(query)
                                    : "SELECT body FROM referral" + pages_where(query) +
                                          pages_following(query) + pages_order(query) +
                                          pages_limit(query);
  FB_TRY(Statement select, database_->prepare(text.c_str()));
  if (!by_state) pages_bind(select, query, end);
  ReferralPage page;
  FB_TRY(page.total, count(query));
  while (true) {
    FB_TRY(const bool row, select.step());
    if (!row) break;
    FB_TRY(ReferralState state, referral_of(select.text(0)));
    page.referrals.push_back(std::move(state));
  }
  return page;
}

}  // namespace firebreak::record
