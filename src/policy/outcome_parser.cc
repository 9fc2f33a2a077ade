// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_set>

#include "policy/parser.h"

namespace firebreak::policy {
namespace {

constexpr int32_t kMaxSigners = 10;
constexpr int32_t kMaxHours = 24 * 366;
constexpr size_t kMaxSupport = 100;

class OutcomeParser {
 public:
  OutcomeParser(Cursor& cursor, const Vocabulary& words, const Clauses& clauses, RuleOutcome& out)
      : cursor_(cursor), words_(words), clauses_(clauses), out_(out) {}

  bool run(bool never) {
    out_.place = cursor_.peek().place;
    if (cursor_.accept("refuse")) {
      const Token* reason = cursor_.text("the reason of the refusal");
      if (reason == nullptr) return false;
      out_.reason = reason->text;
    } else if (never && cursor_.is("permit")) {
      cursor_.faults().error(cursor_.peek().place, "A `never` can only refuse.");
      return false;
    } else if (!cursor_.accept("permit")) {
      return cursor_.fail(never ? "`refuse`" : "`refuse` or `permit`");
    } else if (!permit()) {
      return false;
    }
    while (true) {
      bool taken = false;
      if (!condition(taken)) return false;
      if (!taken) break;
    }
    if (out_.clauses.empty()) {
      cursor_.faults().error(out_.place,
                             "This outcome stands on no clause: add `under` and the clause.");
      return false;
    }
    return true;
  }

 private:
  bool permit() {
    out_.decision = Outcome::permit;
    if (cursor_.accept({"at", "discretion"})) out_.discretion = true;
    if (cursor_.accept("after")) {
      out_.decision = Outcome::sign_off;
      if (!cursor_.expect("sign_off") || !cursor_.expect("by")) return false;
      if (!parse_signers(cursor_, words_, out_)) return false;
    }
    if (cursor_.peek().kind == Token::Kind::text) {
      const Token* reason = cursor_.text("the reason");
      if (reason == nullptr) return false;
      out_.reason = reason->text;
    }
    return true;
  }

  // One line below the outcome, if there is one.
  bool condition(bool& taken) {
    taken = true;
    const Token token = cursor_.peek();
    if (cursor_.is("under"))
      return once(token, out_.clauses.empty()) && parse_under(cursor_, clauses_, out_.clauses);
    if (cursor_.accept({"only", "by"})) return allowed(token) && channel(token);
    if (cursor_.accept({"disclose", "only"})) {
      return allowed(token) && once(token, out_.disclose.empty()) &&
             names(out_.disclose, words_.fields, "field");
    }
    if (cursor_.accept({"with", "reasons"})) {
      return allowed(token) && once(token, out_.reasons.empty()) &&
             names(out_.reasons, words_.reasons, "reason");
    }
    if (cursor_.accept({"report", "to"})) {
      return once(token, out_.report_to.empty()) && names(out_.report_to, words_.bodies, "body");
    }
    if (cursor_.accept("notify")) {
      return once(token, out_.notify.empty()) && names(out_.notify, words_.bodies, "body");
    }
    if (cursor_.accept({"expires", "after"})) return expires(token);
    if (cursor_.is("support")) return parse_support(cursor_, out_.support);
    taken = false;
    return true;
  }

  bool once(const Token& token, bool first) {
    if (first) return true;
    cursor_.faults().error(token.place, "This outcome already has `" + token.text + "`.");
    return false;
  }

  // What binds a disclosure has no meaning where nothing is disclosed.
  bool allowed(const Token& token) {
    if (out_.decision != Outcome::refuse) return true;
    cursor_.faults().error(token.place,
                           "`" + token.text + "` belongs to a permit, not to a refusal.");
    return false;
  }

  bool channel(const Token& token) {
    if (!once(token, out_.channel.empty())) return false;
    const Attribute* attribute = words_.find("channel");
    if (attribute == nullptr || attribute->kind != AttributeKind::one_of) {
      cursor_.faults().error(token.place,
                             "`only by` needs an attribute `channel one of` in the vocabulary.");
      return false;
    }
    return names(out_.channel, attribute->values, "channel");
  }

  bool expires(const Token& token) {
    if (out_.decision != Outcome::sign_off) {
      cursor_.faults().error(token.place, "`expires after` belongs to a sign-off.");
      return false;
    }
    if (!once(token, out_.expires_hours == 0)) return false;
    const std::optional<int32_t> count = cursor_.number("a number of hours or days", 1, kMaxHours);
    if (!count) return false;
    if (cursor_.accept("hours") || cursor_.accept("hour")) {
      out_.expires_hours = *count;
      return true;
    }
    if (!cursor_.accept("days") && !cursor_.accept("day")) return cursor_.fail("`hours` or `days`");
    out_.expires_hours = std::min(*count, kMaxHours / 24) * 24;
    return true;
  }

  // Names out of a list of the vocabulary; kept in its order.
  template <typename Items>
  bool names(std::vector<uint32_t>& out, const Items& items, const std::string& what) {
    const bool read = cursor_.list([&] {
      const Token* name = cursor_.name("a " + what);
      if (name == nullptr) return false;
      const std::vector<std::string> known = names_of(items);
      const auto found = std::find(known.begin(), known.end(), name->text);
      if (found == known.end()) {
        cursor_.faults().error(name->place, "There is no " + what + " `" + name->text + "`." +
                                                did_you_mean(name->text, known));
        return false;
      }
      out.push_back(static_cast<uint32_t>(found - known.begin()));
      return true;
    });
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return read;
  }

  Cursor& cursor_;
  const Vocabulary& words_;
  const Clauses& clauses_;
  RuleOutcome& out_;
};

}  // namespace

bool parse_outcome(Cursor& cursor, const Vocabulary& words, const Clauses& clauses, bool never,
                   RuleOutcome& out) {
  return OutcomeParser(cursor, words, clauses, out).run(never);
}

namespace {

// A number, or a setting that is one, before `of`.
bool signer_count(Cursor& cursor, const Vocabulary& words, RuleOutcome& out) {
  out.count = 1;
  if (cursor.peek().kind == Token::Kind::number) {
    const std::optional<int32_t> given = cursor.number("a number of persons", 1, kMaxSigners);
    if (given) out.count = *given;
    return given && cursor.expect("of");
  }
  if (!cursor.is("of", 1)) return true;
  const Token& name = cursor.next();
  out.count_setting = setting_named(words, name.text, AttributeKind::number);
  if (out.count_setting && words.attributes[*out.count_setting].minimum > 0) {
    return cursor.expect("of");
  }
  if (cursor.declared("setting", name.text) != nullptr && words.find(name.text) == nullptr) {
    return no_such_attribute(cursor, words, name);
  }
  cursor.faults().error(name.place,
                        "A number of persons is a number, or a setting `number 1 to N`.");
  return false;
}

bool signer_rank(Cursor& cursor, const Vocabulary& words, RuleOutcome& out) {
  const Token* name = cursor.name("a rank");
  if (name == nullptr) return false;
  const auto is_rank = [&](const Value& value) { return words.rank_index(value.name).has_value(); };
  out.rank_setting = setting_named(words, name->text, AttributeKind::one_of);
  if (out.rank_setting) {
    const std::vector<Value>& values = words.attributes[*out.rank_setting].values;
    if (std::all_of(values.begin(), values.end(), is_rank)) return true;
    cursor.faults().error(
        name->place, "The values of `" + name->text + "` are not all ranks of the vocabulary.");
    return false;
  }
  const std::optional<size_t> index = words.rank_index(name->text);
  if (index) {
    out.rank = *index;
    return true;
  }
  if (cursor.declared("setting", name->text) != nullptr && words.find(name->text) == nullptr) {
    return no_such_attribute(cursor, words, *name);
  }
  cursor.faults().error(name->place, "There is no rank `" + name->text + "`." +
                                         did_you_mean(name->text, names_of(words.ranks)));
  return false;
}

}  // namespace

bool parse_signers(Cursor& cursor, const Vocabulary& words, RuleOutcome& out) {
  return signer_count(cursor, words, out) && signer_rank(cursor, words, out);
}

bool parse_fixed_signers(Cursor& cursor, const Vocabulary& words, size_t& rank, int& count) {
  RuleOutcome out;
  const Place place = cursor.peek().place;
  if (!parse_signers(cursor, words, out)) return false;
  if (out.rank_setting || out.count_setting) {
    cursor.faults().error(place,
                          "An assertion holds for every value of a setting: name the rank and "
                          "the number themselves.");
    return false;
  }
  rank = out.rank;
  count = out.count;
  return true;
}

bool parse_under(Cursor& cursor, const Clauses& clauses, std::vector<uint32_t>& out) {
  if (!cursor.expect("under")) return false;
  std::unordered_set<uint32_t> cited(out.begin(), out.end());
  return cursor.list([&] {
    const Token& token = cursor.peek();
    if (token.kind != Token::Kind::word) return cursor.fail("a clause");
    const auto found = clauses.index.find(token.text);
    if (found == clauses.index.end()) {
      // One whose declaration has a fault is not unknown, and that fault has been reported.
      if (cursor.declared("clause", token.text) != nullptr && cursor.faults().failed())
        return false;
      std::vector<std::string> known;
      known.reserve(clauses.list.size());
      for (const Clause& clause : clauses.list) known.push_back(clause.id);
      cursor.faults().error(token.place, "There is no clause `" + token.text + "`." +
                                             did_you_mean(token.text, known));
      return false;
    }
    if (cited.insert(found->second).second) out.push_back(found->second);
    cursor.next();
    return true;
  });
}

bool parse_support(Cursor& cursor, std::vector<std::string>& out) {
  while (cursor.accept("support")) {
    const Token* words = cursor.text("what to offer");
    if (words == nullptr) return false;
    if (out.size() >= kMaxSupport) {
      cursor.faults().last_error(
          words->place, "One outcome offers at most " + std::to_string(kMaxSupport) + " things.");
      return false;
    }
    out.push_back(words->text);
  }
  return true;
}

}  // namespace firebreak::policy
