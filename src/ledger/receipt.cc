// SPDX-License-Identifier: Apache-2.0
#include "ledger/receipt.h"

#include <utility>

#include "ledger/text.h"

namespace firebreak::ledger {
namespace {

constexpr std::string_view kMark = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr size_t kMaxProof = 64;  // a tree has no more levels
constexpr size_t kMaxBytes = 2 * kMaxNoteBytes;

Error malformed_receipt(std::string message, const Lines& lines) {
  return bad_input(std::move(message), "receipt, line " + std::to_string(lines.number()), {});
}

}  // namespace

std::string write_receipt(const Receipt& receipt) {
  std::string out = std::string(kMark) + "\n";
  if (!receipt.extra.empty()) out += std::string(kExtra) + base64(receipt.extra) + "\n";
  out += std::string(kIndex) + std::to_string(receipt.index) + "\n";
  for (const Digest& hash : receipt.proof) out += base64(hash) + "\n";
  return out + "\n" + receipt.checkpoint;
}

Result<Receipt> parse_receipt(std::string_view text) {
  if (text.size() > kMaxBytes)
    return Error{ErrorCode::too_large, "The receipt is larger than 2 MiB.", {}, {}};
  Lines lines(text);
  if (lines.next() != kMark)
    return malformed_receipt("This is not a receipt (tlog-proof, v1).", lines);
  Receipt out;
  auto line = lines.next();
  if (line && line->starts_with(kExtra)) {
    FB_TRY(out.extra, from_base64(line->substr(kExtra.size())));
    if (out.extra.empty()) return malformed_receipt("The extra data is empty.", lines);
    line = lines.next();
  }
  if (!line || !line->starts_with(kIndex)) return malformed_receipt("The index is missing.", lines);
  const auto index = parse_decimal(line->substr(kIndex.size()));
  if (!index) return malformed_receipt("The index is not a decimal number.", lines);
  out.index = *index;
  for (line = lines.next(); line && !line->empty(); line = lines.next()) {
    const auto hash = parse_base64_digest(*line);
    if (!hash) return malformed_receipt("A hash of the proof is not 32 bytes in base64.", lines);
    if (out.proof.size() == kMaxProof) return malformed_receipt("The proof is too long.", lines);
    out.proof.push_back(*hash);
  }
  if (!line) return malformed_receipt("No empty line ends the proof.", lines);
  out.checkpoint = lines.rest();
  FB_CHECK(parse_note(out.checkpoint));
  return out;
}

Result<std::string> make_receipt(uint64_t index, const Digest& record, std::string checkpoint_note,
                                 const NodeReader& nodes, Bytes extra) {
  FB_TRY(const Note note, parse_note(checkpoint_note));
  FB_TRY(const Checkpoint checkpoint, parse_checkpoint(note.text));
  FB_TRY(Proof proof, inclusion_proof(index, checkpoint.size, nodes));
  FB_CHECK(verify_inclusion(leaf_hash(record), index, checkpoint.size, checkpoint.root, proof));
  return write_receipt({std::move(extra), index, std::move(proof), std::move(checkpoint_note)});
}

Result<Receipt> verify_receipt(std::string_view text, const Digest& record, std::string_view origin,
                               std::span<const Verifier> known) {
  FB_TRY(Receipt out, parse_receipt(text));
  FB_TRY(const Checkpoint checkpoint, open_checkpoint(out.checkpoint, origin, known));
  FB_CHECK(
      verify_inclusion(leaf_hash(record), out.index, checkpoint.size, checkpoint.root, out.proof));
  return out;
}

}  // namespace firebreak::ledger
