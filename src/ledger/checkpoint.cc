// SPDX-License-Identifier: Apache-2.0
#include "ledger/checkpoint.h"

#include <utility>

#include "ledger/text.h"

namespace firebreak::ledger {
namespace {

Error malformed_checkpoint(std::string message, const Lines& lines) {
  return bad_input(std::move(message), "checkpoint, line " + std::to_string(lines.number()),
                   "It has a line each for the origin, the size and the root.");
}

bool is_line(std::string_view text) { return !text.empty() && is_plain_text(text, false); }

}  // namespace

Result<std::string> checkpoint_text(const Checkpoint& checkpoint) {
  if (!is_line(checkpoint.origin))
    return bad_input("The origin of a ledger is a line of text, and not empty.");
  std::string out = checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
                    base64(checkpoint.root) + "\n";
  for (const std::string& extension : checkpoint.extensions) {
    if (!is_line(extension)) return bad_input("An extension is a line of text, and not empty.");
    out += extension + "\n";
  }
  return out;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  Lines lines(text);
  Checkpoint out;
  const auto origin = lines.next();
  if (!origin || !is_line(*origin)) return malformed_checkpoint("The origin is missing.", lines);
  out.origin = *origin;
  const auto size_line = lines.next();
  const auto size = size_line ? parse_decimal(*size_line) : std::nullopt;
  if (!size) return malformed_checkpoint("The size is not a decimal number.", lines);
  out.size = *size;
  const auto root_line = lines.next();
  const auto root = root_line ? parse_base64_digest(*root_line) : std::nullopt;
  if (!root) return malformed_checkpoint("The root is not 32 bytes in base64.", lines);
  out.root = *root;
  while (!lines.empty()) {
    const auto extension = lines.next();
    if (!extension || !is_line(*extension))
      return malformed_checkpoint("A line is empty, not text, or does not end.", lines);
    out.extensions.emplace_back(*extension);
  }
  return out;
}

Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const Signer& signer) {
  FB_TRY(const std::string text, checkpoint_text(checkpoint));
  return sign_note(text, signer);
}

Result<Checkpoint> open_checkpoint(std::string_view note, std::string_view origin,
                                   std::span<const Verifier> known) {
  FB_TRY(const Note opened, open_note(note, known));
  FB_TRY(Checkpoint out, parse_checkpoint(opened.text));
  if (out.origin != origin) {
    return bad_input("The checkpoint is of another ledger, " + out.origin + ".", "checkpoint",
                     "Expected " + std::string(origin) + ".");
  }
  return out;
}

}  // namespace firebreak::ledger
