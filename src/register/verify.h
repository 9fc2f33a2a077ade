// SPDX-License-Identifier: Apache-2.0
// Verifies a whole data folder from its files alone: no secret key, nothing written, also while a
// server runs on it. Every entry, leaf and root is computed again, every stored document compared
// with the digest in its entry, every referral's life replayed, every index rebuilt and compared,
// every change of two persons checked, every sign-off's signature checked, and the published
// checkpoint and tiles compared with the record.
//
//   VerifyReport report = verify("data");
//   for (const VerifyFinding& finding : report.findings) std::cerr << finding.text() << '\n';
//
// What it cannot see: that the newest entries, which no checkpoint covers yet, were cut off whole,
// and that database and published ledger were both replaced by older copies. The Board's witness
// sees it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace firebreak::record {

struct VerifyFinding {
  std::optional<uint64_t> entry;  // the entry's number, from 0
  std::string document;           // "kind id revision"; empty when none is concerned
  std::string message;            // what is wrong
  std::string action;             // what to do

  // "entry 17: document message ref_… 1: …".
  [[nodiscard]] std::string text() const;
};

struct VerifyReport {
  uint64_t entries = 0;
  uint64_t documents = 0;
  uint64_t referrals = 0;
  uint64_t sign_offs = 0;
  std::string root;                     // of the tree over all entries, "sha256:…"
  std::optional<uint64_t> checkpoint;   // size that the published checkpoint covers
  std::vector<VerifyFinding> findings;  // at most 100; empty when all is well

  [[nodiscard]] bool ok() const { return findings.empty(); }
  [[nodiscard]] Json json() const;
};

VerifyReport verify(const std::filesystem::path& folder);

}  // namespace firebreak::record
