// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/mime_renderer.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>

#include "base/files.h"
#include "base/hash.h"
#include "base/random.h"
#include "channel/mail/hostile_content.h"
#include "channel/mail/message_reader.h"
#include "channel/mail/message_text.h"

namespace firebreak::mail {
namespace {

Result<std::string> render(const record::MessageContent& content) {
  return MimeRenderer().render(content);
}

record::MessageContent content_with(std::vector<std::pair<std::string, std::string>> fields) {
  record::MessageContent content = sample_content();
  content.fields = std::move(fields);
  return content;
}

TEST(MimeRenderer, TheMessageIsExactlyThis) {
  const auto content = content_with({{"name", "Zo\xc3\xab Example"},
                                     {"date_of_birth", "1990-01-02"},
                                     {"grounds", "First line.\nFrom here on\r\n.\r\nthe \"end\""}});
  const std::string expected =
      "From: referrals@police.example\r\n"
      "To: desk@enforcement.example\r\n"
      "Date: Sun, 22 Nov 2026 09:30:00 +0000\r\n"
      "Subject: Referral ref_0123456789abcdefghjkmnpqrs\r\n"
      "Message-ID: <ref_0123456789abcdefghjkmnpqrs@police.example>\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: multipart/alternative;\r\n"
      "\tboundary=\"=_firebreak_ref_0123456789abcdefghjkmnpqrs\"\r\n"
      "\r\n"
      "--=_firebreak_ref_0123456789abcdefghjkmnpqrs\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n"
      "\r\n"
      "Referral ref_0123456789abcdefghjkmnpqrs\r\n"
      "\r\n"
      "Name\r\n"
      "  Zo=C3=AB Example\r\n"
      "\r\n"
      "Date of birth\r\n"
      "  1990-01-02\r\n"
      "\r\n"
      "Grounds\r\n"
      "  First line.\r\n"
      "  From here on\r\n"
      "  .\r\n"
      "  the \"end\"\r\n"
      "\r\n"
      "--=_firebreak_ref_0123456789abcdefghjkmnpqrs\r\n"
      "Content-Type: application/json\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n"
      "Content-Disposition: inline\r\n"
      "\r\n"
      "{\"fields\":{\"date_of_birth\":\"1990-01-02\",\"grounds\":\"First line.\\nFrom here o=\r\n"
      "n\\r\\n.\\r\\nthe \\\"end\\\"\",\"name\":\"Zo=C3=AB "
      "Example\"},\"format\":\"firebreak-refer=\r\n"
      "ral\",\"reference\":\"ref_0123456789abcdefghjkmnpqrs\",\"version\":1}\r\n"
      "--=_firebreak_ref_0123456789abcdefghjkmnpqrs--\r\n";
  EXPECT_EQ(*render(content), expected);
}

// What must hold of the bytes themselves, whatever reads them.
void check_bytes(const std::string& message) {
  size_t start = 0;
  bool in_body = false;
  while (start < message.size()) {
    const size_t end = message.find("\r\n", start);
    RC_ASSERT(end != std::string::npos);
    const std::string line = message.substr(start, end - start);
    RC_ASSERT(line.size() <= 78U);
    RC_ASSERT(line.find_first_of("\r\n") == std::string::npos);
    for (const char c : line) RC_ASSERT(c == '\t' || (c >= ' ' && c < 127));
    RC_ASSERT(!line.starts_with("From "));
    if (in_body) RC_ASSERT(line.empty() || (line.back() != ' ' && line.back() != '\t'));
    in_body = in_body || line.empty();
    start = end + 2;
  }
}

// The text part as its format says, worked out the slow way.
std::string expected_text(const record::MessageContent& content) {
  std::string out = "Referral " + content.reference + "\n";
  for (const auto& [name, value] : content.fields) {
    std::string lines = value;
    for (const std::string from : {"\r\n", "\r", "\xe2\x80\xa8", "\xe2\x80\xa9"}) {
      for (size_t at = 0; (at = lines.find(from, at)) != std::string::npos; ++at)
        lines.replace(at, from.size(), "\n");
    }
    for (size_t at = 0; (at = lines.find('\n', at)) != std::string::npos; ++at)
      lines.replace(at, 1, "\n  ");
    std::string title = name;
    std::replace(title.begin(), title.end(), '_', ' ');
    title[0] = static_cast<char>(std::toupper(title[0]));
    out.append("\n").append(title).append("\n  ").append(lines).append("\n");
  }
  return out;
}

Json expected_json(const record::MessageContent& content) {
  Json fields = Json::object();
  for (const auto& [name, value] : content.fields) fields[name] = value;
  return {{"format", "firebreak-referral"},
          {"version", 1},
          {"reference", content.reference},
          {"fields", fields}};
}

RC_GTEST_PROP(MimeRenderer, HostileValuesComeBackAndNothingElseDoes,
              (const std::vector<uint8_t>& a, const std::vector<uint8_t>& b)) {
  const auto content =
      content_with({{"offending_summary", hostile_value(a)}, {"name", hostile_value(b)}});
  const auto message = render(content);
  RC_ASSERT(message.ok());
  RC_ASSERT(*message == *render(content));
  check_bytes(*message);
  const auto read = read_message(*message);
  RC_ASSERT(read.ok());
  const reading::Headers headers{{"From", content.from},
                                 {"To", content.to},
                                 {"Date", "Sun, 22 Nov 2026 09:30:00 +0000"},
                                 {"Subject", "Referral " + content.reference},
                                 {"Message-ID", "<" + content.message_id + ">"},
                                 {"MIME-Version", "1.0"}};
  RC_ASSERT(read->headers == headers);
  RC_ASSERT(read->json == expected_json(content));
  RC_ASSERT(read->text == expected_text(content));
  RC_ASSERT(message_text(*message) == expected_text(content));
}

TEST(MimeRenderer, RefusesWhatCannotStandInAMessage) {
  using Change = void (*)(record::MessageContent&);
  const std::pair<const char*, Change> wrong[] = {
      {"reference", [](auto& c) { c.reference = "ref_1\r\nBcc: x"; }},
      {"reference", [](auto& c) { c.reference = "ref_"; }},
      {"reference", [](auto& c) { c.reference = "ref_" + std::string(60, 'a'); }},
      {"message_id", [](auto& c) { c.message_id = "a@b>\r\nBcc: x@y.example"; }},
      {"from", [](auto& c) { c.from = "Chief Officer <chief@police.example>"; }},
      {"from", [](auto& c) { c.from = "a@b.example, c@d.example"; }},
      {"to", [](auto& c) { c.to = "desk@enforcement.example\n"; }},
      {"to", [](auto& c) { c.to = ""; }},
      {"to", [](auto& c) { c.to = "d\xc3\xa9sk@enforcement.example"; }},
      {"date", [](auto& c) { c.date = Instant{std::chrono::hours{-24 * 365 * 200}}; }},
      {"fields", [](auto& c) { c.fields.clear(); }},
      {"fields", [](auto& c) { c.fields = {{"Bcc: x", "v"}}; }},
      {"fields", [](auto& c) { c.fields = {{"", "v"}}; }},
      {"fields.name", [](auto& c) { c.fields = {{"name", "a"}, {"name", "b"}}; }},
      {"fields.name", [](auto& c) { c.fields = {{"name", std::string("a\0b", 3)}}; }},
      {"fields.name", [](auto& c) { c.fields = {{"name", "\x1b[2J"}}; }},
      {"fields.name", [](auto& c) { c.fields = {{"name", "a\x7f"}}; }},
      {"fields.name", [](auto& c) { c.fields = {{"name", "a\xc2\x85"}}; }},
      {"fields.name", [](auto& c) { c.fields = {{"name", "\xff"}}; }},
      {"fields.name", [](auto& c) { c.fields = {{"name", "\xed\xa0\x80"}}; }},
      {"fields.name", [](auto& c) { c.fields = {{"name", std::string(70'000, 'a')}}; }},
  };
  for (const auto& [where, change] : wrong) {
    auto content = content_with({{"name", "SecretName"}});
    change(content);
    const auto result = render(content);
    ASSERT_FALSE(result.ok()) << where;
    EXPECT_EQ(result.error().where, where) << result.error().text();
  }
  auto many = content_with({});
  for (int i = 0; i < 65; ++i) many.fields.emplace_back("field_" + std::to_string(i), "v");
  EXPECT_EQ(render(many).error().code, ErrorCode::too_large);
}

// Python's email package is another implementation: it must read the same from the same bytes.
TEST(MessageText, WhatIsNoMessageOfOursIsShownWhole) {
  for (const char* other : {"", "not a message", "Subject: x\r\n\r\none part\r\n"})
    EXPECT_EQ(message_text(other), other);
}

TEST(MimeRenderer, PythonReadsTheSame) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("firebreak-messages-" + std::to_string(::getpid()) + ".jsonl");
  SeededRandom random(20261122);
  {
    std::ofstream out(file);
    for (int i = 0; i < 300; ++i) {
      std::array<uint8_t, 24> choices{};
      random.fill(choices);
      const auto content = content_with({{"grounds", hostile_value(choices)}, {"name", "x"}});
      const Json line{{"message", base64(as_bytes(*render(content)))},
                      {"text", expected_text(content)},
                      {"json", expected_json(content)}};
      out << line.dump() << "\n";
    }
  }
  std::string python = "/usr/bin/python3";
  std::string script = std::string(FIREBREAK_SOURCE_DIR) + "/tests/mail/read_messages.py";
  std::string name = file.string();
  char* const arguments[] = {python.data(), script.data(), name.data(), nullptr};
  pid_t child = 0;
  ASSERT_EQ(posix_spawn(&child, python.c_str(), nullptr, nullptr, arguments, environ), 0);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace firebreak::mail
