// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace firebreak {
namespace {

// The names of one object's members so far. Most objects have few, and looking through them is then
// the fastest.
class MemberNames {
 public:
  // False when it is there already.
  bool add(const std::string& name) {
    if (!many_.empty()) return many_.insert(name).second;
    if (std::find(few_.begin(), few_.end(), name) != few_.end()) return false;
    few_.push_back(name);
    if (few_.size() > kFew) many_.insert(few_.begin(), few_.end());
    return true;
  }

 private:
  static constexpr size_t kFew = 24;
  std::vector<std::string> few_;
  std::set<std::string> many_;
};

// Builds the value through nlohmann's SAX interface, so that depth and doubled members are refused
// while reading, before memory is spent on them.
class StrictReader final : public nlohmann::json_sax<Json> {
 public:
  StrictReader(Json& out, std::string format, const JsonLimits& limits)
      : builder_(out, false), format_(std::move(format)), limits_(limits) {}

  bool null() override { return builder_.null(); }
  bool boolean(bool v) override { return builder_.boolean(v); }
  bool number_integer(number_integer_t v) override { return builder_.number_integer(v); }
  bool number_unsigned(number_unsigned_t v) override { return builder_.number_unsigned(v); }
  bool number_float(number_float_t v, const string_t& s) override {
    return builder_.number_float(v, s);
  }
  bool string(string_t& v) override { return builder_.string(v); }
  bool binary(binary_t& v) override { return builder_.binary(v); }
  bool start_object(size_t n) override {
    names_.emplace_back();
    return deeper(n) && builder_.start_object(n);
  }
  bool key(string_t& name) override {
    if (!names_.back().add(name)) {
      return stop("The member " + shown(name) + " is given twice.");
    }
    return builder_.key(name);
  }
  bool end_object() override {
    names_.pop_back();
    --depth_;
    return builder_.end_object();
  }
  bool start_array(size_t n) override { return deeper(n) && builder_.start_array(n); }
  bool end_array() override {
    --depth_;
    return builder_.end_array();
  }
  bool parse_error(size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*e*/) override {
    position_ = position;
    return false;
  }

  [[nodiscard]] std::string reason() const {
    return reason_.empty() ? "This is not valid " + format_ + "." : reason_;
  }
  [[nodiscard]] size_t position() const { return position_; }

 private:
  // `n` is what CBOR announces, at least a byte each; JSON announces nothing, which is size_t(-1).
  bool deeper(size_t n) {
    if (n != static_cast<size_t>(-1) && n > limits_.max_bytes)
      return stop("More members are announced than there is room for.");
    return ++depth_ <= limits_.max_depth || stop("The " + format_ + " is nested deeper than " +
                                                 std::to_string(limits_.max_depth) + " levels.");
  }
  bool stop(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }
  // A name is a word; what is longer or not plain is shown only as far as a word could go.
  static std::string shown(const std::string& name) {
    constexpr size_t kMost = 40;
    std::string out = name.substr(0, kMost);
    std::replace_if(
        out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, '?');
    return "`" + out + (name.size() > kMost ? "…`" : "`");
  }

  nlohmann::detail::json_sax_dom_parser<Json> builder_;
  std::vector<MemberNames> names_;
  std::string reason_;
  size_t position_ = 0;
  int depth_ = 0;
  std::string format_;
  JsonLimits limits_;
};

// Compares by UTF-16 code units, which is not the order of UTF-8 bytes above U+FFFF: a character
// beyond the basic plane (lead byte F0 or more) is a surrogate pair (D800-DFFF) and sorts before
// U+E000-U+FFFF.
bool utf16_less(const std::string& a, const std::string& b) {
  const size_t n = std::min(a.size(), b.size());
  for (size_t i = 0; i < n; ++i) {
    const auto x = static_cast<uint8_t>(a[i]);
    const auto y = static_cast<uint8_t>(b[i]);
    if (x == y) continue;
    const bool swap =
        (x >= 0xf0 && (y == 0xee || y == 0xef)) || (y >= 0xf0 && (x == 0xee || x == 0xef));
    return swap ? x > y : x < y;
  }
  return a.size() < b.size();
}

void write_string(const std::string& text, std::string& out) {
  out += '"';
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      static constexpr std::string_view kShort = "btn\0fr";  // \b \t \n (none) \f \r
      const bool has_short = byte >= 8 && byte <= 13 && byte != 11;
      if (has_short) {
        out += '\\';
        out += kShort[byte - 8U];
      } else {
        std::array<char, 8> code{};
        std::snprintf(code.data(), code.size(), "\\u%04x", byte);
        out += code.data();
      }
    } else {
      out += c;
    }
  }
  out += '"';
}

void write(const Json& value, std::string& out);

void write_object(const Json& value, std::string& out) {
  std::vector<const std::string*> names;
  for (const auto& item : value.items()) names.push_back(&item.key());
  std::sort(names.begin(), names.end(), [](auto* a, auto* b) { return utf16_less(*a, *b); });
  out += '{';
  for (const std::string* name : names) {
    if (name != names.front()) out += ',';
    write_string(*name, out);
    out += ':';
    write(value.at(*name), out);
  }
  out += '}';
}

void write_number(const Json& value, std::string& out) {
  constexpr int64_t kMost = (int64_t{1} << 53) - 1;
  const bool fits = value.is_number_unsigned()
                        ? value.get<uint64_t>() <= static_cast<uint64_t>(kMost)
                        : value.is_number_integer() && value.get<int64_t>() >= -kMost &&
                              value.get<int64_t>() <= kMost;
  if (!fits) throw std::invalid_argument("canonical JSON holds whole numbers up to 2^53 - 1 only");
  out += value.dump();
}

void write(const Json& value, std::string& out) {
  if (value.is_object()) {
    write_object(value, out);
  } else if (value.is_array()) {
    out += '[';
    for (size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      write(value[i], out);
    }
    out += ']';
  } else if (value.is_string()) {
    write_string(value.get_ref<const std::string&>(), out);
  } else if (value.is_number()) {
    write_number(value, out);
  } else {
    out += value.dump();
  }
}

// "line 3, column 5 (byte 41)", all counted from 1 and the column in bytes.
std::string place_of(std::string_view text, size_t position) {
  const std::string_view before = text.substr(0, position - 1);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t begin = before.rfind('\n') + 1;  // 0 where there is none
  return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - begin + 1) +
         " (byte " + std::to_string(position) + ")";
}

Error larger_than(const std::string& format, size_t max_bytes) {
  return {ErrorCode::too_large,
          "The " + format + " is larger than " + std::to_string(max_bytes) + " bytes.",
          {},
          {}};
}

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) return larger_than("JSON", limits.max_bytes);
  Json out;
  StrictReader reader(out, "JSON", limits);
  if (Json::sax_parse(text, &reader)) return out;
  return bad_input(reader.reason(), reader.position() > 0 ? place_of(text, reader.position()) : "");
}

Result<Json> parse_cbor(std::span<const uint8_t> bytes, const JsonLimits& limits) {
  if (bytes.size() > limits.max_bytes) return larger_than("CBOR", limits.max_bytes);
  Json out;
  StrictReader reader(out, "CBOR", limits);
  if (Json::sax_parse(bytes, &reader, Json::input_format_t::cbor)) return out;
  return bad_input(reader.reason());
}

std::string canonical_json(const Json& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace firebreak
