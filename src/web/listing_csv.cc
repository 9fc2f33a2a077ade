// SPDX-License-Identifier: Apache-2.0
#include "web/listing.h"

namespace firebreak::web {
namespace {

// What makes a spreadsheet take a cell for a formula when it stands first, after spaces or not
// (OWASP, "CSV Injection"); full-width forms among them.
bool csv_is_formula(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  for (const std::string_view mark :
       {"=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"}) {
    if (text.starts_with(mark)) return true;
  }
  return false;
}

// RFC 4180 section 2, rules 5 to 7; an apostrophe before a formula makes it a text.
void csv_append(std::string& out, std::string text) {
  std::erase(text, '\0');  // a spreadsheet would leave it out, or end the cell there
  out += '"';
  if (csv_is_formula(text)) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

Response list_csv(const ListShape& shape, const ListPage& found) {
  Response response;
  response.content_type = "text/csv; charset=utf-8; header=present";
  response.headers.push_back(
      {"Content-Disposition", "attachment; filename=\"" + shape.file + ".csv\""});
  std::string& out = response.body;
  const auto end_line = [&out] { out.back() = '\r', out += '\n'; };
  for (const ListColumn& column : shape.columns) {
    csv_append(out, column.heading);
    out += ',';
  }
  end_line();
  for (const ListRow& row : found.rows) {
    for (const ListCell& cell : row.cells) {
      csv_append(out, cell.text);
      out += ',';
    }
    end_line();
  }
  return response;
}

}  // namespace firebreak::web
