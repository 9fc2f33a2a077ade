// SPDX-License-Identifier: Apache-2.0
#include "register/policies_in_force.h"

#include <algorithm>
#include <utility>

#include "policy/check.h"
#include "policy/versions.h"
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

std::optional<Day> day_after(const std::optional<Day>& day) {
  if (!day) return std::nullopt;
  return Day{std::chrono::sys_days(*day) + std::chrono::days{1}};
}

Error refused(std::string message, std::string action) {
  return {ErrorCode::conflict, std::move(message), "policies", std::move(action)};
}

Result<void> append_period(Transaction& tx, const PolicyInForce& period, uint64_t revision,
                           const std::string& change) {
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
  // What the digest covers beyond the texts, so that it can be recomputed from the record.
  if (!period.decided.settings.empty()) event["settings"] = period.decided.settings;
  if (period.offences)
    event["offences"] = {{"file", period.offences_file}, {"digest", period.offences->digest()}};
  event["ranks"] = rank_names(policy);
  if (!change.empty()) event["change"] = change;
  const std::string text = canonical_json(body);
  FB_TRY([[maybe_unused]] const uint64_t seq,
         tx.append(std::move(event), {{"policy", format_day(period.from), revision,
                                       Bytes(text.begin(), text.end())}}));
  return {};
}

// Whether the old and the new last day part before today.
bool changes_the_past(const std::optional<Day>& before, const std::optional<Day>& after,
                      Day today) {
  const auto earlier = !before ? after : (!after ? before : std::min(before, after));
  return before != after && *earlier < today;
}

// A policy that does not hold what it asserts, or that falls below the floor, is not served: the
// first finding is said, the rest is `policy check`'s to show.
Result<void> fit_for_force(const std::filesystem::path& folder, const PolicyInForce& period,
                           const Config& config, Day today) {
  const policy::Report report =
      policy::check_for_force(folder / period.file, today, period.decided, config.assertions);
  for (const policy::Finding& finding : report.findings) {
    if (finding.severity != policy::Severity::error) continue;
    return bad_input(
        "The policy " + period.file + " cannot be put in force.\n" + policy::text(finding),
        "force.toml",
        "Mend it, or name another policy; `firebreak policy check --force force.toml` "
        "lists all that stands in the way.");
  }
  return {};
}

// The days of the period: what force.toml says of them, else what the policy's text says. A force
// may take less than the text's days, never more.
Result<policy::InForce> days_of(const PolicyPeriod& period, const policy::Policy& policy) {
  policy::InForce days = period.days;
  if (!days.from) days.from = policy.in_force().from;
  if (!days.until) days.until = policy.in_force().until;
  if (!days.from) {
    return bad_input("The policy " + period.file + " has no first day.", "force.toml",
                     "Write 'from' under its [[policy]].");
  }
  if (days.until && *days.until < *days.from) {
    return bad_input("The policy " + period.file + " would be in force " + policy::text(days) + ".",
                     "force.toml", "Write a 'from' and an 'until' that leave a day between them.");
  }
  if (policy.in_force().covers(days)) return days;
  return bad_input("The policy " + period.file + " would be in force " + policy::text(days) +
                       ", but its text says `in force " + policy::text(policy.in_force()) + "`.",
                   "force.toml", "Keep to the text's days, or change them in the text.");
}

Result<void> know_each_recipient(const Config& config, const policy::Policy& policy,
                                 const std::string& file) {
  const policy::Attribute* recipients = policy.vocabulary().find("recipient");
  for (const Destination& destination : config.destinations) {
    if (recipients != nullptr && recipients->value_index(destination.recipient)) continue;
    return bad_input("The destination " + destination.id +
                         " names a recipient that the vocabulary of " + file + " does not have.",
                     "force.toml", "Use one of its words.");
  }
  return {};
}

// `periods` are in the order of their first days.
Result<void> follow_one_another(const std::vector<PolicyInForce>& periods) {
  for (size_t i = 1; i < periods.size(); ++i) {
    if (periods[i - 1].until && *periods[i - 1].until < periods[i].from) continue;
    return bad_input("The policies " + periods[i - 1].file + " and " + periods[i].file +
                         " overlap on " + format_day(periods[i].from) + ".",
                     "force.toml", "Give the earlier one an 'until' before that day.");
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
                                              const Config& config, Day today) {
  FB_TRY(PoliciesInForce out, read(folder, config));
  for (const PolicyInForce& period : out.periods_) {
    FB_CHECK(know_each_recipient(config, *period.policy, period.file));
    const bool passed = period.until && *period.until < today;
    if (!passed) FB_CHECK(fit_for_force(folder, period, config, today));
  }
  return out;
}

Result<PoliciesInForce> PoliciesInForce::read(const std::filesystem::path& folder,
                                              const Config& config) {
  PoliciesInForce out;
  for (const PolicyPeriod& period : config.policies) {
    PolicyInForce one;
    one.file = period.file;
    one.decided = period.settings;
    if (!period.offences.empty()) {
      FB_TRY(policy::OffenceList list, policy::OffenceList::load(folder / period.offences));
      one.decided.offences = list.digest();
      one.offences_file = period.offences;
      one.offences = std::make_shared<const policy::OffenceList>(std::move(list));
    }
    auto policy = policy::Policy::load(folder / period.file, one.decided);
    if (!policy) {
      Error error = policy.error();
      error.message = "The policy " + period.file + " cannot be put in force. " + error.message;
      return error;
    }
    one.policy = *std::move(policy);
    FB_TRY(const policy::InForce days, days_of(period, *one.policy));
    one.from = *days.from;
    one.until = days.until;
    out.periods_.push_back(std::move(one));
  }
  std::sort(out.periods_.begin(), out.periods_.end(),
            [](const PolicyInForce& a, const PolicyInForce& b) { return a.from < b.from; });
  FB_CHECK(follow_one_another(out.periods_));
  return out;
}

Result<std::shared_ptr<const policy::Policy>> PoliciesInForce::on(Day day) const {
  FB_TRY(PolicyInForce period, period_on(day));
  return std::move(period.policy);
}

Result<PolicyInForce> PoliciesInForce::period_on(Day day) const {
  for (const PolicyInForce& period : periods_) {
    if (period.from <= day && (!period.until || day <= *period.until)) return period;
  }
  return policy::no_policy_in_force(day);
}

std::vector<std::string> PoliciesInForce::notices(Day today) const {
  std::vector<std::string> out;
  std::optional<Day> covered = today;  // up to which day without a gap; nothing: for good
  for (const PolicyInForce& period : periods_) {
    if (period.until && *period.until < today) continue;
    const std::string name = period.policy->id() + " version " + period.policy->version() + ": ";
    if (const auto review = policy::review_notice(period.policy->review_by(), today))
      out.push_back(name + *review);
    if (covered && period.from <= *covered) covered = day_after(period.until);
  }
  if (!covered || policy::days_between(today, *covered) > policy::kReviewNoticeDays) return out;
  out.push_back("From " + format_day(*covered) +
                " no policy is in force, and everything is refused. Put one in force.");
  return out;
}

Result<void> PoliciesInForce::check(Transaction& tx) const {
  FB_TRY([[maybe_unused]] const std::vector<Step> new_steps, steps(tx));
  return {};
}

Result<void> PoliciesInForce::record(Transaction& tx, const std::string& change) const {
  FB_TRY(const std::vector<Step> new_steps, steps(tx));
  for (const Step& step : new_steps)
    FB_CHECK(append_period(tx, *step.period, step.revision, change));
  return {};
}

// What is new in these periods, with the revision that each gets in the record.
Result<std::vector<PoliciesInForce::Step>> PoliciesInForce::steps(Transaction& tx) const {
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
                   "Put its file back as it was. A changed text gets a new version, and is put in "
                   "force from a later day by a change of two persons.");
  }
  std::vector<Step> out;
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
    if (is_new) out.push_back({&period, 1});
    if (!is_new && known->until != period.until) out.push_back({&period, known->revision + 1});
  }
  return out;
}

}  // namespace firebreak::record
