// SPDX-License-Identifier: Apache-2.0
#include "identity/oidc/settings.h"

#include <gtest/gtest.h>

namespace firebreak::identity::oidc {
namespace {

Settings sound_settings() {
  return {"https://id.force.example/realms/force",
          "firebreak",
          "a secret",
          "https://firebreak.force.example/sign-in/oidc/callback",
          "groups",
          {{"fb-officers", "officer"}, {"fb-desk", "referral_desk"}, {"fb-desk", "officer"}}};
}

std::string url_verdict(const std::string& url) {
  const auto checked = check_url(url, "here");
  return checked ? "" : checked.error().message;
}

using Roles = std::vector<std::string>;

Roles roles_for(const Json& groups) {
  const auto roles = roles_from({{"groups", groups}}, sound_settings());
  return roles ? *roles : Roles{roles.error().message};
}

TEST(OidcUrl, IsHttpsOrOfThisMachine) {
  for (const char* good : {"https://id.force.example", "https://id.force.example:8443/a?b=c",
                           "http://127.0.0.1:9000/a", "http://localhost", "http://[::1]:9000/"})
    EXPECT_EQ(url_verdict(good), "") << good;
  for (const char* clear : {"http://id.force.example", "ftp://127.0.0.1/", "file:///etc/passwd",
                            "http://127.0.0.1.force.example/", "http://localhost.force.example"})
    EXPECT_EQ(url_verdict(clear), "Sign-in may not travel in the clear.") << clear;
  for (const char* odd : {"https://a@id.force.example", "https://a:b@id.force.example",
                          "https://id.force.example/#a", "https://id.force.example#"})
    EXPECT_EQ(url_verdict(odd), "A URL of sign-in has no user name, password or fragment.") << odd;
  for (const char* none : {"", "id.force.example", "https://", "https://a b/", "https://é.example/",
                           "https://a/\r\nX: y", "//id.force.example"})
    EXPECT_EQ(url_verdict(none), "This is not a URL.") << none;
}

TEST(OidcSettings, AreCheckedWhole) {
  EXPECT_TRUE(check_settings(sound_settings()));
  const auto where = [](auto change) {
    Settings settings = sound_settings();
    change(settings);
    const auto checked = check_settings(settings);
    return checked ? "" : checked.error().where;
  };
  EXPECT_EQ(where([](Settings& s) { s.issuer = "http://id.force.example"; }),
            "[sign_in.oidc] issuer");
  EXPECT_EQ(where([](Settings& s) { s.issuer += "?a"; }), "[sign_in.oidc] issuer");
  EXPECT_EQ(where([](Settings& s) { s.redirect_uri = ""; }), "[sign_in.oidc] redirect");
  EXPECT_EQ(where([](Settings& s) { s.client_id = ""; }), "[sign_in.oidc] client_id");
  EXPECT_EQ(where([](Settings& s) { s.client_secret = ""; }), "[sign_in.oidc] client_secret_file");
  EXPECT_EQ(where([](Settings& s) { s.roles_claim = ""; }), "[sign_in.oidc] claim");
  EXPECT_EQ(where([](Settings& s) { s.roles.clear(); }), "[sign_in.oidc.roles]");
  EXPECT_EQ(where([](Settings& s) { s.roles.emplace("fb-x", "chief_constable"); }),
            "[sign_in.oidc.roles] fb-x");
}

TEST(OidcRoles, ComeFromTheGroupsThatTheForceNames) {
  EXPECT_EQ(roles_for("fb-officers"), Roles{"officer"});
  EXPECT_EQ(roles_for({"fb-officers", "unknown", "fb-officers"}), Roles{"officer"});
  EXPECT_EQ(roles_for({"fb-desk"}), (Roles{"officer", "referral_desk"}));
}

TEST(OidcRoles, AreNeverGuessed) {
  const Roles none{"Your account is in no group that gives a role here."};
  EXPECT_EQ(roles_for(Json::array()), none);
  EXPECT_EQ(roles_for("officer"), none);
  EXPECT_EQ(roles_for({"FB-OFFICERS", "fb-officers ", "fb-officers,fb-desk"}), none);
  EXPECT_EQ(roles_for("fb-officers fb-desk"), none);
  const auto absent = roles_from({{"roles", "fb-officers"}}, sound_settings());
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::forbidden);
  EXPECT_EQ(absent.error().action,
            "Ask your administrator to put it into one of the groups that Firebreak uses.");
}

TEST(OidcRoles, OfAClaimThatCannotBeReadAreRefused) {
  const Roles unreadable{"The sign-in provider's claim for roles is neither a text nor texts."};
  for (const Json& value :
       {Json(7), Json(nullptr), Json{{"fb-officers", true}}, Json::array({"fb-officers", 7})})
    EXPECT_EQ(roles_for(value), unreadable) << value;
}

TEST(OidcRoles, LeftOutForTheirNumberAreToldApart) {
  const auto roles = roles_from({{"_claim_names", {{"groups", "src1"}}}}, sound_settings());
  ASSERT_FALSE(roles);
  EXPECT_EQ(roles.error().message,
            "Your account is in so many groups that the sign-in provider leaves them out.");
}

}  // namespace
}  // namespace firebreak::identity::oidc
