// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/reply.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace firebreak::mail {
namespace {

constexpr size_t kMaxText = 4096;  // of a reply that goes on for ever, the beginning is kept
constexpr size_t kMaxDescription = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::optional<int> code_of(std::string_view line) {
  if (line.size() < 3 || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
    return std::nullopt;
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

// Sorted, for the search. Words that could be a person's name are left out on purpose.
constexpr auto kWords = std::to_array<std::string_view>({
    "accepted",     "access",
    "action",       "address",
    "again",        "allowed",
    "as",           "at",
    "authenticate", "authentication",
    "available",    "bad",
    "been",         "blocked",
    "busy",         "cannot",
    "channel",      "client",
    "closing",      "command",
    "completed",    "configuration",
    "connection",   "connections",
    "content",      "deferred",
    "delivery",     "denied",
    "disabled",     "does",
    "domain",       "error",
    "exceeded",     "exceeds",
    "exist",        "failed",
    "failure",      "find",
    "first",        "fixed",
    "for",          "found",
    "full",         "greylisted",
    "greylisting",  "have",
    "host",         "id",
    "implemented",  "in",
    "insufficient", "internal",
    "invalid",      "is",
    "issue",        "large",
    "later",        "limit",
    "local",        "mail",
    "mailbox",      "mailboxes",
    "many",         "maximum",
    "message",      "messages",
    "must",         "need",
    "no",           "not",
    "of",           "ok",
    "okay",         "over",
    "permitted",    "please",
    "policy",       "processing",
    "queue",        "queued",
    "quota",        "rate",
    "reason",       "recipient",
    "recipients",   "refused",
    "rejected",     "relay",
    "relaying",     "requested",
    "required",     "resources",
    "sender",       "sent",
    "server",       "service",
    "shutting",     "size",
    "spam",         "starttls",
    "storage",      "such",
    "support",      "supported",
    "suspicious",   "syntax",
    "system",       "table",
    "taken",        "temporarily",
    "temporary",    "the",
    "timeout",      "tls",
    "too",          "transaction",
    "transmission", "try",
    "unable",       "unavailable",
    "unknown",      "user",
    "valid",        "virtual",
    "virus",        "you",
});
static_assert(std::ranges::is_sorted(kWords));

// "2.0.0": class, subject and detail (RFC 3463 2).
bool is_enhanced_code(std::string_view word) {
  size_t dots = 0;
  for (size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '.' && i > 0 && i + 1 < word.size() && word[i - 1] != '.') {
      ++dots;
    } else if (!is_digit(word[i])) {
      return false;
    }
  }
  return dots == 2 && word.size() <= 9 && (word[0] == '2' || word[0] == '4' || word[0] == '5');
}

// The queue id that begins here: letters, digits, "-" and "_", among them a digit.
std::string queue_id_at(std::string_view text) {
  size_t end = 0;
  while (end < text.size() &&
         (is_letter(text[end]) || is_digit(text[end]) || text[end] == '-' || text[end] == '_'))
    ++end;
  const std::string_view id = text.substr(0, end);
  if (id.size() < 4 || id.size() > 36 || std::ranges::none_of(id, is_digit)) return {};
  return std::string(id);
}

// Postfix says "queued as ID", Exim "id=ID", Exchange "[InternalId=ID, ".
std::string queue_id(std::string_view text) {
  const std::string small = lower(text);
  for (const std::string_view before : {"queued as ", "internalid=", " id="}) {
    const size_t at = small.find(before);
    if (at == std::string::npos) continue;
    std::string id = queue_id_at(text.substr(at + before.size()));
    if (!id.empty()) return id;
  }
  return {};
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(" \t"), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// The word without punctuation around it.
std::string bare(std::string_view word) {
  while (!word.empty() && !is_letter(word.front())) word.remove_prefix(1);
  while (!word.empty() && !is_letter(word.back())) word.remove_suffix(1);
  return lower(word);
}

}  // namespace

void ReplyReader::add(std::string_view line) {
  if (complete_) clear();
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  const std::optional<int> code = code_of(line);
  const bool last = !code || line.size() == 3 || line[3] != '-';
  const std::string_view text = line.substr(std::min<size_t>(line.size(), 4));
  if (code && reply_.text.size() + text.size() < kMaxText) {
    if (!reply_.text.empty()) reply_.text += ' ';
    reply_.text += text;
  }
  if (!last) return;
  reply_.code = code.value_or(0);
  complete_ = true;
}

std::string describe(const Reply& reply) {
  const std::vector<std::string_view> words = words_of(reply.text);
  std::string out = std::to_string(reply.code);
  if (const auto code = std::ranges::find_if(words, is_enhanced_code); code != words.end())
    out += " " + std::string(*code);
  if (reply.code / 100 == 2) {
    const std::string id = queue_id(reply.text);
    return id.empty() ? out : out + " queue id " + id;
  }
  bool left_out = false;
  for (const std::string_view word : words) {
    if (is_enhanced_code(word)) continue;  // each line of a reply repeats it
    std::string known = bare(word);
    if (!std::ranges::binary_search(kWords, known)) known.clear();
    if (known.empty() && std::exchange(left_out, true)) continue;
    if (!known.empty()) left_out = false;
    if (out.size() + 1 + std::max<size_t>(known.size(), 3) > kMaxDescription) break;
    out += " " + (known.empty() ? "..." : known);
  }
  return out;
}

}  // namespace firebreak::mail
