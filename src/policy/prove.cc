// SPDX-License-Identifier: Apache-2.0
#include "policy/prove.h"

#include <algorithm>
#include <sstream>

#include "policy/interference.h"
#include "policy/loader.h"

namespace firebreak::policy {
namespace {

// A name for a witness must fit a text and a screen.
constexpr size_t kMostOfName = 160;

// The statement as one line, however it was typed.
std::string one_line(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string out;
  for (std::string word; words >> word;) out += (out.empty() ? "" : " ") + word;
  return out;
}

// What `--through` names.
struct Through {
  uint32_t attribute = 0;
  std::optional<size_t> value;
};

// What is asked, as it stands in the model: claims after the policy's own assertions, and
// conditions two by two.
struct Asked {
  size_t own = 0;
  std::vector<Through> through;
};

// Reads the statements into the model of a policy.
class StatementReader {
 public:
  StatementReader(const Statements& statements, const Vocabulary& words, Model& model,
                  std::vector<Finding>& findings)
      : statements_(statements), words_(words), model_(model), findings_(findings) {}

  bool run(Asked& out) {
    out.own = model_.assertions.size();
    bool read = true;
    for (size_t i = 0; i < statements_.claims.size(); ++i) {
      const std::string number = statements_.claims.size() > 1 ? " " + std::to_string(i + 1) : "";
      read = claim(Source("statement" + number, statements_.claims[i])) && read;
    }
    for (const auto& [first, second] : statements_.implies) {
      read = pair("--implies", first, second) && read;
    }
    for (const auto& [first, second] : statements_.equivalent) {
      read = pair("--equivalent", first, second) && read;
    }
    for (const std::string& name : statements_.through) {
      read = through(Source("--through", name), out) && read;
    }
    for (uint32_t i = 0; statements_.every_protected && i < words_.attributes.size(); ++i) look(i);
    return read;
  }

 private:
  // Reads the whole of a text with `part`.
  template <typename Part>
  bool whole(const Source& source, const Part& part) {
    Diagnostics faults(source);
    std::vector<Token> tokens = lex(source, faults);
    Cursor cursor(tokens, faults);
    bool read = !faults.failed() && part(cursor);
    if (read && !cursor.at_end()) read = cursor.fail("nothing more");
    for (Finding& finding : faults.findings()) findings_.push_back(std::move(finding));
    return read;
  }

  bool claim(const Source& source) {
    Assertion out;
    out.text = one_line(source.text());
    if (!whole(source, [&](Cursor& cursor) { return parse_claim(cursor, words_, out); })) {
      return false;
    }
    model_.assertions.push_back(std::move(out));
    return true;
  }

  bool condition(const Source& source) {
    return whole(source, [&](Cursor& cursor) {
      std::optional<Condition> out = parse_condition(cursor, words_);
      if (!out) return false;
      model_.asked.push_back(*std::move(out));
      return true;
    });
  }

  bool pair(const std::string& option, const std::string& first, const std::string& second) {
    const bool read = condition(Source(option + ", first condition", first));
    return condition(Source(option + ", second condition", second)) && read;
  }

  bool through(const Source& source, Asked& out) {
    const std::string_view given = source.text();
    const std::string_view name = given.substr(0, given.find('='));
    const auto fault = [&](size_t at, size_t length, const std::string& message) {
      Diagnostics faults(source);
      faults.error({1, static_cast<uint32_t>(at + 1), static_cast<uint32_t>(at),
                    static_cast<uint32_t>(length)},
                   message);
      findings_.push_back(std::move(faults.findings().front()));
      return false;
    };
    const Attribute* attribute = words_.find(name);
    if (attribute == nullptr) {
      return fault(0, name.size(),
                   "There is no attribute `" + std::string(name) + "`." +
                       did_you_mean(name, attribute_names(words_)));
    }
    Through one{static_cast<uint32_t>(attribute - words_.attributes.data()), std::nullopt};
    if (name.size() < given.size()) {
      const std::string_view value = given.substr(name.size() + 1);
      one.value = attribute->value_index(value);
      if (!one.value) {
        return fault(name.size() + 1, value.size(),
                     "`" + attribute->name + "` has no value `" + std::string(value) + "`." +
                         did_you_mean(value, value_names(*attribute)));
      }
      if (attribute->kind != AttributeKind::any_of && one.value == 0U) {
        return fault(name.size() + 1, value.size(),
                     "The other values of `" + attribute->name + "` are compared with `" +
                         std::string(value) + "`. Name one of them, or the attribute alone.");
      }
    }
    look(one.attribute);
    out.through.push_back(one);
    return true;
  }

  // Has the situations told apart by the attribute, also when the policy never looks at it.
  void look(uint32_t attribute) {
    const Attribute& at = words_.attributes[attribute];
    Condition out;
    out.attribute = attribute;
    out.operands = {0};
    if (at.kind == AttributeKind::any_of) out.test = Test::includes_any;
    if (at.kind == AttributeKind::number) {
      out.test = Test::at_least;
      out.operands = {at.minimum};
    }
    model_.asked.push_back(std::move(out));
  }

  const Statements& statements_;
  const Vocabulary& words_;
  Model& model_;
  std::vector<Finding>& findings_;
};

std::string case_name(const std::string& statement) {
  if (statement.size() <= kMostOfName) return "against: " + statement;
  const size_t space = statement.rfind(' ', kMostOfName);
  return "against: " + statement.substr(0, space == std::string::npos ? 0 : space) + " (and so on)";
}

class Prover {
 public:
  Prover(const Policy::Compiled& compiled, const Statements& statements, const Asked& asked)
      : compiled_(compiled), statements_(statements), asked_(asked), analysis_(compiled) {}

  // Nothing when the question is too large.
  std::optional<std::vector<Proof>> run() {
    const std::vector<Assertion>& all = compiled_.model.assertions;
    for (size_t i = asks_nothing() ? 0 : asked_.own; i < all.size(); ++i) {
      claim(all[i], i < asked_.own);
    }
    size_t next = 0;
    for (const auto& [first, second] : statements_.implies) {
      implies(first, second, compiled_.model.asked[next], compiled_.model.asked[next + 1]);
      next += 2;
    }
    for (const auto& [first, second] : statements_.equivalent) {
      equivalent(first, second, compiled_.model.asked[next], compiled_.model.asked[next + 1]);
      next += 2;
    }
    for (const Influence& influence : influences(compiled_)) {
      if (statements_.every_protected && is_protected(compiled_, influence)) through(influence);
    }
    for (const Through& one : asked_.through) through(one);
    if (analysis_.exhausted()) return std::nullopt;
    return std::move(proofs_);
  }

 private:
  [[nodiscard]] bool asks_nothing() const {
    return statements_.claims.empty() && statements_.implies.empty() &&
           statements_.equivalent.empty() && statements_.through.empty() &&
           !statements_.every_protected;
  }

  Proof& add(std::string statement, NodeId scope, NodeId bad) {
    Proof proof;
    proof.statement = std::move(statement);
    proof.situations = analysis_.count(scope).str();
    proof.against = analysis_.count(bad).str();
    proofs_.push_back(std::move(proof));
    return proofs_.back();
  }

  void against(Proof& proof, NodeId region, std::string shows = {},
               std::optional<uint32_t> kept = std::nullopt) {
    std::optional<Facts> facts = analysis_.witness(region, kept);
    if (!facts) return;
    Counterexample out;
    out.shows = std::move(shows);
    out.answer = decide(compiled_, *facts);
    out.witness = case_text(compiled_, *facts, case_name(proof.statement));
    out.facts = *std::move(facts);
    proof.counterexample = std::move(out);
  }

  void claim(const Assertion& assertion, bool own) {
    const NodeId scope = analysis_.all({analysis_.possible(), analysis_.condition(assertion.when)});
    const NodeId bad =
        analysis_.all({scope, analysis_.where([&](const CompiledOutcome& outcome) {
                         return breaks(compiled_.vocabulary.words, assertion, outcome.decision);
                       })});
    Proof& proof = add(assertion.text, scope, bad);
    if (own) proof.line = static_cast<int>(assertion.place.line);
    against(proof, bad);
  }

  // The possible situations of the one condition that are not in the other.
  NodeId outside(NodeId within, NodeId other) {
    return analysis_.all({within, analysis_.diagram().negation(other)});
  }

  void implies(const std::string& first, const std::string& second, const Condition& a,
               const Condition& b) {
    const NodeId scope = analysis_.all({analysis_.possible(), analysis_.condition(a)});
    const NodeId bad = outside(scope, analysis_.condition(b));
    against(add("when " + one_line(first) + ", then " + one_line(second), scope, bad), bad,
            "in the first condition and not in the second");
  }

  void equivalent(const std::string& first, const std::string& second, const Condition& a,
                  const Condition& b) {
    const NodeId left = analysis_.all({analysis_.possible(), analysis_.condition(a)});
    const NodeId right = analysis_.all({analysis_.possible(), analysis_.condition(b)});
    Diagram& diagram = analysis_.diagram();
    const NodeId more = outside(left, right);
    const NodeId less = outside(right, left);
    Proof& proof = add("when " + one_line(first) + ", exactly then " + one_line(second),
                       diagram.any_of(left, right), diagram.any_of(more, less));
    if (!analysis_.is_empty(more)) {
      against(proof, more, "in the first condition and not in the second");
    } else {
      against(proof, less, "in the second condition and not in the first");
    }
  }

  void through(const Influence& influence) {
    const NodeId bad = loosened(analysis_, influence);
    Proof& proof = add(name_of(influence) + " makes no answer more permissive",
                       comparable(analysis_, influence), bad);
    against(proof, bad, {}, compiled_.space.levels()[influence.level].slot);
    if (!proof.counterexample) return;
    proof.counterexample->without =
        decide(compiled_, without(compiled_, proof.counterexample->facts, influence));
  }

  void through(const Through& one) {
    bool any = false;
    for (const Influence& influence : influences(compiled_)) {
      if (influence.attribute != one.attribute) continue;
      if (one.value && influence.named != one.value) continue;
      through(influence);
      any = true;
    }
    // A number that the policy never compares: it cannot matter.
    if (any) return;
    add("`" + compiled_.vocabulary.words.attributes[one.attribute].name +
            "` makes no answer more permissive",
        analysis_.possible(), analysis_.diagram().falsehood());
  }

  // "`ground` with `nationality`", "`leave` `held`", "`age` from 61".
  [[nodiscard]] std::string name_of(const Influence& influence) const {
    const Attribute& attribute = compiled_.vocabulary.words.attributes[influence.attribute];
    std::string out = "`" + attribute.name + "` ";
    if (!influence.named) {
      const std::vector<int32_t>& bands = compiled_.space.levels()[influence.level].bands;
      out += "from " + std::to_string(bands[influence.value]);
      if (influence.value + 1 == bands.size()) return out;
      return out + " to " + std::to_string(bands[influence.value + 1] - 1);
    }
    if (attribute.kind == AttributeKind::any_of) out += "with ";
    return out + "`" + attribute.values[*influence.named].name + "`";
  }

  const Policy::Compiled& compiled_;
  const Statements& statements_;
  const Asked& asked_;
  Analysis analysis_;
  std::vector<Proof> proofs_;
};

Extension reading(const Statements& statements, Asked& asked) {
  return [&](const Vocabulary& words, Model& model, std::vector<Finding>& findings) {
    return StatementReader(statements, words, model, findings).run(asked);
  };
}

Result<Proved> prove_loaded(Loaded loaded, const Statements& statements, const Asked& asked) {
  if (!loaded.compiled) return first_fault(loaded);
  std::optional<std::vector<Proof>> proofs = Prover(*loaded.compiled, statements, asked).run();
  if (!proofs) {
    return Error{ErrorCode::too_large,
                 "This question is too large to be decided.",
                 {},
                 "Nothing is proved. Ask fewer statements at once, or shorter ones."};
  }
  return Proved{Policy::of(std::move(loaded.compiled)), *std::move(proofs)};
}

}  // namespace

Result<Proved> prove(const std::filesystem::path& path, const Statements& statements,
                     const Decisions& decided) {
  Asked asked;
  std::unique_ptr<Source> source;
  return prove_loaded(load_file(path, source, reading(statements, asked), decided), statements,
                      asked);
}

Result<Proved> prove_texts(const std::string& policy_name, std::string policy_text,
                           const std::string& vocabulary_name, std::string vocabulary_text,
                           const Statements& statements) {
  Asked asked;
  const Source source(policy_name, std::move(policy_text));
  Loaded loaded = load_texts(
      source,
      [&](const VocabularyName&) -> Result<Source> {
        return Source(vocabulary_name, std::move(vocabulary_text));
      },
      reading(statements, asked));
  return prove_loaded(std::move(loaded), statements, asked);
}

bool Proved::hold() const {
  return std::all_of(proofs.begin(), proofs.end(),
                     [](const Proof& proof) { return proof.holds(); });
}

}  // namespace firebreak::policy
