// SPDX-License-Identifier: Apache-2.0
#include "policy/lsp/frames.h"

#include <algorithm>
#include <charconv>

namespace firebreak::policy::lsp {
namespace {

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

std::string_view without_blanks(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The length that the header lines give; nothing when there is none, or more than one, or no
// number that a machine can count to.
std::optional<size_t> content_length(std::string_view lines) {
  std::optional<size_t> out;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find("\r\n"), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 2, lines.size()));
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    if (!same_letters(without_blanks(line.substr(0, colon)), "content-length")) continue;
    const std::string_view digits = without_blanks(line.substr(colon + 1));
    size_t length = 0;
    const auto [stop, fault] =
        std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (out || fault != std::errc() || stop != digits.data() + digits.size()) return std::nullopt;
    out = length;
  }
  return out;
}

}  // namespace

void Frames::feed(std::string_view bytes) {
  const size_t skipped = std::min(skipping_, bytes.size());
  skipping_ -= skipped;
  if (!broken_) bytes_.append(bytes.substr(skipped));
}

// Reads a header when there is a whole one.
bool Frames::header() {
  const std::string_view rest = std::string_view(bytes_).substr(at_);
  const size_t end = rest.substr(0, kMaxHeaderBytes).find("\r\n\r\n");
  if (end == std::string_view::npos) {
    broken_ = rest.size() >= kMaxHeaderBytes;
    return false;
  }
  body_ = content_length(rest.substr(0, end));
  broken_ = !body_;
  at_ += end + 4;
  return !broken_;
}

std::optional<Frame> Frames::next() {
  if (broken_ || (!body_ && !header())) return std::nullopt;
  Frame out;
  const size_t there = bytes_.size() - at_;
  if (*body_ > kMaxMessageBytes) {
    out.too_large = true;
    skipping_ = *body_ - std::min(*body_, there);
    at_ += std::min(*body_, there);
  } else if (there < *body_) {
    return std::nullopt;
  } else {
    out.body = bytes_.substr(at_, *body_);
    at_ += *body_;
  }
  body_.reset();
  if (at_ > bytes_.size() / 2) {
    bytes_.erase(0, at_);
    at_ = 0;
  }
  return out;
}

std::string framed(const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace firebreak::policy::lsp
