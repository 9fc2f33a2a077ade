// SPDX-License-Identifier: Apache-2.0
// The templates of the pages for the public in other languages than English, as ui/build.mjs made
// them from ui/messages, and which of them a visitor reads.
//
//   FB_TRY(Languages languages, Languages::load(templates_folder));
//   std::string chosen = languages.chosen(request, cookie);          // "cy", or "" for English
//   const Templates& templates = languages.templates(chosen, "test_case.html", english);
//
// TEMPLATES/languages.json says which there are, {"cy": "Cymraeg"}; each has a folder of its name.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "web/http.h"
#include "web/pages/templates.h"

namespace firebreak::web {

class Languages {
 public:
  // Errors: bad_input for a list that cannot be read; those of Templates::load.
  static Result<Languages> load(const std::filesystem::path& templates_folder);

  // What the visitor asked for: the address's ?lang=, else `cookie`, else what their browser
  // prefers of what there is. Empty for English.
  [[nodiscard]] std::string chosen(const Request& request, std::string_view cookie) const;
  // The templates that have this page in this language, else `english`.
  [[nodiscard]] const Templates& templates(const std::string& language, const std::string& page,
                                           const Templates& english) const;
  // Each language besides `language` that has the page, English among them: CODE and NAME.
  [[nodiscard]] Json others(const std::string& language, const std::string& page) const;

 private:
  struct Language {
    std::string name;
    std::unique_ptr<Templates> templates;
  };
  [[nodiscard]] bool has(const std::string& language, const std::string& page) const;
  [[nodiscard]] std::string preferred(std::string_view accept_language) const;

  std::map<std::string, Language, std::less<>> languages_;  // by code
};

}  // namespace firebreak::web
