// SPDX-License-Identifier: Apache-2.0
#include "cli/policy_facts.h"

#include <charconv>
#include <iostream>

#include "base/files.h"
#include "base/json.h"

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

Result<Json> facts_of(const policy::Policy& policy, const FactOptions& options) {
  const std::string& file = options.file;
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
  for (const std::string& item : options.set) {
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

}  // namespace

void add_fact_options(CLI::App& command, FactOptions& options) {
  command
      .add_option("--set", options.set,
                  "A fact; a set is comma-separated, nothing after = is the empty set")
      ->type_name("NAME=VALUE")
      ->take_all();
  command.add_option("--facts", options.file, "A JSON file of facts; --set adds to it")
      ->type_name("FILE");
}

Result<policy::Facts> read_facts(const policy::Policy& policy, const FactOptions& options) {
  FB_TRY(const Json given, facts_of(policy, options));
  return policy.read_facts(given);
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
  if (policy.in_force() != policy::InForce{})
    std::cout << "  in force " << policy::text(policy.in_force()) << '\n';
}

}  // namespace firebreak::cli
