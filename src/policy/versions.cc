// SPDX-License-Identifier: Apache-2.0
#include "policy/versions.h"

#include <algorithm>
#include <system_error>

#include "base/files.h"
#include "policy/loader.h"
#include "policy/parser.h"

namespace firebreak::policy {
namespace {

namespace fs = std::filesystem;

bool parse_head(Cursor& cursor, Version& out) {
  if (!cursor.expect("policy")) return false;
  const Token* name = cursor.name("a policy");
  if (name == nullptr) return false;
  out.id = name->text;
  if (!cursor.expect("version")) return false;
  const std::optional<int32_t> number = cursor.number("a version number", 1, kMaxNumber);
  if (!number) return false;
  out.version = *number;
  while (!cursor.at_end()) {
    // These begin what follows the head, where they begin a line: names may be words like them.
    for (const char* word : {"clause", "setting", "never", "rule", "assert", "case"}) {
      if (cursor.is(word) && cursor.peek().first_on_line) return true;
    }
    if (cursor.is("in") && cursor.is("force", 1)) return parse_in_force(cursor, out.in_force);
    cursor.next();
  }
  return true;
}

std::string shown(const Version& version) {
  return "version " + std::to_string(version.version) + " (" + version.path.filename().string() +
         ", " + text(version.in_force) + ")";
}

// ID.policy and every ID-N.policy that is there, in the order of their names.
std::vector<fs::path> candidates(const fs::path& folder, const std::string& id) {
  std::vector<fs::path> out;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != ".policy") continue;
    const std::string stem = entry.path().stem().string();
    const bool numbered = stem.starts_with(id + "-") && stem.size() > id.size() + 1 &&
                          stem.find_first_not_of("0123456789", id.size() + 1) == std::string::npos;
    if (stem == id || numbered) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Two versions that cannot stand beside each other.
Result<void> stand_beside(const Version& a, const Version& b) {
  const std::string both = a.path.filename().string() + " and " + b.path.filename().string();
  if (a.version == b.version) {
    return bad_input(
        "Two files are version " + std::to_string(a.version) + " of " + a.id + ": " + both + ".",
        a.path.parent_path().string(), "Keep one, or give a changed text a new version.");
  }
  if (!overlap(a.in_force, b.in_force)) return {};
  return bad_input("Two versions of " + a.id + " are in force on the same day: " + shown(a) +
                       " and " + shown(b) + ".",
                   a.path.parent_path().string(),
                   "Write `in force from DAY until DAY` into the heads of both, so that the "
                   "earlier one ends before the later one begins.");
}

}  // namespace

Result<Version> read_version(const fs::path& path) {
  FB_TRY(std::string bytes, read_file(path, kMaxFileBytes));
  const Source source(path.string(), std::move(bytes));
  Diagnostics faults(source);
  std::vector<Token> tokens = lex(source, faults);
  Cursor cursor(tokens, faults);
  Version out;
  out.path = path;
  if (!faults.failed() && parse_head(cursor, out)) return out;
  Loaded faulty;
  faulty.findings = faults.findings();
  return first_fault(faulty);
}

Result<std::vector<Version>> versions_of(const fs::path& folder, const std::string& id) {
  std::vector<Version> out;
  for (const fs::path& path : candidates(folder, id)) {
    FB_TRY(Version version, read_version(path));
    const std::string numbered = version.id + "-" + std::to_string(version.version);
    if (path.stem() != version.id && path.stem() != numbered) {
      return bad_input(
          "This file holds version " + std::to_string(version.version) + " of " + version.id + ".",
          path.string(), "Name it " + numbered + ".policy.");
    }
    // "npcc-2018" is a policy of its own and no version of "npcc".
    if (version.id == id) out.push_back(std::move(version));
  }
  std::sort(out.begin(), out.end(),
            [](const Version& a, const Version& b) { return a.version < b.version; });
  for (size_t i = 0; i < out.size(); ++i) {
    for (size_t j = i + 1; j < out.size(); ++j) FB_CHECK(stand_beside(out[i], out[j]));
  }
  return out;
}

Result<Version> version_on(const std::vector<Version>& versions, Day day) {
  for (const Version& version : versions) {
    if (version.in_force.covers(day)) return version;
  }
  Error none = no_policy_in_force(day);
  if (!versions.empty()) none.where = versions.front().id;
  for (const Version& version : versions) {
    none.action += (&version == versions.data() ? " There is " : "; ") + shown(version);
  }
  if (!versions.empty()) none.action += ".";
  return none;
}

Error no_policy_in_force(Day day) {
  return {ErrorCode::conflict,
          "No policy is in force on " + format_day(day) + ".",
          {},
          "Everything is refused until the policy owner puts one in force."};
}

}  // namespace firebreak::policy
