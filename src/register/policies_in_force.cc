// SPDX-License-Identifier: Apache-2.0
#include "register/policies_in_force.h"

#include <algorithm>
#include <utility>

#include "policy/check.h"
#include "register/event.h"

namespace firebreak::record {
namespace {

// What the register holds of one period, as the document "policy" FROM. Every change of its last
// day is a new revision.
struct Recorded {
  std::string digest;
  Day from;
  std::optional<Day> until;
  uint64_t revision = 0;
};

Result<Recorded> read_recorded(const Document& document) {
  const Error damaged{ErrorCode::corrupt, "A recorded policy period cannot be read.", {}, {}};
  if (!document.body) return damaged;
  FB_TRY(const Json body, parse_json(as_text(*document.body)));
  const auto text = [&](const char* name) { return body.value(name, std::string()); };
  const auto from = parse_day(text("from"));
  if (!from) return damaged;
  Recorded out{text("digest"), *from, std::nullopt, document.revision};
  if (body.contains("until")) {
    const auto until = parse_day(text("until"));
    if (!until) return damaged;
    out.until = *until;
  }
  return out;
}

Error refused(std::string message, std::string action) {
  return {ErrorCode::conflict, std::move(message), "force.toml", std::move(action)};
}

Result<void> append_period(Transaction& tx, const PolicyInForce& period, uint64_t revision) {
  const policy::Policy& policy = *period.policy;
  Json body = {{"id", policy.id()},
               {"version", policy.version()},
               {"digest", policy.digest()},
               {"from", format_day(period.from)}};
  if (period.until) body["until"] = format_day(*period.until);
  Json event = new_event(kind::kPolicyPutInForce, kSystem);
  event["policy"] = policy_json(policy);
  event["file"] = period.file;
  event["from"] = body["from"];
  if (period.until) event["until"] = body["until"];
  event["ranks"] = rank_names(policy);
  const std::string text = canonical_json(body);
  FB_TRY([[maybe_unused]] const uint64_t seq,
         tx.append(std::move(event), {{"policy", format_day(period.from), revision,
                                       Bytes(text.begin(), text.end())}}));
  return {};
}

// The day after which nothing of the period is decided yet differs: where old and new last day
// part.
bool changes_the_past(const std::optional<Day>& before, const std::optional<Day>& after,
                      Day today) {
  const auto earlier = !before ? after : (!after ? before : std::min(before, after));
  return before != after && *earlier < today;
}

// A policy that does not hold what it asserts, or that falls below the floor, is not served: the
// first finding is said, the rest is `policy check`'s to show.
Result<void> fit_for_force(const std::filesystem::path& path, const PolicyPeriod& period) {
  const policy::Report report = policy::check_for_force(path, period.from, period.settings);
  for (const policy::Finding& finding : report.findings) {
    if (finding.severity != policy::Severity::error) continue;
    return bad_input(
        "The policy " + period.file + " cannot be put in force.\n" + policy::text(finding),
        "force.toml",
        "Mend it, or name another policy; `firebreak policy check --in-force " + period.file +
            "` lists all that stands in the way.");
  }
  return {};
}

}  // namespace

Json policy_json(const policy::Policy& policy) {
  return {{"id", policy.id()}, {"version", policy.version()}, {"digest", policy.digest()}};
}

std::vector<std::string> rank_names(const policy::Policy& policy) {
  std::vector<std::string> out;
  for (const policy::Word& rank : policy.vocabulary().ranks) out.push_back(rank.name);
  return out;
}

Result<PoliciesInForce> PoliciesInForce::load(const std::filesystem::path& folder,
                                              const Config& config) {
  PoliciesInForce out;
  for (const PolicyPeriod& period : config.policies) {
    FB_CHECK(fit_for_force(folder / period.file, period));
    FB_TRY(auto policy, policy::Policy::load(folder / period.file, period.settings));
    const policy::Attribute* recipients = policy->vocabulary().find("recipient");
    for (const Destination& destination : config.destinations) {
      if (recipients != nullptr && recipients->value_index(destination.recipient)) continue;
      return bad_input("The destination " + destination.id +
                           " names a recipient that the vocabulary of " + period.file +
                           " does not have.",
                       "force.toml", "Use one of its words.");
    }
    out.periods_.push_back({std::move(policy), period.file, period.from, period.until});
  }
  return out;
}

Result<std::shared_ptr<const policy::Policy>> PoliciesInForce::on(Day day) const {
  for (const PolicyInForce& period : periods_) {
    if (period.from <= day && (!period.until || day <= *period.until)) return period.policy;
  }
  return Error{ErrorCode::conflict,
               "No policy is in force on " + format_day(day) + ".",
               {},
               "Everything is refused until the policy owner puts one in force."};
}

Result<void> PoliciesInForce::record(Transaction& tx) const {
  const Day today = london_day(tx.now());
  FB_TRY(const std::vector<Document> documents, tx.all("policy"));
  std::vector<Recorded> recorded;
  for (const Document& document : documents) {
    FB_TRY(Recorded one, read_recorded(document));
    recorded.push_back(std::move(one));
  }
  for (const Recorded& known : recorded) {
    const bool named = std::any_of(periods_.begin(), periods_.end(), [&](const PolicyInForce& p) {
      return p.from == known.from && p.policy->digest() == known.digest;
    });
    if (named) continue;
    return refused("The policy that the register holds in force from " + format_day(known.from) +
                       " is missing, or its text was changed, or what the force decides of it.",
                   "Put its [[policy]] and its file back as they were; end it with 'until', and "
                   "give a changed text a new version from a later day.");
  }
  for (const PolicyInForce& period : periods_) {
    const auto known = std::find_if(recorded.begin(), recorded.end(),
                                    [&](const Recorded& one) { return one.from == period.from; });
    const bool is_new = known == recorded.end();
    if (is_new && period.from < today) {
      return refused(
          "The policy " + period.file + " would be back-dated to " + format_day(period.from) + ".",
          "Put it in force from " + format_day(today) + " or later.");
    }
    if (!is_new && changes_the_past(known->until, period.until, today)) {
      return refused("The last day of " + period.file + " cannot be changed for days that passed.",
                     "Give an 'until' of " + format_day(today) + " or later.");
    }
    if (is_new) FB_CHECK(append_period(tx, period, 1));
    if (!is_new && known->until != period.until)
      FB_CHECK(append_period(tx, period, known->revision + 1));
  }
  return {};
}

}  // namespace firebreak::record
