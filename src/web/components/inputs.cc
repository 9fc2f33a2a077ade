// SPDX-License-Identifier: Apache-2.0
#include "web/components/components.h"
#include "web/components/fields.h"
#include "web/components/options.h"

namespace firebreak::web::components {
namespace {

// A value that is absent or false is no attribute; an empty text is one.
Json inputs_optional(const Json& value) { return {{"value", value}, {"optional", true}}; }

Html inputs_element(const Json& options, const std::string& id, const std::string& described_by) {
  std::string names = classes("govuk-input", options);
  if (given(options, "errorMessage")) names += " govuk-input--error";
  Element element = Element("input")
                        .set("class", names)
                        .set("id", id)
                        .set("name", words(options, "name"))
                        .set("type", words_or(options, "type", "text"));
  const Json& spellcheck = member(options, "spellcheck");
  if (spellcheck.is_boolean()) element.set("spellcheck", words(spellcheck));
  const Json& value = member(options, "value");
  if (!value.is_null() && value != false) element.set("value", words(value));
  return element.flag("disabled", given(options, "disabled"))
      .set_given("aria-describedby", described_by)
      .set_given("autocomplete", words(options, "autocomplete"))
      .set_given("autocapitalize", words(options, "autocapitalize"))
      .set_given("pattern", words(options, "pattern"))
      .set_given("inputmode", words(options, "inputmode"))
      .set_all(member(options, "attributes"))
      .html();
}

Html inputs_affix(const Json& affix, const std::string& kind) {
  if (!has_content(affix)) return {};
  return Element("div")
      .set("class", classes("govuk-input__" + kind, affix))
      .set("aria-hidden", "true")
      .set_all(member(affix, "attributes"))
      .add(content(affix))
      .html();
}

// The members of `more` in the attributes of the form group, after the component's own.
Json inputs_group(const Json& options, const std::string& names, Json attributes) {
  Json group = copy_of(member(options, "formGroup"));
  const Json& more = member(group, "attributes");
  if (more.is_object()) {
    for (const auto& [name, value] : more.items())
      if (!attributes.contains(name)) attributes[name] = value;
  }
  group["attributes"] = std::move(attributes);
  group["classes"] = classes(names, group);
  return group;
}

// The key of a text that govuk-frontend's script shows, and the option that gives it.
using InputsMessages = std::vector<std::pair<std::string, std::string_view>>;

// Sets data-i18n.KEY, or data-i18n.KEY.RULE for each rule of plurals, for what is given.
void inputs_messages(Json& attributes, const Json& options, const InputsMessages& messages) {
  for (const auto& [key, option] : messages) {
    const Json& message = member(options, option);
    const std::string name = "data-i18n." + key;
    if (message.is_object()) {
      for (const auto& [rule, text] : message.items())
        attributes[std::string(name).append(".").append(rule)] = text;
    } else if (given(message)) {
      attributes[name] = message;
    }
  }
}

std::string inputs_counted(std::string text, const std::string& limit) {
  constexpr std::string_view kPlace = "%{count}";
  for (size_t at = text.find(kPlace); at != std::string::npos;
       at = text.find(kPlace, at + limit.size())) {
    text.replace(at, kPlace.size(), limit);
  }
  return text;
}

// Shows and hides the password; hidden itself until the script runs.
Html inputs_toggle(const Json& options) {
  return button({{"type", "button"},
                 {"classes", classes("govuk-button--secondary govuk-password-input__toggle "
                                     "govuk-js-password-input-toggle",
                                     member(options, "button"))},
                 {"text", words_or(options, "showPasswordText", "Show")},
                 {"attributes",
                  {{"aria-controls", field_id(options)},
                   {"aria-label", words_or(options, "showPasswordAriaLabelText", "Show password")},
                   {"hidden", inputs_optional(true)}}}});
}

// What is counted, "words" or "characters"; empty when no option says.
std::string inputs_counted_in(const Json& options) {
  return words_or(options, "countType", given(options, "maxwords") ? "words" : "");
}

std::string inputs_limit(const Json& options) {
  return words_or(options, given(options, "maxwords") ? "maxwords" : "maxlength", "");
}

// What the script of the component reads.
Json inputs_count_attributes(const Json& options) {
  Json attributes = {{"data-module", "govuk-character-count"},
                     {"data-maxlength", inputs_optional(member(options, "maxlength"))},
                     {"data-maxwords", inputs_optional(member(options, "maxwords"))},
                     {"data-threshold", inputs_optional(member(options, "threshold"))}};
  const std::string counted_in = inputs_counted_in(options);
  if (!counted_in.empty()) attributes["data-count-type"] = counted_in;
  // Without a limit here the script puts its own number into the description.
  if (inputs_limit(options).empty() && given(options, "textareaDescriptionText")) {
    attributes["data-i18n.textarea-description.other"] = member(options, "textareaDescriptionText");
  }
  inputs_messages(attributes, options,
                  {{"characters-under-limit", "charactersUnderLimitText"},
                   {"characters-at-limit", "charactersAtLimitText"},
                   {"characters-over-limit", "charactersOverLimitText"},
                   {"words-under-limit", "wordsUnderLimitText"},
                   {"words-at-limit", "wordsAtLimitText"},
                   {"words-over-limit", "wordsOverLimitText"}});
  return attributes;
}

// How much can be written, for those without the script.
Html inputs_count_message(const Json& options, const std::string& id) {
  const std::string limit = inputs_limit(options);
  const bool in_words = inputs_counted_in(options) == "words";
  const std::string usual =
      in_words ? "You can enter up to %{count} words" : "You can enter up to %{count} characters";
  const std::string said = words_or(options, "textareaDescriptionText", usual);
  return hint(
      {{"id", id + "-info"},
       {"text", limit.empty() ? "" : inputs_counted(said, limit)},
       {"classes", classes("govuk-character-count__message", member(options, "countMessage"))}});
}

// What stands after the field: the component's own part, then the caller's.
Json inputs_after(Html own, const Json& options) {
  own += content(member(options, "formGroup", "afterInput"));
  return {{"html", own.json()}};
}

}  // namespace

Html input(const Json& options) {
  const std::string id = field_id(options);
  std::string described_by = words(options, "describedBy");
  Element group = form_group(options);
  group.add(field_label(options, id)).add(hint_and_error(options, id, described_by));
  const Html element = inputs_element(options, id, described_by);
  const Json& before = member(options, "formGroup", "beforeInput");
  const Json& after = member(options, "formGroup", "afterInput");
  const Json& prefix = member(options, "prefix");
  const Json& suffix = member(options, "suffix");
  if (!has_content(before) && !has_content(after) && !has_content(prefix) && !has_content(suffix)) {
    return group.add(element).html();
  }
  const Json& wrapper = member(options, "inputWrapper");
  return group
      .add(Element("div")
               .set("class", classes("govuk-input__wrapper", wrapper))
               .set_all(member(wrapper, "attributes"))
               .add(content(before))
               .add(inputs_affix(prefix, "prefix"))
               .add(element)
               .add(inputs_affix(suffix, "suffix"))
               .add(content(after)))
      .html();
}

Html textarea(const Json& options) {
  const std::string id = field_id(options);
  std::string described_by = words(options, "describedBy");
  Element group = form_group(options);
  group.add(field_label(options, id)).add(hint_and_error(options, id, described_by));
  const bool error = given(options, "errorMessage");
  const Json& spellcheck = member(options, "spellcheck");
  return group.add(content(member(options, "formGroup", "beforeInput")))
      .add(Element("textarea")
               .set("class",
                    classes(error ? "govuk-textarea govuk-textarea--error" : "govuk-textarea",
                            options))
               .set("id", id)
               .set("name", words(options, "name"))
               .set("rows", words_or(options, "rows", "5"))
               .set_given("spellcheck", spellcheck.is_boolean() ? words(spellcheck) : "")
               .flag("disabled", given(options, "disabled"))
               .set_given("aria-describedby", described_by)
               .set_given("autocomplete", words(options, "autocomplete"))
               .set_all(member(options, "attributes"))
               .text(words(options, "value")))
      .add(content(member(options, "formGroup", "afterInput")))
      .html();
}

Html password_input(const Json& options) {
  Json attributes = {{"data-module", "govuk-password-input"}};
  inputs_messages(attributes, options,
                  {{"show-password", "showPasswordText"},
                   {"hide-password", "hidePasswordText"},
                   {"show-password-aria-label", "showPasswordAriaLabelText"},
                   {"hide-password-aria-label", "hidePasswordAriaLabelText"},
                   {"password-shown-announcement", "passwordShownAnnouncementText"},
                   {"password-hidden-announcement", "passwordHiddenAnnouncementText"}});
  Json made = copy_of(options);
  made["formGroup"] = inputs_group(options, "govuk-password-input", std::move(attributes));
  made["formGroup"]["afterInput"] = inputs_after(inputs_toggle(options), options);
  made["inputWrapper"] = {{"classes", "govuk-password-input__wrapper"}};
  made["classes"] = classes("govuk-password-input__input govuk-js-password-input-input", options);
  made["type"] = "password";
  made["spellcheck"] = false;
  made["autocapitalize"] = "none";
  made["autocomplete"] = words_or(options, "autocomplete", "current-password");
  for (const char* unused : {"prefix", "suffix", "pattern", "inputmode"}) made.erase(unused);
  return input(made);
}

Html character_count(const Json& options) {
  const std::string id = field_id(options);
  Json made = copy_of(options);
  made["id"] = id;
  made["describedBy"] = id + "-info";
  made["classes"] = classes("govuk-js-character-count", options);
  made["formGroup"] =
      inputs_group(options, "govuk-character-count", inputs_count_attributes(options));
  made["formGroup"]["afterInput"] = inputs_after(inputs_count_message(options, id), options);
  for (const char* unused : {"disabled", "autocomplete"}) made.erase(unused);
  return textarea(made);
}

}  // namespace firebreak::web::components
