// SPDX-License-Identifier: Apache-2.0
#include "policy/nested.h"

#include "policy/wording.h"

namespace firebreak::policy {

void Nested::add(size_t depth, Json item) {
  while (open_ > depth + 1) close();
  if (open_ == depth + 1) mark("_END", true);
  while (open_ < depth + 1) {
    mark("_OPEN", true);
    ++open_;
  }
  mark("_ITEM", std::move(item));
}

Json Nested::take() {
  while (open_ > 0) close();
  return std::move(parts_);
}

void Nested::mark(const char* what, Json value) {
  parts_.push_back({{prefix_ + what, std::move(value)}});
}

void Nested::close() {
  mark("_END", true);
  mark("_CLOSE", true);
  --open_;
}

Json when_parts(const Condition& condition, const Vocabulary& words) {
  Nested list("WHEN");
  for (const WordedLine& line : worded(condition, words)) {
    list.add(line.depth, {{"WHEN_TEXT", line.text}});
  }
  return list.take();
}

Json view_texts(const std::string& name, const std::vector<std::string>& items) {
  Json out = Json::array();
  for (const std::string& item : items) out.push_back({{name, item}});
  return out;
}

}  // namespace firebreak::policy
