// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_set>

#include "policy/digest.h"
#include "policy/parser.h"

namespace firebreak::policy {
namespace {

const std::vector<std::string> top_level_words = {"clause", "setting", "never", "rule",
                                                  "except", "assert",  "case"};
const std::vector<std::string> header_words = {
    "title", "issued by", "uses vocabulary", "review by", "default", "historical", "in force"};

bool is_top_level(const Token& token) {
  return token.kind == Token::Kind::word &&
         std::find(top_level_words.begin(), top_level_words.end(), token.text) !=
             top_level_words.end();
}

class PolicyParser {
 public:
  PolicyParser(std::vector<Token>& tokens, VocabularyModel& vocabulary, Diagnostics& faults)
      : tokens_(tokens), cursor_(tokens, faults), words_(vocabulary.words) {}

  Model run() {
    collect_clauses();
    if (!header()) cursor_.recover(top_level_words, true);
    while (!cursor_.at_end() && !cursor_.faults().full()) {
      if (!section()) cursor_.recover(top_level_words, true);
    }
    if (!cursor_.faults().failed()) resolve_cases();
    return std::move(model_);
  }

 private:
  // Clauses may be cited above the place where they stand, so they are read first. Faults are
  // reported here; when the parser comes by again it only steps over them.
  void collect_clauses() {
    Cursor cursor(tokens_, cursor_.faults());
    while (!cursor.at_end() && !cursor.faults().full()) {
      cursor.recover({"clause"});
      if (!cursor.accept("clause")) continue;
      const Token id = cursor.peek();
      std::optional<Clause> read = clause(cursor);
      if (!read) {
        faulty_clauses_.insert(id.place.offset);
      } else if (const auto other = clause_index_.find(id.text); other != clause_index_.end()) {
        cursor.faults().error(id.place, another("clause", id, model_.clause_places[other->second]));
      } else if (room(id, "clauses", model_.clauses.size())) {
        cursor.declares(id, Symbol::clause, id.text);
        clause_index_.emplace(id.text, static_cast<uint32_t>(model_.clauses.size()));
        model_.clauses.push_back(*std::move(read));
        model_.clause_places.push_back(id.place);
      }
    }
  }

  static std::optional<Clause> clause(Cursor& cursor) {
    Clause out;
    return clause_parts(cursor, out) ? std::optional(std::move(out)) : std::nullopt;
  }

  static bool clause_parts(Cursor& cursor, Clause& out) {
    const Token id = cursor.peek();
    if (id.kind != Token::Kind::word) return cursor.fail("the name of a clause");
    cursor.next();
    out.id = id.text;
    const Token* text = cursor.text("the words of the clause");
    if (text == nullptr) return false;
    out.text = text->text;
    if (cursor.accept("source")) {
      const Token* source = cursor.text("where the clause stands");
      if (source == nullptr) return false;
      out.source = source->text;
    }
    if (!cursor.accept("basis")) {
      const bool over =
          cursor.at_end() || (cursor.peek().first_on_line && is_top_level(cursor.peek()));
      if (!over) return cursor.fail(out.source.empty() ? "`source` or `basis`" : "`basis`");
      cursor.faults().error(id.place,
                            "The clause `" + id.text +
                                "` has no `basis`: add `basis known`, `basis reported` or "
                                "`basis inferred`.");
      return false;
    }
    for (const char* basis : {"known", "reported", "inferred"}) {
      if (out.basis.empty() && cursor.accept(basis)) out.basis = basis;
    }
    return !out.basis.empty() || cursor.fail("`known`, `reported` or `inferred`");
  }

  bool header() {
    if (!cursor_.expect("policy")) return false;
    const Place place = cursor_.peek().place;
    const Token* name = cursor_.name("a policy");
    if (name == nullptr) return false;
    model_.id = name->text;
    if (!cursor_.expect("version")) return false;
    const std::optional<int32_t> version = cursor_.number("a version number", 1, kMaxNumber);
    if (!version) return false;
    model_.version = std::to_string(*version);
    while (!section_begins() &&
           (cursor_.peek().kind == Token::Kind::word || cursor_.peek().kind == Token::Kind::hole)) {
      if (!header_line()) return false;
    }
    if (!has_default_) {
      cursor_.faults().error(place,
                             "This policy has no `default`: say what holds where no rule "
                             "applies.");
    }
    return true;
  }

  [[nodiscard]] bool section_begins() const {
    return std::any_of(top_level_words.begin(), top_level_words.end(),
                       [this](const std::string& word) { return cursor_.is(word); });
  }

  bool header_line() {
    const Token token = cursor_.peek();
    if (!header_seen_.insert(token.text).second) {
      cursor_.faults().error(token.place, "`" + token.text + "` stands twice.");
      return false;
    }
    if (cursor_.accept("title")) return text_into(model_.title, "the title");
    if (cursor_.accept({"issued", "by"})) return text_into(model_.issued_by, "who issued it");
    if (cursor_.accept({"uses", "vocabulary"})) return vocabulary();
    if (cursor_.accept({"review", "by"})) return review();
    if (cursor_.is({"in", "force"})) return parse_in_force(cursor_, model_.in_force);
    if (cursor_.accept("default")) return fallback(token.place);
    if (cursor_.accept("historical")) {
      model_.historical = true;
      return true;
    }
    cursor_.faults().error(token.place, shown(token) + " begins nothing here." +
                                            did_you_mean(token.text, header_words));
    cursor_.next();
    return false;
  }

  bool text_into(std::string& out, const std::string& what) {
    const Token* text = cursor_.text(what);
    if (text == nullptr) return false;
    out = text->text;
    return true;
  }

  bool vocabulary() {
    const Place place = cursor_.peek().place;
    cursor_.refers(Symbol::vocabulary);
    const Token* name = cursor_.name("a vocabulary");
    if (name == nullptr) return false;
    const std::string id = name->text;
    const std::optional<int32_t> version =
        cursor_.number("the vocabulary's version", 1, kMaxNumber);
    if (!version) return false;
    if (id == words_.id && std::to_string(*version) == words_.version) return true;
    cursor_.faults().error(
        place, "The vocabulary at hand is `" + words_.id + "` version " + words_.version + ".");
    return false;
  }

  bool review() {
    model_.review_place = cursor_.peek().place;
    return parse_date(cursor_, model_.review_by);
  }

  bool fallback(const Place& place) {
    has_default_ = true;
    RuleOutcome& out = model_.fallback;
    out.place = place;
    if (cursor_.accept("not_covered")) {
      out.covered = false;
    } else if (!cursor_.accept("refuse")) {
      return cursor_.fail("`refuse` or `not_covered`: a default never permits");
    }
    if (!text_into(out.reason, "the reason of the default")) return false;
    if (cursor_.is("under")) {
      if (!parse_under(cursor_, clauses_, out.clauses)) return false;
    } else if (out.covered) {
      cursor_.faults().error(place,
                             "The default stands on no clause: add `under` and the clause, or "
                             "say `default not_covered` when the text is silent.");
      return false;
    }
    return parse_support(cursor_, out.support);
  }

  bool section() {
    const Token token = cursor_.peek();
    if (cursor_.accept("clause")) return step_over_clause(token);
    if (cursor_.is("setting")) {
      return room(token, "settings and attributes", words_.attributes.size(), kMaxAttributes) &&
             parse_setting(cursor_, words_, clauses_, model_);
    }
    if (cursor_.is("never") || cursor_.is("rule") || cursor_.is("except")) return rule();
    if (cursor_.is("assert")) {
      return room(token, "assertions", model_.assertions.size()) &&
             parse_assertion(cursor_, words_, model_);
    }
    if (cursor_.is("case")) {
      return room(token, "cases", model_.cases.size()) &&
             parse_case(cursor_, words_, model_, case_index_);
    }
    cursor_.faults().error(token.place, shown(token) + " begins nothing here." +
                                            did_you_mean(token.text, top_level_words));
    cursor_.next();
    return false;
  }

  bool step_over_clause(const Token& keyword) {
    if (!keyword.first_on_line) {
      cursor_.faults().error(keyword.place, "A `clause` begins a line.");
      return false;
    }
    return !faulty_clauses_.contains(cursor_.peek().place.offset) && clause(cursor_).has_value();
  }

  bool room(const Token& token, const char* what, size_t size, size_t most = kMaxDeclared) {
    if (size < most) return true;
    cursor_.faults().last_error(
        token.place, "A policy has at most " + std::to_string(most) + " " + what + ". Split it.");
    return false;
  }

  static std::string another(const char* what, const Token& name, const Place& place) {
    return std::string("There is another ") + what + " `" + name.text + "`, in line " +
           std::to_string(place.line) + ".";
  }

  bool rule() {
    const Token keyword = cursor_.next();
    if (!room(keyword, "rules and exceptions", model_.rules.size(), kMaxRules)) return false;
    Rule out;
    out.place = keyword.place;
    out.never = keyword.text == "never";
    const bool read = rule_parts(keyword, out);
    // Kept even when faulty, so that its exceptions do not seem to belong nowhere.
    keep(keyword, std::move(out));
    return read;
  }

  bool rule_parts(const Token& keyword, Rule& out) {
    if (keyword.text == "except") {
      if (!attach(keyword, out)) return false;
    } else {
      open_.clear();
    }
    cursor_.taken().depth = static_cast<uint8_t>(open_.size());
    const Token* name =
        cursor_.name(out.never ? "a never" : (out.parent ? "an exception" : "a rule"));
    if (name == nullptr) return false;
    if (name->text == "default" && !out.parent) {
      cursor_.faults().error(name->place,
                             "`default` already names what holds where no rule applies.");
      return false;
    }
    out.name = out.parent ? model_.rules[*out.parent].name + "/" + name->text : name->text;
    cursor_.declares(*name, Symbol::rule, out.name);
    const auto [other, fresh] =
        rule_index_.emplace(out.name, static_cast<uint32_t>(model_.rules.size()));
    if (!fresh) {
      const char* what = out.parent ? "exception" : "rule";
      cursor_.faults().error(name->place, another(what, *name, model_.rules[other->second].place));
      return false;
    }
    if (!cursor_.expect("when")) return false;
    std::optional<Condition> when = parse_condition(cursor_, words_);
    if (!when) return false;
    out.when = *std::move(when);
    return parse_outcome(cursor_, words_, clauses_, out.never, out.outcome);
  }

  // Finds the rule or exception that this exception belongs to: the nearest above whose keyword
  // begins further to the left.
  bool attach(const Token& keyword, Rule& out) {
    while (!open_.empty() && open_.back().column >= keyword.place.column) open_.pop_back();
    if (open_.empty()) {
      cursor_.faults().error(
          keyword.place,
          "This exception belongs to no rule: it must begin further to the right "
          "than its `rule` or `except`.");
      return false;
    }
    if (open_.back().never) {
      cursor_.faults().error(keyword.place, "A `never` has no exceptions.");
      return false;
    }
    if (open_.size() > kMaxExceptDepth) {
      cursor_.faults().last_error(keyword.place, "Exceptions are nested deeper than " +
                                                     std::to_string(kMaxExceptDepth) + ".");
      return false;
    }
    out.parent = open_.back().rule;
    return true;
  }

  void keep(const Token& keyword, Rule out) {
    const auto index = static_cast<uint32_t>(model_.rules.size());
    if (out.parent) model_.rules[*out.parent].excepts.push_back(index);
    open_.push_back({keyword.place.column, index, out.never});
    model_.rules.push_back(std::move(out));
  }

  void resolve_cases() {
    std::vector<std::string> known = names_of(model_.rules);
    known.emplace_back("default");
    for (const Case& one : model_.cases) {
      if (one.rule.empty() || one.rule == "default" || rule_index_.contains(one.rule)) continue;
      cursor_.faults().error(
          one.expect_place, "There is no rule `" + one.rule + "`." + did_you_mean(one.rule, known));
    }
  }

  struct Open {
    uint32_t column;
    uint32_t rule;
    bool never;
  };

  std::vector<Token>& tokens_;
  Cursor cursor_;
  Vocabulary& words_;
  Model model_;
  bool has_default_ = false;
  std::unordered_set<std::string> header_seen_;
  std::unordered_set<uint32_t> faulty_clauses_;  // by the offset of the name: already reported
  NameIndex rule_index_;
  NameIndex clause_index_;
  NameIndex case_index_;
  const Clauses clauses_{model_.clauses, clause_index_};
  std::vector<Open> open_;  // the rule at hand and the exceptions it stands in, outermost first
};

}  // namespace

const std::vector<std::string>& policy_section_words() { return top_level_words; }

Model read_policy(std::vector<Token>& tokens, VocabularyModel& vocabulary, Diagnostics& faults) {
  return PolicyParser(tokens, vocabulary, faults).run();
}

std::optional<Model> parse_policy(const Source& source, VocabularyModel& vocabulary,
                                  Diagnostics& faults, std::string& normal_form) {
  std::vector<Token> tokens = lex(source, faults);
  Model model = read_policy(tokens, vocabulary, faults);
  if (faults.failed()) return std::nullopt;
  normal_form = normal_form_of(tokens);
  return model;
}

}  // namespace firebreak::policy
