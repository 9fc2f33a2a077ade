// SPDX-License-Identifier: Apache-2.0
// Small parts that pages are put together from: paragraphs and links, and the fields of a form that
// takes a word of a fixed list, a day or a note.
//
//   Html body = heading_part("Delivery");
//   body += paragraph_part("Nothing was released yet.");
//   fields += radios_part(kHoldReasons, {.name = "reason", .label = "Why?"}, sent, errors);
//   const std::string day = day_of(sent, "received");      // "2026-11-22", or what was typed
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/components/html.h"
#include "web/pages/form.h"

namespace firebreak::web {

// A word of the register and what people read for it.
struct Choice {
  const char* value;
  const char* label;
};
using Choices = std::span<const Choice>;
// The word itself when it is none of them.
std::string label_of(Choices choices, std::string_view value);

Html heading_part(std::string_view text);
Html paragraph_part(std::string_view text);
Html link_part(std::string_view address, std::string_view text);
// What people wrote, with its lines.
Html lines_part(std::string_view text);
// A message to be sent: as its recipient reads it, and under that its bytes, line by line.
Html message_part(const std::string& message);
// A table whose first column names the row.
Html table_part(std::string_view caption, const std::vector<std::string>& heads,
                const std::vector<std::vector<Html>>& rows);
// Rows of a key and its value.
struct SummaryRow {
  std::string key;
  Html value;
};
Html summary_part(const std::vector<SummaryRow>& rows);

struct FieldPart {
  const char* name;
  const char* label;
  const char* hint = "";
};
Html radios_part(Choices choices, const FieldPart& field, const Form& sent,
                 const FormErrors& errors);
Html note_part(const FieldPart& field, const Form& sent, const FormErrors& errors);
Html text_part(const FieldPart& field, const Form& sent, const FormErrors& errors);
// Three boxes; the error is that of "NAME-day".
Html day_part(const FieldPart& field, const Form& sent, const FormErrors& errors);

// The day of such boxes as YYYY-MM-DD; empty when nothing was typed, and when it is no day.
std::string day_of(const Form& sent, const std::string& name);

// For words.cc and the like: "22 Nov 2026, 5:31am" of an RFC 3339 time, "22 Nov 2026" of a day.
std::string time_words(std::string_view instant);
std::string day_words(std::string_view day);

}  // namespace firebreak::web
