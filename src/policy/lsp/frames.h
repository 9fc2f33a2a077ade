// SPDX-License-Identifier: Apache-2.0
// Cuts the bytes that a language client sends into messages: header lines, an empty line, and as
// many bytes as `Content-Length` says. Any bytes are survived.
//
//   frames.feed(bytes);
//   while (std::optional<Frame> frame = frames.next()) …
//   if (frames.broken()) …                  // no header can be found any more; give up
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace firebreak::policy::lsp {

constexpr size_t kMaxMessageBytes = size_t{64} << 20;
constexpr size_t kMaxHeaderBytes = 4096;

struct Frame {
  bool too_large = false;  // over kMaxMessageBytes: it was skipped, and `body` is empty
  std::string body;
};

class Frames {
 public:
  void feed(std::string_view bytes);
  [[nodiscard]] std::optional<Frame> next();
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  bool header();

  std::string bytes_;
  size_t at_ = 0;               // what stands before is used up
  std::optional<size_t> body_;  // the length of the message whose header is read
  size_t skipping_ = 0;         // bytes of a message too large that are still to come
  bool broken_ = false;
};

// The message with its header.
std::string framed(const std::string& body);

}  // namespace firebreak::policy::lsp
