// SPDX-License-Identifier: Apache-2.0
#include "policy/digest.h"

#include "base/hash.h"

namespace firebreak::policy {

std::string normal_form_of(const std::vector<Token>& tokens) {
  constexpr std::string_view kLetters = "wndt,()$";
  std::string out;
  for (const Token& token : tokens) {
    if (token.of_days_in_force) continue;
    out += kLetters[static_cast<size_t>(token.kind)];
    if (token.depth > 0) out += std::to_string(token.depth) + "/";
    out += std::to_string(token.text.size()) + ":" + token.text;
  }
  return out;
}

std::string digest_of(const DigestParts& parts) {
  const std::string offences = parts.offences.empty() ? "" : "\noffences " + parts.offences;
  return show_digest(
      sha256({as_bytes("firebreak policy v1\n"), as_bytes(parts.policy), as_bytes("\nvocabulary\n"),
              as_bytes(parts.vocabulary), as_bytes(parts.settings), as_bytes(offences)}));
}

}  // namespace firebreak::policy
