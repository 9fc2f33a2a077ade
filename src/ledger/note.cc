// SPDX-License-Identifier: Apache-2.0
#include "ledger/note.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ledger/text.h"

namespace firebreak::ledger {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // em dash and space

Error malformed(std::string message, std::string where = {}) {
  return bad_input(std::move(message), std::move(where), "It is not a signed note.");
}

std::string signature_line(std::string_view text, const Signer& signer) {
  const uint32_t id = signer.verifier().key_id();
  Bytes bytes = {static_cast<uint8_t>(id >> 24), static_cast<uint8_t>(id >> 16),
                 static_cast<uint8_t>(id >> 8), static_cast<uint8_t>(id)};
  const auto signature = signer.sign(text);
  bytes.insert(bytes.end(), signature.begin(), signature.end());
  return std::string(kDash) + signer.verifier().name() + " " + base64(bytes) + "\n";
}

std::optional<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(kDash)) return std::nullopt;
  line.remove_prefix(kDash.size());
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  NoteSignature out{std::string(line.substr(0, space))};
  const auto bytes = from_base64(line.substr(space + 1));
  // A key ID and at least one byte, as Go's verifier asks too.
  if (!is_key_name(out.name) || !bytes || bytes->size() < 5) return std::nullopt;
  for (size_t i = 0; i < 4; ++i) out.key_id = out.key_id << 8 | (*bytes)[i];
  out.signature.assign(bytes->begin() + 4, bytes->end());
  return out;
}

bool same_key(const NoteSignature& signature, const Verifier& verifier) {
  return signature.name == verifier.name() && signature.key_id == verifier.key_id();
}

bool same_key(const NoteSignature& a, const NoteSignature& b) {
  return a.name == b.name && a.key_id == b.key_id;
}

}  // namespace

Result<std::string> sign_note(std::string_view text, const Signer& signer) {
  if (!text.ends_with('\n') || !is_plain_text(text, true)) {
    return bad_input(
        "The text of a note is UTF-8 without control characters and ends in a newline.");
  }
  return std::string(text) + "\n" + signature_line(text, signer);
}

Result<std::string> cosign_note(std::string_view note, const Signer& signer) {
  FB_TRY(const Note parsed, parse_note(note));
  const auto& signatures = parsed.unverified;
  const bool signed_before =
      std::any_of(signatures.begin(), signatures.end(),
                  [&](const NoteSignature& s) { return same_key(s, signer.verifier()); });
  if (signed_before)
    return Error{ErrorCode::conflict, "The note is already signed with this key.", {}, {}};
  if (signatures.size() == kMaxSignatures)
    return Error{ErrorCode::conflict, "The note has as many signatures as it may have.", {}, {}};
  return std::string(note) + signature_line(parsed.text, signer);
}

Result<Note> parse_note(std::string_view note) {
  if (note.size() > kMaxNoteBytes)
    return Error{ErrorCode::too_large, "The note is larger than 1 MiB.", {}, {}};
  if (!is_plain_text(note, true))
    return malformed("The note is not UTF-8, or holds a control character.");
  const size_t split = note.rfind("\n\n");
  if (split == std::string_view::npos)
    return malformed("No empty line parts the text of the note from its signatures.");
  Note out{std::string(note.substr(0, split + 1))};
  Lines lines(note.substr(split + 2));
  while (!lines.empty()) {
    const auto line = lines.next();
    auto signature = line ? parse_signature(*line) : std::nullopt;
    const std::string where = "signature " + std::to_string(out.unverified.size() + 1);
    if (!signature) return malformed("A signature line of the note is malformed.", where);
    if (out.unverified.size() == kMaxSignatures)
      return malformed("The note has more than 16 signatures.", where);
    out.unverified.push_back(std::move(*signature));
  }
  if (out.unverified.empty()) return malformed("The note has no signature.");
  return out;
}

Result<Note> open_note(std::string_view note, std::span<const Verifier> known) {
  FB_TRY(Note parsed, parse_note(note));
  Note out{std::move(parsed.text)};
  for (NoteSignature& signature : parsed.unverified) {
    const auto key = std::find_if(known.begin(), known.end(),
                                  [&](const Verifier& v) { return same_key(signature, v); });
    if (key == known.end()) {
      out.unverified.push_back(std::move(signature));
      continue;
    }
    if (!key->verifies(out.text, signature.signature)) {
      return Error{ErrorCode::unauthorised, "The signature by " + key->name() + " is not valid.",
                   "note", "The note or its signature was changed: do not rely on it."};
    }
    const bool again = std::any_of(out.verified.begin(), out.verified.end(),
                                   [&](const NoteSignature& s) { return same_key(s, signature); });
    if (!again) out.verified.push_back(std::move(signature));
  }
  if (out.verified.empty()) {
    return Error{ErrorCode::unauthorised, "The note is not signed with a known key.", "note",
                 "Check the public key that was given."};
  }
  return out;
}

Result<Note> open_note(std::string_view note, std::initializer_list<Verifier> known) {
  return open_note(note, std::span(known.begin(), known.size()));
}

}  // namespace firebreak::ledger
