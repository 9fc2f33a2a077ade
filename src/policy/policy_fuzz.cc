// SPDX-License-Identifier: Apache-2.0
// Any bytes as a policy over a sound vocabulary: checked without a crash, a hang or a leak.
#include <cstddef>
#include <cstdint>

#include "policy/check.h"
#include "policy/sample.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace firebreak;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  constexpr Day kDay{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{22}};
  const std::string& words = policy::testing::kWords;
  text(policy::check_texts("p.policy", bytes, "v", words, kDay));
  // And as what follows a sound header, where the fuzzer need not find one.
  text(policy::check_texts("p.policy", policy::testing::policy_text(bytes), "v", words, kDay));
  return 0;
}
