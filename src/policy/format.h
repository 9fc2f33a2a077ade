// SPDX-License-Identifier: Apache-2.0
// The one canonical form of policy and vocabulary files. Comments are kept, beside what they stand
// beside; the words, and so the digest, never change; formatting twice is formatting once.
//
//   const Formatted formatted = format_file("policies/psni-service-instruction.policy");
//   if (formatted.text) …                                // formatted.findings say why not
//
// A section begins a line, with one blank line above. What belongs to it is indented by two, and
// once more below an outcome; an `except` stands two columns further in than what it excepts from.
// A text stands on one line, however long. Conditions and lists are filled up to kFormatColumns,
// not counting texts, and go on below their first word. A comment line stays a line of its own and
// a comment behind a word stays behind it. At most one blank line is kept, between comments.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "policy/lexer.h"
#include "policy/loader.h"

namespace firebreak::policy {

constexpr size_t kFormatColumns = 100;

struct Formatted {
  std::optional<std::string> text;  // empty: the file cannot be formatted
  std::string before;               // the file as it was read
  std::vector<Finding> findings;    // its faults
  std::optional<Error> failure;     // a file is missing or too large
};

// A file whose name ends in .vocabulary is one; all others are policies, whose vocabulary stands
// beside them. A text with a fault is not formatted. Nothing is written.
Formatted format_file(const std::filesystem::path& path);
Formatted format_policy(const Source& policy, const VocabularyFinder& find_vocabulary);
Formatted format_vocabulary(const Source& vocabulary);

}  // namespace firebreak::policy
