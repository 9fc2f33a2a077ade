// SPDX-License-Identifier: Apache-2.0
#include "web/pages/languages.h"

#include <algorithm>
#include <cstdlib>

#include "base/files.h"
#include "web/pages/form.h"

namespace firebreak::web {
namespace {

constexpr std::string_view kEnglish = "en";

// "cy" of "cy-GB;q=0.8": the language alone, in lower case.
std::string language_of_range(std::string_view range) {
  std::string out;
  for (const char c : range.substr(0, range.find_first_of("-;"))) {
    if (c == ' ' || c == '\t') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

// How much a range of Accept-Language is wanted (RFC 9110, 12.4.2), from 0 to 1.
double weight_of_range(std::string_view range) {
  const auto q = range.find("q=");
  if (q == std::string_view::npos) return 1;
  const double weight = std::strtod(std::string(range.substr(q + 2)).c_str(), nullptr);
  return weight >= 0 && weight <= 1 ? weight : 0;
}

}  // namespace

Result<Languages> Languages::load(const std::filesystem::path& templates_folder) {
  Languages out;
  const auto list = templates_folder / "languages.json";
  if (!std::filesystem::exists(list)) return out;
  FB_TRY(const std::string text, read_file(list));
  FB_TRY(const Json names, parse_json(text));
  for (const auto& [code, name] : names.items()) {
    if (!name.is_string()) return bad_input("A language has no name.", list.string());
    Language language{name.get<std::string>(), nullptr};
    FB_TRY(language.templates, Templates::load(templates_folder / code));
    out.languages_.emplace(code, std::move(language));
  }
  return out;
}

bool Languages::has(const std::string& language, const std::string& page) const {
  const auto found = languages_.find(language);
  if (found == languages_.end()) return false;
  const auto& names = found->second.templates->names();
  return std::find(names.begin(), names.end(), page) != names.end();
}

std::string Languages::preferred(std::string_view accept_language) const {
  std::string best;
  double most = 0;
  while (!accept_language.empty()) {
    const std::string_view range = accept_language.substr(0, accept_language.find(','));
    accept_language.remove_prefix(std::min(accept_language.size(), range.size() + 1));
    const std::string code = language_of_range(range);
    if (weight_of_range(range) <= most || (code != kEnglish && !languages_.contains(code)))
      continue;
    most = weight_of_range(range);
    best = code;
  }
  return best == kEnglish ? std::string() : best;
}

std::string Languages::chosen(const Request& request, std::string_view cookie) const {
  const auto members = request.query_members();
  const std::string asked = members ? Form(*members).value("lang") : std::string();
  for (const std::string_view wanted : {std::string_view(asked), cookie}) {
    if (wanted == kEnglish) return {};
    if (languages_.contains(wanted)) return std::string(wanted);
  }
  return preferred(request.header("accept-language"));
}

const Templates& Languages::templates(const std::string& language, const std::string& page,
                                      const Templates& english) const {
  return has(language, page) ? *languages_.find(language)->second.templates : english;
}

Json Languages::others(const std::string& language, const std::string& page) const {
  Json out = Json::array();
  for (const auto& [code, known] : languages_)
    if (code != language && has(code, page)) out.push_back({{"CODE", code}, {"NAME", known.name}});
  if (has(language, page)) out.push_back({{"CODE", kEnglish}, {"NAME", "English"}});
  return out;
}

}  // namespace firebreak::web
