// SPDX-License-Identifier: Apache-2.0
#include "web/pages/task_form.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/clock.h"
#include "policy/source.h"
#include "register/casework.h"
#include "register/draft.h"
#include "web/components/components.h"

namespace firebreak::web {
namespace {

using Kind = TaskField::Kind;

constexpr size_t kMostReference = 64;
constexpr std::array<const char*, 12> kMonthNames = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

bool is_date(Kind kind) {
  return kind == Kind::part_date || kind == Kind::day || kind == Kind::minute;
}

std::vector<std::string> boxes_of(const TaskField& field) {
  if (!is_date(field.kind)) return {field.name};
  std::vector<std::string> boxes = {field.name + "-day", field.name + "-month",
                                    field.name + "-year"};
  if (field.kind == Kind::minute) boxes.push_back(field.name + "-time");
  return boxes;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string box(const Typed& typed, const std::string& name) {
  const auto found = typed.find(name);
  return found == typed.end() ? std::string() : found->second;
}

const Json* at(const Json& draft, const std::string& place) {
  const Json::json_pointer pointer(place);
  return draft.contains(pointer) ? &draft.at(pointer) : nullptr;
}

std::string stored(const Json& draft, const std::string& place) {
  const Json* value = at(draft, place);
  if (value == nullptr) return {};
  return value->is_string() ? value->get<std::string>() : value->dump();
}

// Characters that hide or turn round other text, and bytes that are no text, become visible.
std::string shown_safely(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t length = std::max<size_t>(policy::utf8_length(text), 1);
    const bool text_itself = policy::utf8_length(text) > 0;
    const bool layout = text[0] == '\t' || text[0] == '\n' || text[0] == '\r';
    const bool plain = text_itself && (layout || !policy::deceives(policy::code_point(text)));
    out += plain ? text.substr(0, length) : std::string_view("\xEF\xBF\xBD");
    text.remove_prefix(length);
  }
  return out;
}

std::string two_digits(const std::string& text) { return text.size() == 1 ? "0" + text : text; }

// The date that the three boxes hold. Error: bad_input in the words of a form.
Result<std::string> read_date(const TaskField& field, const Typed& typed) {
  const std::string day = two_digits(trimmed(box(typed, field.name + "-day")));
  const std::string month = two_digits(trimmed(box(typed, field.name + "-month")));
  const std::string year = trimmed(box(typed, field.name + "-year"));
  if (day.empty() && month.empty() && year.empty()) return std::string();
  const bool part = field.kind == Kind::part_date;
  const std::string whole = year + "-" + (part && month.empty() ? "01" : month) + "-" +
                            (part && day.empty() ? "01" : day);
  const bool gap = part && month.empty() && !day.empty();
  if (gap || !parse_day(whole)) {
    return bad_input(part ? "Enter a real date, like 27 3 2011, or the year alone"
                          : "Enter a real date, like 27 3 2026");
  }
  if (part && month.empty()) return year;
  return part && day.empty() ? year + "-" + month : whole;
}

Result<std::string> read_minute(const TaskField& field, const Typed& typed) {
  FB_TRY(const std::string day, read_date(field, typed));
  std::string time = trimmed(box(typed, field.name + "-time"));
  if (day.empty() && time.empty()) return std::string();
  if (time.size() == 4) time.insert(0, "0");
  const std::string minute = day + "T" + time;
  if (minute.size() != 16 || !parse_instant(minute + ":00Z"))
    return bad_input("Enter a day and a time, like 27 3 2026 and 09:30");
  return minute;
}

Result<std::string> read_text(const TaskField& field, const std::string& text) {
  const bool area = field.kind == Kind::area;
  const size_t most = area                            ? record::kMaxDraftText
                      : field.kind == Kind::reference ? kMostReference
                                                      : record::kMaxShortText;
  if (text.size() > most) {
    return bad_input("This is too long: it may have " + std::to_string(most) +
                     " characters, and fewer if they are not plain letters");
  }
  if (shown_safely(text) != text) {
    return bad_input(
        "Take out the characters shown as \xEF\xBF\xBD: they hide other text or turn "
        "it round");
  }
  if (field.kind == Kind::reference && !record::read_draft({{"person", text}}))
    return bad_input(field.label +
                     ": enter the records system’s reference, without spaces, and not a name");
  return text;
}

Result<Json> read_number(const std::string& text) {
  if (text.empty()) return Json();
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size() || number < 0 || number > 87'840)
    return bad_input("Enter a whole number, like 48");
  return Json(number);
}

// The value to be stored; null for none.
Result<Json> read_field(const TaskField& field, const Typed& typed) {
  const std::string text = trimmed(box(typed, field.name));
  const auto or_none = [](const std::string& value) {
    return value.empty() ? Json() : Json(value);
  };
  switch (field.kind) {
    case Kind::number:
      return read_number(text);
    case Kind::part_date:
    case Kind::day: {
      FB_TRY(const std::string date, read_date(field, typed));
      return or_none(date);
    }
    case Kind::minute: {
      FB_TRY(const std::string minute, read_minute(field, typed));
      return or_none(minute);
    }
    case Kind::one_of: {
      const bool known = std::any_of(field.options.begin(), field.options.end(),
                                     [&](const auto& option) { return option.first == text; });
      if (!text.empty() && !known) return bad_input("Select one of the answers listed");
      return or_none(text);
    }
    default: {
      FB_TRY(const std::string read, read_text(field, text));
      return or_none(read);
    }
  }
}

std::string error_place(const TaskField& field) { return boxes_of(field).front(); }

void put(Json& draft, const std::string& place, Json value) {
  const Json::json_pointer pointer(place);
  if (!value.is_null()) {
    draft[pointer] = std::move(value);
  } else if (draft.contains(pointer)) {
    draft[pointer.parent_pointer()].erase(pointer.back());
  }
}

// Objects that hold nothing any more say nothing.
void prune(Json& draft) {
  if (draft.contains("indicators") && draft["indicators"].value("answers", Json(1)).empty())
    draft["indicators"].erase("answers");
  for (const char* name : {"urgent", "indicators", "assurance"}) {
    if (draft.contains(name) && draft[name].is_object() && draft[name].empty()) draft.erase(name);
  }
}

Json legend(const std::string& text, bool heading) {
  return {{"legend",
           {{"text", text},
            {"isPageHeading", heading},
            {"classes", heading ? "govuk-fieldset__legend--l" : "govuk-fieldset__legend--s"}}}};
}

Html one_of(const TaskField& field, const Typed& typed, const Json& options, bool heading) {
  Json all = options;
  all["fieldset"] = legend(field.label, heading);
  Json items = Json::array();
  for (const auto& [value, words] : field.options) {
    items.push_back(
        {{"value", value}, {"text", words}, {"checked", box(typed, field.name) == value}});
  }
  all["items"] = std::move(items);
  return components::radios(all);
}

// Many options are chosen from a list that opens.
constexpr size_t kMostRadios = 7;

Html one_of_many(const TaskField& field, const Typed& typed, Json options) {
  options["label"] = {{"text", field.label}, {"classes", "govuk-label--s"}};
  options["items"] = {{{"value", ""}, {"text", "Choose one"}}};
  for (const auto& [value, words] : field.options) {
    options["items"].push_back(
        {{"value", value}, {"text", words}, {"selected", box(typed, field.name) == value}});
  }
  return components::select(options);
}

Html date_boxes_of(const TaskField& field, const Typed& typed, const Json& options, bool heading) {
  Json all = options;
  all["id"] = field.name;
  all["namePrefix"] = field.name;
  all["fieldset"] = legend(field.label, heading);
  all["items"] = Json::array();
  for (const char* part : {"day", "month", "year"}) {
    all["items"].push_back(
        {{"name", part},
         {"value", box(typed, field.name + "-" + part)},
         {"classes", part[0] == 'y' ? "govuk-input--width-4" : "govuk-input--width-2"}});
  }
  Html out = components::date_input(all);
  if (field.kind != Kind::minute) return out;
  out += components::input({{"id", field.name + "-time"},
                            {"name", field.name + "-time"},
                            {"label", {{"text", "Time"}}},
                            {"hint", {{"text", "For example, 09:30"}}},
                            {"value", box(typed, field.name + "-time")},
                            {"classes", "govuk-input--width-5"}});
  return out;
}

Html one_field(const TaskField& field, const Typed& typed, const FormErrors& errors, bool heading) {
  Json options = {{"id", field.name},
                  {"name", field.name},
                  {"idPrefix", field.name},
                  {"errorMessage", errors.of(error_place(field))}};
  if (!field.hint.empty()) options["hint"] = {{"text", field.hint}};
  if (field.kind == Kind::one_of && field.options.size() > kMostRadios)
    return one_of_many(field, typed, options);
  if (field.kind == Kind::one_of) return one_of(field, typed, options, heading);
  if (is_date(field.kind)) return date_boxes_of(field, typed, options, heading);
  options["label"] = {{"text", field.label},
                      {"isPageHeading", heading},
                      {"classes", heading ? "govuk-label--l" : "govuk-label--s"}};
  options["value"] = shown_safely(box(typed, field.name));
  options["autocomplete"] = "off";
  options["spellcheck"] = field.kind == Kind::area;
  if (field.kind == Kind::area) {
    options["rows"] = "8";
    return components::textarea(options);
  }
  if (field.kind == Kind::number) {
    options["inputmode"] = "numeric";
    options["classes"] = "govuk-input--width-5";
  } else if (field.kind == Kind::reference) {
    options["classes"] = "govuk-input--width-20";
  }
  return components::input(options);
}

}  // namespace

Typed typed_in(const TaskForm& form, const Form& sent) {
  Typed typed;
  for (const TaskField& field : form.fields)
    for (const std::string& name : boxes_of(field)) typed[name] = sent.value(name);
  return typed;
}

Typed typed_of(const TaskForm& form, const Json& draft) {
  Typed typed;
  for (const TaskField& field : form.fields) {
    const std::string value = stored(draft, field.place);
    if (!is_date(field.kind)) {
      typed[field.name] = value;
      continue;
    }
    typed[field.name + "-year"] = value.substr(0, 4);
    if (value.size() >= 7) typed[field.name + "-month"] = value.substr(5, 2);
    if (value.size() >= 10) typed[field.name + "-day"] = value.substr(8, 2);
    if (value.size() >= 16) typed[field.name + "-time"] = value.substr(11, 5);
  }
  return typed;
}

Json written(const TaskForm& form, const Typed& typed, Json draft, FormErrors& errors) {
  for (const TaskField& field : form.fields) {
    auto value = read_field(field, typed);
    if (value) {
      put(draft, field.place, *std::move(value));
    } else {
      errors.add(error_place(field), value.error().message);
    }
  }
  prune(draft);
  return draft;
}

Html task_fields(const TaskForm& form, const Typed& typed, const FormErrors& errors) {
  Html out;
  for (const TaskField& field : form.fields)
    out += one_field(field, typed, errors, form.fields.size() == 1);
  return out;
}

std::string say_date(const std::string& date) {
  const bool shaped = date.size() >= 7 && date[4] == '-';
  const auto whole = parse_day(date.substr(0, 10).size() == 7 ? date + "-01" : date.substr(0, 10));
  if (!shaped || !whole) return date;
  std::string said = std::string(kMonthNames.at(static_cast<unsigned>(whole->month()) - 1)) + " " +
                     date.substr(0, 4);
  if (date.size() >= 10) said.insert(0, std::to_string(static_cast<unsigned>(whole->day())) + " ");
  if (date.size() >= 16) said += ", " + date.substr(11, 5);
  return said;
}

std::string said_of(const TaskField& field, const Json& draft) {
  const std::string value = stored(draft, field.place);
  if (is_date(field.kind)) return say_date(value);
  for (const auto& [option, words] : field.options)
    if (option == value) return words;
  return value;
}

bool all_answered(const TaskForm& form, const Json& draft) {
  return std::all_of(form.fields.begin(), form.fields.end(), [&](const TaskField& field) {
    return field.optional || !stored(draft, field.place).empty();
  });
}

}  // namespace firebreak::web
