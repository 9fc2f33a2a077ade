// SPDX-License-Identifier: Apache-2.0
// What a policy's head says that is asked for apart from the rules: the vocabulary and the days.
#include "base/clock.h"
#include "policy/parser.h"

namespace firebreak::policy {
namespace {

// `disclosure-1` with its version apart, as the file's name has it; `disclosure` with one.
std::string version_apart(const std::string& name) {
  const size_t dash = name.rfind('-');
  const bool versioned = dash != std::string::npos && dash + 1 < name.size() &&
                         name.find_first_not_of("0123456789", dash + 1) == std::string::npos;
  return versioned ? name.substr(0, dash) + " " + name.substr(dash + 1) : name + " 1";
}

}  // namespace

bool parse_date(Cursor& cursor, std::optional<Day>& out) {
  if (cursor.peek().kind != Token::Kind::date) return cursor.fail("a date, YYYY-MM-DD");
  const Result<Day> day = parse_day(cursor.peek().text);
  if (!day) {
    cursor.faults().error(cursor.peek().place, "There is no such day.");
    return false;
  }
  out = *day;
  cursor.next();
  return true;
}

bool parse_in_force(Cursor& cursor, InForce& out) {
  const Place place = cursor.peek().place;
  const auto take = [&](std::string_view word) {
    if (!cursor.accept(word)) return false;
    cursor.taken().of_days_in_force = true;
    return true;
  };
  const auto day = [&](std::string_view word, std::optional<Day>& into) {
    if (!take(word)) return true;
    if (!parse_date(cursor, into)) return false;
    cursor.taken().of_days_in_force = true;
    return true;
  };
  if (!take("in") || !take("force")) return cursor.fail("`in force`");
  if (!cursor.is("from") && !cursor.is("until")) return cursor.fail("`from` or `until`, and a day");
  if (!day("from", out.from) || !day("until", out.until)) return false;
  if (!out.from || !out.until || *out.from <= *out.until) return true;
  cursor.faults().error(place, "The last day in force is before the first.");
  return false;
}

std::optional<VocabularyName> used_vocabulary(const Source& policy, Diagnostics& faults) {
  std::vector<Token> tokens = lex(policy, faults);
  if (faults.failed()) return std::nullopt;
  Cursor cursor(tokens, faults);
  if (!cursor.is("policy")) {
    cursor.fail("`policy`");
    return std::nullopt;
  }
  const Place place = cursor.peek().place;
  while (!cursor.at_end() && !cursor.is("clause") && !cursor.is("rule") && !cursor.is("never")) {
    if (!cursor.accept({"uses", "vocabulary"})) {
      cursor.next();
      continue;
    }
    const Token* name = cursor.name("a vocabulary");
    if (name == nullptr) return std::nullopt;
    const Token at = *name;
    if (cursor.peek().kind != Token::Kind::number) {
      faults.error(at.place,
                   "The vocabulary's version is missing: write its name, a space and the "
                   "version, `uses vocabulary " +
                       version_apart(at.text) + "`.");
      return std::nullopt;
    }
    const std::optional<int32_t> version = cursor.number("the vocabulary's version", 1, kMaxNumber);
    if (!version) return std::nullopt;
    return VocabularyName{at.text, std::to_string(*version), at.place};
  }
  faults.error(place, "This policy does not say `uses vocabulary NAME VERSION`.");
  return std::nullopt;
}

}  // namespace firebreak::policy
