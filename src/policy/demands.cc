// SPDX-License-Identifier: Apache-2.0
#include "policy/demands.h"

#include "policy/floor.h"
#include "policy/parser.h"

namespace firebreak::policy {

Extension Demands::extension() {
  return [this](const Vocabulary& words, Model& model, std::vector<Finding>& findings) {
    sources_.push_back(floor_of(words));
    bool read = add_floor(sources_.back(), words, model, findings);
    for (size_t i = 0; i < own_.size(); ++i) read = add_own(i, words, model, findings) && read;
    return read;
  };
}

bool Demands::add_own(size_t index, const Vocabulary& words, Model& model,
                      std::vector<Finding>& findings) {
  const Source& source = sources_.emplace_back("the force's assertion \"" + own_[index].text + "\"",
                                               own_[index].claim);
  Diagnostics faults(source);
  std::vector<Token> tokens = lex(source, faults);
  Cursor cursor(tokens, faults);
  Assertion out;
  out.text = own_[index].text;
  out.demand = sources_.size() - 1;
  out.place = cursor.peek().place;
  // The whole text: nothing may follow unread.
  bool read = !faults.failed() && parse_claim(cursor, words, out);
  if (read && !cursor.at_end()) read = cursor.fail("nothing more");
  if (read) model.assertions.push_back(std::move(out));
  for (Finding& finding : faults.findings()) findings.push_back(std::move(finding));
  return read;
}

}  // namespace firebreak::policy
