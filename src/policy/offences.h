// SPDX-License-Identifier: Apache-2.0
// Lists of offence codes, each with the class that a history of offending may have. A list proposes
// and never decides: a named person records the class. For a history in another country there is no
// such code at all, only one to compare with.
//
//   FB_TRY(const OffenceList list, OffenceList::load("policies/home-office-1.offences"));
//   if (const auto found = list.find("001/01")) use(found->offence_class, found->reason);
//
// The format, line by line. Lines end with LF or CR LF. What follows `#` outside quotes is a
// comment; empty lines and the spaces around words mean nothing. Outside comments every byte is
// printable ASCII, so tabs are refused.
//
//   offences NAME version N       first; NAME of a-z, 0-9 and "-"; N from 1 to 999999
//   title "TEXT"                  second
//   CLASS "REASON"                begins a group: one of the five classes, and why
//   CCC/LIST                      codes of the group above: three digits, and two-digit numbers or
//                                 ranges SS-SS with single spaces between ("019/00 07-10 16-17")
//
// Texts are 1 to 1,000 bytes without quotation marks. A group holds at least one code. No code
// stands twice, so that no line has to be weighed against another.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "policy/check.h"

namespace firebreak::policy {

enum class OffenceClass : uint8_t {
  high_harm,         // such as murder, kidnapping and rape
  lower_level,       // minor, non-violent and summary; small amounts of a drug for personal use
  other,             // neither
  immigration_only,  // offences under the immigration Acts, and nothing else
  decide,            // whoever owns the policy has to decide; the reason says what about
};
constexpr size_t kOffenceClasses = 5;

// "high_harm": as in files, in answers and, but for two, in the vocabulary's `overseas_offending`.
std::string_view name(OffenceClass offence_class);

struct Offence {
  std::string code;
  OffenceClass offence_class = OffenceClass::decide;
  std::string reason;
};

// True for three digits, "/" and two digits.
bool is_offence_code(std::string_view code);

class OffenceList {
 public:
  // The list, or everything that is wrong with the text, each with its line; one of them is set.
  // `file` stands in messages.
  static std::optional<OffenceList> read(const std::string& file, std::string text,
                                         std::vector<Finding>& faults);
  // Errors: not_found, unavailable, too_large; bad_input with the first fault's place.
  static Result<OffenceList> load(const std::filesystem::path& path);

  // Nothing when the list does not hold the code.
  [[nodiscard]] std::optional<Offence> find(std::string_view code) const;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int version() const { return version_; }
  [[nodiscard]] const std::string& title() const { return title_; }
  [[nodiscard]] size_t size() const { return entries_.size(); }
  [[nodiscard]] size_t count(OffenceClass offence_class) const;
  // Every code with its class and reason, in the codes' order.
  [[nodiscard]] std::vector<Offence> all() const;
  // "sha256:…" over name, version, title and each code with class and reason: comments, layout and
  // the order of groups do not change it.
  [[nodiscard]] const std::string& digest() const { return digest_; }

 private:
  friend class OffenceReader;
  struct Group {
    OffenceClass offence_class = OffenceClass::decide;
    std::string reason;
  };
  struct Entry {
    uint32_t code = 0;   // 19/07 as 1907
    uint32_t group = 0;  // in groups_
  };
  [[nodiscard]] Offence offence(const Entry& entry) const;
  void seal();

  std::string name_;
  int version_ = 0;
  std::string title_;
  std::vector<Group> groups_;
  std::vector<Entry> entries_;  // by code
  std::string digest_;
};

}  // namespace firebreak::policy
