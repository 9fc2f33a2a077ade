// SPDX-License-Identifier: Apache-2.0
// firebreak person list              who there is: roles, ranks with their days, passkeys
// firebreak person suspend NAME      ends a person's access at once
// firebreak person rank NAME RANK    proposes a rank; two persons then approve it
// All act on a data folder that no server has open.
#include <algorithm>
#include <iostream>
#include <memory>

#include "base/clock.h"
#include "base/random.h"
#include "cli/people.h"

namespace firebreak::cli {
namespace {

using identity::Person;
using identity::RankHeld;

struct RankOptions {
  std::filesystem::path data;
  std::string name;
  std::string rank;
  std::string from;
  std::string until;
  bool deputising = false;
};

std::string days_text(const RankHeld& held) {
  std::string out = held.rank + " from " + format_day(held.from);
  if (held.until) out += " until " + format_day(*held.until);
  return held.deputising ? out + ", deputising" : out;
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

Json rank_json(const RankHeld& held) {
  Json out = {
      {"rank", held.rank}, {"from", format_day(held.from)}, {"deputising", held.deputising}};
  out["until"] = held.until ? Json(format_day(*held.until)) : Json();
  return out;
}

Json person_json(const Person& person, Instant now) {
  Json ranks = Json::array();
  for (const RankHeld& held : person.ranks) ranks.push_back(rank_json(held));
  Json passkeys = Json::array();
  for (const identity::Passkey& passkey : person.passkeys) {
    passkeys.push_back({{"passkey", identity::passkey_ref(passkey.id)},
                        {"name", passkey.name},
                        {"in_use", identity::is_usable(passkey, now)},
                        {"waits", identity::is_pending(passkey)}});
  }
  return {{"id", person.id},       {"name", person.name}, {"display_name", person.display_name},
          {"roles", person.roles}, {"ranks", ranks},      {"active", person.active},
          {"passkeys", passkeys}};
}

std::string passkeys_text(const Person& person, Instant now) {
  const auto used = std::ranges::count_if(
      person.passkeys, [&](const auto& passkey) { return identity::is_usable(passkey, now); });
  const auto waiting = std::ranges::count_if(person.passkeys, identity::is_pending);
  return std::to_string(used) + (waiting == 0 ? "" : " (" + std::to_string(waiting) + " wait)");
}

void print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - row[i].size() + 2, ' ');
    }
    std::cout << printable(line) << '\n';
  }
}

Result<int> list(const RankOptions& options, bool json) {
  const SystemClock clock;
  SystemRandom random;
  FB_TRY(const auto reg, open_folder(options.data, clock, random));
  std::vector<Person> people = reg->directory().people();
  std::ranges::sort(people, {}, &Person::name);
  if (json) {
    Json all = Json::array();
    for (const Person& person : people) all.push_back(person_json(person, clock.now()));
    print_json({{"people", all}});
    return 0;
  }
  std::vector<std::vector<std::string>> rows = {{"NAME", "STATE", "ROLES", "PASSKEYS", "RANKS"}};
  for (const Person& person : people) {
    std::vector<std::string> ranks;
    for (const RankHeld& held : person.ranks) ranks.push_back(days_text(held));
    rows.push_back({person.name, person.active ? "active" : "suspended", joined(person.roles, ", "),
                    passkeys_text(person, clock.now()), joined(ranks, "; ")});
  }
  print_table(rows);
  return 0;
}

Result<int> suspend(const RankOptions& options, bool json) {
  const SystemClock clock;
  SystemRandom random;
  FB_TRY(const auto reg, open_folder(options.data, clock, random));
  const auto person = reg->directory().person_named(options.name);
  if (person && !person->active) {
    return Error{ErrorCode::conflict, "This person is suspended already.", "NAME",
                 "firebreak person list shows everybody."};
  }
  FB_CHECK(reg->directory().deactivate_person(std::nullopt, options.name));
  if (json) {
    print_json({{"name", options.name}, {"active", false}});
  } else {
    std::cout << printable(options.name)
              << " is suspended: they cannot sign in, sign off or release any more.\n";
  }
  return 0;
}

// Two persons give a rank: here it is proposed.
Result<int> rank(const RankOptions& options, bool json) {
  const SystemClock clock;
  SystemRandom random;
  FB_TRY(const auto reg, open_folder(options.data, clock, random));
  const std::string today = format_day(london_day(clock.now()));
  FB_TRY(const Json change,
         reg->changes().propose(std::nullopt,
                                {{"type", "rank"},
                                 {"person", options.name},
                                 {"rank", options.rank},
                                 {"from", options.from.empty() ? today : options.from},
                                 {"until", options.until},
                                 {"deputising", options.deputising},
                                 {"reason", "Asked for with `firebreak person rank`."}}));
  if (json) {
    print_json(change);
    return 0;
  }
  for (const Json& line : change.at("says"))
    std::cout << printable(line.get<std::string>()) << '\n';
  std::cout << "This is proposed. Two persons must approve it, for example with\n\n"
               "  firebreak change approve "
            << change.at("change").get<std::string>() << '\n';
  return 0;
}

}  // namespace

void add_person_rank(CLI::App& people, Run& run) {
  auto options = std::make_shared<RankOptions>();
  CLI::App* all = people.add_subcommand("list", "List people with their roles, ranks and passkeys");
  CLI::App* end = people.add_subcommand("suspend", "End a person's access at once");
  CLI::App* holds = people.add_subcommand(
      "rank", "Propose a rank for some days; the same first day changes the last one");
  for (CLI::App* command : {all, end, holds}) add_data_option(*command, options->data);
  for (CLI::App* command : {end, holds})
    command->add_option("NAME", options->name, "The sign-in name")->required();
  holds->add_option("RANK", options->rank, "The rank, in the vocabulary's words")->required();
  holds->add_option("--from", options->from, "The first day (default: today)")->type_name("DAY");
  holds->add_option("--until", options->until, "The last day (default: no end)")->type_name("DAY");
  holds->add_flag("--deputising", options->deputising, "In the place of somebody who is away");
  on_run(*all, run, [options](bool json) { return list(*options, json); });
  on_run(*end, run, [options](bool json) { return suspend(*options, json); });
  on_run(*holds, run, [options](bool json) { return rank(*options, json); });
}

}  // namespace firebreak::cli
