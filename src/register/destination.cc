// SPDX-License-Identifier: Apache-2.0
#include "register/destination.h"

#include <algorithm>
#include <functional>

#include "register/config_words.h"

namespace firebreak::record {
namespace {

constexpr size_t kMostWays = 200;

bool is_line(std::string_view text) {
  return !text.empty() && text.size() <= 200 && std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

// ITU-T E.164, as it is written internationally (E.123): the country code does not begin with 0.
bool is_e164(std::string_view text) {
  if (text.size() < 8 || text.size() > 16 || text[0] != '+' || text[1] == '0') return false;
  return std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

struct ListMember {
  const char* name;
  std::vector<std::string> Destination::* values;
  bool (*good)(std::string_view);
  const char* rule;
};

constexpr ListMember kListMembers[] = {
    {"purposes", &Destination::purposes, is_line, "are lines of 1 to 200 bytes."},
    {"addresses", &Destination::addresses, is_address, "are plain e-mail addresses."},
    {"domains", &Destination::domains, is_domain,
     "are domains in lower case; write one of other letters in its xn-- form."},
    {"telephones", &Destination::telephones, is_e164,
     "are numbers in international form, such as +443069990123: + and 7 to 15 digits."}};

// What is wrong with one list, empty when nothing is.
std::string wrong_list(const ListMember& member, const std::vector<std::string>& values) {
  if (values.size() > kMostWays) return "are at most " + std::to_string(kMostWays) + ".";
  for (auto one = values.begin(); one != values.end(); ++one) {
    if (!member.good(*one)) return member.rule;
    if (std::find(values.begin(), one, *one) != one) return "hold '" + *one + "' twice.";
  }
  return {};
}

}  // namespace

Json destination_json(const Destination& destination) {
  Json out = {{"recipient", destination.recipient},
              {"address", destination.address},
              {"label", destination.label}};
  for (const ListMember& member : kListMembers) {
    const auto& values = std::invoke(member.values, destination);
    if (!values.empty()) out[member.name] = values;
  }
  if (destination.from) out["from"] = format_day(*destination.from);
  if (destination.until) out["until"] = format_day(*destination.until);
  return out;
}

Destination destination_of(const std::string& id, const Json& value) {
  Destination out{id, value.at("recipient").get<std::string>(),
                  value.at("address").get<std::string>(), value.at("label").get<std::string>()};
  for (const ListMember& member : kListMembers)
    std::invoke(member.values, out) = value.value(member.name, std::vector<std::string>());
  if (value.contains("from")) out.from = *parse_day(value.at("from").get<std::string>());
  if (value.contains("until")) out.until = *parse_day(value.at("until").get<std::string>());
  return out;
}

std::vector<std::pair<const char*, std::string>> wrong_members(const Destination& destination) {
  std::vector<std::pair<const char*, std::string>> wrong;
  if (!is_word(destination.id)) wrong.emplace_back("id", "is a word of a-z, 0-9, '-' and '_'.");
  if (!is_word(destination.recipient))
    wrong.emplace_back("recipient", "is a word of the vocabulary.");
  if (!destination.address.empty() && !is_address(destination.address))
    wrong.emplace_back("address", "is a plain e-mail address.");
  for (const ListMember& member : kListMembers) {
    const std::string rule = wrong_list(member, std::invoke(member.values, destination));
    if (!rule.empty()) wrong.emplace_back(member.name, rule);
  }
  if (destination.address.empty() && destination.addresses.empty() && destination.domains.empty() &&
      destination.telephones.empty())
    wrong.emplace_back("address", "is missing, and so is every other way to reach it.");
  if (destination.from && destination.until && *destination.until < *destination.from)
    wrong.emplace_back("until", "is before the first day.");
  return wrong;
}

Result<void> check_destination(const Destination& destination) {
  for (const auto& [member, rule] : wrong_members(destination))
    return bad_input("The destination's " + std::string(member) + " " + rule, member);
  if (!is_line(destination.label))
    return bad_input("The destination's label is a line of 1 to 200 bytes.", "label");
  return {};
}

}  // namespace firebreak::record
