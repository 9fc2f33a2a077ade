// SPDX-License-Identifier: Apache-2.0
// Any bytes as a vocabulary, alone and after a sound one, under a policy; and formatted, which does
// nothing when it is done again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "policy/check.h"
#include "policy/format.h"
#include "policy/sample.h"

namespace {

void try_form(const std::string& text) {
  using namespace firebreak::policy;  // NOLINT(google-build-using-namespace): the tests' own
  const Formatted once = format_vocabulary(Source("v", text));
  if (once.text.has_value() != once.findings.empty()) std::abort();
  if (once.text && format_vocabulary(Source("v", *once.text)).text != once.text) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace firebreak;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  constexpr Day kDay{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{22}};
  const std::string policy = policy::testing::policy_text(
      "rule r when necessary and role includes victim permit under C1\n");
  text(policy::check_texts("p.policy", policy, "v", bytes, kDay));
  text(policy::check_texts("p.policy", policy, "v", policy::testing::kWords + bytes, kDay));
  try_form(bytes);
  try_form(policy::testing::kWords + bytes);
  return 0;
}
