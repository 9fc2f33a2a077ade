// SPDX-License-Identifier: Apache-2.0
// How a referral becomes the message that leaves: an interface that the mail channel implements, so
// that the register can have the message rendered at submission without knowing about mail.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace firebreak::record {

// Everything the message may hold. There is nothing else to compose it from.
struct MessageContent {
  std::string reference;   // "ref_…"
  std::string message_id;  // "ref_…@force.example", without angle brackets
  std::string from;
  std::string to;
  Instant date;
  // Name and value, in the vocabulary's order; only fields that the policy's decision discloses.
  std::vector<std::pair<std::string, std::string>> fields;
};

class MessageRenderer {
 public:
  MessageRenderer() = default;
  MessageRenderer(const MessageRenderer&) = delete;
  MessageRenderer& operator=(const MessageRenderer&) = delete;
  virtual ~MessageRenderer() = default;
  // The whole message (RFC 5322, CRLF): a pure function of the content. Safe from several threads.
  // Error: bad_input naming a field that cannot stand in a message.
  [[nodiscard]] virtual Result<std::string> render(const MessageContent& content) const = 0;
};

}  // namespace firebreak::record
