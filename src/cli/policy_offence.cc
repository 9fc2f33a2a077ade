// SPDX-License-Identifier: Apache-2.0
// firebreak policy offence CODE... [--list FILE]     the class that a list proposes for a code
// firebreak policy offence --check FILE              tries whether a list is sound
#include <iostream>
#include <memory>

#include "base/files.h"
#include "cli/command.h"
#include "cli/policy_commands.h"
#include "cli/policy_files.h"
#include "policy/lexer.h"
#include "policy/offences.h"

namespace firebreak::cli {
namespace {

constexpr const char* kShippedOffences = "home-office-1.offences";
constexpr const char* kOnlyProposes =
    "The list only proposes. For a history in another country there is no Home Office code: a "
    "named "
    "person compares, reads the facts, and decides.";
constexpr const char* kNotListed = "The list does not hold this code. A named person decides.";

struct OffenceOptions {
  std::vector<std::string> codes;
  std::string list;
  std::string check;
};

Json offence_numbers(const policy::OffenceList& list) {
  Json counts = Json::object();
  for (size_t i = 0; i < policy::kOffenceClasses; ++i) {
    const auto offence_class = static_cast<policy::OffenceClass>(i);
    counts[std::string(policy::name(offence_class))] = list.count(offence_class);
  }
  return Json{{"name", list.name()},     {"version", list.version()}, {"title", list.title()},
              {"digest", list.digest()}, {"codes", list.size()},      {"classes", counts}};
}

Result<int> check_offences(const std::string& file, bool json) {
  FB_TRY(std::string bytes, read_file(file, policy::kMaxFileBytes));
  std::vector<policy::Finding> faults;
  const auto list = policy::OffenceList::read(file, std::move(bytes), faults);
  if (json) {
    Json found = Json::array();
    for (const policy::Finding& fault : faults) {
      found.push_back({{"line", fault.line}, {"column", fault.column}, {"message", fault.message}});
    }
    Json answer = list ? offence_numbers(*list) : Json::object();
    answer["file"] = file;
    answer["passed"] = list.has_value();
    answer["findings"] = std::move(found);
    print_json(answer);
  } else {
    for (const policy::Finding& fault : faults) std::cout << printable(text(fault));
    if (list) {
      std::cout << printable(file) << ": " << list->name() << " version " << list->version()
                << ", sound, " << list->size() << " codes\n";
      for (size_t i = 0; i < policy::kOffenceClasses; ++i) {
        const auto offence_class = static_cast<policy::OffenceClass>(i);
        std::cout << "  " << policy::name(offence_class) << " " << list->count(offence_class)
                  << '\n';
      }
      std::cout << "  " << list->digest() << '\n';
    } else {
      std::cout << printable(file) << ": not sound\n";
    }
  }
  return list ? 0 : 1;
}

Result<policy::OffenceList> list_to_ask(const std::string& file) {
  if (file.ends_with(".toml")) {
    FB_TRY(const record::PolicyInForce period, policy_of_force(file, {}));
    if (period.offences) return *period.offences;
    return Error{ErrorCode::not_found, "This force names no list for the policy in force.", file,
                 "Write 'offences' under its [[policy]], or give a list."};
  }
  if (!file.empty()) return policy::OffenceList::load(file);
  FB_TRY(const std::filesystem::path folder, shipped_folder("policies"));
  return policy::OffenceList::load(folder / kShippedOffences);
}

// Exit code 1 when the list does not hold one of the codes.
Result<int> ask_offences(const OffenceOptions& options, bool json) {
  for (const std::string& code : options.codes) {
    if (!policy::is_offence_code(code)) {
      return bad_input("This is not a Home Office offence code.", printable(code),
                       "Write three digits, a slash and two digits, such as 019/08.");
    }
  }
  FB_TRY(const policy::OffenceList list, list_to_ask(options.list));
  bool all_found = true;
  Json answers = Json::array();
  for (const std::string& code : options.codes) {
    const std::optional<policy::Offence> found = list.find(code);
    all_found = all_found && found.has_value();
    const std::string proposed(found ? policy::name(found->offence_class) : "not in the list");
    const std::string reason = found ? found->reason : kNotListed;
    answers.push_back(
        {{"code", code}, {"class", found ? Json(proposed) : Json(nullptr)}, {"reason", reason}});
    if (!json) std::cout << code << "  " << proposed << "\n  " << reason << "\n";
  }
  if (json) {
    print_json(Json{{"list", list.name()},
                    {"version", list.version()},
                    {"digest", list.digest()},
                    {"offences", answers},
                    {"note", kOnlyProposes}});
  } else {
    std::cout << '\n'
              << kOnlyProposes << "\n(" << list.name() << " version " << list.version() << ", "
              << list.digest() << ")\n";
  }
  return all_found ? 0 : 1;
}

}  // namespace

void add_policy_offence(CLI::App& group, Run& run) {
  auto options = std::make_shared<OffenceOptions>();
  CLI::App* command = group.add_subcommand(
      "offence", "The class that a list proposes for a Home Office offence code");
  command->footer("Exit code 1 when the list does not hold a code, or is not sound.");
  auto* codes = command->add_option("CODE", options->codes, "Codes, such as 019/08");
  auto* list = command->add_option("--list", options->list,
                                   "Another list than the one that comes with Firebreak; with a "
                                   "force.toml, that of the policy in force today");
  command->add_option("--check", options->check, "Check this list, instead of asking one")
      ->excludes(codes)
      ->excludes(list);
  on_run(*command, run, [options](bool json) -> Result<int> {
    if (!options->check.empty()) return check_offences(options->check, json);
    if (options->codes.empty()) {
      return bad_input("There is nothing to look up.", {},
                       "Give at least one code, such as 019/08, or a list with --check.");
    }
    return ask_offences(*options, json);
  });
}

}  // namespace firebreak::cli
