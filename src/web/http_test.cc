// SPDX-License-Identifier: Apache-2.0
#include "web/http.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "web/headers.h"

namespace firebreak::web {
namespace {

boost::asio::awaitable<Response> nothing(Request&) { co_return Response{}; }

Request with_header(std::string name, std::string value) {
  Request request;
  request.headers.push_back({std::move(name), std::move(value)});
  return request;
}

class Routes : public ::testing::Test {
 protected:
  Routes() {
    for (const char* path : {"/", "/v1/things/{name}", "/v1/things/fixed", "/v1/things/{name}/go",
                             "/assets/{file...}"}) {
      router_.add({.method = "GET", .path = path}, nothing);
    }
    router_.add({.method = "POST", .path = "/v1/things/{name}"}, nothing);
  }
  std::string found(std::string_view method, std::string_view path) {
    const Router::Match match = router_.find(method, path);
    return match.route == nullptr ? "" : match.route->path;
  }
  Router router_;
};

TEST_F(Routes, AreFoundByMethodAndPath) {
  EXPECT_EQ(found("GET", "/"), "/");
  EXPECT_EQ(found("GET", "/v1/things/a"), "/v1/things/{name}");
  EXPECT_EQ(found("GET", "/v1/things/a/go"), "/v1/things/{name}/go");
  EXPECT_EQ(found("HEAD", "/v1/things/a"), "/v1/things/{name}");
  EXPECT_EQ(router_.find("GET", "/v1/things/a/go").parameters.at(0).value, "a");
}

TEST_F(Routes, ALiteralPathGoesBeforeAName) {
  EXPECT_EQ(found("GET", "/v1/things/fixed"), "/v1/things/fixed");
}

TEST_F(Routes, OtherPathsAreNotFound) {
  for (const char* path : {"", "//", "/v1", "/v1/things", "/v1/things/", "/v1/things//go",
                           "/v1/things/a/", "/v1/things/a/b", "/V1/things/a", "/assets/"}) {
    EXPECT_EQ(found("GET", path), "") << path;
    EXPECT_EQ(router_.find("GET", path).allow, "") << path;
  }
}

TEST_F(Routes, AnotherMethodIsToldWhichThereAre) {
  const Router::Match match = router_.find("DELETE", "/v1/things/a");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_NE(match.allow.find("GET, HEAD"), std::string::npos);
  EXPECT_NE(match.allow.find("POST"), std::string::npos);
}

TEST_F(Routes, TheRestOfAPathIsOneParameter) {
  const Router::Match match = router_.find("GET", "/assets/a/b.css");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.parameters.at(0).name, "file");
  EXPECT_EQ(match.parameters.at(0).value, "a/b.css");
}

TEST_F(Routes, TwoHandlersForOneRouteAreOurFault) {
  EXPECT_THROW(router_.add({.method = "GET", .path = "/"}, nothing), std::logic_error);
  EXPECT_THROW(router_.add({.method = "GET", .path = "nowhere"}, nothing), std::logic_error);
  EXPECT_THROW(router_.add({.method = "GET", .path = "/{a...}/b"}, nothing), std::logic_error);
}

TEST(Request, ReadsACookieThatStandsOnce) {
  EXPECT_EQ(with_header("cookie", "a=1; session=x=y; b=2").cookie("session"), "x=y");
  EXPECT_EQ(with_header("cookie", "a=1").cookie("session"), std::nullopt);
  EXPECT_EQ(with_header("cookie", "session=1; session=2").cookie("session"), std::nullopt);
  EXPECT_EQ(with_header("cookie", "xsession=1").cookie("session"), std::nullopt);
}

TEST(Request, ReadsAForm) {
  Request request = with_header("content-type", "application/x-www-form-urlencoded");
  request.body = "a=1&b=caf%C3%A9+bar&&c=&d&a=2%26";
  const auto members = request.form_members();
  ASSERT_TRUE(members.ok());
  ASSERT_EQ(members->size(), 5U);
  EXPECT_EQ((*members)[1].value, "caf\xC3\xA9 bar");
  EXPECT_EQ((*members)[3].name, "d");
  EXPECT_EQ((*members)[4].value, "2&");
}

TEST(Request, RefusesAFormThatIsNotOne) {
  for (const char* body : {"a=%", "a=%2", "a=%zz", "%FF=a", "a=%C3", "a=%ED%A0%80", "a=%C0%80",
                           "a=%F4%90%80%80", "a=%E0%80%80"}) {
    Request request = with_header("content-type", "application/x-www-form-urlencoded");
    request.body = body;
    EXPECT_FALSE(request.form_members().ok()) << body;
  }
  Request request = with_header("content-type", "multipart/form-data");
  EXPECT_FALSE(request.form_members().ok());
  Request many = with_header("content-type", "application/x-www-form-urlencoded");
  for (int i = 0; i < 300; ++i) many.body += "a=1&";
  EXPECT_FALSE(many.form_members().ok());
}

TEST(Problem, SaysWhatIsWrongWhereAndWhatToDo) {
  const Response response =
      problem({ErrorCode::bad_input, "There is no such value.", "facts.role", "Use victim."});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/problem+json");
  const Json body = Json::parse(response.body);
  EXPECT_EQ(body, (Json{{"title", "Bad request"},
                        {"status", 400},
                        {"code", "bad_input"},
                        {"detail", "There is no such value."},
                        {"where", "facts.role"},
                        {"action", "Use victim."}}));
}

TEST(Problem, ChallengesWhoIsNotSignedIn) {
  const Response response = problem({ErrorCode::unauthorised, "Nobody is signed in.", {}, {}});
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_EQ(response.headers[0].name, "WWW-Authenticate");
}

TEST(Problem, ReplacesWhatIsNotUtf8) { EXPECT_TRUE(Json::accept(problem(bad_input("\xFF")).body)); }

TEST(Cookies, AreStrictAndBoundToTheHostWhenSecure) {
  EXPECT_EQ(set_cookie("s", "v", true).value,
            "__Host-s=v; Path=/; HttpOnly; SameSite=Strict; Secure");
  EXPECT_EQ(set_cookie("s", "v", false).value, "s=v; Path=/; HttpOnly; SameSite=Strict");
  EXPECT_NE(set_cookie("s", "", true).value.find("Max-Age=0"), std::string::npos);
}

std::string value_in(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& header : headers)
    if (header.name == name) return header.value;
  return "";
}

TEST(SecurityHeaders, OfPagesAreThoseOfTheDesign) {
  const auto& headers = security_headers(Audience::page, true);
  EXPECT_EQ(value_in(headers, "Content-Security-Policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src "
            "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            "require-trusted-types-for 'script'");
  EXPECT_EQ(value_in(headers, "Cache-Control"), "no-store");
  EXPECT_EQ(value_in(headers, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(value_in(headers, "Cross-Origin-Opener-Policy"), "same-origin");
  EXPECT_EQ(value_in(headers, "Cross-Origin-Embedder-Policy"), "require-corp");
  EXPECT_EQ(value_in(headers, "Cross-Origin-Resource-Policy"), "same-origin");
  EXPECT_EQ(value_in(headers, "Referrer-Policy"), "no-referrer");
  EXPECT_NE(value_in(headers, "Permissions-Policy"), "");
  EXPECT_NE(value_in(headers, "Strict-Transport-Security"), "");
}

TEST(SecurityHeaders, OfTheApiForbidKeepingAndSniffing) {
  const auto& headers = security_headers(Audience::api, false);
  EXPECT_EQ(value_in(headers, "Cache-Control"), "no-store");
  EXPECT_EQ(value_in(headers, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(value_in(headers, "Strict-Transport-Security"), "");
  EXPECT_EQ(value_in(security_headers(Audience::asset, false), "Cache-Control"), "");
}

}  // namespace
}  // namespace firebreak::web
