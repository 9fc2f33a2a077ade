// SPDX-License-Identifier: Apache-2.0
#include "register/config_words.h"

#include <algorithm>
#include <string>

#include "policy/source.h"

namespace firebreak::record {
namespace {

constexpr size_t kMostOffices = 100;
constexpr size_t kMostOfficeBytes = 60;

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// It reads as it is written: people choose it from a list.
bool is_office(std::string_view text) {
  if (text.empty() || text.size() > kMostOfficeBytes) return false;
  if (text.front() == ' ' || text.back() == ' ') return false;
  while (!text.empty()) {
    const size_t length = policy::utf8_length(text);
    if (length == 0 || policy::deceives(policy::code_point(text))) return false;
    text.remove_prefix(length);
  }
  return true;
}

// To a reader: ASCII letters count in either case.
bool same_office(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char a, char b) { return lower_letter(a) == lower_letter(b); });
}

}  // namespace

bool is_domain(std::string_view text) {
  return !text.empty() && text.size() <= 253 && text.front() != '.' && text.back() != '.' &&
         text.find("..") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

bool is_address(std::string_view text) {
  const size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return false;
  const bool local = std::all_of(
      text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_' || c == '+';
      });
  return local && text.front() != '.' && text[at - 1] != '.' && is_domain(text.substr(at + 1));
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 60 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool is_file_name(std::string_view text, std::string_view ending) {
  return text.find('/') == std::string_view::npos && !text.starts_with('.') &&
         text.ends_with(ending);
}

bool is_relay(std::string_view text) {
  constexpr std::string_view kScheme = "smtp://";
  if (!text.starts_with(kScheme)) return false;
  text.remove_prefix(kScheme.size());
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  const auto port = text.substr(colon + 1);
  return is_domain(text.substr(0, colon)) && port.size() <= 5 &&
         port.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string wrong_offices(const std::vector<std::string>& offices) {
  if (offices.size() > kMostOffices)
    return "has at most " + std::to_string(kMostOffices) + " offices.";
  for (auto one = offices.begin(); one != offices.end(); ++one) {
    if (!is_office(*one)) {
      return "is a list of names of 1 to " + std::to_string(kMostOfficeBytes) +
             " bytes, each a line without a space before or after it.";
    }
    const bool twice = std::any_of(
        offices.begin(), one, [&](const std::string& known) { return same_office(known, *one); });
    if (twice) return "has '" + *one + "' twice; capitals make no difference.";
  }
  return {};
}

}  // namespace firebreak::record
