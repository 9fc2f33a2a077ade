// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/address.h"

#include <algorithm>

namespace firebreak::mail {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_atom_character(char c) {
  return is_alphanumeric(c) ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_atom(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, is_atom_character);
}

bool is_label(std::string_view part) {
  return !part.empty() && part.size() <= 63 && part.front() != '-' && part.back() != '-' &&
         std::ranges::all_of(part, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

// True when every part between dots passes.
bool all_parts(std::string_view text, bool (*passes)(std::string_view)) {
  while (true) {
    const size_t dot = text.find('.');
    if (!passes(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

bool is_address(std::string_view text) {
  const size_t at = text.find('@');
  if (at > 64 || text.size() > 254) return false;  // also when there is no "@"
  return all_parts(text.substr(0, at), is_atom) && all_parts(text.substr(at + 1), is_label);
}

}  // namespace firebreak::mail
