// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "policy/render.h"

namespace firebreak::policy {
namespace {

// CommonMark 0.30: a backslash takes the meaning from any ASCII punctuation (section 2.4); "<" and
// "&" go as entities, so that no reader of a looser Markdown finds HTML. A text has no line breaks.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      if (std::string_view("\\`*_{}[]()#+-.!|~").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

class Markdown {
 public:
  explicit Markdown(const Json& view) : view_(view) {}

  std::string run() {
    heading();
    section("The rules in order of force");
    nested(view_["OUTLINE_PART"], "OUTLINE", 0, [&](const Json& item) {
      return "**" + text(item, "OUTLINE_KIND") + "** " + text(item, "OUTLINE_NAME") + ": " +
             text(item, "OUTLINE_ANSWER") + " (" + text(item, "OUTLINE_CLAUSES") + ")";
    });
    section("The text and its rules, clause by clause");
    for (const Json& clause : view_["CLAUSE"]) this->clause(clause);
    section("Where no rule applies");
    answer(view_["FALLBACK"]);
    settings();
    assertions();
    table();
    cases();
    diagram();
    facts();
    return std::move(out_);
  }

 private:
  static bool shown(const Json& object, const char* name) {
    const auto at = object.find(name);
    if (at == object.end() || at->is_null()) return false;
    return at->is_boolean() ? at->get<bool>() : !at->empty();
  }
  static std::string text(const Json& object, const char* name) {
    return plain(object.at(name).get_ref<const std::string&>());
  }
  void paragraph(const std::string& text) { out_ += text + "\n\n"; }
  void section(const std::string& title) { paragraph("## " + title); }
  void row(const std::vector<std::string>& cells) {
    for (const std::string& cell : cells) out_ += "| " + cell + " ";
    out_ += "|\n";
  }
  void header(const std::vector<std::string>& cells) {
    row(cells);
    row(std::vector<std::string>(cells.size(), "---"));
  }
  template <typename Shown>
  static std::string joined_texts(const Json& list, Shown shown, const char* between = "; ") {
    std::string out;
    for (const Json& item : list) out += (out.empty() ? "" : between) + shown(item);
    return out;
  }

  // The marks of a list that nests, as an indented list.
  template <typename Shown>
  void nested(const Json& parts, const std::string& prefix, size_t indent, Shown shown_item) {
    size_t depth = 0;
    for (const Json& part : parts) {
      if (part.contains(prefix + "_OPEN")) ++depth;
      if (part.contains(prefix + "_CLOSE")) --depth;
      const auto item = part.find(prefix + "_ITEM");
      if (item == part.end()) continue;
      out_ += std::string(indent + 2 * (depth - 1), ' ') + "- " + shown_item(*item) + "\n";
    }
    out_ += "\n";
  }
  void when(const Json& parts) {
    nested(parts, "WHEN", 0, [](const Json& item) { return text(item, "WHEN_TEXT"); });
  }

  void heading() {
    paragraph("# " + text(view_, "TITLE"));
    if (shown(view_, "HISTORICAL")) {
      paragraph(
          "**Kept for comparison and replay. This text is not in force and cannot be put in "
          "force.**");
    }
    if (shown(view_, "ISSUED")) out_ += "- Issued by: " + text(view_["ISSUED"], "ISSUED_BY") + "\n";
    out_ += "- Policy: " + text(view_, "POLICY_ID") + ", version " + text(view_, "POLICY_VERSION") +
            "\n";
    if (shown(view_, "IN_FORCE")) {
      out_ += "- In force: " + text(view_["IN_FORCE"], "IN_FORCE_DAYS") + "\n";
    }
    if (shown(view_, "REVIEW")) {
      out_ += "- To be reviewed by: " + text(view_["REVIEW"], "REVIEW_BY") + "\n";
    }
    out_ += "- Vocabulary: " + text(view_, "VOCABULARY_NAME") + "\n";
    out_ += "- Situations it answers: " + text(view_, "SITUATIONS") + "\n";
    paragraph("- Digest: " + text(view_, "POLICY_DIGEST"));
  }

  // What a rule or the default answers.
  void answer(const Json& rule) {
    paragraph("**" + text(rule, "RULE_ANSWER") + "**");
    if (shown(rule, "RULE_REASON")) {
      paragraph("“" + text(rule["RULE_REASON"], "RULE_REASON_TEXT") + "”");
    }
    for (const Json& condition : rule["RULE_CONDITION"]) {
      paragraph(text(condition, "RULE_CONDITION_TEXT"));
    }
    if (!shown(rule, "RULE_SUPPORT")) return;
    paragraph("Support to offer:");
    for (const Json& support : rule["RULE_SUPPORT"]) {
      out_ += "- " + text(support, "RULE_SUPPORT_TEXT") + "\n";
    }
    out_ += "\n";
  }

  void clause(const Json& clause) {
    paragraph("### Clause " + text(clause, "CLAUSE_ID"));
    paragraph(text(clause, "CLAUSE_TEXT"));
    paragraph("*" + text(clause, "CLAUSE_BASIS") + "*" +
              (shown(clause, "CLAUSE_SOURCE")
                   ? "; source: " + text(clause["CLAUSE_SOURCE"], "SOURCE_TEXT")
                   : ""));
    for (const Json& rule : clause["RULE"]) {
      paragraph(std::string("#### ") + (shown(rule, "RULE_NEVER") ? "Never: " : "") +
                text(rule, "RULE_NAME"));
      if (shown(rule, "RULE_PARENT")) {
        paragraph("An exception to " + text(rule["RULE_PARENT"], "PARENT_NAME") +
                  ": what follows holds where that rule applies.");
      }
      paragraph("When all of this holds:");
      when(rule["WHEN_PART"]);
      answer(rule);
      if (shown(rule, "RULE_EXCEPT")) {
        paragraph("Its exceptions: " +
                  joined_texts(rule["RULE_EXCEPT"],
                               [](const Json& except) { return text(except, "EXCEPT_NAME"); }) +
                  ".");
      }
      paragraph("Rests on " + text(rule, "RULE_CLAUSES") + ".");
    }
    if (shown(clause, "CLAUSE_ALSO")) {
      paragraph("It is carried out by these too: " +
                joined_texts(clause["CLAUSE_ALSO"],
                             [](const Json& also) {
                               return text(also, "ALSO_NAME") + " (beside " +
                                      text(also, "ALSO_CLAUSE") + ")";
                             }) +
                ".");
    }
    if (shown(clause, "CLAUSE_OF_DEFAULT"))
      paragraph("What holds where no rule applies rests on it.");
    if (shown(clause, "CLAUSE_ALONE")) {
      paragraph("No rule rests on this clause. It is kept because the text says it.");
    }
  }

  void settings() {
    if (!shown(view_, "SETTINGS")) return;
    section("What the force decides");
    header({"Question", "May be", "In this page", "Left open by"});
    for (const Json& setting : view_["SETTINGS"]["SETTING"]) {
      row({text(setting, "SETTING_QUESTION"), text(setting, "SETTING_VALUES"),
           text(setting, "SETTING_VALUE"), text(setting, "SETTING_CLAUSES")});
    }
    out_ += "\n";
  }

  void assertions() {
    if (!shown(view_, "ASSERTIONS")) return;
    section("What was proved");
    paragraph(
        "Each statement was tried against every situation that there can be, not against "
        "examples.");
    for (const Json& assertion : view_["ASSERTIONS"]["ASSERTION"]) {
      paragraph("### " + text(assertion, "ASSERTION_TEXT"));
      const std::string of =
          "It speaks of " + text(assertion, "ASSERTION_COUNT") + " situations and ";
      if (shown(assertion, "ASSERTION_PROVED")) {
        paragraph("**Proved.** " + of + "holds in all of them.");
      } else {
        const Json& failed = assertion["ASSERTION_FAILED"];
        paragraph("**Fails.** " + of + "fails in " + text(failed, "FAILED_COUNT") + ".");
        paragraph("For example: " + text(failed, "FAILED_EXAMPLE"));
      }
      paragraph(text(assertion, "ASSERTION_CLAIM"));
      when(assertion["WHEN_PART"]);
    }
  }

  // The rules' conditions stand further up.
  static std::string table_when(const Json& row) {
    if (shown(row, "TABLE_CONFLICT")) return "Rules that contradict each other apply";
    if (shown(row, "TABLE_DEFAULT")) return "Always";
    const Json& rule = row["TABLE_RULE"];
    std::string out = "“" + text(rule, "TABLE_RULE_NAME") + "” applies";
    if (!shown(rule, "TABLE_CHANNEL")) return out;
    return out + ", and: " + text(rule["TABLE_CHANNEL"], "TABLE_CHANNEL_TEXT");
  }

  void table() {
    section("Decision table");
    if (shown(view_, "TABLE_TOO_LARGE")) {
      paragraph("The policy is too large for a table.");
      return;
    }
    paragraph(
        "Read from the top: the first row that applies answers. The rules above say what an answer "
        "is bound to.");
    header({"Row", "When", "Answer"});
    for (const Json& at : view_["TABLE"]["TABLE_ROW"]) {
      row({text(at, "TABLE_NUMBER"), table_when(at), text(at, "TABLE_ANSWER")});
    }
    out_ += "\n";
  }

  void cases() {
    if (!shown(view_, "CASES")) return;
    const Json& cases = view_["CASES"];
    section("Examples");
    paragraph("Unless an example says otherwise, its facts are those of “" +
              text(cases, "CASE_BASE_NAME") + "”: " + text(cases, "CASE_BASE"));
    header({"Example", "What is different", "Answer"});
    for (const Json& one : cases["CASE"]) {
      std::string answer = text(one, "CASE_ANSWER");
      if (shown(one, "CASE_RULE")) answer += ": " + text(one["CASE_RULE"], "CASE_RULE_NAME");
      if (shown(one, "CASE_MISSING")) {
        answer += ". Still to be known: " + text(one["CASE_MISSING"], "CASE_MISSING_TEXT");
      }
      row({text(one, "CASE_NAME"),
           shown(one, "CASE_FIRST")
               ? "Nothing"
               : joined_texts(one["CASE_FACT"],
                              [](const Json& fact) { return text(fact, "CASE_FACT_TEXT"); }),
           answer});
    }
    out_ += "\n";
  }

  void diagram() {
    const Json& picture = view_["PICTURE"];
    section("The decision diagram");
    paragraph("Begin at 1 and follow the answers. " + text(picture, "PICTURE_NOTE"));
    if (shown(picture, "PICTURE_SAME")) {
      paragraph("Always: " + text(picture["PICTURE_SAME"], "PICTURE_ANSWER"));
    }
    if (!picture.contains("BOX")) return;
    for (const Json& box : picture["BOX"]) {
      const std::string number = box.at("BOX_NUMBER").get<std::string>() + ". ";
      out_ += number + text(box, "BOX_QUESTION") + "\n";
      for (const Json& way : box["WAY"]) {
        out_ += std::string(number.size(), ' ') + "- " + text(way, "WAY_ANSWERS") + ": " +
                text(way, "WAY_TO") + "\n";
      }
    }
    out_ += "\n";
  }

  void facts() {
    section("The questions");
    header({"Fact", "Question", "Answers"});
    for (const Json& fact : view_["FACT"]) {
      row({text(fact, "FACT_NAME"),
           text(fact, "FACT_QUESTION") +
               (shown(fact, "FACT_MANY") ? " (any number of answers)" : ""),
           joined_texts(fact["FACT_VALUE"],
                        [](const Json& value) { return text(value, "FACT_VALUE_TEXT"); })});
    }
  }

  const Json& view_;
  std::string out_;
};

}  // namespace

std::string render_markdown(const Json& view) { return Markdown(view).run(); }

}  // namespace firebreak::policy
