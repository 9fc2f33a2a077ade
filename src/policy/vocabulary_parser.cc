// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/digest.h"
#include "policy/parser.h"

namespace firebreak::policy {
namespace {

const std::vector<std::string> vocabulary_sections = {
    "vocabulary", "attribute", "impossible", "enforcement", "ranks", "fields", "bodies", "reasons"};

// "name" read as words for people: `by_email` → "By email".
std::string spoken(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') {
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  }
  return name;
}

class VocabularyParser {
 public:
  VocabularyParser(std::vector<Token>& tokens, Diagnostics& faults) : cursor_(tokens, faults) {}

  VocabularyModel run() {
    if (!header()) cursor_.recover(vocabulary_sections, true);
    while (!cursor_.at_end() && !cursor_.faults().full()) {
      if (!section()) cursor_.recover(vocabulary_sections, true);
    }
    return std::move(model_);
  }

 private:
  bool header() {
    if (!cursor_.expect("vocabulary")) return false;
    const Token* name = cursor_.name("a vocabulary");
    if (name == nullptr) return false;
    words_.id = name->text;
    cursor_.declares(*name, Symbol::vocabulary, name->text);
    if (!cursor_.expect("version")) return false;
    const std::optional<int32_t> version = cursor_.number("a version number", 1, kMaxNumber);
    if (!version) return false;
    words_.version = std::to_string(*version);
    if (!cursor_.accept("title")) return true;
    const Token* title = cursor_.text("the title");
    if (title == nullptr) return false;
    words_.title = title->text;
    return true;
  }

  bool section() {
    const Token token = cursor_.peek();
    if (cursor_.accept("attribute")) return attribute();
    if (cursor_.accept("impossible")) return impossible(token.place);
    if (cursor_.accept("enforcement")) return cursor_.list([this] { return recipient(); });
    if (cursor_.accept("ranks"))
      return cursor_.list([this] { return word(words_.ranks, "a rank", Symbol::rank); });
    if (cursor_.accept("fields")) return cursor_.list([this] { return field(); });
    if (cursor_.accept("bodies")) {
      return cursor_.list([this] { return word(words_.bodies, "a body", Symbol::body); });
    }
    if (cursor_.accept("reasons")) {
      return cursor_.list([this] { return word(words_.reasons, "a reason", Symbol::reason); });
    }
    const std::string hint = did_you_mean(token.text, vocabulary_sections);
    cursor_.faults().error(token.place, shown(token) + " begins nothing in a vocabulary." + hint);
    cursor_.next();
    return false;
  }

  bool attribute() {
    const Token* name = cursor_.name("an attribute");
    if (name == nullptr) return false;
    if (words_.find(name->text) != nullptr) return twice(*name, "attribute");
    if (words_.attributes.size() >= kMaxAttributes) {
      cursor_.faults().last_error(name->place, "A vocabulary has at most " +
                                                   std::to_string(kMaxAttributes) + " attributes.");
      return false;
    }
    cursor_.declares(*name, Symbol::attribute, name->text);
    Attribute out;
    out.name = name->text;
    if (!kind(out) || !details(out)) return false;
    return finish(*name, std::move(out));
  }

  bool kind(Attribute& out) {
    if (cursor_.accept({"one", "of"})) return true;
    if (cursor_.accept({"any", "of"})) {
      out.kind = AttributeKind::any_of;
      if (!cursor_.accept_comma()) return true;
      out.at_least_one = true;
      return cursor_.expect("at") && cursor_.expect("least") && cursor_.expect("one");
    }
    if (cursor_.accept("number")) {
      out.kind = AttributeKind::number;
      const auto low = cursor_.number("the least number", -kMaxNumber, kMaxNumber);
      if (!low || !cursor_.expect("to")) return false;
      const auto high = cursor_.number("the greatest number", *low, kMaxNumber);
      if (!high) return false;
      out.minimum = *low;
      out.maximum = *high;
      return true;
    }
    if (cursor_.is("yes/no")) return yes_no(out);
    return cursor_.fail("`one of`, `any of`, `yes/no` or `number`");
  }

  bool yes_no(Attribute& out) {
    out.kind = AttributeKind::yes_no;
    out.values = {{"no", "No", false}, {"yes", "Yes", false}};
    return cursor_.expect("yes/no");
  }

  bool details(Attribute& out) {
    if (cursor_.peek().kind == Token::Kind::hole) detail_words();
    while (cursor_.peek().kind == Token::Kind::word) {
      if (cursor_.peek(1).kind != Token::Kind::text) {
        const std::string& word = cursor_.peek().text;
        if (std::find(vocabulary_sections.begin(), vocabulary_sections.end(), word) !=
            vocabulary_sections.end())
          return true;
        if (word == "choice" || word == "finding") {
          if (!nature(out)) return false;
          continue;
        }
        cursor_.next();
        return cursor_.fail("words in double quotes after `" + cursor_.taken().text + "`");
      }
      if (!detail(out)) return false;
      if (cursor_.peek().kind == Token::Kind::hole) detail_words();
    }
    return true;
  }

  void detail_words() {
    for (const char* word : {"question", "hint", "protected", "choice", "finding"}) {
      cursor_.wants(word);
    }
  }

  // `choice` or `finding`, alone.
  bool nature(Attribute& out) {
    const Token& word = cursor_.next();
    if (out.nature != FactNature::about_person) return twice(word, "line");
    out.nature = word.text == "choice" ? FactNature::choice : FactNature::finding;
    return true;
  }

  bool detail(Attribute& out) {
    const Token* value_name = cursor_.name("a value");
    if (value_name == nullptr) return false;
    const Token name = *value_name;
    const Token* words = cursor_.text("what people read");
    if (words == nullptr) return false;
    if (name.text == "question") return once(name, out.question, words->text);
    if (name.text == "hint") return once(name, out.hint, words->text);
    if (name.text == "protected") {
      std::string reason = out.protected_reason.value_or("");
      if (!once(name, reason, words->text)) return false;
      out.protected_reason = reason;
      return true;
    }
    return value(out, name, words->text);
  }

  bool once(const Token& name, std::string& place, const std::string& text) {
    if (!place.empty()) return twice(name, "line");
    place = text;
    return true;
  }

  bool value(Attribute& out, const Token& name, const std::string& label) {
    const bool is_protected = cursor_.accept("protected");
    const std::optional<size_t> known = out.value_index(name.text);
    if (out.kind == AttributeKind::yes_no && known) {
      cursor_.declares(name, Symbol::value, name.text, out.name);
      out.values[*known].label = label;
      return true;
    }
    if (out.kind == AttributeKind::yes_no || out.kind == AttributeKind::number) {
      cursor_.faults().error(name.place, "`" + out.name + "` takes no values of its own; `" +
                                             name.text + "` cannot stand here.");
      return false;
    }
    if (known) {
      // The rest is read, so that no other fault follows from this one.
      twice(name, "value");
      return true;
    }
    const size_t most = out.kind == AttributeKind::any_of ? kMaxMembers : kMaxValues;
    if (out.values.size() >= most) {
      cursor_.faults().last_error(
          name.place, "`" + out.name + "` has more than " + std::to_string(most) + " values.");
      return false;
    }
    if (name.text == "empty" || name.text == "missing") {
      cursor_.faults().error(name.place, "`" + name.text +
                                             "` is a word of the language; the value needs another "
                                             "name.");
      return false;
    }
    out.values.push_back({name.text, label, is_protected});
    cursor_.declares(name, Symbol::value, name.text, out.name);
    return true;
  }

  bool finish(const Token& name, Attribute out) {
    if (out.values.empty() && out.kind != AttributeKind::number) {
      cursor_.faults().error(name.place, "`" + out.name + "` has no values.");
      return false;
    }
    if (out.protected_reason.has_value() == !out.question.empty()) {
      cursor_.faults().error(name.place, "`" + out.name +
                                             "` needs either a `question` or, when no page may ask "
                                             "for it, `protected \"why\"`.");
      return false;
    }
    if (out.protected_reason && out.nature != FactNature::about_person) {
      cursor_.faults().error(name.place, "`" + out.name +
                                             "` is protected, so it is neither a `choice` nor a "
                                             "`finding`.");
      return false;
    }
    if (words_.slot_count + out.slots() > kMaxSlots) {
      cursor_.faults().last_error(name.place, "A vocabulary has at most " +
                                                  std::to_string(kMaxSlots) +
                                                  " facts, each member of a set counted.");
      return false;
    }
    out.first_slot = words_.slot_count;
    words_.slot_count += out.slots();
    words_.attributes.push_back(std::move(out));
    return true;
  }

  bool impossible(const Place& place) {
    std::optional<Condition> condition = parse_condition(cursor_, words_);
    if (!condition || !cursor_.expect("because")) return false;
    const Token* reason = cursor_.text("the reason");
    if (reason == nullptr) return false;
    if (model_.impossible.size() >= kMaxAttributes) {
      cursor_.faults().last_error(
          place,
          "A vocabulary has at most " + std::to_string(kMaxAttributes) + " impossible situations.");
      return false;
    }
    model_.impossible.push_back({*std::move(condition), reason->text, place});
    return true;
  }

  bool recipient() {
    cursor_.refers(Symbol::value, "recipient");
    const Token* name = cursor_.name("a recipient");
    if (name == nullptr) return false;
    const Attribute* recipients = words_.find("recipient");
    if (recipients == nullptr || !recipients->value_index(name->text)) {
      cursor_.faults().error(
          name->place,
          "`recipient` has no value `" + name->text + "`." +
              (recipients == nullptr ? " Declare the attribute above."
                                     : did_you_mean(name->text, value_names(*recipients))));
      return false;
    }
    if (words_.is_enforcement(name->text)) return twice(*name, "recipient");
    words_.enforcement.push_back(name->text);
    return true;
  }

  bool word(std::vector<Word>& list, const std::string& what, Symbol symbol) {
    const Token* name = cursor_.name(what);
    if (name == nullptr) return false;
    const std::vector<std::string> known = names_of(list);
    if (std::find(known.begin(), known.end(), name->text) != known.end())
      return twice(*name, "name");
    cursor_.declares(*name, symbol, name->text);
    Word out{name->text, spoken(name->text)};
    if (cursor_.peek().kind == Token::Kind::text) out.label = cursor_.next().text;
    if (!room(*name, list.size())) return false;
    list.push_back(std::move(out));
    return true;
  }

  bool field() {
    const Token* name = cursor_.name("a field");
    if (name == nullptr) return false;
    if (words_.find_field(name->text) != nullptr) return twice(*name, "field");
    cursor_.declares(*name, Symbol::field, name->text);
    Field out{name->text, FieldKind::text, spoken(name->text)};
    if (cursor_.accept("date")) {
      out.kind = FieldKind::date;
    } else if (!cursor_.accept("text")) {
      return cursor_.fail("`text` or `date`");
    }
    if (cursor_.peek().kind == Token::Kind::text) out.label = cursor_.next().text;
    if (!room(*name, words_.fields.size())) return false;
    words_.fields.push_back(std::move(out));
    return true;
  }

  bool room(const Token& token, size_t size) {
    if (size < kMaxValues) return true;
    cursor_.faults().last_error(
        token.place, "This list holds more than " + std::to_string(kMaxValues) + " words.");
    return false;
  }

  bool twice(const Token& token, const std::string& what) {
    cursor_.faults().error(token.place, "This " + what + " stands twice: `" + token.text + "`.");
    return false;
  }

  Cursor cursor_;
  VocabularyModel model_;
  Vocabulary& words_ = model_.words;
};

}  // namespace

const std::vector<std::string>& vocabulary_section_words() { return vocabulary_sections; }

VocabularyModel read_vocabulary(std::vector<Token>& tokens, Diagnostics& faults) {
  return VocabularyParser(tokens, faults).run();
}

std::optional<VocabularyModel> parse_vocabulary(const Source& source, Diagnostics& faults,
                                                std::string& normal_form) {
  std::vector<Token> tokens = lex(source, faults);
  VocabularyModel model = read_vocabulary(tokens, faults);
  if (faults.failed()) return std::nullopt;
  normal_form = normal_form_of(tokens);
  return model;
}

std::string not_in(const Vocabulary& words) {
  return " in the vocabulary " + words.id + " " + words.version + ".";
}
std::vector<std::string> attribute_names(const Vocabulary& words) {
  return names_of(words.attributes);
}
std::vector<std::string> value_names(const Attribute& attribute) {
  return names_of(attribute.values);
}

}  // namespace firebreak::policy
