// SPDX-License-Identifier: Apache-2.0
// The pages' HTML: ctemplate's templates, read once at start, filled from a JSON model with every
// value escaped for the place where it stands. A template that would not escape is refused at
// start.
//
//   FB_TRY(std::unique_ptr<Templates> templates, Templates::load(ui_folder));
//   std::string html = templates->render("start.html", {{"TITLE", "Start"}, {"SIGNED_IN", true}});
//
// In a model a text fills {{NAME}}, true shows {{#NAME}}…{{/NAME}} once, an object shows it once
// with members of its own, a list of objects shows it once for each. What is absent is empty or not
// shown. A section sees the names of the sections around it, so a name is used for one thing in a
// template.
//
// A component (web/components) stands in a model as its json(), under a name that begins with
// HTML_, and in a template as {{HTML_NAME:x-component}}, between tags. Only such a value can have
// such a name, so that no text from outside stands where nothing is escaped any more.
#pragma once

#include <ctemplate/template_cache.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace firebreak::web {

class Templates {
 public:
  // Reads every *.html of the folder. Errors: not_found when the folder has no layout.html;
  // bad_input naming the template that lacks the AUTOESCAPE pragma on its first line, switches
  // escaping off (ctemplate's `:none` and `:safe`, or `:x-component` for a name that is not
  // HTML_…), or cannot be parsed.
  static Result<std::unique_ptr<Templates>> load(const std::filesystem::path& folder);

  // The whole page: layout.html with the named template as its {{>MAIN}}. Safe to call from several
  // threads. Error: internal, when there is no such template, or the model holds a number, a
  // text under a name HTML_…, or a component under another name.
  [[nodiscard]] Result<std::string> render(const std::string& name, const Json& model) const;

  // The templates that stand in a layout, in order.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  Templates() = default;

  ctemplate::TemplateCache cache_;
  std::filesystem::path folder_;
  std::vector<std::string> names_;
};

}  // namespace firebreak::web
