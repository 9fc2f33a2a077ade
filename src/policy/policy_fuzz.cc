// SPDX-License-Identifier: Apache-2.0
// Any bytes as a policy over a sound vocabulary: checked without a crash, a hang or a leak. What
// can be formatted means the same afterwards, and formatting it twice is formatting it once.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "policy/check.h"
#include "policy/format.h"
#include "policy/sample.h"

namespace {

using namespace firebreak::policy;  // NOLINT(google-build-using-namespace): the tests' own

Formatted form_of(const std::string& text) {
  return format_policy(Source("p.policy", text), [](const VocabularyName&) {
    return firebreak::Result<Source>(Source("v", testing::kWords));
  });
}

void try_form(const std::string& text) {
  const Formatted once = form_of(text);
  if (once.text.has_value() != once.findings.empty()) std::abort();
  if (!once.text) return;
  if (form_of(*once.text).text != once.text) std::abort();
  const auto before = Policy::parse("p.policy", text, "v", testing::kWords);
  const auto after = Policy::parse("p.policy", *once.text, "v", testing::kWords);
  if (before.ok() != after.ok()) std::abort();
  if (before && (*before)->digest() != (*after)->digest()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace firebreak;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  constexpr Day kDay{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{22}};
  const std::string& words = policy::testing::kWords;
  text(policy::check_texts("p.policy", bytes, "v", words, kDay));
  // And as what follows a sound header, where the fuzzer need not find one.
  const std::string whole = policy::testing::policy_text(bytes);
  text(policy::check_texts("p.policy", whole, "v", words, kDay));
  try_form(bytes);
  try_form(whole);
  return 0;
}
