// SPDX-License-Identifier: Apache-2.0
#include "web/site.h"

#include <gtest/gtest.h>

#include "web/log.h"
#include "web/testing/small_site.h"

namespace firebreak::web {
namespace {

class Admission : public ::testing::Test {
 protected:
  int status(const std::string& method, const std::string& path, const std::string& token = "",
             std::vector<Header> headers = {}) {
    Request request;
    request.method = method;
    request.path = path;
    request.headers = std::move(headers);
    request.headers.push_back({"host", "police.example"});
    if (!token.empty()) request.headers.push_back({"authorization", "Bearer " + token});
    const Site::Admission admission = site_.site().admit(request);
    return admission.refusal ? admission.refusal->status : 200;
  }
  SmallSite site_;
};

TEST_F(Admission, AsksForAKnownTokenAndTheRouteSRight) {
  EXPECT_EQ(status("GET", "/ping"), 200);
  EXPECT_EQ(status("POST", "/ask"), 401);
  EXPECT_EQ(status("POST", "/ask", "stranger"), 401);
  EXPECT_EQ(status("POST", "/ask", "officer"), 200);
  EXPECT_EQ(status("POST", "/ask", "machine"), 200);
  EXPECT_EQ(status("POST", "/release/ref_1", "officer"), 403);
  EXPECT_EQ(status("POST", "/release/ref_1", "machine"), 403);
}

TEST_F(Admission, WhoMustChangeAPasswordDoesNothingElse) {
  EXPECT_EQ(status("POST", "/ask", "new"), 403);
  EXPECT_EQ(status("GET", "/ping", "new"), 200);
}

TEST_F(Admission, APagesCookieDoesNotOpenTheApi) {
  EXPECT_EQ(status("POST", "/ask", "", {{"cookie", "session=officer"}}), 401);
}

TEST_F(Admission, UnknownPathsAndMethodsAreSaid) {
  EXPECT_EQ(status("GET", "/nowhere"), 404);
  EXPECT_EQ(status("GET", "/ask", "officer"), 405);
}

TEST_F(Admission, AFormFromAnotherSiteIsRefused) {
  EXPECT_EQ(status("POST", "/form", "", {{"origin", "https://evil.example"}}), 403);
  EXPECT_EQ(status("POST", "/form", "", {{"origin", "evil"}}), 403);
  EXPECT_EQ(status("POST", "/form", "", {{"sec-fetch-site", "cross-site"}}), 403);
  EXPECT_EQ(status("POST", "/form", "", {{"sec-fetch-site", "same-site"}}), 403);
  EXPECT_EQ(status("POST", "/form", "", {{"origin", "https://police.example"}}), 200);
  EXPECT_EQ(status("POST", "/form", "", {{"origin", "null"}, {"sec-fetch-site", "same-origin"}}),
            200);
  EXPECT_EQ(status("POST", "/form", ""), 200);
}

TEST(BearerToken, IsReadFromItsHeaderAlone) {
  EXPECT_EQ(bearer_token("Bearer abc"), "abc");
  EXPECT_EQ(bearer_token("bearer   a-b_c.~+/="), "a-b_c.~+/=");
  for (const char* text : {"", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearer a,b",
                           "Bearer \xC3\xA9", "Bearerabc"}) {
    EXPECT_EQ(bearer_token(text), std::nullopt) << text;
  }
}

TEST(LogLines, AreOneJsonObjectEachWhateverIsPutIn) {
  std::ostringstream lines;
  ManualClock clock(Instant{});
  Log log(clock, Log::Level::info, lines);
  log.event(Log::Level::info, "a", {{"name", "\"}\n{\"event\":\"forged\" {} %v \xFF"}});
  log.event(Log::Level::debug, "not written");
  std::istringstream each(lines.str());
  std::string line;
  std::getline(each, line);
  const Json read = Json::parse(line);
  EXPECT_EQ(read.at("event"), "a");
  EXPECT_EQ(read.at("at"), "1970-01-01T00:00:00.000000Z");
  EXPECT_FALSE(std::getline(each, line));
}

}  // namespace
}  // namespace firebreak::web
