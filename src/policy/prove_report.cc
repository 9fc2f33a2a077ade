// SPDX-License-Identifier: Apache-2.0
// What was proved, as text for a terminal and as JSON.
#include <algorithm>
#include <string_view>

#include "policy/analysis.h"
#include "policy/prove.h"

namespace firebreak::policy {
namespace {

constexpr const char* kMargin = "         ";

std::string below_margin(std::string_view lines) {
  std::string out;
  while (!lines.empty()) {
    const size_t end = lines.find('\n');
    out.append(kMargin).append("  ").append(lines.substr(0, end)).append("\n");
    if (end == std::string_view::npos) break;
    lines.remove_prefix(end + 1);
  }
  return out;
}

std::string text(const Counterexample& against) {
  std::string out;
  if (!against.shows.empty()) {
    out += std::string(kMargin) + "The smallest such situation is " + against.shows + ":\n";
  } else {
    out += std::string(kMargin) + "The smallest such situation:\n";
  }
  out += below_margin(against.witness);
  out += std::string(kMargin) + "There the answer is " + shown(against.answer) + ".\n";
  if (against.without) {
    out += std::string(kMargin) + "Without this fact it is " + shown(*against.without) + ".\n";
  }
  if (!against.answer.because.empty()) {
    out += std::string(kMargin) + "\"" + against.answer.because + "\"\n";
  }
  for (const Clause& clause : against.answer.clauses) {
    out += std::string(kMargin) + "clause " + clause.id + " (" + clause.basis +
           "): " + clause.text + "\n";
  }
  return out;
}

std::string text(const Proof& proof) {
  std::string out = (proof.holds() ? "holds    " : "fails    ") + proof.statement;
  if (proof.line > 0) out += " (line " + std::to_string(proof.line) + ")";
  out += "\n";
  if (!proof.holds()) {
    return out + kMargin + "It fails in " + proof.against + " of the " + proof.situations +
           " situations it speaks of.\n" + text(*proof.counterexample);
  }
  if (proof.situations == "0") {
    return out + kMargin + "But it says nothing: no possible situation meets its condition.\n";
  }
  return out + kMargin + "It holds in every one of the " + proof.situations +
         " situations it speaks of.\n";
}

Json counterexample_json(const Policy& policy, const Counterexample& against) {
  Json without;
  if (against.without) without = answer(policy, *against.without);
  return {{"shows", against.shows},
          {"facts", policy.facts_json(against.facts)},
          {"answer", answer(policy, against.answer)},
          {"without", std::move(without)},
          {"case", against.witness}};
}

}  // namespace

std::string text(const Proved& proved) {
  std::string out = proved.policy->id() + " version " + proved.policy->version() + "\n\n";
  for (const Proof& proof : proved.proofs) out += text(proof) + "\n";
  if (proved.proofs.empty()) {
    return out +
           "There is nothing to prove: the text asserts nothing, or nothing in it is "
           "protected.\n";
  }
  const auto held = std::count_if(proved.proofs.begin(), proved.proofs.end(),
                                  [](const Proof& proof) { return proof.holds(); });
  return out + std::to_string(held) + " of " + std::to_string(proved.proofs.size()) +
         (proved.proofs.size() == 1 ? " statement holds." : " statements hold.") +
         " Every possible situation was looked at.\n";
}

Json proved_json(const Proved& proved) {
  Json proofs = Json::array();
  for (const Proof& proof : proved.proofs) {
    Json against;
    if (proof.counterexample) against = counterexample_json(*proved.policy, *proof.counterexample);
    proofs.push_back({{"statement", proof.statement},
                      {"line", proof.line},
                      {"holds", proof.holds()},
                      {"situations", proof.situations},  // may be over what a JSON number holds
                      {"against", proof.against},
                      {"witness", std::move(against)}});
  }
  const Policy& policy = *proved.policy;
  return {
      {"policy", {{"id", policy.id()}, {"version", policy.version()}, {"digest", policy.digest()}}},
      {"holds", proved.hold()},
      {"proofs", std::move(proofs)}};
}

}  // namespace firebreak::policy
