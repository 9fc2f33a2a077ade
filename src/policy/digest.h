// SPDX-License-Identifier: Apache-2.0
// The digest of a policy, over its canonical content: what it says and what the force has decided,
// not how the files are laid out. This is the format, byte by byte.
//
//   SHA-256 of these, one after the other; shown as "sha256:" and 64 lower-case hex digits:
//     "firebreak policy v1\n"
//     the normal form of the policy's text
//     "\nvocabulary\n"
//     the normal form of the vocabulary's text
//     for each setting that the force decided otherwise than by default, by name in byte order:
//       "\nsetting NAME VALUE"
//     when the force classes histories by an offence list:
//       "\noffences DIGEST", the list's own digest as shown (offences.h)
//
//   The normal form of a text is that of its tokens, one after the other. A token is
//     its kind: w word, n number, d date, t text, "," "(" ")" themselves, $ the end of the file;
//     for an `except` inside a rule its depth, 1 to 16, in decimal, and "/", because only the
//     layout tells it otherwise;
//     the number of bytes of its text in decimal, ":" and the text: a word, number or date as
//     written, a text without its quotes and escapes and with each line break as one space,
//     "," "(" ")" as they are, nothing at the end.
//   Comments and white space are no tokens. The tokens of `in force …` are left out: the days in
//   force are recorded beside the digest, and a text is ended without becoming another.
#pragma once

#include <string>
#include <vector>

#include "policy/lexer.h"

namespace firebreak::policy {

std::string normal_form_of(const std::vector<Token>& tokens);

struct DigestParts {
  std::string policy;      // normal form
  std::string vocabulary;  // normal form
  std::string settings;    // as above, "\nsetting NAME VALUE" for each
  std::string offences;    // the list's digest; empty when there is none
};
std::string digest_of(const DigestParts& parts);

}  // namespace firebreak::policy
