// SPDX-License-Identifier: Apache-2.0
// The usual table of hostile requests, and what else a stranger may send: each is refused
// with a reason, the connection closed, and the server goes on.
#include <gtest/gtest.h>

#include "web/testing/raw_client.h"
#include "web/testing/small_site.h"

namespace firebreak::web {
namespace {

using namespace std::chrono_literals;

struct Hostile {
  const char* name;
  std::string request;
  int status;
};

// One server for the whole table: none of them may hurt the next.
SmallSite& shared_site() {
  static SmallSite site;
  return site;
}

std::string post(const std::string& headers, const std::string& body) {
  return "POST /echo HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}

class HostileRequests : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileRequests, AreRefusedAndTheConnectionIsClosed) {
  RawClient client(shared_site().port());
  // A second request behind the first: if it were answered, a request had been smuggled.
  client.send(GetParam().request + "GET /ping HTTP/1.1\r\nHost: a\r\n\r\n");
  client.finish_sending();
  const std::string answers = client.read_to_end(3s);
  EXPECT_EQ(status_of(answers), GetParam().status) << answers;
  EXPECT_EQ(answers.find("Date: "), answers.rfind("Date: ")) << "two answers: " << answers;
  EXPECT_NE(answers.find("Connection: close"), std::string::npos);
  EXPECT_NE(answers.find("application/problem+json"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Edge, HostileRequests,
    ::testing::Values(
        Hostile{"length_and_chunked",
                post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
        Hostile{"chunked_and_length",
                post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400},
        Hostile{"two_lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"), 400},
        Hostile{"same_length_twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"),
                400},
        Hostile{"list_of_lengths", post("Content-Length: 5, 5\r\n", "hello"), 400},
        Hostile{"plus_length", post("Content-Length: +5\r\n", "hello"), 400},
        Hostile{"negative_length", post("Content-Length: -5\r\n", "hello"), 400},
        Hostile{"huge_length", post("Content-Length: 99999999999999999999999\r\n", "hello"), 400},
        Hostile{"hex_length", post("Content-Length: 0x5\r\n", "hello"), 400},
        Hostile{"http_1_0_chunked",
                "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                505},
        Hostile{"http_1_0", "GET /ping HTTP/1.0\r\nHost: a\r\n\r\n", 505},
        Hostile{"http_0_9", "GET /ping\r\n\r\n", 400},
        Hostile{"http_2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        Hostile{"xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400},
        Hostile{"chunked_twice",
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                400},
        Hostile{"gzip_chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400},
        Hostile{"chunked_identity", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
                400},
        Hostile{"bare_lf_in_chunk", post("Transfer-Encoding: chunked\r\n", "5\nhello\r\n0\r\n\r\n"),
                400},
        Hostile{"lf_in_chunk_extension",
                post("Transfer-Encoding: chunked\r\n", "5;a\nx\r\nhello\r\n0\r\n\r\n"), 400},
        Hostile{"chunk_size_overflow",
                post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
                400},
        Hostile{"space_before_colon", "GET /ping HTTP/1.1\r\nHost : a\r\n\r\n", 400},
        Hostile{"nul_in_header",
                std::string("GET /ping HTTP/1.1\r\nHost: a\r\nX: a") + '\0' + "b\r\n\r\n", 400},
        Hostile{"bare_lf_lines", "GET /ping HTTP/1.1\nHost: a\n\n", 505},
        Hostile{"lengths_after_a_folded_header",
                "GET /ping HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n"
                "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
                400},
        Hostile{"no_host", "GET /ping HTTP/1.1\r\n\r\n", 400},
        Hostile{"two_hosts", "GET /ping HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        Hostile{"host_with_user", "GET /ping HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
        Hostile{"host_with_markup", "GET /ping HTTP/1.1\r\nHost: a\"><b\r\n\r\n", 400},
        Hostile{"absolute_target", "GET http://b/ping HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Hostile{"asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Hostile{"connect", "CONNECT b:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Hostile{"dot_segment", "GET /a/../ping HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Hostile{"encoded_dot_segment", "GET /a/%2E%2e/ping HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Hostile{"fragment", "GET /ping#a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Hostile{"two_authorizations",
                "GET /ping HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\n"
                "Authorization: Bearer b\r\n\r\n",
                400},
        Hostile{"compressed", post("Content-Encoding: gzip\r\nContent-Length: 1\r\n", "a"), 400},
        Hostile{"unknown_expectation", post("Expect: 200-ok\r\nContent-Length: 1\r\n", "a"), 417},
        Hostile{"big_header",
                "GET /ping HTTP/1.1\r\nHost: a\r\nX-A: " + std::string(100'000, 'a') + "\r\n\r\n",
                431},
        Hostile{"many_headers",
                [] {
                  std::string text = "GET /ping HTTP/1.1\r\nHost: a\r\n";
                  for (int i = 0; i < 5000; ++i) text += "X-" + std::to_string(i) + ": a\r\n";
                  return text + "\r\n";
                }(),
                431},
        Hostile{"long_target", "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
                431},
        Hostile{
            "long_request_id",
            "GET /ping HTTP/1.1\r\nHost: a\r\nX-Request-ID: " + std::string(2000, 'a') + "\r\n\r\n",
            400},
        Hostile{"declared_too_large",
                post("Content-Length: 10485760\r\n", std::string(70'000, 'a')), 413},
        Hostile{"chunk_too_large",
                post("Transfer-Encoding: chunked\r\n", "a00000\r\n" + std::string(70'000, 'a')),
                413},
        Hostile{"not_http", "\x16\x03\x01\x02\x7f\x01\x01\x01\xfc\x03\x03\r\n\r\n", 400},
        Hostile{"bad_method", "G(T /ping HTTP/1.1\r\nHost: a\r\n\r\n", 400}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Hostile, TheServerStillAnswersAfterAllOfIt) {
  RawClient client(shared_site().port());
  client.send("GET /ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(status_of(client.read_to_end(3s)), 200);
}

TEST(Hostile, TenMegabytesAreAnswered413ToASenderWhoDoesNotListen) {
  RawClient client(shared_site().port());
  client.send(
      "POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Content-Length: 10485760\r\n\r\n");
  const std::string block(size_t{1} << 20, ' ');
  for (int i = 0; i < 10; ++i) client.send(block);
  EXPECT_EQ(status_of(client.read_to_end(3s)), 413);
}

TEST(Hostile, ABodyThatNeverEndsIsCutAt413) {
  RawClient client(shared_site().port());
  client.send("POST /json HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "1000\r\n" + std::string(0x1000, 'a') + "\r\n";
  size_t sent = 0;
  while (sent < (size_t{256} << 20) && client.send(chunk)) sent += chunk.size();
  EXPECT_LT(sent, size_t{256} << 20) << "the server took a body without end";
  RawClient next(shared_site().port());
  next.send("GET /ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(status_of(next.read_to_end(3s)), 200);
}

std::string send_json(const std::string& type, const std::string& body) {
  RawClient client(shared_site().port());
  client.send("POST /json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + type +
              "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  return client.read_to_end(3s);
}

TEST(Hostile, BodiesThatAreNotJsonAreAnswered400) {
  const std::string type = "Content-Type: application/json\r\n";
  EXPECT_EQ(status_of(send_json(type, "{\"a\": 1}")), 200);
  EXPECT_EQ(status_of(send_json("Content-Type: Application/JSON; charset=UTF-8\r\n", "{}")), 200);
  EXPECT_EQ(status_of(send_json(type, "")), 400);
  EXPECT_EQ(status_of(send_json(type, "{")), 400);
  EXPECT_EQ(status_of(send_json(type, "{} {}")), 400);
  EXPECT_EQ(status_of(send_json(type, "{\"a\": 1, \"a\": 2}")), 400);
  EXPECT_EQ(status_of(send_json(type, "\"\xC3\x28\"")), 400);
  EXPECT_EQ(status_of(send_json(type, std::string(10'000, '[') + std::string(10'000, ']'))), 400);
  EXPECT_EQ(status_of(send_json("", "{}")), 400);
  EXPECT_EQ(status_of(send_json("Content-Type: text/plain\r\n", "{}")), 400);
  EXPECT_EQ(status_of(send_json("Content-Type: application/json; charset=latin1\r\n", "{}")), 400);
  EXPECT_EQ(status_of(send_json("Content-Type: application/jsonp\r\n", "{}")), 400);
}

}  // namespace
}  // namespace firebreak::web
