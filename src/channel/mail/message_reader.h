// SPDX-License-Identifier: Apache-2.0
// Reads a rendered referral back with GMime, strictly, for tests: whatever is in the message and
// does not belong there is an error.
#pragma once

#include <gmime/gmime.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace firebreak::mail {

struct ReadMessage {
  std::vector<std::pair<std::string, std::string>> headers;
  std::string text;  // decoded, with LF
  Json json;
};

namespace reading {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

inline std::vector<std::pair<std::string, std::string>> headers_of(GMimeObject* object) {
  std::vector<std::pair<std::string, std::string>> out;
  GMimeHeaderList* list = g_mime_object_get_header_list(object);
  for (int i = 0; i < g_mime_header_list_get_count(list); ++i) {
    GMimeHeader* header = g_mime_header_list_get_header_at(list, i);
    out.emplace_back(g_mime_header_get_name(header), g_mime_header_get_value(header));
  }
  return out;
}

inline std::string content_of(GMimePart* part) {
  const Owned<GMimeStream> out(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(part), out.get());
  GByteArray* bytes =
      g_mime_stream_mem_get_byte_array(reinterpret_cast<GMimeStreamMem*>(out.get()));
  std::string text(reinterpret_cast<const char*>(bytes->data), bytes->len);
  std::erase(text, '\r');
  return text;
}

using Headers = std::vector<std::pair<std::string, std::string>>;

inline Result<GMimePart*> part_at(GMimeMultipart* body, int index, const Headers& expected) {
  GMimeObject* part = g_mime_multipart_get_part(body, index);
  if (!GMIME_IS_PART(part)) return bad_input("not a leaf part", std::to_string(index));
  if (headers_of(part) != expected) return bad_input("other headers", std::to_string(index));
  return reinterpret_cast<GMimePart*>(part);
}

inline Result<ReadMessage> read_body(GMimeMessage* message) {
  auto* root = g_mime_message_get_mime_part(message);
  if (!GMIME_IS_MULTIPART(root)) return bad_input("not a multipart");
  auto* body = reinterpret_cast<GMimeMultipart*>(root);
  if (g_mime_multipart_get_count(body) != 2) return bad_input("not two parts");
  FB_TRY(GMimePart * text, part_at(body, 0,
                                   {{"Content-Type", "text/plain; charset=utf-8"},
                                    {"Content-Transfer-Encoding", "quoted-printable"}}));
  FB_TRY(GMimePart * json, part_at(body, 1,
                                   {{"Content-Type", "application/json"},
                                    {"Content-Transfer-Encoding", "quoted-printable"},
                                    {"Content-Disposition", "inline"}}));
  for (const char* between :
       {g_mime_multipart_get_prologue(body), g_mime_multipart_get_epilogue(body)})
    if (between != nullptr && *between != '\0') return bad_input("text outside the parts");
  ReadMessage out;
  out.headers = headers_of(reinterpret_cast<GMimeObject*>(message));
  out.text = content_of(text);
  FB_TRY(out.json, parse_json(content_of(json), {.max_bytes = size_t{16} << 20}));
  return out;
}

}  // namespace reading

inline Result<ReadMessage> read_message(const std::string& bytes) {
  const reading::Owned<GMimeStream> stream(
      g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const reading::Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const reading::Owned<GMimeMessage> message(
      g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message) return bad_input("not a message");
  return reading::read_body(message.get());
}

}  // namespace firebreak::mail
