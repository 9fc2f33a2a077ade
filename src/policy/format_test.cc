// SPDX-License-Identifier: Apache-2.0
#include "policy/format.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <filesystem>

#include "policy/format_writer.h"
#include "policy/generated.h"
#include "policy/test_support.h"

namespace firebreak::policy::testing {
namespace {

std::vector<Token> tokens_of(const Source& source) {
  Diagnostics faults(source);
  return lex(source, faults);
}

std::string comments_of(const std::string& text) {
  const Source source("a", text);
  std::string out;
  for (const Piece& piece : pieces_of(source, tokens_of(source))) {
    for (const Comment& comment : piece.above) out += comment.text + "\n";
    if (!piece.beside.empty()) out += piece.beside + "\n";
  }
  return out;
}

// The same tokens with other blanks and with comments between them. What says how exceptions are
// nested, and that a clause begins a line, is kept.
std::string scrambled(const std::string& text, Draw& draw) {
  const Source source("a", text);
  std::string out;
  size_t at = 0;
  size_t comment = 0;
  for (const Token& token : tokens_of(source)) {
    const size_t end = token.kind == Token::Kind::end ? text.size() : token.place.offset;
    const std::string gap = text.substr(at, end - at);
    const size_t begin_line = text.rfind('\n', token.place.offset) + 1;
    const bool keep = token.first_on_line;
    const std::string indent = keep ? text.substr(begin_line, token.place.offset - begin_line) : "";
    if (draw.chance(15))
      out += std::string(draw.below(3), ' ') + "# no. " + std::to_string(comment++);
    if (keep || draw.chance(20) || out.find('#', out.rfind('\n') + 1) != std::string::npos) {
      out += "\n";
      while (draw.chance(20)) out += "\n";
      while (draw.chance(15)) {
        out += std::string(draw.below(9), ' ') + "# line " + std::to_string(comment++) + "  \r\n";
        while (draw.chance(20)) out += "   \n";
      }
      out += keep ? indent : std::string(draw.below(9), ' ');
    } else if (!gap.empty() || draw.chance(10)) {
      out += std::string(1 + draw.below(3), ' ');
    }
    if (token.kind == Token::Kind::end) break;
    size_t stop = token.place.offset + token.text.size();
    if (token.kind == Token::Kind::text) stop = text.find('"', token.place.offset + 1) + 1;
    out += text.substr(token.place.offset, stop - token.place.offset);
    at = stop;
  }
  return out;
}

Formatted format_over(const std::string& text, const std::string& words) {
  return format_policy(Source("p.policy", text), [&](const VocabularyName&) -> Result<Source> {
    return Source("w.vocabulary", words);
  });
}

std::string formatted_words(const std::string& text) {
  const Formatted out = format_vocabulary(Source("w.vocabulary", text));
  EXPECT_TRUE(out.text) << (out.findings.empty() ? "" : policy::text(out.findings[0]));
  return out.text.value_or("");
}

std::string formatted_rules(const std::string& rules) {
  const Formatted out = format_over(policy_text(rules), kWords);
  EXPECT_TRUE(out.text) << (out.findings.empty() ? "" : policy::text(out.findings[0]));
  const std::string text = out.text.value_or("");
  const size_t after = text.find("clause C2");
  return text.substr(text.find("\n\n", after) + 2);
}

TEST(Format, ARuleHasItsLines) {
  EXPECT_EQ(formatted_rules("rule r when action is share permit after sign_off by 2 of inspector "
                            "\"Both.\" under C1,C2 only by email expires after 2 days\n"
                            " except e when necessary and age is at least 18 or role only victim\n"
                            " refuse \"No.\" under C2 support \"Help.\" notify board"),
            R"(rule r
  when action is share
  permit after sign_off by 2 of inspector
         "Both."
         under C1, C2
    only by email
    expires after 2 days

  except e
    when necessary and age is at least 18 or role only victim
    refuse "No."   under C2
      support "Help."
      notify board
)");
}

TEST(Format, ALongConditionGoesOnBelowItsFirstWord) {
  EXPECT_EQ(
      formatted_rules(
          "never n when recipient is enforcement and (role includes any of victim, witness or "
          "ground includes none of nationality, offence, safety) and not (action is call or "
          "channel is any of email, telephone and necessary and leave is any of not_asked, held "
          "and ground is not empty) refuse \"No.\" under C1"),
      R"(never n
  when recipient is enforcement
       and (role includes any of victim, witness
            or ground includes none of nationality, offence, safety)
       and not (action is call
                or channel is any of email, telephone and necessary
                   and leave is any of not_asked, held and ground is not empty)
  refuse "No."   under C1
)");
}

TEST(Format, CommentsStayBesideWhatTheyStandBeside) {
  EXPECT_EQ(
      formatted_rules(
          "\n# a heading\n\n\n# above the rule\nrule r # beside its name\n when # why\n action is "
          "share\n# a line\n   and necessary   # beside\nrefuse \"No.\" under C1,# one\nC2\n# "
          "below it\n\n# last\n"),
      R"(# a heading

# above the rule
rule r  # beside its name
  when  # why
       action is share
       # a line
       and necessary  # beside
  refuse "No."   under C1,  # one
         C2
  # below it

# last
)");
}

TEST(Format, AFileWithFaultsIsNotFormatted) {
  const Formatted out = format_over(policy_text("rule r when nothing permit under C1"), kWords);
  EXPECT_FALSE(out.text);
  ASSERT_FALSE(out.findings.empty());
  EXPECT_NE(out.findings[0].message.find("no attribute"), std::string::npos);
}

TEST(Format, ShippedFilesStayTheSamePolicies) {
  for (const auto& entry : std::filesystem::directory_iterator(packs())) {
    SCOPED_TRACE(entry.path());
    if (entry.path().extension() == ".vocabulary") {
      const std::string words = *read_file(entry.path());
      const std::string once = formatted_words(words);
      EXPECT_EQ(formatted_words(once), once);
      EXPECT_EQ(comments_of(once), comments_of(words));
      continue;
    }
    if (entry.path().extension() != ".policy") continue;
    const Formatted once = format_file(entry.path());
    ASSERT_TRUE(once.text);
    const std::string words = *read_file(packs() / "disclosure-1.vocabulary");
    const Formatted twice = format_over(*once.text, words);
    ASSERT_TRUE(twice.text);
    EXPECT_EQ(*twice.text, *once.text);
    EXPECT_EQ(comments_of(*once.text), comments_of(once.before));
    EXPECT_EQ((*Policy::parse("a", *once.text, "b", formatted_words(words)))->digest(),
              (*Policy::load(entry.path()))->digest());
  }
}

// Empty when the policy, with other blanks and comments, is formatted as it must be.
std::string fault_in_form(const std::string& text, const std::string& words, uint64_t seed) {
  Draw draw(seed);
  const std::string messy = scrambled(text, draw);
  const Formatted once = format_over(messy, words);
  if (!once.text) return "not formatted:\n" + messy;
  if (format_over(*once.text, words).text != once.text) return "not idempotent:\n" + messy;
  if (comments_of(*once.text) != comments_of(messy)) return "comments lost:\n" + messy;
  const std::string before = (*Policy::parse("a", messy, "b", words))->digest();
  const auto after = Policy::parse("a", *once.text, "b", formatted_words(words));
  return (*after)->digest() == before ? "" : "another digest:\n" + messy;
}

RC_GTEST_PROP(Format, DrawnPoliciesHaveOneForm, (uint64_t seed)) {
  Draw draw(seed);
  const std::string words = draw.vocabulary();
  const std::string policy = draw.policy(4);
  RC_ASSERT(fault_in_form(policy, words, seed) == "");
  const std::string messy = scrambled(words, draw);
  const std::string once = formatted_words(messy);
  RC_ASSERT(formatted_words(once) == once);
  RC_ASSERT(comments_of(once) == comments_of(messy));
}

TEST(Format, ScrambledPacksHaveOneForm) {
  const std::string words = *read_file(packs() / "disclosure-1.vocabulary");
  for (const auto& entry : std::filesystem::directory_iterator(packs())) {
    if (entry.path().extension() != ".policy") continue;
    SCOPED_TRACE(entry.path());
    const std::string text = *read_file(entry.path());
    for (uint64_t seed = 0; seed < 5; ++seed) {
      EXPECT_EQ(fault_in_form(text, words, seed), "");
    }
  }
}

}  // namespace
}  // namespace firebreak::policy::testing
