// SPDX-License-Identifier: Apache-2.0
#include "web/bearer.h"

#include <algorithm>

namespace firebreak::web {
namespace {

bool is_token_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size()) return std::nullopt;
  for (size_t i = 0; i < kScheme.size(); ++i) {
    const char c = authorization[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != kScheme[i]) {
      return std::nullopt;
    }
  }
  std::string_view token = authorization.substr(kScheme.size());
  token.remove_prefix(std::min(token.size(), token.find_first_not_of(' ')));
  if (token.empty() || !std::all_of(token.begin(), token.end(), is_token_character)) {
    return std::nullopt;
  }
  return token;
}

}  // namespace firebreak::web
