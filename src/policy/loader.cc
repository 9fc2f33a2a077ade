// SPDX-License-Identifier: Apache-2.0
#include "policy/loader.h"

#include "base/files.h"
#include "base/hash.h"
#include "policy/floor.h"

namespace firebreak::policy {
namespace {

// Canonical content: what the digest is over. See normal_form_of.
std::string digest_of(const std::string& policy_form, const std::string& vocabulary_form) {
  return show_digest(sha256({as_bytes("firebreak policy v1\n"), as_bytes(policy_form),
                             as_bytes("\nvocabulary\n"), as_bytes(vocabulary_form)}));
}

std::optional<Error> over_limit(const Source& source) {
  if (source.text().size() <= kMaxFileBytes) return std::nullopt;
  return Error{ErrorCode::too_large, "This text is larger than 8 MiB.", source.name(), {}};
}

void keep(std::vector<Finding>& into, Diagnostics& faults) {
  for (Finding& finding : faults.findings()) into.push_back(std::move(finding));
}

}  // namespace

Loaded load_texts(const Source& policy, const VocabularyFinder& find_vocabulary, Held held) {
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
    out.failure = text.error();
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
  if (held == Held::to_the_floor) {
    out.floor = std::make_unique<Source>(floor_of(vocabulary->words));
    if (!add_floor(*out.floor, vocabulary->words, *model, out.findings)) return out;
  }
  auto compiled =
      compile(*std::move(model), *std::move(vocabulary), digest_of(policy_form, vocabulary_form));
  if (compiled) {
    out.compiled = *std::move(compiled);
  } else {
    out.failure = compiled.error();
  }
  return out;
}

Loaded load_file(const std::filesystem::path& path, std::unique_ptr<Source>& policy, Held held) {
  Result<std::string> text = read_file(path, kMaxFileBytes);
  if (!text) {
    Loaded out;
    out.failure = text.error();
    return out;
  }
  policy = std::make_unique<Source>(path.string(), *std::move(text));
  return load_texts(
      *policy,
      [&](const VocabularyName& used) -> Result<Source> {
        const std::filesystem::path beside =
            path.parent_path() / (used.id + "-" + used.version + ".vocabulary");
        FB_TRY(std::string words, read_file(beside, kMaxFileBytes));
        return Source(beside.string(), std::move(words));
      },
      held);
}

}  // namespace firebreak::policy
