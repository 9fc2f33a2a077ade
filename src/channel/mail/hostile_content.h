// SPDX-License-Identifier: Apache-2.0
// Values made to break out of a mail message, drawn from any source of bytes: rapidcheck in the
// tests, libFuzzer in the fuzz target.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "register/renderer.h"

namespace firebreak::mail {

inline constexpr auto kHostilePieces = std::to_array<const char*>({
    "\n",
    "\r",
    "\r\n",
    "\n.\n",
    "\r\n.\r\n",
    "\r\n..\r\n",
    ".",
    "From ",
    "\nFrom someone@example.org Mon Jan  1 00:00:00 2026\n",
    "\r\nBcc: other@example.org\r\n",
    "\r\n\r\n",
    "--=_firebreak_ref_0123456789abcdefghjkmnpqrs",
    "\n--=_firebreak_ref_0123456789abcdefghjkmnpqrs--\n",
    "\nContent-Type: text/html\n\n<script>",
    "=",
    "=\r\n",
    "=3D",
    "=?utf-8?q?=0a?=",
    " ",
    "\t",
    "   \n",
    "\\",
    "\"",
    "{\"fields\":{}}",
    "\xc3\xab",
    "\xe2\x80\xa8",
    "\xe2\x80\xa9",
    "\xe2\x80\xae",
    "\xef\xbb\xbf",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x92",
    "\xd8\xb9\xd8\xb1\xd8\xa8\xd9\x8a",
    "Referral ref_other",
    "\nDate of birth\n  1990-01-01\n",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aa",
});

// The value that these bytes choose: pieces one after the other, some repeated until the line is
// longer than SMTP allows.
inline std::string hostile_value(std::span<const uint8_t> choices) {
  std::string out;
  for (const uint8_t choice : choices) {
    const char* piece = kHostilePieces[choice % kHostilePieces.size()];
    const int times = choice >= 250 ? 1200 : 1;
    for (int i = 0; i < times && out.size() < 40'000; ++i) out += piece;
  }
  return out;
}

inline record::MessageContent sample_content() {
  record::MessageContent content;
  content.reference = "ref_0123456789abcdefghjkmnpqrs";
  content.message_id = "ref_0123456789abcdefghjkmnpqrs@police.example";
  content.from = "referrals@police.example";
  content.to = "desk@enforcement.example";
  content.date = Instant{std::chrono::seconds{1795339800}};  // 2026-11-22T09:30:00Z
  return content;
}

}  // namespace firebreak::mail
