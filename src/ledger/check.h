// SPDX-License-Identifier: Apache-2.0
// Checks a published log (see ledger/tiles.h) from end to end and names what is wrong in it: the
// file, and the entry where one can be named.
//
//   CheckReport report = check_published(folder, origin, keys, {rows.size(), reader});
//   for (const Finding& finding : report.findings) show(finding.text());
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/tiles.h"

namespace firebreak::ledger {

struct Finding {
  std::string file;               // relative to the folder; empty when no file is at fault
  std::optional<uint64_t> entry;  // index of the first entry concerned, from 0
  std::string message;            // what is wrong, one sentence

  // "tile/0/000.p/17: entry 12: message".
  [[nodiscard]] std::string text() const;
};

// The records that the log should hold, of which a checkpoint may cover only the beginning.
struct Expected {
  uint64_t size = 0;
  RecordReader records;
};

struct CheckReport {
  std::optional<Checkpoint> checkpoint;  // empty when it is missing or does not verify
  uint64_t files = 0;                    // files checked
  std::vector<Finding> findings;         // at most 100; empty when all is well

  [[nodiscard]] bool ok() const { return findings.empty(); }
};

// Compares every file with what the expected records demand, in one pass over them. Finds any
// changed, missing or added byte of the checkpoint, of a tile or of a bundle, any missing file that
// the checkpoint needs and any file that has no place in a log. Files beyond the checkpoint are
// those of a publication that was cut off: they are well when they fit the expected records.
// Without `expected`, the bundles themselves are taken as the records, and what lies beyond the
// checkpoint is a finding. Reading errors are findings too.
CheckReport check_published(const std::filesystem::path& folder, std::string_view origin,
                            std::span<const Verifier> known,
                            const std::optional<Expected>& expected = std::nullopt);

}  // namespace firebreak::ledger
