// SPDX-License-Identifier: Apache-2.0
// Any bytes as the body of an AuthZEN call.
#include <cstdlib>

#include "base/hash.h"
#include "web/authzen_answer.h"
#include "web/authzen_request.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer names it
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace firebreak;
  const auto body = parse_json(as_text({data, size}));
  if (!body) return 0;
  const auto one = web::read_evaluation(*body);
  if (one && !one->facts.contains("action")) std::abort();
  if (!one) (void)web::authzen_error(one.error()).dump();
  const auto batch = web::read_evaluations(*body);
  if (batch && batch->items.size() > web::kMaxItems) std::abort();
  if (one) (void)web::needs_referral(nullptr, one->facts);
  return 0;
}
