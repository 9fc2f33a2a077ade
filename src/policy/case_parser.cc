// SPDX-License-Identifier: Apache-2.0
// Assertions and cases.
#include <algorithm>

#include "policy/parser.h"

namespace firebreak::policy {
namespace {

class CaseParser {
 public:
  CaseParser(Cursor& cursor, const Vocabulary& words, Model& model, NameIndex& known)
      : cursor_(cursor), words_(words), model_(model), known_(known) {}

  bool run(const Place& place) {
    out_.place = place;
    out_.facts = Facts(words_);
    const Token* name = cursor_.text("the name of the case");
    if (name == nullptr) return false;
    if (const Case* other = find(name->text)) {
      cursor_.faults().error(name->place, "There is another case of this name, in line " +
                                              std::to_string(other->place.line) + ".");
      return false;
    }
    out_.name = name->text;
    if (cursor_.accept("like") && !like()) return false;
    if (cursor_.accept("given") && !cursor_.list([this] { return fact(); })) return false;
    if (!expectation()) return false;
    known_.emplace(out_.name, static_cast<uint32_t>(model_.cases.size()));
    model_.cases.push_back(std::move(out_));
    return true;
  }

 private:
  [[nodiscard]] const Case* find(const std::string& name) const {
    const auto found = known_.find(name);
    return found == known_.end() ? nullptr : &model_.cases[found->second];
  }

  bool like() {
    const Token* name = cursor_.text("the name of a case above");
    if (name == nullptr) return false;
    const Case* other = find(name->text);
    if (other == nullptr) {
      const Token* found = cursor_.declared("case", name->text);
      const bool below = found != nullptr && found->place.offset > name->place.offset;
      // One whose declaration has a fault is not unknown, and that fault has been reported.
      if (found != nullptr && !below && cursor_.faults().failed()) return false;
      cursor_.faults().error(name->place,
                             below ? "The case of this name stands below, in line " +
                                         std::to_string(found->place.line) + ": move it above."
                                   : "No case above has this name." +
                                         did_you_mean(name->text, names_of(model_.cases)));
      return false;
    }
    out_.facts = other->facts;
    return true;
  }

  bool fact() {
    const Token* name = cursor_.name("an attribute");
    if (name == nullptr) return false;
    const Attribute* attribute = words_.find(name->text);
    if (member_after_comma(*name)) return false;
    if (attribute == nullptr) return no_such_attribute(cursor_, words_, *name);
    if (std::find(given_.begin(), given_.end(), attribute) != given_.end()) {
      cursor_.faults().error(name->place, "`" + name->text + "` is given twice.");
      return false;
    }
    given_.push_back(attribute);
    if (cursor_.accept("missing")) return fill(*attribute, Facts::kMissing);
    switch (attribute->kind) {
      case AttributeKind::one_of:
      case AttributeKind::yes_no: {
        const std::optional<size_t> value = this->value(*attribute);
        if (value) out_.facts.set(attribute->first_slot, static_cast<int32_t>(*value));
        return value.has_value();
      }
      case AttributeKind::number: {
        const auto number = cursor_.number("a whole number for `" + attribute->name + "`",
                                           attribute->minimum, attribute->maximum);
        if (number) out_.facts.set(attribute->first_slot, *number);
        return number.has_value();
      }
      case AttributeKind::any_of:
        return members(*attribute);
    }
    return false;
  }

  // Conditions list the members of a set with commas, cases do not: the slip is said as one.
  bool member_after_comma(const Token& name) {
    if (given_.empty() || given_.back()->kind != AttributeKind::any_of) return false;
    const Attribute& set = *given_.back();
    // An attribute of that name has a value behind it.
    const bool alone = cursor_.peek().kind == Token::Kind::comma || cursor_.is("expect") ||
                       cursor_.is("and") || words_.find(name.text) == nullptr;
    if (!alone || !set.value_index(name.text)) return false;
    cursor_.faults().error(
        name.place, "`" + name.text + "` is a value of `" + set.name +
                        "`. In a case `and` stands between the members of a set: write `and " +
                        name.text + "`, without the comma.");
    return true;
  }

  bool fill(const Attribute& attribute, int32_t value) {
    for (size_t i = 0; i < attribute.slots(); ++i) out_.facts.set(attribute.first_slot + i, value);
    return true;
  }

  std::optional<size_t> value(const Attribute& attribute) {
    const Token& token = cursor_.peek();
    if (token.kind != Token::Kind::word) {
      cursor_.fail("a value of `" + attribute.name + "`");
      return std::nullopt;
    }
    const std::optional<size_t> index = attribute.value_index(token.text);
    if (!index) {
      cursor_.faults().error(token.place, "`" + attribute.name + "` has no value `" + token.text +
                                              "`" + not_in(words_) +
                                              did_you_mean(token.text, value_names(attribute)));
      return std::nullopt;
    }
    cursor_.next();
    return index;
  }

  bool members(const Attribute& attribute) {
    const Token token = cursor_.peek();
    fill(attribute, 0);
    if (cursor_.accept("empty")) {
      if (!attribute.at_least_one) return true;
      cursor_.faults().error(token.place, "`" + attribute.name + "` is never empty.");
      return false;
    }
    do {
      const std::optional<size_t> member = value(attribute);
      if (!member) return false;
      out_.facts.set(attribute.first_slot + *member, 1);
    } while (cursor_.accept("and"));
    return true;
  }

  bool expectation() {
    out_.expect_place = cursor_.peek().place;
    if (!cursor_.expect("expect")) return false;
    using Expected = Case::Expected;
    constexpr std::pair<const char*, Expected> kWords[] = {
        {"refuse", Expected::refuse},
        {"permit", Expected::permit},
        {"sign_off", Expected::sign_off},
        {"not_covered", Expected::not_covered},
        {"undetermined", Expected::undetermined}};
    bool known = false;
    for (const auto& [word, expected] : kWords) {
      if (!cursor_.accept(word)) continue;
      out_.expected = expected;
      known = true;
      break;
    }
    if (!known) {
      return cursor_.fail("`refuse`, `permit`, `sign_off`, `not_covered` or `undetermined`");
    }
    if (out_.expected == Expected::undetermined) {
      return !cursor_.accept("missing") || cursor_.list([this] { return missing(); });
    }
    return !cursor_.accept("by") || rule();
  }

  bool missing() {
    const Token* name = cursor_.name("an attribute");
    if (name == nullptr) return false;
    if (words_.find(name->text) == nullptr) return no_such_attribute(cursor_, words_, *name);
    out_.missing.push_back(name->text);
    return true;
  }

  // Rules may stand below the case, so whether there is one of this name is seen at the end.
  bool rule() {
    if (cursor_.peek().kind != Token::Kind::word) return cursor_.fail("the name of a rule");
    out_.expect_place = cursor_.peek().place;
    out_.rule = cursor_.next().text;
    return true;
  }

  Cursor& cursor_;
  const Vocabulary& words_;
  Model& model_;
  NameIndex& known_;
  Case out_;
  std::vector<const Attribute*> given_;
};

}  // namespace

bool parse_case(Cursor& cursor, const Vocabulary& words, Model& model, NameIndex& known) {
  const Place place = cursor.peek().place;
  return cursor.expect("case") && CaseParser(cursor, words, model, known).run(place);
}

bool parse_assertion(Cursor& cursor, const Vocabulary& words, Model& model) {
  Assertion out;
  out.place = cursor.peek().place;
  if (!cursor.expect("assert")) return false;
  const Token* text = cursor.text("what is asserted");
  if (text == nullptr) return false;
  out.text = text->text;
  if (!parse_claim(cursor, words, out)) return false;
  model.assertions.push_back(std::move(out));
  return true;
}

bool parse_claim(Cursor& cursor, const Vocabulary& words, Assertion& out) {
  if (cursor.accept({"never", "permit"})) {
    out.kind = Assertion::Kind::never_permit;
  } else if (cursor.accept({"always", "refuse"})) {
    out.kind = Assertion::Kind::always_refuse;
  } else if (cursor.accept({"always", "permit"})) {
    out.kind = Assertion::Kind::always_permit;
  } else {
    return cursor.fail("`never permit`, `always refuse` or `always permit`");
  }
  if (!cursor.expect("when")) return false;
  std::optional<Condition> when = parse_condition(cursor, words);
  if (!when) return false;
  out.when = *std::move(when);
  if (cursor.is("unless")) {
    if (out.kind != Assertion::Kind::never_permit) {
      cursor.faults().error(cursor.peek().place, "`unless` belongs to `never permit`.");
      return false;
    }
    size_t rank = 0;
    if (!cursor.accept({"unless", "after", "sign_off", "by"})) {
      return cursor.fail("`unless after sign_off by`");
    }
    if (!parse_fixed_signers(cursor, words, rank, out.unless_count)) return false;
    out.unless_rank = rank;
  }
  return true;
}

}  // namespace firebreak::policy
