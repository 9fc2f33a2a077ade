// SPDX-License-Identifier: Apache-2.0
// policy_requests POLICY_FILE COUNT SEED [MIX_FILE]: requests for bench/policy, one a line: the
// right decision, the rule that answers, and the facts as JSON, parted by tabs. Every fact is
// given but the protected ones, which no live call may give.
//
// Without a mix every situation that the vocabulary allows is as likely as another; with one
// (mix.json) the situations are drawn as it says. The right answer is the engine's, and the slow
// evaluator that walks the rules as they are written must agree on each.
#include <charconv>
#include <fstream>
#include <iostream>
#include <random>

#include "policy/compile.h"
#include "policy/reference.h"

namespace firebreak::policy {
namespace {

// Completions of the protected facts, which policies should not look at, are tried up to this many.
constexpr size_t kMostCompletions = 1000;

class Requests {
 public:
  Requests(const Policy& policy, uint64_t seed) : policy_(policy), random_(seed) {}

  // Every value of every fact as likely as another.
  Json uniform() {
    Json out = Json::object();
    for (const Attribute& attribute : policy_.vocabulary().attributes) {
      if (attribute.setting || attribute.protected_reason) continue;
      switch (attribute.kind) {
        case AttributeKind::one_of:
          out[attribute.name] = attribute.values[below(attribute.values.size())].name;
          break;
        case AttributeKind::yes_no:
          out[attribute.name] = below(2) == 1;
          break;
        case AttributeKind::number:
          out[attribute.name] =
              std::uniform_int_distribution<int>(attribute.minimum, attribute.maximum)(random_);
          break;
        case AttributeKind::any_of:
          out[attribute.name] = Json::array();
          for (const Value& value : attribute.values) {
            if (below(2) == 1) out[attribute.name].push_back(value.name);
          }
          break;
      }
    }
    return out;
  }

  Json realistic(const Json& mix) {
    Json out = mix.at("otherwise");
    auto ticket = static_cast<int>(below(100));
    for (const Json& kind : mix.at("kinds")) {
      ticket -= kind.at("share").get<int>();
      if (ticket >= 0) continue;
      if (kind.contains("facts")) out.update(kind.at("facts"));
      if (!kind.contains("any")) break;
      for (const auto& [name, choices] : kind.at("any").items()) {
        out[name] = choices.at(below(choices.size()));
      }
      break;
    }
    return out;
  }

  // Prints a request; false when the facts cannot be.
  bool print(const Json& facts) const {
    const auto read = policy_.read_facts(facts);
    if (!read) return false;
    const Decision decision = policy_.decide(*read);
    const Policy::Compiled& compiled = policy_.compiled();
    const auto slow =
        reference_decide(compiled.model, compiled.vocabulary, *read, kMostCompletions);
    if (!slow || slow->decision != decision.decision || slow->rule != decision.rule ||
        slow->sign_off != decision.sign_off || slow->conditions != decision.conditions ||
        decision.decision == Outcome::undetermined) {
      std::cerr << "The engine and the slow evaluator differ on " << facts.dump() << '\n';
      std::exit(1);
    }
    std::cout << name(decision.decision) << '\t' << decision.rule << '\t' << facts.dump() << '\n';
    return true;
  }

 private:
  size_t below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }

  const Policy& policy_;
  std::mt19937_64 random_;
};

std::optional<uint64_t> number(const std::string& text) {
  uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

int run(const std::vector<std::string>& arguments) {
  const bool right_number = arguments.size() == 3 || arguments.size() == 4;
  const auto count = right_number ? number(arguments[1]) : std::nullopt;
  const auto seed = right_number ? number(arguments[2]) : std::nullopt;
  if (!count || !seed) {
    std::cerr << "usage: policy_requests POLICY_FILE COUNT SEED [MIX_FILE]\n";
    return 2;
  }
  const auto policy = Policy::load(arguments[0]);
  if (!policy) {
    std::cerr << policy.error().text() << '\n';
    return 2;
  }
  std::optional<Json> mix;
  if (arguments.size() == 4) mix = Json::parse(std::ifstream(arguments[3]));
  Requests requests(**policy, *seed);
  for (uint64_t printed = 0; printed < *count;) {
    if (requests.print(mix ? requests.realistic(*mix) : requests.uniform())) ++printed;
  }
  return std::cout.flush() ? 0 : 1;
}

}  // namespace
}  // namespace firebreak::policy

int main(int argc, char** argv) {
  return firebreak::policy::run(std::vector<std::string>(argv + 1, argv + argc));
}
