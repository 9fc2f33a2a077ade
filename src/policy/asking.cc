// SPDX-License-Identifier: Apache-2.0
#include "policy/asking.h"

#include <algorithm>
#include <optional>
#include <random>
#include <unordered_map>

#include "policy/analysis.h"
#include "policy/loader.h"

namespace firebreak::policy {
namespace {

constexpr uint64_t kInterviewSeed = 20'261'122;
// Situations drawn for one that the vocabulary allows.
constexpr size_t kMostDraws = 10'000;

// The sum over situations, as though the facts already known were free too: what is left of the
// policy does not depend on them, so each sum is the same multiple of the true one.
struct Total {
  Count questions = 0;
  Count unanswered = 0;
  size_t worst = 0;
};

// Counts an interview as a tree, and each part of it once: what is left of the policy under the
// facts known so far says how it goes on.
class InterviewCount {
 public:
  InterviewCount(const Policy& policy, size_t most_states)
      : policy_(policy),
        compiled_(policy.compiled()),
        analysis_(compiled_),
        most_states_(most_states) {}

  // Nothing when there are too many states.
  std::optional<Effort> run() {
    Facts facts(policy_.vocabulary());
    NodeId left = analysis_.diagram().map(compiled_.judged, [&](uint32_t judged) {
      return 2 * compiled_.outcomes[judged / 2].answer_class + judged % 2;
    });
    for (uint32_t at = 0; at < compiled_.space.levels().size(); ++at) {
      const int32_t known = facts[compiled_.space.levels()[at].slot];
      if (known == Facts::kMissing) continue;
      left = analysis_.diagram().fix(left, at, compiled_.space.value_at(at, known));
    }
    const Total total = count(left, facts);
    if (too_many_ || analysis_.exhausted()) return std::nullopt;
    Effort out;
    out.exact = true;
    out.average = ratio(total.questions, weight(left));
    out.unanswered = ratio(total.unanswered, weight(left));
    out.worst = total.worst;
    return out;
  }

 private:
  static double ratio(const Count& part, const Count& whole) {
    if (whole == 0) return 0;  // the vocabulary allows no situation
    constexpr int64_t kParts = 1'000'000'000;
    return static_cast<double>(Count(part * kParts / whole)) / static_cast<double>(kParts);
  }

  Count weight(NodeId left) {
    const NodeId possible = analysis_.diagram().map(left, [](uint32_t value) { return value % 2; });
    return analysis_.count(possible);
  }

  Total count(NodeId left, const Facts& facts) {
    const auto known = totals_.find(left);
    if (known != totals_.end()) return known->second;
    if (totals_.size() >= most_states_ || analysis_.exhausted()) {
      too_many_ = true;
      return {};
    }
    Total out;
    const Decision decision = policy_.decide(facts);
    if (decision.decision == Outcome::undetermined) {
      const Attribute* next = next_question(policy_.vocabulary(), decision, {});
      if (next == nullptr) {
        out.unanswered = weight(left);
      } else {
        out.questions = weight(left);
        add_answers(out, *next, 0, left, facts, 1, 1);
        ++out.worst;
      }
    }
    totals_.emplace(left, out);
    return out;
  }

  // Goes through the values of the question's slots, one slot after the other. `share` of `of` is
  // how many of the combinations of values lead here.
  void add_answers(Total& out, const Attribute& asked, size_t member, NodeId left,
                   const Facts& facts, const Count& share, const Count& of) {
    if (too_many_) return;
    if (member == asked.slots()) {
      if (weight(left) == 0) return;  // these answers cannot stand together
      const Total below = count(left, facts);
      out.questions += below.questions * share / of;
      out.unanswered += below.unanswered * share / of;
      out.worst = std::max(out.worst, below.worst);
      return;
    }
    const size_t slot = asked.first_slot + member;
    const std::optional<uint32_t> at = compiled_.space.level_of(slot);
    if (!at || facts[slot] != Facts::kMissing) {
      add_answers(out, asked, member + 1, left, facts, share, of);
      return;
    }
    Count all = 0;
    for (uint32_t i = 0; i < analysis_.diagram().size(*at); ++i)
      all += compiled_.space.width(*at, i);
    for (uint32_t i = 0; i < analysis_.diagram().size(*at); ++i) {
      Facts more = facts;
      more.set(slot, compiled_.space.raw_at(*at, i));
      add_answers(out, asked, member + 1, analysis_.diagram().fix(left, *at, i), more,
                  share * compiled_.space.width(*at, i), of * all);
    }
  }

  const Policy& policy_;
  const Policy::Compiled& compiled_;
  Analysis analysis_;
  size_t most_states_;
  bool too_many_ = false;
  std::unordered_map<NodeId, Total> totals_;
};

// A situation, each as likely as another; nothing when hardly any is possible.
std::optional<Facts> draw_situation(const Policy& policy, std::mt19937_64& random) {
  const Policy::Compiled& compiled = policy.compiled();
  for (size_t draws = 0; draws < kMostDraws; ++draws) {
    Facts out(policy.vocabulary());
    for (const Attribute& attribute : policy.vocabulary().attributes) {
      if (attribute.setting) continue;
      int32_t low = 0;
      int32_t high = 1;
      if (attribute.kind == AttributeKind::number) {
        low = attribute.minimum;
        high = attribute.maximum;
      } else if (attribute.kind == AttributeKind::one_of) {
        high = static_cast<int32_t>(attribute.values.size()) - 1;
      }
      for (size_t i = 0; i < attribute.slots(); ++i) {
        out.set(attribute.first_slot + i,
                std::uniform_int_distribution<int32_t>(low, high)(random));
      }
    }
    if (refuse_impossible(compiled, out)) return out;
  }
  return std::nullopt;
}

// Whoever is asked answers from `situation`.
size_t questions_asked(const Policy& policy, const Facts& situation, bool& answered) {
  Facts known(policy.vocabulary());
  for (size_t asked = 0;; ++asked) {
    const Decision decision = policy.decide(known);
    const Attribute* next = next_question(policy.vocabulary(), decision, {});
    answered = decision.decision != Outcome::undetermined;
    if (next == nullptr) return asked;
    for (size_t i = 0; i < next->slots(); ++i) {
      known.set(next->first_slot + i, situation[next->first_slot + i]);
    }
  }
}

Effort sampled(const Policy& policy, size_t sample) {
  std::mt19937_64 random(kInterviewSeed);
  Effort out;
  for (; out.sample < sample; ++out.sample) {
    const std::optional<Facts> situation = draw_situation(policy, random);
    if (!situation) break;
    bool answered = false;
    const size_t asked = questions_asked(policy, *situation, answered);
    out.average += static_cast<double>(asked);
    out.worst = std::max(out.worst, asked);
    out.unanswered += answered ? 0 : 1;
  }
  if (out.sample == 0) return out;
  out.average /= static_cast<double>(out.sample);
  out.unanswered /= static_cast<double>(out.sample);
  return out;
}

}  // namespace

const Attribute* next_question(const Vocabulary& words, const Decision& decision,
                               const std::vector<std::string>& skipped) {
  for (const std::string& name : decision.missing) {
    const Attribute* attribute = words.find(name);
    const bool skip = std::find(skipped.begin(), skipped.end(), name) != skipped.end();
    if (!skip && !attribute->protected_reason && !attribute->setting) return attribute;
  }
  return nullptr;
}

Effort interview_effort(const Policy& policy, size_t most_states, size_t sample) {
  auto counted = InterviewCount(policy, most_states).run();
  Effort out = counted ? *counted : sampled(policy, sample);
  const Policy::Compiled& compiled = policy.compiled();
  out.situations = count_true(compiled.diagram, compiled.space, compiled.possible).str();
  for (const Attribute& attribute : policy.vocabulary().attributes) {
    if (attribute.protected_reason || attribute.setting) continue;
    ++out.all;
    if (compiled.space.level_of(attribute.first_slot)) ++out.looked_at;
  }
  return out;
}

}  // namespace firebreak::policy
