// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/reply.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "channel/mail/address.h"

namespace firebreak::mail {
namespace {

std::string described(std::initializer_list<const char*> lines) {
  ReplyReader reader;
  for (const char* line : lines) {
    EXPECT_FALSE(reader.complete());
    reader.add(line);
  }
  EXPECT_TRUE(reader.complete());
  return describe(reader.reply());
}

TEST(Reply, KeepsCodesAndQueueIds) {
  EXPECT_EQ(described({"250 2.0.0 Ok: queued as 4Z1nGk3kVxz\r\n"}),
            "250 2.0.0 queue id 4Z1nGk3kVxz");
  EXPECT_EQ(described({"250 OK id=1tEkQ2-0001Ab-2C\r\n"}), "250 queue id 1tEkQ2-0001Ab-2C");
  EXPECT_EQ(
      described({"250 2.6.0 <ref_1@police.example> [InternalId=1234567, Hostname=A.B] 12 bytes "
                 "Queued mail for delivery\r\n"}),
      "250 2.6.0 queue id 1234567");
  EXPECT_EQ(described({"250 Ok\r\n"}), "250");
  EXPECT_EQ(described({"550-5.7.1 Message refused\r\n", "550 5.7.1 by policy\r\n"}),
            "550 5.7.1 message refused ... policy");
  EXPECT_EQ(described({"451\r\n"}), "451");
}

TEST(Reply, LeavesOutWhatCouldBePersonal) {
  EXPECT_EQ(described({"550 5.1.1 <zoe.example@enforcement.example>: Recipient address rejected: "
                       "User unknown in virtual mailbox table\r\n"}),
            "550 5.1.1 ... recipient address rejected user unknown in virtual");
  EXPECT_EQ(described({"554 5.7.1 Message contains \"Zoe Example, 1990-01-02\"\r\n"}),
            "554 5.7.1 message ...");
  EXPECT_EQ(described({"250 2.0.0 Ok: queued as Zoe\r\n"}), "250 2.0.0");
}

TEST(Reply, WhatIsNoReplyHasCodeNought) {
  ReplyReader reader;
  for (const char* line : {"banana\r\n", "\r\n", "12\r\n", "999 x\r\n", "2x0 ok\r\n"}) {
    reader.add(line);
    ASSERT_TRUE(reader.complete()) << line;
    EXPECT_EQ(reader.reply().code, 0) << line;
  }
  reader.add("250-more\r\n");
  EXPECT_FALSE(reader.complete());
}

// register/dispatch_queue.h keeps a detail only in this form.
RC_GTEST_PROP(Reply, TheDescriptionAlwaysFitsTheRecord, (const std::vector<std::string>& lines)) {
  ReplyReader reader;
  for (const std::string& line : lines) reader.add("250-" + line);
  reader.add("550 5.7.1 queued as A1B2C3 mailbox mailbox mailbox mailbox mailbox unavailable");
  for (const int code : {250, 451, 550}) {
    const std::string text = describe({code, reader.reply().text});
    RC_ASSERT(text.size() <= 64U);
    for (const char c : text) {
      RC_ASSERT((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                std::string_view("._:- ").find(c) != std::string_view::npos);
    }
  }
}

TEST(Address, OnlyPlainOnes) {
  for (const char* good : {"a@b.example", "first.last+tag@sub.domain.example", "x_y-z@b"})
    EXPECT_TRUE(is_address(good)) << good;
  const std::string long_part(65, 'a');
  const std::string long_label = "a@" + std::string(64, 'b') + ".example";
  const std::string long_whole = "a@" + std::string(260, 'b');
  const std::string nul("a@b.example\0", 12);
  for (const std::string& bad : {std::string(),
                                 std::string("@"),
                                 std::string("a@"),
                                 std::string("@b"),
                                 std::string("a"),
                                 std::string("a@b@c"),
                                 std::string("a b@c"),
                                 std::string("a@b c"),
                                 std::string("<a@b>"),
                                 std::string("a@b\n"),
                                 std::string("a@b\r\nDATA"),
                                 std::string(".a@b"),
                                 std::string("a.@b"),
                                 std::string("a..b@c"),
                                 std::string("a@.b"),
                                 std::string("a@b."),
                                 std::string("a@-b"),
                                 std::string("a@b-"),
                                 std::string("\"a\"@b"),
                                 std::string("a@[127.0.0.1]"),
                                 std::string("a(x)@b"),
                                 std::string("\xc3\xa9@b"),
                                 std::string("a@b,c@d"),
                                 long_part + "@b",
                                 long_label,
                                 long_whole,
                                 nul}) {
    EXPECT_FALSE(is_address(bad)) << bad;
  }
}

}  // namespace
}  // namespace firebreak::mail
