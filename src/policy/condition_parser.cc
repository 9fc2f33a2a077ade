// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/parser.h"

namespace firebreak::policy {
namespace {

class ConditionParser {
 public:
  ConditionParser(Cursor& cursor, const Vocabulary& words) : cursor_(cursor), words_(words) {}

  std::optional<Condition> disjunction(size_t depth) {
    return chain(depth, "or", Condition::Kind::disjunction,
                 [this](size_t d) { return conjunction(d); });
  }

 private:
  std::optional<Condition> conjunction(size_t depth) {
    return chain(depth, "and", Condition::Kind::conjunction, [this](size_t d) { return unary(d); });
  }

  template <typename Part>
  std::optional<Condition> chain(size_t depth, const char* word, Condition::Kind kind, Part part) {
    std::optional<Condition> first = part(depth);
    if (!first || !cursor_.is(word)) return first;
    Condition out;
    out.kind = kind;
    out.place = first->place;
    out.parts.push_back(*std::move(first));
    while (cursor_.accept(word)) {
      std::optional<Condition> more = part(depth);
      if (!more) return std::nullopt;
      out.parts.push_back(*std::move(more));
    }
    return out;
  }

  std::optional<Condition> unary(size_t depth) {
    const Token start = cursor_.peek();
    const bool negation = cursor_.is("not");
    if (!negation && start.kind != Token::Kind::open) return test();
    if (depth >= kMaxConditionDepth) {
      cursor_.faults().error(start.place, "This condition is nested deeper than " +
                                              std::to_string(kMaxConditionDepth) + " levels.");
      return std::nullopt;
    }
    cursor_.next();
    if (negation) {
      std::optional<Condition> inner = unary(depth + 1);
      return inner ? std::optional(negated(*std::move(inner), start.place)) : std::nullopt;
    }
    std::optional<Condition> inner = disjunction(depth + 1);
    if (!inner) return std::nullopt;
    if (cursor_.peek().kind != Token::Kind::close) {
      cursor_.fail("`)`");
      return std::nullopt;
    }
    cursor_.next();
    return inner;
  }

  static Condition negated(Condition inner, const Place& place) {
    Condition out;
    out.kind = Condition::Kind::negation;
    out.place = place;
    out.parts.push_back(std::move(inner));
    return out;
  }

  std::optional<Condition> test() {
    const Token token = cursor_.peek();
    if (token.kind != Token::Kind::word) {
      cursor_.fail("an attribute, `not` or `(`");
      return std::nullopt;
    }
    const Attribute* attribute = words_.find(token.text);
    if (attribute == nullptr) {
      no_such_attribute(cursor_, words_, token);
      return std::nullopt;
    }
    cursor_.next();
    attribute_ = attribute;
    Condition out;
    out.place = token.place;
    out.attribute = static_cast<uint32_t>(attribute - words_.attributes.data());
    switch (attribute->kind) {
      case AttributeKind::one_of:
        return value_test(std::move(out), true);
      case AttributeKind::yes_no:
        return value_test(std::move(out), false);
      case AttributeKind::any_of:
        return set_test(std::move(out));
      case AttributeKind::number:
        return number_test(std::move(out));
    }
    return std::nullopt;
  }

  // `A is [not] v`, `A is [not] any of v, w`; a yes/no attribute may stand alone.
  std::optional<Condition> value_test(Condition out, bool needs_is) {
    const Place place = out.place;
    out.test = Test::is_any;
    if (!cursor_.is("is") && !needs_is) {
      out.operands = {1};
      return out;
    }
    if (!cursor_.accept("is")) return wrong_test("`is`");
    const bool negation = cursor_.accept("not");
    if (!operands(out)) return std::nullopt;
    return negation ? negated(std::move(out), place) : std::move(out);
  }

  std::optional<Condition> set_test(Condition out) {
    if (cursor_.accept({"is", "empty"})) {
      out.test = Test::empty;
      return out;
    }
    if (cursor_.accept({"is", "not", "empty"})) {
      const Place place = out.place;
      out.test = Test::empty;
      return negated(std::move(out), place);
    }
    if (cursor_.accept("only")) {
      out.test = Test::only;
      return values(out) ? std::optional(std::move(out)) : std::nullopt;
    }
    if (!cursor_.accept("includes")) return wrong_test("`includes`, `only` or `is empty`");
    out.test = Test::includes_any;
    if (cursor_.accept({"all", "of"})) {
      out.test = Test::includes_all;
    } else if (cursor_.accept({"none", "of"})) {
      out.test = Test::includes_none;
    } else {
      return operands(out) ? std::optional(std::move(out)) : std::nullopt;
    }
    return values(out) ? std::optional(std::move(out)) : std::nullopt;
  }

  std::optional<Condition> number_test(Condition out) {
    const bool is = cursor_.accept("is");
    if (cursor_.accept({"at", "least"})) {
      out.test = Test::at_least;
    } else if (cursor_.accept({"at", "most"})) {
      out.test = Test::at_most;
    } else if (cursor_.accept("above")) {
      out.test = Test::above;
    } else if (cursor_.accept("below")) {
      out.test = Test::below;
    } else if (is) {
      out.test = Test::equals;
    } else {
      return wrong_test("`at least`, `at most`, `above`, `below` or `is`");
    }
    const std::optional<int32_t> number = cursor_.number(
        "a whole number for `" + attribute_->name + "`", attribute_->minimum, attribute_->maximum);
    if (!number) return std::nullopt;
    out.operands = {*number};
    return out;
  }

  // `v` or `any of v, w`.
  bool operands(Condition& out) {
    if (cursor_.accept({"any", "of"})) return values(out);
    return value(out);
  }
  bool values(Condition& out) {
    if (!cursor_.list([&] { return value(out); })) return false;
    std::sort(out.operands.begin(), out.operands.end());
    out.operands.erase(std::unique(out.operands.begin(), out.operands.end()), out.operands.end());
    return true;
  }
  bool value(Condition& out) {
    const Token token = cursor_.peek();
    if (token.kind != Token::Kind::word)
      return cursor_.fail("a value of `" + attribute_->name + "`");
    const std::optional<size_t> index = attribute_->value_index(token.text);
    if (!index) {
      cursor_.faults().error(token.place, "`" + attribute_->name + "` has no value `" + token.text +
                                              "`" + not_in(words_) +
                                              did_you_mean(token.text, value_names(*attribute_)));
      return false;
    }
    cursor_.next();
    out.operands.push_back(static_cast<int32_t>(*index));
    return true;
  }

  std::optional<Condition> wrong_test(const std::string& expected) {
    cursor_.fail(expected + " after `" + attribute_->name + "`");
    return std::nullopt;
  }

  Cursor& cursor_;
  const Vocabulary& words_;
  const Attribute* attribute_ = nullptr;
};

}  // namespace

std::optional<Condition> parse_condition(Cursor& cursor, const Vocabulary& words) {
  return ConditionParser(cursor, words).disjunction(0);
}

}  // namespace firebreak::policy
