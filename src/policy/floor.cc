// SPDX-License-Identifier: Apache-2.0
#include "policy/floor.h"

#include "policy/lexer.h"
#include "policy/parser.h"

namespace firebreak::policy {

Source floor_of(const Vocabulary& words) {
  std::string enforcement;
  for (const std::string& recipient : words.enforcement) {
    enforcement += (enforcement.empty() ? "" : ", ") + recipient;
  }
  const std::string lowest = words.ranks.empty() ? "" : words.ranks.front().name;
  const std::string there = " when recipient is any of " + enforcement + " and ";
  return {"the floor",
          "assert \"no victim or witness without a sign-off\"\n"
          "  never permit" +
              there +
              "role includes any of victim, witness\n"
              "  unless after sign_off by " +
              lowest +
              "\n"
              "assert \"nothing by telephone\"\n"
              "  always refuse" +
              there +
              "(action is call or channel is telephone)\n"
              "assert \"nothing on nationality or ethnicity alone\"\n"
              "  always refuse" +
              there + "ground only nationality, ethnicity\n"};
}

bool add_floor(const Source& floor, const Vocabulary& words, Model& model,
               std::vector<Finding>& findings) {
  Diagnostics faults(floor);
  if (words.enforcement.empty() || words.ranks.empty()) {
    faults.error({},
                 "The vocabulary names no enforcement recipient or no ranks, so that the floor "
                 "has nothing to hold. Add `enforcement` and `ranks`.");
  }
  std::vector<Token> tokens = lex(floor, faults);
  Cursor cursor(tokens, faults);
  bool read = !faults.failed();
  while (read && !cursor.at_end()) {
    read = parse_assertion(cursor, words, model);
    if (read) model.assertions.back().demand = 0;
  }
  for (Finding& finding : faults.findings()) findings.push_back(std::move(finding));
  return read;
}

}  // namespace firebreak::policy
