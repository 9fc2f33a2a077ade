// SPDX-License-Identifier: Apache-2.0
// From files or texts to a compiled policy, keeping what the checker reports: Policy::load gives up
// at the first fault, check lists them all.
//
//   Loaded loaded = load_texts(policy_source, find_vocabulary);
//   if (loaded.compiled) …            // loaded.findings otherwise
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "policy/compile.h"
#include "policy/parser.h"

namespace firebreak::policy {

struct Loaded {
  std::unique_ptr<Policy::Compiled> compiled;  // empty when the texts are at fault
  std::vector<Finding> findings;
  // Set when there is no text to find a fault in: a file is missing, the diagram is too large.
  std::optional<Error> failure;
};

// Adds to a policy's model what is asked of it beyond its own text (the floor, a statement to be
// proved), before it is compiled: the situations are then told apart by every fact that this looks
// at. False, with findings, when what is asked is at fault.
using Extension = std::function<bool(const Vocabulary&, Model&, std::vector<Finding>&)>;

// Gives the vocabulary's text for the name that a policy uses. That there is none is reported at
// that name.
using VocabularyFinder = std::function<Result<Source>(const VocabularyName&)>;

// The vocabularies in the folder of a policy's file. Error: not_found, with those that are there.
VocabularyFinder vocabularies_beside(const std::filesystem::path& policy);
// What is said where no vocabulary was found: a fault at the place where the policy names it, or,
// when the file is there and cannot be read, the failure.
void no_vocabulary(const Error& error, const Place& place, Diagnostics& faults,
                   std::optional<Error>& failure);

Loaded load_texts(const Source& policy, const VocabularyFinder& find_vocabulary,
                  const Extension& extend = nullptr, const Decisions& decided = {});
// `policy` receives the text read, which findings refer to.
Loaded load_file(const std::filesystem::path& path, std::unique_ptr<Source>& policy,
                 const Extension& extend = nullptr, const Decisions& decided = {});

// The first thing that kept a text from being compiled, with its place, the line and a caret, and
// how many more there are.
Error first_fault(const Loaded& loaded);

// Facts that cannot be, by the vocabulary. Error: bad_input with its reason.
Result<void> refuse_impossible(const Policy::Compiled& compiled, const Facts& facts);

// What Policy::decide answers.
Decision decide(const Policy::Compiled& compiled, const Facts& facts);

}  // namespace firebreak::policy
