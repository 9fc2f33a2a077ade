// SPDX-License-Identifier: Apache-2.0
// Facts as JSON text in, the answer as JSON text out, for whoever asks many times a second: the
// text of each answer is made once, and facts are read straight from the text.
//
//   Answerer answerer(policy);                          // one for each thread
//   FB_TRY(std::string_view body, answerer.answer(R"({"action": "share", "role": ["victim"]})"));
//
// The slow and obvious way stands beside it, and gives the same bytes and the same errors:
//
//   FB_TRY(std::string body, answer_text(*policy, R"({"action": "share", "role": ["victim"]})"));
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "policy/policy.h"

namespace firebreak::policy {

// parse_json, Policy::read_facts, Policy::decide and answer() one after the other.
// Errors: those of parse_json and of read_facts.
Result<std::string> answer_text(const Policy& policy, std::string_view facts,
                                ReadOptions options = {});

// Used by one thread at a time.
class Answerer {
 public:
  explicit Answerer(std::shared_ptr<const Policy> policy);
  ~Answerer();
  Answerer(const Answerer&) = delete;
  Answerer& operator=(const Answerer&) = delete;

  // What answer_text gives. The text stands until the next call.
  Result<std::string_view> answer(std::string_view facts, ReadOptions options = {});

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace firebreak::policy
