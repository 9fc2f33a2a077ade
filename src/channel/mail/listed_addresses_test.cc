// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/listed_addresses.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace firebreak::mail {
namespace {

using record::Destination;

std::vector<Destination> registered() {
  Destination desk{.id = "desk",
                   .recipient = "immigration_enforcement",
                   .address = "Desk@Enforcement.example",
                   .label = "Desk"};
  desk.addresses = {"intake+now@mail.other.example"};
  desk.domains = {"enforcement.example", "xn--mnchen-3ya.example"};
  Destination authority{.id = "authority",
                        .recipient = "competent_authority",
                        .address = "nrm@enforcement.example",
                        .label = "Competent authority"};
  authority.domains = {"safe.enforcement.example", "authority.example"};
  return {desk, authority};
}

const ListedAddresses& listed() {
  static const ListedAddresses addresses(registered());
  return addresses;
}

class Closed : public testing::TestWithParam<const char*> {};
TEST_P(Closed, IsFound) {
  const auto found = listed().find(GetParam());
  ASSERT_TRUE(found) << GetParam();
  EXPECT_EQ(*found, (Listed{"desk", true})) << GetParam();
}
INSTANTIATE_TEST_SUITE_P(
    ListedAddresses, Closed,
    testing::Values(
        "desk@enforcement.example", "<desk@enforcement.example>", "DESK@ENFORCEMENT.EXAMPLE",
        "anyone@enforcement.example", "desk+urgent@enforcement.example",
        "desk@enforcement.example.", "<desk@enforcement.example.>", "desk@sub.enforcement.example",
        "desk@a.b.enforcement.example", "\"desk\"@enforcement.example",
        "\"de\\sk\"@enforcement.example", "\"a desk\"@enforcement.example",
        "desk@(a comment)enforcement.example", "desk(a (nested) one)@enforcement.example",
        "desk@enforcement.example (Desk)", "(desk@police.example) desk@enforcement.example",
        "desk @ enforcement.example", "desk@enforcement\t.example",
        "Desk <desk@enforcement.example>", "\"Lee, Desk\" <desk@enforcement.example>",
        "<@police.example:desk@enforcement.example>",
        "@a.example,@b.example:desk@enforcement.example",
        "@enforcement.example:someone@police.example", "desk%enforcement.example@police.example",
        "desk%enforcement.example", "enforcement.example!desk",
        "police.example!enforcement.example!desk", "enforcement.example!desk@police.example",
        "\"desk@enforcement.example\"@police.example", "desk@enforcement.example.cjsm.net",
        "desk@sub.enforcement.example.cjsm.net",
        "desk@\xef\xbd\x85nforcement.example",  // full-width e
        "desk@enforcement\xe3\x80\x82"
        "example",                               // ideographic full stop
        "desk@enforcement.exam\xe2\x80\x8bple",  // zero-width space
        "desk@enforc\xc2\xad"
        "ement.example",  // soft hyphen
        "desk@m\xc3\xbcnchen.example", "desk@M\xc3\x9cNCHEN.example",
        "desk@mu\xcc\x88nchen.example", "desk@xn--mnchen-3ya.example",
        "desk@XN--MNCHEN-3YA.example", "intake@mail.other.example", "intake+now@mail.other.example",
        "INTAKE+later@mail.other.example", "nrmx@enforcement.example",
        "desk@notsafe.enforcement.example", "nrm@enforcement.example,desk@enforcement.example"));

class NotClosed : public testing::TestWithParam<const char*> {};
TEST_P(NotClosed, IsNotFoundAsClosed) {
  const auto found = listed().find(GetParam());
  EXPECT_FALSE(found && found->closed) << GetParam();
}
INSTANTIATE_TEST_SUITE_P(
    ListedAddresses, NotClosed,
    testing::Values("", "@", "desk", "<>", "postmaster", "officer@police.example",
                    "desk@notenforcement.example", "desk@enforcement.example.police.example",
                    "desk@enforcement-example", "desk@enforcement.examples",
                    "enforcement@police.example", "desk.enforcement.example@police.example",
                    "intake@other.example", "other@mail.other.example", "desk@munchen.example",
                    "desk@example", "nrm@enforcement.example", "NRM+7@Enforcement.Example",
                    "any@safe.enforcement.example", "any@deep.safe.enforcement.example",
                    "desk@authority.example", "desk@authority.example.cjsm.net",
                    "cjsm.net@cjsm.net", "desk@\xff\xfe.example",
                    "officer@police.example (was desk at enforcement.example)"));

TEST(ListedAddresses, OpenOnesAreFoundAsWhatTheyAre) {
  EXPECT_EQ(listed().find("nrm@enforcement.example"), (Listed{"authority", false}));
  EXPECT_EQ(listed().find("x@authority.example"), (Listed{"authority", false}));
  EXPECT_EQ(listed().find("officer@police.example"), std::nullopt);
}

TEST(ListedAddresses, WhatTwoDestinationsHaveIsClosedWhicheverComesFirst) {
  Destination closed{.id = "closed",
                     .recipient = "immigration_enforcement",
                     .address = "a@b.example",
                     .label = "C"};
  Destination open{
      .id = "open", .recipient = "visa_casework", .address = "a@b.example", .label = "O"};
  closed.domains = open.domains = {"c.example"};
  for (const auto& order : {std::vector{closed, open}, std::vector{open, closed}}) {
    const ListedAddresses both(order);
    EXPECT_EQ(both.find("a@b.example"), (Listed{"closed", true}));
    EXPECT_EQ(both.find("x@c.example"), (Listed{"closed", true}));
    EXPECT_FALSE(both.closes_nothing());
  }
  EXPECT_TRUE(ListedAddresses({open}).closes_nothing());
  EXPECT_TRUE(ListedAddresses({}).closes_nothing());
}

TEST(ListedAddresses, DaysOpenNothing) {
  Destination ended = registered()[0];
  ended.until = *parse_day("2020-01-01");
  EXPECT_TRUE(ListedAddresses({ended}).find("desk@enforcement.example"));
}

// The slow, obvious version: every registered way, one after the other, against one mailbox.
std::optional<Listed> one_by_one(const std::vector<Destination>& all, const std::string& local,
                                 const std::string& domain) {
  std::optional<Listed> best;
  size_t best_rank = 0;
  const auto take = [&](const Destination& one, size_t rank) {
    const bool better = rank > best_rank || (rank == best_rank && one.closed() && !best->closed);
    if (!best || better) best = Listed{one.id, one.closed()};
    best_rank = std::max(best_rank, rank);
  };
  for (const Destination& one : all) {
    auto addresses = one.addresses;
    addresses.push_back(one.address);
    for (const std::string& address : addresses)
      if (address == local + "@" + domain) take(one, 1000);
    for (const std::string& known : one.domains)
      if (domain == known || domain.ends_with("." + known)) take(one, known.size());
  }
  return best;
}

RC_GTEST_PROP(ListedAddressesProperty, AnswersAsReadingEverythingWould, ()) {
  const auto word = rc::gen::element<std::string>("a", "b", "c");
  const auto domain = rc::gen::map(rc::gen::container<std::vector<std::string>>(word),
                                   [](const std::vector<std::string>& labels) {
                                     std::string out = "example";
                                     for (size_t i = 0; i < std::min<size_t>(labels.size(), 3); ++i)
                                       out = labels[i] + "." + out;
                                     return out;
                                   });
  const auto count = *rc::gen::inRange(0, 6);
  std::vector<Destination> all;
  for (int i = 0; i < count; ++i) {
    Destination one{.id = "d" + std::to_string(i),
                    .recipient = *rc::gen::element<std::string>("immigration_enforcement", "other"),
                    .address = *word + "@" + *domain,
                    .label = "D"};
    one.domains =
        *rc::gen::container<std::vector<std::string>>(*rc::gen::inRange<size_t>(0, 3), domain);
    all.push_back(one);
  }
  const std::string local = *word;
  const std::string at = *domain;
  const auto expected = one_by_one(all, local, at);
  const auto found = ListedAddresses(all).find(local + "@" + at);
  RC_ASSERT(found.has_value() == expected.has_value());
  if (found) RC_ASSERT(found->closed == expected->closed);
}

// Spelling a closed address otherwise never opens it.
RC_GTEST_PROP(ListedAddressesProperty, NoSpellingOpensAClosedAddress, ()) {
  std::string address = "desk@enforcement.example";
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) {
    size_t place = *rc::gen::inRange<size_t>(0, address.size() + 1);
    // Not within a character.
    while (place < address.size() && (static_cast<unsigned char>(address[place]) & 0xc0) == 0x80)
      ++place;
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        address.insert(place,
                       *rc::gen::element<std::string>(" ", "\t", "\"", "\\", "\xe2\x80\x8b"));
        break;
      case 1:
        if (place < address.size() && address[place] >= 'a' && address[place] <= 'z')
          address[place] = static_cast<char>(address[place] - 'a' + 'A');
        break;
      case 2:
        address = "<" + address + ">";
        break;
      default:
        address = *rc::gen::element<std::string>("@police.example:", "b.example!", "(a)") + address;
    }
  }
  const auto found = listed().find(address);
  RC_ASSERT(found && found->closed);
}

}  // namespace
}  // namespace firebreak::mail
