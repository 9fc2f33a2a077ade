// SPDX-License-Identifier: Apache-2.0
#include "web/guard.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace firebreak::web {
namespace {

namespace http = boost::beast::http;

constexpr size_t kMaxRequestId = 1024;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

size_t count(const WireHeader& header, http::field field) {
  const auto range = header.equal_range(field);
  return static_cast<size_t>(std::distance(range.first, range.second));
}

bool all_of(std::string_view text, bool (*test)(char)) {
  return std::all_of(text.begin(), text.end(), test);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_visible(char c) { return c > 0x20 && c < 0x7F; }
bool is_printable(char c) { return c >= 0x20 && c < 0x7F; }
// RFC 3986 section 3.2.2 host and port, without user information.
bool is_host(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._~[]:").find(c) != std::string_view::npos;
}

// Segments "." and "..", plain or percent-encoded, mean something else to every reader of a path.
bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    std::string segment(path.substr(0, path.find('/')));
    path.remove_prefix(segment.size());
    for (size_t at = 0; (at = segment.find("%2", at)) != std::string::npos;) {
      const bool dot = at + 2 < segment.size() && (segment[at + 2] | 0x20) == 'e';
      if (dot) segment.replace(at, 3, ".");
      ++at;
    }
    if (segment == "." || segment == "..") return true;
  }
  return false;
}

std::optional<Refusal> refuse_target(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  if (path.empty() || path.front() != '/' || !all_of(target, is_visible) ||
      target.find('#') != std::string_view::npos || path.find('\\') != std::string_view::npos) {
    return Refusal{400, "bad_target", "The request target is not a path."};
  }
  if (has_dot_segment(path)) {
    return Refusal{400, "bad_target", "The request target has a dot segment."};
  }
  return std::nullopt;
}

std::optional<Refusal> refuse_framing(const WireHeader& header) {
  const size_t codings = count(header, http::field::transfer_encoding);
  const size_t lengths = count(header, http::field::content_length);
  if (codings > 1 ||
      (codings == 1 && !boost::beast::iequals(header[http::field::transfer_encoding], "chunked"))) {
    return Refusal{400, "bad_framing", "Transfer-Encoding is something else than chunked."};
  }
  if (codings == 1 && lengths > 0) {
    return Refusal{400, "bad_framing", "Content-Length and Transfer-Encoding are both given."};
  }
  if (lengths > 1) return Refusal{400, "bad_framing", "Content-Length is given more than once."};
  const std::string_view length = view(header[http::field::content_length]);
  if (lengths == 1 && (length.empty() || !all_of(length, is_digit))) {
    return Refusal{400, "bad_framing", "Content-Length is not a number."};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> refuse(const WireHeader& header) {
  if (header.version() != 11) return Refusal{505, "bad_version", "Only HTTP/1.1 is spoken here."};
  const std::string_view host = view(header[http::field::host]);
  if (count(header, http::field::host) != 1 || host.empty() || !all_of(host, is_host)) {
    return Refusal{400, "bad_host", "Exactly one Host is needed."};
  }
  if (auto refusal = refuse_framing(header)) return refusal;
  if (auto refusal = refuse_target(view(header.target()))) return refusal;
  for (const auto field : {http::field::authorization, http::field::content_type,
                           http::field::origin, http::field::expect}) {
    if (count(header, field) > 1) {
      return Refusal{400, "bad_header", "A header that may be given once is given twice."};
    }
  }
  if (count(header, http::field::content_encoding) > 0) {
    return Refusal{400, "bad_header", "Compressed bodies are not taken."};
  }
  if (count(header, http::field::expect) == 1 && !expects_continue(header)) {
    return Refusal{417, "bad_expect", "Only the expectation 100-continue is met."};
  }
  const std::string_view id = view(header["X-Request-ID"]);
  if (id.size() > kMaxRequestId || !all_of(id, is_printable)) {
    return Refusal{400, "bad_header", "X-Request-ID is too long or not printable."};
  }
  return std::nullopt;
}

Refusal refusal_of(const boost::beast::error_code& error) {
  if (error == http::error::header_limit) {
    return {431, "header_too_large", "The request's header is larger than 16 KB."};
  }
  if (error == http::error::body_limit) {
    return {413, "too_large", "The request's body is larger than is taken here."};
  }
  if (error == http::error::bad_version) {
    return {505, "bad_version", "Only HTTP/1.1 is spoken here."};
  }
  return {400, "bad_request", "The request is not well-formed HTTP/1.1."};
}

bool expects_continue(const WireHeader& header) {
  return boost::beast::iequals(header[http::field::expect], "100-continue");
}

Request to_request(const WireHeader& header) {
  Request request;
  request.method = std::string(view(header.method_string()));
  const std::string_view target = view(header.target());
  const auto mark = target.find('?');
  request.path = std::string(target.substr(0, mark));
  if (mark != std::string_view::npos) request.query = std::string(target.substr(mark + 1));
  for (const auto& field : header) {
    std::string name(view(field.name_string()));
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    request.headers.push_back({std::move(name), std::string(view(field.value()))});
  }
  request.id = std::string(request.header("x-request-id"));
  return request;
}

}  // namespace firebreak::web
