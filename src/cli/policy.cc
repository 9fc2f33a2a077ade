// SPDX-License-Identifier: Apache-2.0
// firebreak policy check FILE...     tries everything a policy promises
// firebreak policy decide POLICY     answers one question, from files alone; nothing is recorded
#include "policy/policy.h"

#include <charconv>
#include <iostream>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/policy_files.h"
#include "policy/check.h"

namespace firebreak::cli {
namespace {

Json list_of(std::string_view text) {
  Json out = Json::array();
  while (!text.empty()) {
    const size_t comma = text.find(',');
    out.push_back(std::string(text.substr(0, comma)));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return out;
}

// What `--set name=value` means for the attribute of that name; an unknown name is passed on as it
// is, for read_facts to refuse with the nearest known one.
Json value_of(const policy::Vocabulary& words, const std::string& name, const std::string& value) {
  const policy::Attribute* attribute = words.find(name);
  if (attribute != nullptr && attribute->kind == policy::AttributeKind::any_of)
    return list_of(value);
  if (attribute != nullptr && attribute->kind == policy::AttributeKind::number) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc() && end == value.data() + value.size()) return number;
  }
  return value;
}

Result<Json> facts_of(const policy::Policy& policy, const std::string& file,
                      const std::vector<std::string>& set) {
  Json facts = Json::object();
  if (!file.empty()) {
    FB_TRY(const std::string text, read_file(file, size_t{1} << 20));
    auto read = parse_json(text);
    if (!read) {
      const std::string& at = read.error().where;
      return bad_input(read.error().message, at.empty() ? file : file + ", " + at);
    }
    facts = *std::move(read);
    if (!facts.is_object()) return bad_input("Facts are a JSON object of attributes.", file);
  }
  Json given = Json::object();
  for (const std::string& item : set) {
    const size_t equals = item.find('=');
    if (equals == std::string::npos) {
      return bad_input("\"" + item + "\" has no value.", "--set", "Write --set name=value.");
    }
    const std::string name = item.substr(0, equals);
    if (given.contains(name))
      return bad_input("\"" + name + "\" is set twice.", "--set", "Give each fact once.");
    given[name] = value_of(policy.vocabulary(), name, item.substr(equals + 1));
  }
  facts.update(given);
  return facts;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

void print_decision(const policy::Policy& policy, const policy::Decision& decision) {
  std::cout << policy::name(decision.decision);
  if (decision.sign_off)
    std::cout << " by " << decision.sign_off->count << " of rank " << decision.sign_off->rank;
  if (!decision.covered) std::cout << " (not covered by the text)";
  if (decision.discretion) std::cout << " (at the officer's discretion)";
  std::cout << '\n';
  if (!decision.because.empty()) std::cout << "  " << decision.because << '\n';
  if (!decision.rule.empty()) std::cout << "  rule: " << joined(decision.rules) << '\n';
  for (const policy::Clause& clause : decision.clauses) {
    std::cout << "  clause " << clause.id << " (" << clause.basis << "): " << clause.text << '\n';
  }
  if (!decision.conditions.channel.empty())
    std::cout << "  only by: " << joined(decision.conditions.channel) << '\n';
  if (!decision.conditions.disclose.empty()) {
    std::cout << "  disclose only: " << joined(decision.conditions.disclose) << '\n';
  }
  for (const std::string& support : decision.support) std::cout << "  offer: " << support << '\n';
  if (!decision.missing.empty())
    std::cout << "  still matters: " << joined(decision.missing) << '\n';
  std::cout << "  policy: " << policy.id() << " version " << policy.version() << ", "
            << policy.digest() << '\n';
}

void add_check(CLI::App& group, Run& run) {
  struct Options {
    std::vector<std::string> files;
    bool in_force = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      group.add_subcommand("check", "Check policies: text, conflicts, assertions, cases");
  command->add_option("FILE", options->files, "Policy files")->required();
  command->add_flag("--in-force", options->in_force,
                    "Also hold them to what every policy keeps before it may be put in force");
  on_run(*command, run, [options](bool json) -> Result<int> {
    bool passed = true;
    Json reports = Json::array();
    const Day today = london_day(SystemClock().now());
    for (const std::string& file : options->files) {
      FB_TRY(const std::filesystem::path path, find_policy(file));
      const policy::Report report =
          options->in_force ? policy::check_for_force(path, today) : policy::check(path, today);
      passed = passed && report.passed();
      if (json) {
        reports.push_back(policy::report_json(report));
      } else {
        std::cout << policy::text(report) << '\n';
      }
    }
    if (json) print_json(reports);
    return passed ? 0 : 1;
  });
}

void add_decide(CLI::App& group, Run& run) {
  struct Options {
    std::string policy;
    std::string facts;
    std::vector<std::string> set;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = group.add_subcommand("decide", "Answer one question; nothing is recorded");
  command->add_option("POLICY", options->policy, "A policy file, or the name of one in policies/")
      ->required();
  command
      ->add_option("--set", options->set,
                   "A fact; a set is comma-separated, nothing after = is the empty set")
      ->type_name("NAME=VALUE")
      ->take_all();
  command->add_option("--facts", options->facts, "A JSON file of facts; --set adds to it")
      ->type_name("FILE");
  on_run(*command, run, [options](bool json) -> Result<int> {
    FB_TRY(const std::filesystem::path path, find_policy(options->policy));
    FB_TRY(const auto policy, policy::Policy::load(path));
    FB_TRY(const Json given, facts_of(*policy, options->facts, options->set));
    FB_TRY(const policy::Facts facts, policy->read_facts(given));
    const policy::Decision decision = policy->decide(facts);
    if (json) {
      print_json(policy::answer(*policy, decision));
    } else {
      print_decision(*policy, decision);
    }
    return 0;
  });
}

}  // namespace

void add_policy(CLI::App& program, Run& run) {
  CLI::App* group =
      program.add_subcommand("policy", "Check policies and ask them, from files alone");
  group->require_subcommand(1);
  add_check(*group, run);
  add_decide(*group, run);
}

}  // namespace firebreak::cli
