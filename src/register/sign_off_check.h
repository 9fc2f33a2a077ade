// SPDX-License-Identifier: Apache-2.0
// Checks the sign-offs of a referral from one file, without a server, a data folder or a secret,
// and without trusting who made the file.
//
//   SignOffReport report = check_sign_off(text, ledger_key);   // the Board's copy of the key
//   for (const std::string& line : report.checked) std::cout << line << '\n';
//
// The file is JSON, as Referrals::sign_off_export gives it:
//
//   {"v":1, "referral":"ref_…", "ledger_key":"<vkey>",
//    "entries":[{"entry":"<canonical JSON>","salt":"<base64>","receipt":"<tlog-proof>"}, …],
//    "message":"…"|null, "message_nonce":"<base64>"|null}
//
// with, in order, the ledger's first entry, every policy put in force, every entry about a person
// who signed, and every step of the referral, as of one published checkpoint. Nothing else may
// stand in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace firebreak::record {

struct SignOffReport {
  std::string referral;
  std::string statement_digest;
  std::vector<std::string> checked;   // what holds, in plain words
  std::vector<std::string> rests_on;  // what no file can show
  std::vector<std::string> findings;  // what is wrong; empty when all is well

  [[nodiscard]] bool ok() const { return findings.empty(); }
  [[nodiscard]] Json json() const;
};

// `ledger_key`: the force's key as the checker knows it from elsewhere; without it, that of the
// file counts, and the report says so.
SignOffReport check_sign_off(std::string_view text, const std::optional<std::string>& ledger_key);

}  // namespace firebreak::record
