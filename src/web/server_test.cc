// SPDX-License-Identifier: Apache-2.0
#include "web/server.h"

#include <gtest/gtest.h>

#include <thread>

#include "web/testing/raw_client.h"
#include "web/testing/small_site.h"

namespace firebreak::web {
namespace {

using namespace std::chrono_literals;

constexpr const char* kPing = "GET /ping HTTP/1.1\r\nHost: a\r\n\r\n";

ServeOptions with(Deadlines deadlines) { return {.threads = 2, .deadlines = deadlines}; }

TEST(Server, AnswersManyRequestsOnOneConnection) {
  SmallSite site;
  RawClient client(site.port());
  for (int i = 0; i < 20; ++i) {
    client.send(kPing);
    EXPECT_EQ(status_of(client.read_answer(3s)), 200);
  }
}

TEST(Server, AnswersPipelinedRequestsEachAndInOrder) {
  SmallSite site;
  RawClient client(site.port());
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += "POST /echo HTTP/1.1\r\nHost: a\r\nX-Request-ID: r" + std::to_string(i) +
           "\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n";
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    const std::string answer = client.read_answer(3s);
    EXPECT_NE(answer.find("X-Request-ID: r" + std::to_string(i) + "\r\n"), std::string::npos);
    EXPECT_EQ(body_of(answer), "body");
  }
}

TEST(Server, TakesARequestByteByByte) {
  SmallSite site;
  RawClient client(site.port());
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
  for (const char c : request) client.send({&c, 1});
  EXPECT_EQ(body_of(client.read_to_end(3s)), "hello");
}

TEST(Server, AnswersHeadWithoutABody) {
  SmallSite site;
  RawClient client(site.port());
  client.send("HEAD /ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string answer = client.read_to_end(3s);
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_NE(answer.find("Content-Length: 11"), std::string::npos);
  EXPECT_EQ(body_of(answer), "");
}

TEST(Server, Says100ContinueOnlyWhenItWantsTheBody) {
  SmallSite site;
  RawClient wanted(site.port());
  wanted.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(status_of(wanted.read_answer(3s)), 100);
  wanted.send("ok");
  EXPECT_EQ(body_of(wanted.read_answer(3s)), "ok");
  RawClient refused(site.port());
  refused.send(
      "POST /ask HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(status_of(refused.read_answer(3s)), 401);
}

TEST(Server, HoldsARouteToItsOwnBodyLimit) {
  SmallSite site;
  for (const std::string& body :
       {"Content-Length: 101\r\n\r\n" + std::string(101, 'a'),
        "Transfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'a') + "\r\n0\r\n\r\n"}) {
    RawClient client(site.port());
    client.send("POST /small HTTP/1.1\r\nHost: a\r\n" + body);
    EXPECT_EQ(status_of(client.read_to_end(3s)), 413);
  }
  RawClient client(site.port());
  client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" +
              std::string(100, 'a'));
  EXPECT_EQ(status_of(client.read_answer(3s)), 200);
}

TEST(Server, CutsASlowHeaderASlowBodyAndAnIdleConnection) {
  SmallSite site(with({.idle = 600ms, .header = 300ms, .body = 300ms}));
  RawClient header(site.port());
  RawClient body(site.port());
  RawClient idle(site.port());
  header.send("GET /ping HTTP/1.1\r\nHost:");
  body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
  EXPECT_EQ(status_of(header.read_to_end(3s)), 408);
  EXPECT_EQ(status_of(body.read_to_end(3s)), 408);
  EXPECT_TRUE(idle.closed(3s));
}

TEST(Server, ABodyThatDripsIsCutThoughItNeverStops) {
  SmallSite site(with({.body = 500ms}));
  RawClient client(site.port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const auto begun = std::chrono::steady_clock::now();
  bool open = true;
  while (open && std::chrono::steady_clock::now() - begun < 10s) {
    open = client.send("1\r\na\r\n");
    if (open && client.read_to_end(50ms).starts_with("HTTP/1.1 408")) break;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST(Server, FortySlowHeadersDoNotStarveTheOthers) {
  SmallSite site;
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 40; ++i) {
    slow.push_back(std::make_unique<RawClient>(site.port()));
    slow.back()->send("GET /ping HT");
  }
  RawClient client(site.port());
  client.send(kPing);
  EXPECT_EQ(status_of(client.read_answer(3s)), 200);
}

TEST(Server, RefusesConnectionsOverItsCap) {
  SmallSite site({.max_connections = 2});
  RawClient first(site.port());
  RawClient second(site.port());
  for (RawClient* client : {&first, &second}) {
    client->send(kPing);
    EXPECT_EQ(status_of(client->read_answer(3s)), 200);
  }
  RawClient third(site.port());
  EXPECT_TRUE(third.read_to_end(3s).starts_with("HTTP/1.1 503"));
}

TEST(Server, FinishesTheRequestInHandWhenItStops) {
  SmallSite site;
  RawClient idle(site.port());
  idle.send(kPing);
  idle.read_answer(3s);
  RawClient client(site.port());
  client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  while (!site.slow_begun()) std::this_thread::sleep_for(1ms);
  std::thread stopping([&] { site.server().stop(); });
  const std::string answer = client.read_to_end(3s);
  stopping.join();
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(idle.closed(1s));
  EXPECT_FALSE(RawClient(site.port()).connected());
}

TEST(Server, AHandlersFaultIsA500AndTheNextRequestIsServed) {
  SmallSite site;
  RawClient client(site.port());
  client.send("GET /fault HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(status_of(client.read_answer(3s)), 500);
  client.send(kPing);
  EXPECT_EQ(status_of(client.read_answer(3s)), 200);
  EXPECT_NE(site.logged().find("handler.fault"), std::string::npos);
}

TEST(Server, SaysWhyItCannotListen) {
  SmallSite site;
  SystemClock clock;
  Log log(clock, Log::Level::error);
  Server taken(site.site(), log, {.port = site.port()});
  const auto started = taken.start();
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code, ErrorCode::unavailable);
  EXPECT_FALSE(Server(site.site(), log, {.address = "nowhere"}).start().ok());
}

TEST(Server, LogsTheRouteAndNothingThatWasAsked) {
  SmallSite site;
  RawClient client(site.port());
  client.send(
      "POST /release/ref_secret?name=secret HTTP/1.1\r\nHost: secret\r\n"
      "Authorization: Bearer officer\r\nX-Request-ID: secret\r\nConnection: close\r\n"
      "Content-Type: text/secret\r\nContent-Length: 6\r\n\r\nsecret");
  EXPECT_EQ(status_of(client.read_to_end(3s)), 403);
  site.server().stop();
  const std::string lines = site.logged();
  EXPECT_EQ(lines.find("secret"), std::string::npos) << lines;
  EXPECT_NE(lines.find("/release/{ref}"), std::string::npos) << lines;
  std::istringstream each(lines);
  for (std::string line; std::getline(each, line);) EXPECT_TRUE(Json::accept(line)) << line;
}

}  // namespace
}  // namespace firebreak::web
