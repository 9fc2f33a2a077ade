// SPDX-License-Identifier: Apache-2.0
#include "policy/loader.h"

#include <algorithm>
#include <charconv>

#include "base/files.h"
#include "policy/digest.h"

namespace firebreak::policy {
namespace {

std::optional<int32_t> setting_value(const Attribute& setting, const std::string& text) {
  if (setting.kind == AttributeKind::one_of) {
    const std::optional<size_t> index = setting.value_index(text);
    return index ? std::optional(static_cast<int32_t>(*index)) : std::nullopt;
  }
  int32_t number = 0;
  const char* end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(text.data(), end, number);
  const bool fits =
      fault == std::errc() && at == end && number >= setting.minimum && number <= setting.maximum;
  return fits ? std::optional(number) : std::nullopt;
}

Error no_such_setting(const Model& model, const Vocabulary& words, const std::string& name) {
  std::vector<std::string> known;
  known.reserve(model.settings.size());
  for (const DeclaredSetting& one : model.settings) {
    known.push_back(words.attributes[one.attribute].name);
  }
  return bad_input("The policy has no setting `" + name + "`." + did_you_mean(name, known),
                   "settings");
}

Error no_such_value(const Attribute& setting, const std::string& text) {
  const std::string known = setting.kind == AttributeKind::number
                                ? " It is a number from " + std::to_string(setting.minimum) +
                                      " to " + std::to_string(setting.maximum) + "."
                                : did_you_mean(text, value_names(setting));
  return bad_input("The setting `" + setting.name + "` has no value `" + text + "`." + known,
                   "settings." + setting.name);
}

// Takes what the force has decided into the words; gives what of it the digest covers (digest.h).
// What is set as by default is not in it, so that writing a default down changes nothing.
Result<std::string> decide_settings(const Model& model, Vocabulary& words,
                                    const SettingValues& settings) {
  std::string form;
  for (const auto& [name, text] : settings) {
    const Attribute* found = words.find(name);
    if (found == nullptr || !found->setting) return no_such_setting(model, words, name);
    Attribute& setting = words.attributes[static_cast<size_t>(found - words.attributes.data())];
    const std::optional<int32_t> value = setting_value(setting, text);
    if (!value) return no_such_value(setting, text);
    if (*value != setting.setting->value) {
      form += "\nsetting " + name;
      form += " " + text;
    }
    setting.setting = Setting{*value, true};
  }
  return form;
}

std::optional<Error> over_limit(const Source& source) {
  if (source.text().size() <= kMaxFileBytes) return std::nullopt;
  return Error{ErrorCode::too_large, "This text is larger than 8 MiB.", source.name(), {}};
}

void keep(std::vector<Finding>& into, Diagnostics& faults) {
  for (Finding& finding : faults.findings()) into.push_back(std::move(finding));
}

// The vocabularies that lie in a folder, for who asked for another.
std::string vocabularies_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".vocabulary") names.push_back(entry.path().stem().string());
    if (names.size() > 20) return {};
  }
  if (names.empty()) return "There is no vocabulary there.";
  std::sort(names.begin(), names.end());
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "There are: " : ", ") + name;
  return out + ".";
}

}  // namespace

VocabularyFinder vocabularies_beside(const std::filesystem::path& policy) {
  return [folder = policy.has_parent_path() ? policy.parent_path()
                                            : "."](const VocabularyName& used) -> Result<Source> {
    const std::string name = used.id + "-" + used.version;
    const std::filesystem::path path = folder / (name + ".vocabulary");
    Result<std::string> words = read_file(path, kMaxFileBytes);
    if (words) return Source(path.string(), *std::move(words));
    if (words.error().code != ErrorCode::not_found) return words.error();
    const std::string others = vocabularies_in(folder);
    return Error{ErrorCode::not_found,
                 "The vocabulary " + used.id + " " + used.version + " is missing: no file " + name +
                     ".vocabulary stands beside the policy.",
                 path.string(), others};
  };
}

void no_vocabulary(const Error& error, const Place& place, Diagnostics& faults,
                   std::optional<Error>& failure) {
  if (error.code == ErrorCode::not_found) {
    faults.error(place, error.action.empty() ? error.message : error.message + " " + error.action);
  } else {
    failure = error;
  }
}

Loaded load_texts(const Source& policy, const VocabularyFinder& find_vocabulary,
                  const Extension& extend, const Decisions& decided) {
  Loaded out;
  out.failure = over_limit(policy);
  if (out.failure) return out;
  Diagnostics name_faults(policy);
  const std::optional<VocabularyName> used = used_vocabulary(policy, name_faults);
  if (!used) {
    keep(out.findings, name_faults);
    return out;
  }
  const Result<Source> text = find_vocabulary(*used);
  if (!text) {
    no_vocabulary(text.error(), used->place, name_faults, out.failure);
    keep(out.findings, name_faults);
    return out;
  }
  out.failure = over_limit(*text);
  if (out.failure) return out;
  Diagnostics vocabulary_faults(*text);
  std::string vocabulary_form;
  std::optional<VocabularyModel> vocabulary =
      parse_vocabulary(*text, vocabulary_faults, vocabulary_form);
  keep(out.findings, vocabulary_faults);
  if (!vocabulary) return out;

  Diagnostics faults(policy);
  std::string policy_form;
  std::optional<Model> model = parse_policy(policy, *vocabulary, faults, policy_form);
  keep(out.findings, faults);
  if (!model) return out;
  const Result<std::string> settings_form =
      decide_settings(*model, vocabulary->words, decided.settings);
  if (!settings_form) {
    out.failure = settings_form.error();
    return out;
  }
  if (extend && !extend(vocabulary->words, *model, out.findings)) return out;
  auto compiled =
      compile(*std::move(model), *std::move(vocabulary),
              digest_of({policy_form, vocabulary_form, *settings_form, decided.offences}));
  if (compiled) {
    out.compiled = *std::move(compiled);
  } else {
    out.failure = compiled.error();
  }
  return out;
}

Loaded load_file(const std::filesystem::path& path, std::unique_ptr<Source>& policy,
                 const Extension& extend, const Decisions& decided) {
  Result<std::string> text = read_file(path, kMaxFileBytes);
  if (!text) {
    Loaded out;
    out.failure = text.error();
    return out;
  }
  policy = std::make_unique<Source>(path.string(), *std::move(text));
  return load_texts(*policy, vocabularies_beside(path), extend, decided);
}

Error first_fault(const Loaded& loaded) {
  if (loaded.failure) return *loaded.failure;
  const Finding& first = loaded.findings.front();
  Error out = bad_input(first.message);
  out.where = first.file + ":" + std::to_string(first.line) + ":" + std::to_string(first.column);
  if (!first.caret.empty()) out.action = "\n" + first.caret + "\n";
  if (loaded.findings.size() > 1) {
    const size_t more = loaded.findings.size() - 1;
    out.action += more == 1 ? "There is one more fault."
                            : "There are " + std::to_string(more) + " more faults.";
  }
  return out;
}

}  // namespace firebreak::policy
