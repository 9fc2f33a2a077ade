// SPDX-License-Identifier: Apache-2.0
// Any bytes as a vocabulary, alone and after a sound one, under a policy.
#include <cstddef>
#include <cstdint>

#include "policy/check.h"
#include "policy/sample.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace firebreak;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  constexpr Day kDay{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{22}};
  const std::string policy = policy::testing::policy_text(
      "rule r when necessary and role includes victim permit under C1\n");
  text(policy::check_texts("p.policy", policy, "v", bytes, kDay));
  text(policy::check_texts("p.policy", policy, "v", policy::testing::kWords + bytes, kDay));
  return 0;
}
