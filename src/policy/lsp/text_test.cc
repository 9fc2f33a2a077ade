// SPDX-License-Identifier: Apache-2.0
#include "policy/lsp/text.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "policy/lsp/frames.h"

namespace firebreak::policy::lsp {
namespace {

TEST(Frames, CutsMessagesWhereverTheBytesAreDivided) {
  const std::string bytes = framed("{}") + "content-LENGTH:  3 \r\nContent-Type: a; b\r\n\r\nabc" +
                            framed("") + framed("é");
  for (size_t step = 1; step < bytes.size(); ++step) {
    Frames frames;
    std::vector<std::string> out;
    for (size_t at = 0; at < bytes.size(); at += step) {
      frames.feed(std::string_view(bytes).substr(at, step));
      while (const auto frame = frames.next()) out.push_back(frame->body);
    }
    EXPECT_EQ(out, (std::vector<std::string>{"{}", "abc", "", "é"}));
    EXPECT_FALSE(frames.broken());
  }
}

TEST(Frames, GivesUpWithoutALengthAndSkipsWhatIsTooLarge) {
  for (const std::string header :
       {"X: 1\r\n\r\n", "Content-Length: -1\r\n\r\n", "Content-Length: 1x\r\n\r\n", "\r\n\r\n",
        "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", "Content-Length 5\r\n\r\n",
        "Content-Length: 99999999999999999999999\r\n\r\n"}) {
    Frames frames;
    frames.feed(header + "a");
    EXPECT_FALSE(frames.next()) << header;
    EXPECT_TRUE(frames.broken()) << header;
  }
  Frames endless;
  endless.feed(std::string(kMaxHeaderBytes, 'a'));
  EXPECT_FALSE(endless.next());
  EXPECT_TRUE(endless.broken());

  Frames large;
  large.feed("Content-Length: " + std::to_string(kMaxMessageBytes + 5) + "\r\n\r\nabc");
  const auto refused = large.next();
  ASSERT_TRUE(refused);
  EXPECT_TRUE(refused->too_large);
  const std::string block(1 << 20, 'x');
  for (size_t i = 0; i < kMaxMessageBytes / block.size(); ++i) large.feed(block);
  large.feed("xx" + framed("next"));
  const auto next = large.next();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->body, "next");
}

TEST(Text, CountsLinesAndColumnsAsTheProtocolDoes) {
  const Text text("a\u00e9\U0001F600b\r\nc\rd\n");
  const auto offset = [&](uint32_t line, uint32_t character, Encoding encoding) {
    return text.offset({line, character}, encoding);
  };
  EXPECT_EQ(offset(0, 2, Encoding::utf16), 3U);
  EXPECT_EQ(offset(0, 3, Encoding::utf16), 3U);  // in the middle of a pair
  EXPECT_EQ(offset(0, 4, Encoding::utf16), 7U);
  EXPECT_EQ(offset(0, 7, Encoding::utf8), 7U);
  EXPECT_EQ(offset(0, 3, Encoding::utf32), 7U);
  EXPECT_EQ(offset(0, 99, Encoding::utf16), 8U);  // the end of the line, before CR LF
  EXPECT_EQ(offset(1, 0, Encoding::utf16), 10U);
  EXPECT_EQ(offset(2, 1, Encoding::utf16), 13U);
  EXPECT_EQ(offset(9, 0, Encoding::utf16), 14U);
  EXPECT_EQ(text.position(7, Encoding::utf16), (Position{0, 4}));
  EXPECT_EQ(text.position(7, Encoding::utf8), (Position{0, 7}));
  EXPECT_EQ(text.position(14, Encoding::utf16), (Position{3, 0}));
}

// The slow way: one code point after the other, from the beginning.
Position slow_position(const std::string& text, size_t offset, Encoding encoding) {
  Position out;
  for (size_t at = 0; at < offset;) {
    size_t next = at + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
    const bool crlf = text.compare(at, 2, "\r\n") == 0;
    if ((text[at] == '\r' && !crlf) || text[at] == '\n') {
      out = {out.line + 1, 0};
    } else {
      const auto bytes = static_cast<uint32_t>(next - at);
      out.character +=
          encoding == Encoding::utf8 ? bytes : (encoding == Encoding::utf16 && bytes == 4 ? 2 : 1);
    }
    at = next;
  }
  return out;
}

TEST(Text, AgreesWithCountingOneByOneAlsoAfterChanges) {
  rc::check([] {
    const std::vector<std::string> pieces = {"a", "é", "€", "😀", "\n", "\r", "\r\n", "bc"};
    const auto draw = [&] {
      std::string out;
      for (const size_t i :
           *rc::gen::container<std::vector<size_t>>(rc::gen::inRange<size_t>(0, 8))) {
        out += pieces[i];
      }
      return out;
    };
    const std::string before = draw();
    const std::string with = draw();
    Text text(before);
    const auto boundary = [&](size_t at) {
      while (at < before.size() && (static_cast<unsigned char>(before[at]) & 0xC0) == 0x80) ++at;
      return at;
    };
    const size_t from = boundary(*rc::gen::inRange<size_t>(0, before.size() + 1));
    const size_t to = boundary(*rc::gen::inRange<size_t>(from, before.size() + 1));
    text.replace(from, to, with);
    const std::string& after = text.bytes();
    RC_ASSERT(after == before.substr(0, from) + with + before.substr(to));
    for (const Encoding encoding : {Encoding::utf8, Encoding::utf16, Encoding::utf32}) {
      for (size_t at = 0; at <= after.size(); ++at) {
        if (at < after.size() && (static_cast<unsigned char>(after[at]) & 0xC0) == 0x80) continue;
        const Position place = text.position(at, encoding);
        RC_ASSERT(place == slow_position(after, at, encoding));
        // Behind the CR of a CR LF there is no place of its own.
        const bool within = at > 0 && at < after.size() && after.compare(at - 1, 2, "\r\n") == 0;
        if (!within) RC_ASSERT(text.offset(place, encoding) == at);
      }
    }
  });
}

}  // namespace
}  // namespace firebreak::policy::lsp
