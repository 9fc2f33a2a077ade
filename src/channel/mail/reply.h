// SPDX-License-Identifier: Apache-2.0
// What a mail server answered (RFC 5321 4.2), and how much of it may be kept: the record holds
// no personal data, and a server's text may repeat an address or words of the message.
//
//   ReplyReader reader;
//   reader.add("250 2.0.0 Ok: queued as 4F2A1B\r\n");
//   if (reader.complete()) describe(reader.reply());   // "250 2.0.0 queue id 4F2A1B"
#pragma once

#include <string>
#include <string_view>

namespace firebreak::mail {

struct Reply {
  int code = 0;      // 200 to 599; 0 when the server said something that is not a reply
  std::string text;  // what followed the code; the lines joined by a space; not to be kept as it is
};

// Puts a reply of one or several lines together.
class ReplyReader {
 public:
  // Takes one line as it came. A line after the reply is complete begins another reply.
  void add(std::string_view line);
  // Forgets what was read.
  void clear() { *this = {}; }
  [[nodiscard]] bool complete() const { return complete_; }
  // The reply, when complete.
  [[nodiscard]] const Reply& reply() const { return reply_; }

 private:
  Reply reply_;
  bool complete_ = false;
};

// The reply without personal data, in at most 64 characters of those that the record keeps
// (register/dispatch_queue.h): the code; the enhanced status code (RFC 3463); for a 2xx answer the
// queue id, which names the message in the server's log; otherwise those words that stand in a list
// of words that mail servers use ("..." stands for any others).
std::string describe(const Reply& reply);

}  // namespace firebreak::mail
