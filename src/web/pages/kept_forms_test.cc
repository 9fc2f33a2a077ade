// SPDX-License-Identifier: Apache-2.0
#include "web/pages/kept_forms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "web/pages/form_filler.h"

namespace firebreak::web {
namespace {

using namespace std::chrono_literals;

struct KeptFormsTest : testing::Test {
  ManualClock clock{*parse_instant("2026-11-22T09:00:00Z")};
  KeptForms kept{clock};
  const KeptForm form{"person_a", "/referrals/ref_x", true, {{"reason", "as typed"}}};
};

TEST_F(KeptFormsTest, ComesBackToTheSamePersonOnce) {
  ASSERT_TRUE(kept.keep("old", form));
  EXPECT_FALSE(kept.hand_over("other", "person_a", "new"));  // another browser
  const auto handed = kept.hand_over("old", "person_a", "new");
  ASSERT_TRUE(handed);
  EXPECT_EQ(handed->path, "/referrals/ref_x");
  EXPECT_FALSE(kept.look("old"));
  EXPECT_EQ(kept.take("new")->members[0].value, "as typed");
  EXPECT_FALSE(kept.take("new"));
}

TEST_F(KeptFormsTest, NeverToAnotherPersonAndNotToThemLater) {
  ASSERT_TRUE(kept.keep("old", form));
  EXPECT_FALSE(kept.hand_over("old", "person_b", "new"));
  EXPECT_FALSE(kept.look("new"));
  EXPECT_FALSE(kept.hand_over("old", "person_a", "newer"));  // it went for good
}

TEST_F(KeptFormsTest, IsForgottenAfterAWhileAndKeepsItsBounds) {
  ASSERT_TRUE(kept.keep("old", form));
  clock.advance(15min);
  EXPECT_FALSE(kept.hand_over("old", "person_a", "new"));
  KeptForm large = form;
  large.members = {{"reason", std::string(KeptForms::kMaxBytes, 'x')}};
  EXPECT_FALSE(kept.keep("large", large));
  ASSERT_TRUE(kept.keep("first", form));
  for (size_t i = 0; i < KeptForms::kMost; ++i) {
    clock.advance(1us);
    ASSERT_TRUE(kept.keep(std::to_string(i), form));
  }
  EXPECT_FALSE(kept.look("first"));
  EXPECT_TRUE(kept.look("0"));
}

std::string filled(const std::string& inner, const std::vector<Header>& members) {
  const std::string page = "<p>a</p><form method=\"post\" action=\"/here\" novalidate>" + inner +
                           "</form><form action=\"/there\"><input name=\"a\"></form>";
  const auto out = fill_form(page, "/here", members);
  if (!out) return "no form";
  const auto begin = out->find("novalidate>") + 11;
  EXPECT_TRUE(out->ends_with("</form><form action=\"/there\"><input name=\"a\"></form>"));
  return out->substr(begin, out->find("</form>") - begin);
}

TEST(FormFiller, PutsWhatWasTypedWhereItWasTyped) {
  EXPECT_EQ(filled("<input class=\"x\" name=\"a\" type=\"text\" value=\"old\">", {{"a", "new"}}),
            "<input class=\"x\" name=\"a\" type=\"text\" value=\"new\">");
  EXPECT_EQ(filled("<input name=\"a\"><input name=\"a\">", {{"a", "1"}, {"a", "2"}}),
            "<input name=\"a\" value=\"1\"><input name=\"a\" value=\"2\">");
  EXPECT_EQ(filled("<textarea name=\"a\" rows=\"5\">old</textarea>", {{"a", "x\ny"}}),
            "<textarea name=\"a\" rows=\"5\">\nx\ny</textarea>");
  EXPECT_EQ(filled("<input type=\"radio\" name=\"a\" value=\"1\" checked><input type=\"radio\" "
                   "name=\"a\" value=\"2\">",
                   {{"a", "2"}}),
            "<input type=\"radio\" name=\"a\" value=\"1\"><input type=\"radio\" name=\"a\" "
            "value=\"2\" checked>");
  EXPECT_EQ(filled("<select name=\"a\"><option value=\"1\" selected>One</option><option "
                   "value=\"2\">Two</option></select>",
                   {{"a", "2"}}),
            "<select name=\"a\"><option value=\"1\">One</option><option value=\"2\" "
            "selected>Two</option></select>");
}

TEST(FormFiller, LeavesTokensPasswordsAndButtonsAlone) {
  const std::string inner =
      "<input type=\"hidden\" name=\"csrf\" value=\"t\"><input type=\"password\" name=\"p\">"
      "<button name=\"b\" value=\"1\">Go</button>";
  EXPECT_EQ(filled(inner, {{"csrf", "stolen"}, {"p", "secret"}, {"b", "2"}}), inner);
  EXPECT_EQ(filled("<input name=\"a\" value=\"old\">", {}), "<input name=\"a\" value=\"old\">");
  EXPECT_FALSE(fill_form("<form action=\"/here\"></form>", "/elsewhere", {}));
  EXPECT_FALSE(fill_form("", "/here", {}));
}

TEST(FormFiller, NothingTypedBecomesPartOfThePage) {
  const std::string poison = "\"><script>alert(1)</script></textarea>' onfocus='x";
  for (const char* inner :
       {"<input name=\"a\">", "<textarea name=\"a\"></textarea>",
        "<input type=\"checkbox\" name=\"a\" value=\"1\">", "<select name=\"a\"></select>"}) {
    const std::string out = filled(inner, {{"a", poison}});
    EXPECT_EQ(out.find("<script"), std::string::npos) << out;
    EXPECT_EQ(std::count(out.begin(), out.end(), '<'),
              std::count(inner, inner + std::strlen(inner), '<'))
        << out;
    EXPECT_EQ(out.find("onfocus='"), std::string::npos) << out;
  }
}

// Whatever the page and whatever was typed: no fault, and nothing outside the form changes.
TEST(FormFiller, BrokenPagesAreLeftStanding) {
  const std::string page =
      "<form action=\"/here\"><input name=\"a\" value=\"b\"><textarea name=\"c\">d</textarea>";
  for (size_t length = 0; length <= page.size(); ++length)
    static_cast<void>(fill_form(page.substr(0, length), "/here", {{"a", "x"}, {"c", "y"}}));
}

}  // namespace
}  // namespace firebreak::web
