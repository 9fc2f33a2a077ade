// SPDX-License-Identifier: Apache-2.0
#include "policy/applied.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_set>

namespace firebreak::policy {
namespace {

template <typename Items>
std::vector<std::string> names_at(const Items& items, const std::vector<uint32_t>& indices) {
  std::vector<std::string> out;
  out.reserve(indices.size());
  for (const uint32_t i : indices) out.push_back(items[i].name);
  return out;
}

void merge(std::vector<uint32_t>& into, const std::vector<uint32_t>& more) {
  std::vector<uint32_t> both;
  std::set_union(into.begin(), into.end(), more.begin(), more.end(), std::back_inserter(both));
  into = std::move(both);
}

// Collects items in the order in which they come first; thousands of rules may bring them.
template <typename T>
class Collected {
 public:
  void add(const std::vector<T>& more) {
    for (const T& item : more) {
      if (known_.insert(item).second) items.push_back(item);
    }
  }
  std::vector<T> items;

 private:
  std::unordered_set<T> known_;
};

std::string joined(const std::vector<std::string>& items, const char* between) {
  std::string out;
  for (size_t i = 0; i < items.size(); ++i) out += (i == 0 ? "" : between) + items[i];
  return out;
}

// Everything but the decision and its conditions: rules, clauses and support of all the rules.
Decision named(const Model& model, const std::vector<uint32_t>& rules) {
  Decision out;
  Collected<uint32_t> clauses;
  Collected<std::string> support;
  out.rules.reserve(rules.size());
  for (const uint32_t rule : rules) {
    out.rules.push_back(rule_name(model, rule));
    clauses.add(outcome_of(model, rule).clauses);
    support.add(outcome_of(model, rule).support);
  }
  out.rule = out.rules.empty() ? std::string() : out.rules.front();
  out.support = std::move(support.items);
  out.clauses.reserve(clauses.items.size());
  for (const uint32_t clause : clauses.items) out.clauses.push_back(model.clauses[clause]);
  return out;
}

std::string reason_of(const Model& model, const RuleOutcome& outcome) {
  if (!outcome.reason.empty()) return outcome.reason;
  return outcome.clauses.empty() ? std::string() : model.clauses[outcome.clauses.front()].text;
}

std::string channel_reason(const Vocabulary& words, const RuleOutcome& outcome) {
  const Attribute* channel = words.find("channel");
  std::vector<std::string> labels;
  labels.reserve(outcome.channel.size());
  for (const uint32_t i : outcome.channel) labels.push_back(channel->values[i].label);
  return "This is allowed by no other channel than: " + joined(labels, ", ") + ".";
}

Conditions conditions_of(const Vocabulary& words, const RuleOutcome& outcome) {
  Conditions out;
  if (!outcome.channel.empty()) {
    out.channel = names_at(words.find("channel")->values, outcome.channel);
  }
  out.disclose = names_at(words.fields, outcome.disclose);
  out.report_to = names_at(words.bodies, outcome.report_to);
  out.notify = names_at(words.bodies, outcome.notify);
  out.reasons = names_at(words.reasons, outcome.reasons);
  if (outcome.expires_hours > 0) {
    out.expires_after = "PT" + std::to_string(outcome.expires_hours) + "H";
  }
  return out;
}

// Rules in order of force: nevers, then rules, then the default; within each as in the file.
void sort_by_force(const Model& model, std::vector<uint32_t>& rules) {
  std::sort(rules.begin(), rules.end(), [&](uint32_t a, uint32_t b) {
    const auto key = [&](uint32_t rule) {
      return std::pair(rule >= model.rules.size() || !model.rules[rule].never, rule);
    };
    return key(a) < key(b);
  });
}

}  // namespace

bool same_outcome(const RuleOutcome& a, const RuleOutcome& b) {
  return a.decision == b.decision && a.covered == b.covered && a.discretion == b.discretion &&
         a.rank == b.rank && a.count == b.count && a.rank_setting == b.rank_setting &&
         a.count_setting == b.count_setting && a.channel == b.channel && a.disclose == b.disclose &&
         a.report_to == b.report_to && a.notify == b.notify && a.reasons == b.reasons &&
         a.expires_hours == b.expires_hours;
}

bool contradict(const Model& model, uint32_t a, uint32_t b) {
  if (a < model.rules.size() && model.rules[a].never) return false;
  return !same_outcome(outcome_of(model, a), outcome_of(model, b));
}

bool in_conflict(const Model& model, const Applied& applied) {
  const uint32_t first = applied.rules.front();
  return std::any_of(applied.rules.begin(), applied.rules.end(),
                     [&](uint32_t rule) { return contradict(model, first, rule); });
}

Decision describe(const Model& model, const Vocabulary& words, const Applied& applied) {
  Decision out = named(model, applied.rules);
  RuleOutcome outcome = outcome_of(model, applied.rules.front());
  if (in_conflict(model, applied)) {
    out.because =
        "These rules contradict each other here, so it is refused until the policy is "
        "mended: " +
        joined(out.rules, ", ") + ".";
    return out;
  }
  if (applied.off_channel) {
    out.because = channel_reason(words, outcome);
    return out;
  }
  // Of several nevers each body that one of them tells is told.
  for (const uint32_t rule : applied.rules) {
    merge(outcome.notify, outcome_of(model, rule).notify);
    merge(outcome.report_to, outcome_of(model, rule).report_to);
  }
  out.decision = outcome.decision;
  out.covered = outcome.covered;
  out.discretion = outcome.discretion;
  out.because = reason_of(model, outcome);
  out.conditions = conditions_of(words, outcome);
  if (outcome.decision == Outcome::sign_off) {
    out.sign_off = SignOff{words.ranks[applied.rank.value_or(outcome.rank)].name,
                           applied.count.value_or(outcome.count)};
  }
  return out;
}

bool same_answer(const Decision& a, const Decision& b) {
  return a.decision == b.decision && a.covered == b.covered && a.discretion == b.discretion &&
         a.sign_off == b.sign_off && a.conditions == b.conditions;
}

Decision combine(const Model& model, const Vocabulary& words,
                 const std::vector<Applied>& situations) {
  std::vector<uint32_t> in_all = situations.front().rules;
  std::vector<uint32_t> in_any;
  const std::set<Applied> sorted(situations.begin(), situations.end());
  Collected<std::string> reasons;
  for (const Applied& one : sorted) {
    std::vector<uint32_t> both;
    std::set_intersection(in_all.begin(), in_all.end(), one.rules.begin(), one.rules.end(),
                          std::back_inserter(both));
    in_all = std::move(both);
    merge(in_any, one.rules);
    reasons.add({describe(model, words, one).because});
  }
  return combine(model, words, {sorted.begin(), sorted.end()}, in_all, std::move(in_any),
                 reasons.items);
}

Decision combine(const Model& model, const Vocabulary& words, const std::vector<Applied>& answers,
                 const std::vector<uint32_t>& in_all, std::vector<uint32_t> in_any,
                 const std::vector<std::string>& reasons) {
  const Applied& first = answers.front();
  const Decision answer = describe(model, words, first);
  const bool off_channel = std::all_of(answers.begin(), answers.end(),
                                       [](const Applied& one) { return one.off_channel; });
  if (!in_all.empty()) {
    Decision out = describe(model, words, Applied{in_all, off_channel, first.rank, first.count});
    if (same_answer(out, answer)) return out;
  }
  sort_by_force(model, in_any);
  Decision out = named(model, in_any);
  out.decision = answer.decision;
  out.covered = answer.covered;
  out.discretion = answer.discretion;
  out.sign_off = answer.sign_off;
  out.conditions = answer.conditions;
  out.because = reasons.size() == 1 ? reasons.front()
                                    : "Whatever the missing facts are, one of these holds: " +
                                          joined(reasons, " / ");
  return out;
}

}  // namespace firebreak::policy
