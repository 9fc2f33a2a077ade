// SPDX-License-Identifier: Apache-2.0
// Renders whatever the bytes say, reads it back, and stops where the two differ.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <utility>

#include "base/hash.h"
#include "channel/mail/hostile_content.h"
#include "channel/mail/message_reader.h"
#include "channel/mail/mime_renderer.h"

namespace {

using firebreak::mail::hostile_value;

void require(bool holds) {
  if (!holds) std::abort();
}

void try_value(std::string value) {
  const firebreak::mail::MimeRenderer renderer;
  auto content = firebreak::mail::sample_content();
  content.fields = {{"grounds", std::move(value)}};
  const auto message = renderer.render(content);
  if (!message) return;
  require(*message == *renderer.render(content));
  const auto read = firebreak::mail::read_message(*message);
  require(read.ok());
  require(read->headers.size() == 6);
  require(read->json["fields"] == firebreak::Json{{"grounds", content.fields[0].second}});
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer names it
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> bytes(data, size);
  try_value(std::string(firebreak::as_text(bytes)));
  try_value(hostile_value(bytes));
  return 0;
}
