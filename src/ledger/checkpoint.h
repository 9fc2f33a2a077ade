// SPDX-License-Identifier: Apache-2.0
// Checkpoints (C2SP tlog-checkpoint): a log's signed statement of its size and root.
//
//   FB_TRY(std::string note, sign_checkpoint({"force.example/ledger", tree.size(), tree.root()},
//                                            signer));
//   FB_TRY(Checkpoint seen, open_checkpoint(note, "force.example/ledger", keys));
//
// The note's text is three lines, each with its newline: the origin, the size in decimal without
// leading zeroes, and the root in base64; then any number of non-empty extension lines.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/note.h"

namespace firebreak::ledger {

struct Checkpoint {
  std::string origin;
  uint64_t size = 0;
  Digest root{};
  std::vector<std::string> extensions = {};
};

// Error: bad_input when the origin or an extension is empty or holds a control character.
Result<std::string> checkpoint_text(const Checkpoint& checkpoint);
// Takes the text of a note (not its signatures). Error: bad_input.
Result<Checkpoint> parse_checkpoint(std::string_view text);

// Error: bad_input, as checkpoint_text. C2SP forbids to sign two checkpoints of which one does not
// extend the other: that is the caller's to ensure (Publisher does).
Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const Signer& signer);
// Errors: as open_note; bad_input when the text is no checkpoint or has another origin.
Result<Checkpoint> open_checkpoint(std::string_view note, std::string_view origin,
                                   std::span<const Verifier> known);

}  // namespace firebreak::ledger
