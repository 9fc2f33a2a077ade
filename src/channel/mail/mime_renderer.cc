// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/mime_renderer.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/json.h"
#include "channel/mail/address.h"
#include "channel/mail/start_gmime.h"

namespace firebreak::mail {
namespace {

constexpr size_t kMaxFields = 64;
constexpr size_t kMaxValue = size_t{64} << 10;

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// "date_of_birth": lower-case words joined by single underscores.
bool is_field_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() < 'a' || name.back() == '_') return false;
  return name.find("__") == std::string_view::npos &&
         std::ranges::all_of(name, [](char c) { return is_lower_or_digit(c) || c == '_'; });
}

// As base/random.h's random_name makes it; the boundary holds it and has room for 70 characters.
bool is_reference(std::string_view reference) {
  return reference.starts_with("ref_") && reference.size() > 4 && reference.size() <= 40 &&
         std::ranges::all_of(reference.substr(4), is_lower_or_digit);
}

// Unicode's control characters (general category Cc) but tab, line feed and carriage return.
bool has_control_character(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return true;
    if (byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0)
      return true;
  }
  return false;
}

Result<void> check_field(const std::string& name, const std::string& value) {
  if (!is_field_name(name))
    return bad_input("A field's name must be lower-case words joined by underscores.", "fields");
  const std::string where = "fields." + name;
  if (value.size() > kMaxValue)
    return Error{ErrorCode::too_large, "The value is longer than 65,536 bytes.", where, {}};
  if (g_utf8_validate(value.data(), static_cast<gssize>(value.size()), nullptr) == FALSE)
    return bad_input("The value is not valid UTF-8 text.", where);
  if (has_control_character(value)) {
    return bad_input("The value holds a control character that is not a tab or a line break.",
                     where, "Remove it; it may be invisible and have come from a copied text.");
  }
  return {};
}

Result<void> check(const record::MessageContent& content) {
  if (!is_reference(content.reference)) {
    return bad_input("The reference must be \"ref_\" and lower-case letters and digits.",
                     "reference");
  }
  if (!is_address(content.message_id))
    return bad_input("The Message-ID must be a name, \"@\" and a domain.", "message_id");
  if (!is_address(content.from))
    return bad_input("The sender's address must be plain, as in name@force.example.", "from");
  if (!is_address(content.to))
    return bad_input("The recipient's address must be plain, as in name@force.example.", "to");
  const auto year =
      std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(content.date)).year();
  if (year < std::chrono::year{1970} || year > std::chrono::year{9999})
    return bad_input("The date cannot be written in a message.", "date");
  if (content.fields.empty()) return bad_input("There is no field to send.", "fields");
  if (content.fields.size() > kMaxFields)
    return Error{ErrorCode::too_large, "There are more than 64 fields.", "fields", {}};
  std::set<std::string_view> seen;
  for (const auto& [name, value] : content.fields) {
    FB_CHECK(check_field(name, value));
    if (!seen.insert(name).second) return bad_input("The field is given twice.", "fields." + name);
  }
  return {};
}

// "date_of_birth" as a heading: "Date of birth".
std::string heading(std::string name) {
  std::ranges::replace(name, '_', ' ');
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

// The length of the line break at the start of `text`, 0 when there is none: CR LF, CR, LF, U+2028
// (line separator), U+2029 (paragraph separator).
size_t line_break(std::string_view text) {
  if (text.starts_with("\r\n")) return 2;
  if (text.starts_with('\n') || text.starts_with('\r')) return 1;
  return text.starts_with("\u2028") || text.starts_with("\u2029") ? 3 : 0;
}

std::string text_part(const record::MessageContent& content) {
  std::string out = "Referral " + content.reference + "\n";
  for (const auto& [name, value] : content.fields) {
    out += "\n" + heading(name) + "\n  ";
    std::string_view rest = value;
    while (!rest.empty()) {
      const size_t length = line_break(rest);
      if (length > 0) {
        out += "\n  ";
      } else {
        out += rest.front();
      }
      rest.remove_prefix(std::max<size_t>(length, 1));
    }
    out += "\n";
  }
  return out;
}

std::string json_part(const record::MessageContent& content) {
  Json fields = Json::object();
  for (const auto& [name, value] : content.fields) fields[name] = value;
  return canonical_json({{"format", "firebreak-referral"},
                         {"version", 1},
                         {"reference", content.reference},
                         {"fields", fields}});
}

// The text in quoted-printable, with "From " escaped at the start of lines: line breaks are LF.
Owned<GMimeDataWrapper> encode(std::string_view text) {
  const Owned<GMimeStream> memory(g_mime_stream_mem_new());
  const Owned<GMimeStream> filtered(g_mime_stream_filter_new(memory.get()));
  const Owned<GMimeFilter> quoted(
      g_mime_filter_basic_new(GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, TRUE));
  const Owned<GMimeFilter> from(g_mime_filter_from_new(GMIME_FILTER_FROM_MODE_ARMOR));
  auto* filter = reinterpret_cast<GMimeStreamFilter*>(filtered.get());
  g_mime_stream_filter_add(filter, quoted.get());
  g_mime_stream_filter_add(filter, from.get());
  g_mime_stream_write(filtered.get(), text.data(), text.size());
  g_mime_stream_flush(filtered.get());
  g_mime_stream_reset(memory.get());
  return Owned<GMimeDataWrapper>(
      g_mime_data_wrapper_new_with_stream(memory.get(), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE));
}

Owned<GMimePart> make_part(const char* type, const char* subtype, std::string_view text) {
  Owned<GMimePart> part(g_mime_part_new_with_type(type, subtype));
  g_mime_part_set_content_encoding(part.get(), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  g_mime_part_set_content(part.get(), encode(text).get());
  return part;
}

template <typename T>
GMimeObject* as_object(const Owned<T>& part) {
  return reinterpret_cast<GMimeObject*>(part.get());
}

Owned<GMimeMultipart> make_body(const record::MessageContent& content) {
  const Owned<GMimePart> text = make_part("text", "plain", text_part(content));
  g_mime_object_set_content_type_parameter(as_object(text), "charset", "utf-8");
  const Owned<GMimePart> json = make_part("application", "json", json_part(content));
  g_mime_object_set_disposition(as_object(json), "inline");
  Owned<GMimeMultipart> body(g_mime_multipart_new_with_subtype("alternative"));
  g_mime_multipart_set_boundary(body.get(), ("=_firebreak_" + content.reference).c_str());
  g_mime_multipart_add(body.get(), as_object(text));
  g_mime_multipart_add(body.get(), as_object(json));
  return body;
}

std::string date_header(Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
  const std::unique_ptr<GDateTime, decltype(&g_date_time_unref)> date(
      g_date_time_new_from_unix_utc(seconds), &g_date_time_unref);
  const std::unique_ptr<char, decltype(&g_free)> text(g_mime_utils_header_format_date(date.get()),
                                                      &g_free);
  return text.get();
}

}  // namespace

Result<std::string> MimeRenderer::render(const record::MessageContent& content) const {
  FB_CHECK(check(content));
  start_gmime();

  const Owned<GMimeMessage> message(g_mime_message_new(FALSE));
  const auto header = [&](const char* name, const std::string& value) {
    g_mime_object_set_header(as_object(message), name, value.c_str(), nullptr);
  };
  header("From", content.from);
  header("To", content.to);
  header("Date", date_header(content.date));
  header("Subject", "Referral " + content.reference);
  header("Message-ID", "<" + content.message_id + ">");
  g_mime_message_set_mime_part(message.get(), as_object(make_body(content)));

  const std::unique_ptr<GMimeFormatOptions, decltype(&g_mime_format_options_free)> options(
      g_mime_format_options_new(), &g_mime_format_options_free);
  g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
  const std::unique_ptr<char, decltype(&g_free)> text(
      g_mime_object_to_string(as_object(message), options.get()), &g_free);
  return std::string(text.get());
}

}  // namespace firebreak::mail
