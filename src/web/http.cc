// SPDX-License-Identifier: Apache-2.0
#include "web/http.h"

#include <algorithm>
#include <array>

#include "base/code_name.h"

namespace firebreak::web {
namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";
constexpr size_t kMostMembers = 256;

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The media type without its parameters (RFC 9110, 8.3.1), in lower case; "" for a charset other
// than UTF-8, which none of our readers takes.
std::string media_type(std::string_view content_type) {
  const auto end = content_type.find(';');
  if (end != std::string_view::npos) {
    const std::string rest = lower(content_type.substr(end + 1));
    const auto charset = rest.find("charset=");
    if (charset != std::string::npos && rest.find("utf-8", charset) == std::string::npos) return "";
  }
  return lower(trim(content_type.substr(0, end)));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The length of the UTF-8 sequence at the head of `text` (RFC 3629, section 4); 0 when it is wrong.
size_t utf8_length(std::string_view text) {
  const auto at = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto tail = [&](size_t i) { return at(i) >= 0x80 && at(i) <= 0xBF; };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool over_long = lead == 0xE0 && at(1) < 0xA0;
    const bool surrogate = lead == 0xED && at(1) > 0x9F;
    return tail(1) && tail(2) && !over_long && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool over_long = lead == 0xF0 && at(1) < 0x90;
    const bool too_high = lead == 0xF4 && at(1) > 0x8F;
    return tail(1) && tail(2) && tail(3) && !over_long && !too_high ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

Result<std::string> decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return bad_input("A percent escape is not two hexadecimal digits.");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (!is_utf8(out)) return bad_input("A form value is not UTF-8.");
  return out;
}

// The WHATWG URL Standard's application/x-www-form-urlencoded parser, bounded, strict on escapes.
Result<std::vector<Header>> decode_members(std::string_view text) {
  std::vector<Header> members;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    if (members.size() == kMostMembers) return bad_input("There are too many form values.");
    const auto equals = pair.find('=');
    FB_TRY(std::string name, decode(pair.substr(0, equals)));
    FB_TRY(std::string value,
           decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1)));
    members.push_back({std::move(name), std::move(value)});
  }
  return members;
}

std::string_view title(int status) {
  switch (status) {
    case 400:
      return "Bad request";
    case 401:
      return "Not signed in";
    case 403:
      return "Not allowed";
    case 404:
      return "Not found";
    case 405:
      return "Method not allowed";
    case 408:
      return "Request took too long";
    case 409:
      return "Not possible now";
    case 410:
      return "Gone";
    case 413:
      return "Too large";
    case 417:
      return "Expectation failed";
    case 429:
      return "Too many requests";
    case 431:
      return "Header too large";
    case 503:
      return "Not available";
    case 505:
      return "HTTP version not supported";
    default:
      return "Internal error";
  }
}

Response problem_response(int status, Json body) {
  body["title"] = title(status);
  body["status"] = status;
  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  // Details may quote what a caller sent; dump() must not throw on it.
  response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer realm=\"firebreak\""});
  return response;
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  for (const Header& h : headers)
    if (h.name == name) return h.value;
  return {};
}

std::string_view Request::parameter(std::string_view name) const {
  for (const Header& p : parameters)
    if (p.name == name) return p.value;
  return {};
}

std::optional<std::string> Request::cookie(std::string_view name) const {
  std::optional<std::string> found;
  for (const Header& h : headers) {
    if (h.name != "cookie") continue;
    std::string_view rest = h.value;
    while (!rest.empty()) {
      const std::string_view pair = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
      // Twice the same name: another site on this host may have planted one. Neither is believed.
      if (found) return std::nullopt;
      found = trim(pair.substr(equals + 1));
    }
  }
  return found;
}

Result<std::vector<Header>> Request::query_members() const { return decode_members(query); }

Result<std::vector<Header>> Request::form_members() const {
  if (media_type(header("content-type")) != kFormType) {
    return bad_input("The form was not sent as application/x-www-form-urlencoded in UTF-8.");
  }
  return decode_members(body);
}

Result<Json> Request::json() const {
  if (media_type(header("content-type")) != "application/json") {
    return bad_input("The content type is not application/json in UTF-8.", "Content-Type",
                     "Send the body as application/json.");
  }
  if (body.empty()) return bad_input("The body is empty; a JSON object is needed.");
  return parse_json(body);
}

int http_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_input:
      return 400;
    case ErrorCode::unauthorised:
      return 401;
    case ErrorCode::forbidden:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::too_large:
      return 413;
    case ErrorCode::too_many:
      return 429;
    case ErrorCode::unavailable:
      return 503;
    case ErrorCode::corrupt:
    case ErrorCode::internal:
      return 500;
  }
  return 500;
}

Response json_response(int status, const Json& body) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

Response problem(const Error& error) {
  Json body = {{"code", code_name(error.code)}, {"detail", error.message}};
  if (!error.where.empty()) body["where"] = error.where;
  if (!error.action.empty()) body["action"] = error.action;
  return problem_response(http_status(error.code), std::move(body));
}

Response problem(int status, std::string_view code, std::string_view detail) {
  return problem_response(status, {{"code", code}, {"detail", detail}});
}

Response problem(int status, std::string_view code, std::string_view detail,
                 std::string_view type) {
  return problem_response(status, {{"type", type}, {"code", code}, {"detail", detail}});
}

Response page(int status, std::string html) {
  Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(html);
  response.audience = Audience::page;
  return response;
}

Response redirect(std::string location) {
  Response response;
  response.status = 303;
  response.audience = Audience::page;
  response.headers.push_back({"Location", std::move(location)});
  return response;
}

std::string query_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
  return out;
}

std::string cookie_name(std::string_view name, bool secure) {
  return (secure ? "__Host-" : "") + std::string(name);
}

Header set_cookie(std::string_view name, std::string_view value, bool secure,
                  FromElsewhere from_elsewhere) {
  std::string text = cookie_name(name, secure);
  text.append("=").append(value).append("; Path=/; HttpOnly; SameSite=");
  text += from_elsewhere == FromElsewhere::sent ? "Lax" : "Strict";
  if (secure) text += "; Secure";
  if (value.empty()) text += "; Max-Age=0";
  return {"Set-Cookie", std::move(text)};
}

}  // namespace firebreak::web
