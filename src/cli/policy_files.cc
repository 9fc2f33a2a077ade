// SPDX-License-Identifier: Apache-2.0
#include "cli/policy_files.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "base/files.h"
#include "policy/versions.h"
#include "register/config.h"

namespace firebreak::cli {
namespace fs = std::filesystem;

Result<fs::path> shipped_folder(const std::string& name) {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  for (fs::path at = program.parent_path(); !at.empty() && at != at.root_path();
       at = at.parent_path()) {
    for (const fs::path& folder :
         {at / name, at / "share" / "firebreak" / fs::path(name).filename()}) {
      if (fs::is_directory(folder, ignored)) return folder;
    }
  }
  return Error{ErrorCode::not_found,
               "The folder " + name + " of this installation is missing.",
               {},
               "Build again with ./run, or install the package again."};
}

namespace {

// The name of a file that lies at hand, without its ending, is the likeliest slip: what to do then.
std::string file_at_hand(const std::string& name) {
  std::error_code ignored;
  const std::string file = name + ".policy";
  return fs::is_regular_file(file, ignored) ? "Give the file: " + file + "." : "";
}

Error no_such_policy(const std::string& name, const fs::path& folder) {
  std::vector<std::string> known;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".policy") known.push_back(entry.path().stem().string());
  }
  if (fs::is_directory(name, ignored))
    return bad_input("This is a folder, not a policy.", name, "Name a file in it.");
  std::sort(known.begin(), known.end());
  std::string list;
  for (const std::string& one : known) list += (list.empty() ? "" : ", ") + one;
  const std::string at_hand = file_at_hand(name);
  return Error{ErrorCode::not_found, "There is no policy of this name.", name,
               !at_hand.empty() ? at_hand
               : list.empty()   ? "Give the path of a .policy file."
                                : "There are: " + list + "."};
}

// A file is one version; with a day it must be in force then.
Result<fs::path> one_file(const fs::path& path, const std::string& as_of) {
  if (as_of.empty()) return path;
  FB_TRY(const Day day, day_asked(as_of));
  FB_TRY(const policy::Version version, policy::read_version(path));
  FB_TRY(policy::Version chosen, policy::version_on({version}, day));
  return std::move(chosen.path);
}

struct NameAndDay {
  std::string name;
  std::string as_of;
};
// "NAME@DAY" in its two parts; with --as-of there is no such day.
Result<NameAndDay> name_and_day(const std::string& name, const std::string& as_of) {
  std::error_code ignored;
  const size_t at = name.rfind('@');
  if (at == std::string::npos || fs::exists(name, ignored)) return NameAndDay{name, as_of};
  if (as_of.empty() && at + 1 < name.size()) {
    return NameAndDay{name.substr(0, at), name.substr(at + 1)};
  }
  return bad_input("A policy is asked as of one day.", name,
                   "Write NAME@YYYY-MM-DD, or --as-of YYYY-MM-DD, and not both.");
}

}  // namespace

void add_as_of_option(CLI::App& command, std::string& as_of) {
  command
      .add_option("--as-of", as_of,
                  "The version in force on this day in Europe/London, where there are several; "
                  "otherwise today's")
      ->type_name("YYYY-MM-DD");
}

void add_setting_option(CLI::App& command, std::vector<std::string>& settings,
                        const std::string& name) {
  command
      .add_option(name, settings,
                  "What the force decides of what the policy leaves open; otherwise its default")
      ->type_name("NAME=VALUE")
      ->take_all();
}

Result<policy::SettingValues> read_settings(const std::vector<std::string>& settings,
                                            const std::string& option) {
  policy::SettingValues out;
  for (const std::string& item : settings) {
    const size_t equals = item.find('=');
    if (equals == std::string::npos) {
      return bad_input("\"" + item + "\" has no value.", option,
                       "Write " + option + " name=value.");
    }
    if (!out.emplace(item.substr(0, equals), item.substr(equals + 1)).second) {
      return bad_input("\"" + item.substr(0, equals) + "\" is set twice.", option,
                       "Give each setting once.");
    }
  }
  return out;
}

void add_policy_options(CLI::App& command, PolicyOptions& options) {
  command
      .add_option("POLICY", options.name,
                  "A policy file, the name of one in policies/, or a force.toml")
      ->required();
  add_as_of_option(command, options.as_of);
  add_setting_option(command, options.settings);
}

Result<record::PolicyInForce> policy_of_force(const fs::path& force_toml,
                                              const std::string& as_of) {
  FB_TRY(const Day day, day_asked(as_of));
  FB_TRY(const std::string text, read_file(force_toml));
  FB_TRY(const record::Config config, record::read_config(text, force_toml.string()));
  FB_TRY(const record::PoliciesInForce policies,
         record::PoliciesInForce::read(policies_beside(force_toml), config));
  return policies.period_on(day);
}

Result<ChosenPolicy> choose_policy(const PolicyOptions& options) {
  FB_TRY(const policy::SettingValues settings,
         read_settings(options.settings, options.setting_option));
  FB_TRY(const NameAndDay asked, name_and_day(options.name, options.as_of));
  if (!asked.name.ends_with(".toml")) {
    FB_TRY(fs::path path, find_policy(asked.name, asked.as_of));
    return ChosenPolicy{std::move(path), settings};
  }
  FB_TRY(record::PolicyInForce found, policy_of_force(asked.name, asked.as_of));
  ChosenPolicy out{policies_beside(asked.name) / found.file, std::move(found.decided)};
  for (const auto& [setting, value] : settings) out.decided.settings[setting] = value;
  return out;
}

Result<std::shared_ptr<const policy::Policy>> load_policy(const PolicyOptions& options) {
  FB_TRY(const ChosenPolicy chosen, choose_policy(options));
  return policy::Policy::load(chosen.path, chosen.decided);
}

fs::path policies_beside(const fs::path& force_toml) {
  return force_toml.parent_path() / "policies";
}

Result<Day> day_asked(const std::string& as_of) {
  if (as_of.empty()) return london_day(SystemClock().now());
  Result<Day> day = parse_day(as_of);
  if (day) return day;
  return bad_input("\"" + as_of + "\" is not a day.", "--as-of",
                   "Write a day that exists as YYYY-MM-DD.");
}

Result<fs::path> find_policy(const std::string& given, const std::string& given_day) {
  std::error_code ignored;
  if (fs::exists(given, ignored) && !fs::is_directory(given, ignored)) {
    return one_file(given, given_day);
  }
  FB_TRY(const NameAndDay asked, name_and_day(given, given_day));
  const std::string& name = asked.name;
  const std::string& as_of = asked.as_of;
  fs::path folder = fs::path(name).parent_path();
  const std::string id = fs::path(name).filename().string();
  if (id.ends_with(".policy")) return no_such_policy(name, {});
  if (folder.empty()) {
    Result<fs::path> shipped = shipped_folder("policies");
    if (!shipped) return file_at_hand(name).empty() ? shipped.error() : no_such_policy(name, {});
    folder = *std::move(shipped);
  }
  FB_TRY(const std::vector<policy::Version> versions, policy::versions_of(folder, id));
  if (versions.empty()) {
    const fs::path numbered = folder / (id + ".policy");
    if (fs::is_regular_file(numbered, ignored)) return one_file(numbered, as_of);
    return no_such_policy(name, folder);
  }
  if (versions.size() == 1 && as_of.empty()) return versions.front().path;
  FB_TRY(const Day day, day_asked(as_of));
  FB_TRY(policy::Version chosen, policy::version_on(versions, day));
  return std::move(chosen.path);
}

}  // namespace firebreak::cli
