// SPDX-License-Identifier: Apache-2.0
#include "channel/phone/dialled_text.h"

#include <arpa/inet.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace firebreak::phone {
namespace {

constexpr int kMostEncodings = 8;

uint16_t digit_bit(int digit) { return static_cast<uint16_t>(1U << static_cast<unsigned>(digit)); }

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// The digits of an ASCII character that is no digit: what it looks like, and its key.
uint16_t ascii_digits(char c) {
  constexpr std::string_view kKeys = "22233344455566677778889999";  // a to z, ITU-T E.161
  uint16_t digits = 0;
  const char small = lower(c);
  if (small >= 'a' && small <= 'z') {
    digits = digit_bit(kKeys[static_cast<size_t>(small - 'a')] - '0');
  }
  if (small == 'o') digits |= digit_bit(0);
  if (small == 'l' || small == 'i' || c == '|') digits |= digit_bit(1);
  return digits;
}

// The one ASCII character that `code` can be confused with; 0 when there is none.
char ascii_look_alike(UChar32 code) {
  static const std::unique_ptr<USpoofChecker, decltype(&uspoof_close)> checker = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<USpoofChecker, decltype(&uspoof_close)>(uspoof_open(&status),
                                                                   &uspoof_close);
  }();
  std::array<UChar, 2> from{};
  int32_t length = 0;
  UBool failed = 0;
  U16_APPEND(from.data(), length, 2, code, failed);
  std::array<UChar, 32> to{};
  UErrorCode status = U_ZERO_ERROR;
  const int32_t size = uspoof_getSkeleton(checker.get(), 0, from.data(), length, to.data(),
                                          static_cast<int32_t>(to.size()), &status);
  return failed == 0 && U_SUCCESS(status) && size == 1 && to[0] < 0x80 ? static_cast<char>(to[0])
                                                                       : '\0';
}

DialledSymbol symbol_of(UChar32 code) {
  if (code >= '0' && code <= '9') return {digit_bit(code - '0'), false};
  if (code >= 0 && code < 0x80) return {ascii_digits(static_cast<char>(code)), true};
  DialledSymbol symbol;
  if (const double value = u_getNumericValue(code); value >= 0 && value <= 9) {
    const int digit = static_cast<int>(value);
    if (value == digit) symbol.digits = digit_bit(digit);
  }
  const char like = ascii_look_alike(code);
  symbol.digits |= like >= '0' && like <= '9' ? digit_bit(like - '0') : ascii_digits(like);
  return symbol;
}

bool is_utf8(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  int32_t length = 0;
  u_strFromUTF8(nullptr, 0, &length, text.data(), static_cast<int32_t>(text.size()), &status);
  return status == U_ZERO_ERROR || status == U_BUFFER_OVERFLOW_ERROR ||
         status == U_STRING_NOT_TERMINATED_WARNING;
}

std::string made_plain(std::string text) {
  if (is_ascii(text)) return text;
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* forms = icu::Normalizer2::getNFKCInstance(status);
  if (U_FAILURE(status)) return text;
  const auto plain = forms->normalize(icu::UnicodeString::fromUTF8(text), status);
  if (U_FAILURE(status)) return text;
  std::string out;
  plain.toUTF8String(out);
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool encoded = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                         hex_value(text[i + 2]) >= 0;
    out +=
        encoded ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])) : text[i];
    if (encoded) i += 2;
  }
  return out;
}

bool could_hold_digit(std::string_view text) {
  return std::ranges::any_of(symbols_of(text), [](DialledSymbol s) { return s.digits != 0; });
}

// Where what follows the last "sip:" or "sips:" begins; npos when there is none.
size_t after_sip(const std::string& small) {
  const size_t sip = small.rfind("sip:");
  const size_t sips = small.rfind("sips:");
  const size_t behind_sip = sip == std::string::npos ? 0 : sip + 4;
  const size_t behind_sips = sips == std::string::npos ? 0 : sips + 5;
  const size_t behind = std::max(behind_sip, behind_sips);
  return behind == 0 ? std::string::npos : behind;
}

bool is_ip_address(std::string_view host) {
  std::string address(host);
  std::array<unsigned char, 16> bytes{};
  if (address.starts_with('[')) {
    const size_t end = address.find(']');
    return end != std::string::npos &&
           inet_pton(AF_INET6, address.substr(1, end - 1).c_str(), bytes.data()) == 1;
  }
  address = address.substr(0, address.find(':'));
  return inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
}

// A host with what follows it, and without it when it is an IP address.
std::string_view without_ip_address(std::string_view place) {
  const size_t end = std::min(place.find_first_of(";?>/, \t\""), place.size());
  return is_ip_address(place.substr(0, end)) ? place.substr(end) : place;
}

// For each phone-context: its value, then what stands between the scheme and it.
void add_numbers_in_context(std::string_view reading, const std::string& small,
                            std::vector<std::string>& parts) {
  constexpr std::string_view kContext = "phone-context";
  for (size_t at = small.find(kContext); at != std::string::npos;
       at = small.find(kContext, at + kContext.size())) {
    const std::string before = small.substr(0, at);
    const size_t tel = before.rfind("tel:");
    const size_t sip = after_sip(before);
    size_t start = tel == std::string::npos ? 0 : tel + 4;
    if (sip != std::string::npos) start = std::max(start, sip);
    const size_t value = at + kContext.size();
    const size_t end = std::min(reading.find_first_of(";@>,?", value), reading.size());
    parts.push_back(std::string(reading.substr(value, end - value)) +
                    std::string(reading.substr(start, at - start)));
  }
}

bool is_host(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    const char small = lower(c);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view(".:-[]").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::optional<std::vector<std::string>> readings_of(std::string_view dialled) {
  if (dialled.size() > kLongestDialled || !is_utf8(dialled)) return std::nullopt;
  std::vector<std::string> readings{std::string(dialled)};
  while (true) {
    std::string next = percent_decoded(made_plain(readings.back()));
    if (!is_utf8(next)) return std::nullopt;
    if (next == readings.back()) break;
    if (readings.size() > kMostEncodings) return std::nullopt;
    readings.push_back(std::move(next));
  }
  if (!could_hold_digit(readings.back())) return std::nullopt;
  return readings;
}

std::vector<std::string> parts_of(std::string_view reading) {
  const std::string small = lowered(reading);
  const size_t sip = after_sip(small);
  const size_t at = reading.rfind('@');
  std::vector<std::string> parts;
  if (sip == std::string::npos) {
    parts.emplace_back(reading);  // an "@" may be a stray character among digits
  } else if (at == std::string_view::npos) {
    parts.emplace_back(reading.substr(0, sip));
    parts.emplace_back(without_ip_address(reading.substr(sip)));
  } else {
    parts.emplace_back(reading.substr(0, at));
    parts.emplace_back(without_ip_address(reading.substr(at + 1)));
  }
  add_numbers_in_context(reading, small, parts);
  return parts;
}

std::vector<DialledSymbol> symbols_of(std::string_view part) {
  std::vector<DialledSymbol> symbols;
  symbols.reserve(part.size());
  if (is_ascii(part)) {
    for (const char c : part) symbols.push_back(symbol_of(c));
    return symbols;
  }
  const auto text = icu::UnicodeString::fromUTF8(icu::StringPiece(part));
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    symbols.push_back(symbol_of(text.char32At(i)));
  }
  return symbols;
}

std::optional<PlainCall> plain_call(std::string_view dialled) {
  PlainCall call;
  std::string_view rest = trimmed(dialled);
  const std::string small = lowered(rest);
  if (small.starts_with("tel:")) {
    rest.remove_prefix(4);
  } else if (small.starts_with("sip:") || small.starts_with("sips:")) {
    rest.remove_prefix(rest.find(':') + 1);
    std::string_view host = rest.substr(std::min(rest.find('@'), rest.size()));
    if (host.empty()) return std::nullopt;
    rest.remove_suffix(host.size());
    host.remove_prefix(1);
    if (host.ends_with(";user=phone")) host.remove_suffix(std::string_view(";user=phone").size());
    if (!is_host(host)) return std::nullopt;
    call.host = without_ip_address(host);
  }
  call.number = rest;
  const bool plain = call.number.find_first_not_of("+0123456789 .-()") == std::string::npos;
  if (!plain || digits_of(call.number).empty()) return std::nullopt;
  return call;
}

std::string as_tel(std::string_view reading) {
  const size_t at = reading.rfind('@');
  if (at == std::string_view::npos) return std::string(reading);
  const std::string_view before = reading.substr(0, at);
  const size_t sip = after_sip(lowered(before));
  return "tel:" + std::string(sip == std::string::npos ? before : before.substr(sip));
}

std::string digits_of(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c >= '0' && c <= '9'; });
  return out;
}

}  // namespace firebreak::phone
