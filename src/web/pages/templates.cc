// SPDX-License-Identifier: Apache-2.0
#include "web/pages/templates.h"

#include <ctemplate/template.h>
#include <ctemplate/template_dictionary.h>
#include <ctemplate/template_emitter.h>
#include <ctemplate/template_modifiers.h>

#include <algorithm>

#include "base/files.h"
#include "web/components/html.h"

namespace firebreak::web {
namespace {

constexpr std::string_view kPragma = "{{%AUTOESCAPE context=\"HTML\"}}\n";
constexpr std::string_view kLayout = "layout.html";
constexpr size_t kMaxTemplateBytes = size_t{1} << 20;
constexpr std::string_view kComponentName = "HTML_";
constexpr std::string_view kComponentModifier = ":x-component";

// Lets a component through as it is; what has been escaped when it was made is not escaped again.
class ComponentModifier : public ctemplate::TemplateModifier {
 public:
  void Modify(const char* in, size_t inlen, const ctemplate::PerExpandData* /*data*/,
              ctemplate::ExpandEmitter* outbuf, const std::string& /*arg*/) const override {
    outbuf->Emit(in, inlen);
  }
};

void register_component_modifier() {
  static const ComponentModifier modifier;
  static const bool done = ctemplate::AddXssSafeModifier("x-component", &modifier);
  static_cast<void>(done);
}

// Whether each use of the modifier is of a name that only a component can have.
bool marks_components_alone(const std::string& text) {
  for (size_t at = text.find(kComponentModifier); at != std::string::npos;
       at = text.find(kComponentModifier, at + 1)) {
    const size_t open = text.rfind("{{", at);
    if (open == std::string::npos ||
        text.compare(open + 2, kComponentName.size(), kComponentName) != 0 ||
        text.compare(at + kComponentModifier.size(), 2, "}}") != 0) {
      return false;
    }
  }
  return true;
}

// ctemplate fails open: without its pragma, and after `:none`, values come out as they went in. The
// lint says so in CI; this says so to whoever edits a template on a running machine.
Result<void> check_escaping(const std::filesystem::path& file) {
  FB_TRY(std::string text, read_file(file, kMaxTemplateBytes));
  const std::string where = file.filename().string();
  if (!text.starts_with(kPragma)) {
    return bad_input("The template does not switch escaping on.", where + ":1",
                     "Make its first line " + std::string(kPragma.substr(0, kPragma.size() - 1)));
  }
  for (const std::string_view off : {":none", ":safe"}) {
    if (text.find(off) != std::string::npos) {
      return bad_input("The template switches escaping off with " + std::string(off) + ".", where,
                       "Take it out: no value of ours is HTML.");
    }
  }
  if (!marks_components_alone(text)) {
    return bad_input("The template takes something that may be a text for a component.", where,
                     "Write {{HTML_NAME:x-component}} for components, and {{NAME}} for texts.");
  }
  return {};
}

// False when the model holds what no template can show.
bool fill(ctemplate::TemplateDictionary& dictionary, const Json& model) {
  for (const auto& [name, value] : model.items()) {
    const auto component = Html::from(value);

    if (name.starts_with(kComponentName) != component.has_value()) return false;
    if (component) {
      dictionary.SetValue(name, component->markup());
    } else if (value.is_string()) {
      dictionary.SetValue(name, value.get_ref<const std::string&>());
    } else if (value.is_boolean()) {
      if (value.get<bool>()) dictionary.ShowSection(name);
    } else if (value.is_object()) {
      if (!fill(*dictionary.AddSectionDictionary(name), value)) return false;
    } else if (value.is_array()) {
      for (const Json& each : value)
        if (!each.is_object() || !fill(*dictionary.AddSectionDictionary(name), each)) return false;
    } else if (!value.is_null()) {
      return false;
    }
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<Templates>> Templates::load(const std::filesystem::path& folder) {
  register_component_modifier();
  std::unique_ptr<Templates> templates(new Templates);
  std::error_code failed;
  bool has_layout = false;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (entry.path().extension() != ".html") continue;
    const std::string name = entry.path().filename().string();
    FB_CHECK(check_escaping(entry.path()));
    if (!templates->cache_.LoadTemplate(std::filesystem::absolute(entry.path()).string(),
                                        ctemplate::STRIP_BLANK_LINES)) {
      return bad_input("The template cannot be parsed.", name,
                       "ctemplate's own message on standard error names the line.");
    }
    if (name == kLayout) {
      has_layout = true;
    } else {
      templates->names_.push_back(name);
    }
  }
  if (failed || !has_layout) {
    return Error{ErrorCode::not_found, "The pages' templates are not there.", folder.string(),
                 "Give the folder that holds layout.html (ui/templates of the repository)."};
  }
  std::sort(templates->names_.begin(), templates->names_.end());
  templates->folder_ = std::filesystem::absolute(folder);
  templates->cache_.Freeze();
  return templates;
}

Result<std::string> Templates::render(const std::string& name, const Json& model) const {
  ctemplate::TemplateDictionary page("page");
  ctemplate::TemplateDictionary& main = *page.AddIncludeDictionary("MAIN");
  main.SetFilename((folder_ / name).string());
  if (!fill(page, model) || !fill(main, model)) {
    return internal_error("A page's model holds what a template cannot show.", name);
  }
  std::string html;
  if (!std::binary_search(names_.begin(), names_.end(), name) ||
      !cache_.ExpandNoLoad((folder_ / kLayout).string(), ctemplate::STRIP_BLANK_LINES, &page,
                           nullptr, &html)) {
    return internal_error("A page could not be rendered.", name);
  }
  return html;
}

}  // namespace firebreak::web
