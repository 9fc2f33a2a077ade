// SPDX-License-Identifier: Apache-2.0
#include "register/figures.h"

#include <algorithm>
#include <utility>

#include "register/event.h"

namespace firebreak::record {
namespace {

constexpr uint64_t kEntriesAtOnce = 1000;
constexpr std::string_view kReferralPrefix = "referral.";

std::string word_or_not_known(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string("not_known");
}

std::string role_of(const Json& facets) {
  std::string joined;
  for (const Json& role : facets.at("role"))
    joined += (joined.empty() ? "" : " and ") + role.get<std::string>();
  return joined.empty() ? "not_known" : joined;
}

QuestionKey question_key(const Json& entry) {
  return {word_or_not_known(entry.at("recipient")), role_of(entry),
          entry.at("decision").get<std::string>()};
}

template <typename Key>
void add(std::map<Key, uint64_t>& to, const std::map<Key, uint64_t>& from) {
  for (const auto& [key, count] : from) to[key] += count;
}

}  // namespace

Result<Counts> Figures::of(Day first, Day last) {
  const std::scoped_lock lock(mutex_);
  FB_CHECK(catch_up());
  Counts out;
  out.entries = next_;
  for (auto day = days_.lower_bound(first); day != days_.end() && day->first <= last; ++day) {
    add(out.questions, day->second.questions);
    add(out.rules, day->second.rules);
    add(out.steps, day->second.steps);
    add(out.attempts, day->second.attempts);
  }
  for (const auto& [ref, referral] : sign_offs_) {
    FB_TRY(const Instant at, parse_instant(referral.submitted));
    const Day day = london_day(at);
    if (first <= day && day <= last) out.sign_offs.push_back(referral);
  }
  std::sort(out.sign_offs.begin(), out.sign_offs.end(),
            [](const auto& a, const auto& b) { return a.first_entry < b.first_entry; });
  return out;
}

Result<void> Figures::catch_up() {
  while (true) {
    if (stopped_) return Error{ErrorCode::unavailable, "The server is stopping.", {}, {}};
    FB_TRY(const std::vector<std::string> entries, reader_.entries(next_, kEntriesAtOnce));
    for (const std::string& bytes : entries) {
      FB_TRY(const Json entry, parse_json(bytes));
      FB_CHECK(take(entry));
      ++next_;
    }
    if (entries.size() < kEntriesAtOnce) return {};
  }
}

Result<void> Figures::take(const Json& entry) {
  try {
    FB_TRY(const Instant at, entry_time(entry));
    OneDay& day = days_[london_day(at)];
    const auto name = entry.at("kind").get<std::string>();
    if (name == kind::kQuestionDecided) {
      ++day.questions[question_key(entry)];
      ++day.rules[entry.at("rule").get<std::string>()];
    } else if (name == kind::kAttemptRefused) {
      ++day.attempts[entry.at("code").get<std::string>()];
    } else if (is_referral_kind(name)) {
      take_step(name.substr(kReferralPrefix.size()), entry, day);
    }
    return {};
  } catch (const Json::exception&) {
    return Error{ErrorCode::corrupt, "A member of an entry is of the wrong type.",
                 "entry " + std::to_string(next_), "firebreak ledger verify says more."};
  }
}

void Figures::take_step(const std::string& step, const Json& entry, OneDay& day) {
  ++day.steps[step];
  const auto ref = entry.at("referral").get<std::string>();
  auto found = sign_offs_.find(ref);
  if (step == "submitted" && entry.at("terms").at("decision") == "sign_off") {
    if (found == sign_offs_.end()) {
      SignOffReferral fresh;
      fresh.referral = ref;
      fresh.submitted = entry.at("at").get<std::string>();
      fresh.first_entry = next_;
      found = sign_offs_.emplace(ref, std::move(fresh)).first;
    }
    found->second.role = role_of(entry.at("facets"));
    found->second.rule = entry.at("terms").at("rule").get<std::string>();
    found->second.policy = entry.at("terms").at("policy").at("digest").get<std::string>();
  }
  if (found == sign_offs_.end()) return;
  SignOffReferral& referral = found->second;
  if (step == "authorised") ++referral.sign_offs;
  if (step == "handed") referral.handed = true;
  referral.last_step = step;
  referral.last_changed = entry.at("at").get<std::string>();
  referral.last_entry = next_;
}

}  // namespace firebreak::record
