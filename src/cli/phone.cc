// SPDX-License-Identifier: Apache-2.0
// firebreak phone screen NUMBER... --list FILE     whether calls may be made; 3 when one is blocked
// firebreak phone export                           the list, of a running server's destinations
// `screen` works on files alone. What was dialled is not repeated in the answer, which may be kept.
#include "cli/phone.h"

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "channel/phone/listed_numbers.h"
#include "channel/phone/uk_numbers.h"

namespace firebreak::cli {
namespace {

using phone::ListedNumber;
using phone::ListedNumbers;
using phone::Screening;
using phone::Why;

constexpr std::string_view kNumberListHead = "number,destination,closed";
constexpr int kCallBlocked = 3;

struct ScreenOptions {
  std::vector<std::string> numbers;
  std::string list;
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// One line "number,destination,closed" of the list.
Result<ListedNumber> read_listed_number(const std::string& line, const std::string& where) {
  const size_t first = line.find(',');
  const size_t last = line.rfind(',');
  const std::string closed = last == std::string::npos ? "" : line.substr(last + 1);
  if (first == last || line.find(',', first + 1) != last || (closed != "yes" && closed != "no")) {
    return bad_input("The line is not a number, a destination and yes or no.", where,
                     "Write it such as: 0306 999 0123,enforcement_desk,yes");
  }
  const std::string destination = line.substr(first + 1, last - first - 1);
  if (destination.empty()) {
    return bad_input("The line names no destination.", where, "Say whose number it is.");
  }
  auto number = phone::normal_e164(line.substr(0, first));
  if (!number) {
    Error error = number.error();
    error.where = where;
    return error;
  }
  return ListedNumber{*number, destination, closed == "yes"};
}

Result<ListedNumbers> read_number_list(const std::string& file) {
  FB_TRY(const std::string text, read_file(file));
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";  // which spreadsheets put first
  std::string_view content = text;
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  const std::vector<std::string> lines = lines_of(content);
  if (lines.empty() || lines.front() != kNumberListHead) {
    return bad_input("The first line is not \"" + std::string(kNumberListHead) + "\".", file + ":1",
                     "Write it there, and one number on each further line.");
  }
  std::vector<ListedNumber> numbers;
  for (size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    FB_TRY(ListedNumber number, read_listed_number(lines[i], file + ":" + std::to_string(i + 1)));
    numbers.push_back(std::move(number));
  }
  auto listed = ListedNumbers::make(std::move(numbers));
  if (listed) return listed;
  Error error = listed.error();
  error.where = error.where.empty() ? file : file + ": " + error.where;
  return error;
}

// The numbers of the command line; for "-" those of standard input, one on each line. An empty line
// is one too, so that answers stand in the order of the lines.
std::vector<std::string> dialled_numbers(const std::vector<std::string>& given) {
  std::vector<std::string> dialled;
  for (const std::string& number : given) {
    if (number != "-") {
      dialled.push_back(number);
      continue;
    }
    const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    for (std::string& line : lines_of(text)) dialled.push_back(std::move(line));
  }
  return dialled;
}

std::string call_in_words(const Screening& screening) {
  const std::string whose =
      screening.destination.empty() ? "" : " of \"" + screening.destination + "\"";
  switch (screening.why) {
    case Why::emergency_or_short:
      return "allowed: an emergency or short number, which always connects";
    case Why::open_listed:
      return "allowed: the open number" + whose;
    case Why::closed_listed:
      return "blocked: the closed number" + whose + "; a referral goes by e-mail alone";
    case Why::closed_contained:
      return "blocked: contains the closed number" + whose + "; a referral goes by e-mail alone";
    case Why::unreadable:
      return "blocked: cannot be read as a number or a name; dial it again without other signs";
    case Why::not_listed:
      break;
  }
  return "allowed: not on the list";
}

Json call_json(const Screening& screening) {
  Json out = {{"answer", screening.allowed ? "allow" : "block"},
              {"why", phone::name(screening.why)}};
  if (!screening.destination.empty()) out["destination"] = screening.destination;
  return out;
}

Result<int> screen_calls(const ScreenOptions& options, bool json) {
  FB_TRY(const ListedNumbers listed, read_number_list(options.list));
  const std::vector<std::string> dialled = dialled_numbers(options.numbers);
  if (dialled.empty()) {
    return bad_input("No number was given.", {}, "Write one on each line of standard input.");
  }
  bool blocked = false;
  Json answers = Json::array();
  for (size_t i = 0; i < dialled.size(); ++i) {
    const Screening screening = listed.screen(dialled[i]);
    blocked = blocked || !screening.allowed;
    if (json) {
      answers.push_back(call_json(screening));
    } else {
      if (dialled.size() > 1) std::cout << i + 1 << ": ";
      std::cout << printable(call_in_words(screening)) << '\n';
    }
  }
  if (json) print_json(answers);
  return blocked ? kCallBlocked : 0;
}

}  // namespace

void add_phone(CLI::App& program, Run& run) {
  CLI::App* group = program.add_subcommand("phone", "Telephone calls to listed numbers");
  group->require_subcommand(1);
  auto options = std::make_shared<ScreenOptions>();
  CLI::App* command = group->add_subcommand(
      "screen", "Whether calls may be made, in the order given; 3 when one is blocked");
  command
      ->add_option(
          "NUMBER", options->numbers,
          "What is dialled, as a tel: or sip: address too; - for standard input, one a line")
      ->required();
  command
      ->add_option("--list", options->list,
                   "The listed numbers: CSV with the first line number,destination,closed")
      ->type_name("FILE")
      ->required();
  on_run(*command, run, [options](bool json) { return screen_calls(*options, json); });
  add_phone_export(*group, run);
}

}  // namespace firebreak::cli
