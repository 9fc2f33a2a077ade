// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/message_text.h"

#include <gmime/gmime.h>

#include <memory>

#include "channel/mail/start_gmime.h"

namespace firebreak::mail {
namespace {

struct UnrefRead {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <typename T>
using Read = std::unique_ptr<T, UnrefRead>;

}  // namespace

std::string message_text(const std::string& message) {
  start_gmime();
  const Read<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(message.data(), message.size()));
  const Read<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const Read<GMimeMessage> read(g_mime_parser_construct_message(parser.get(), nullptr));
  GMimeObject* body = read ? g_mime_message_get_mime_part(read.get()) : nullptr;
  if (!GMIME_IS_MULTIPART(body)) return message;
  auto* parts = reinterpret_cast<GMimeMultipart*>(body);
  if (g_mime_multipart_get_count(parts) == 0) return message;
  GMimeObject* first = g_mime_multipart_get_part(parts, 0);
  if (!GMIME_IS_TEXT_PART(first)) return message;
  const std::unique_ptr<char, decltype(&g_free)> text(
      g_mime_text_part_get_text(reinterpret_cast<GMimeTextPart*>(first)), &g_free);
  if (!text) return message;
  std::string out(text.get());
  std::erase(out, '\r');
  return out;
}

}  // namespace firebreak::mail
