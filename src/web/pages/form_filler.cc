// SPDX-License-Identifier: Apache-2.0
#include "web/pages/form_filler.h"

#include <algorithm>
#include <map>

#include "web/components/html.h"

namespace firebreak::web {
namespace {

// As the templates and the components write a text.
std::string escaped(std::string_view text) { return Html::of_text(text).markup(); }

// One tag of a page: "<input class="…" checked>".
class PageTag {
 public:
  explicit PageTag(std::string_view text) : text_(text) {}

  [[nodiscard]] std::string_view name() const {
    return std::string_view(text_).substr(1, text_.find_first_of(" \t\n>/", 1) - 1);
  }
  // The attribute's value as it is written, escaped; empty for one without a value.
  [[nodiscard]] std::optional<std::string_view> attribute(std::string_view wanted) const {
    const auto [begin, end] = place(wanted);
    if (begin == end) return std::nullopt;
    const std::string_view whole = std::string_view(text_).substr(begin, end - begin);
    const auto quote = whole.find('"');
    if (quote == std::string_view::npos) return std::string_view{};
    return whole.substr(quote + 1, whole.size() - quote - 2);
  }
  void remove(std::string_view wanted) {
    const auto [begin, end] = place(wanted);
    text_.erase(begin, end - begin);
  }
  void add(const std::string& attribute) {
    text_.insert(text_.size() - (text_.ends_with("/>") ? 2 : 1), " " + attribute);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  // Where the attribute stands, with the space before it; two equal places when it is not there.
  [[nodiscard]] std::pair<size_t, size_t> place(std::string_view wanted) const {
    size_t at = 1 + name().size();
    while (at < text_.size()) {
      const size_t begin = at;
      at = text_.find_first_not_of(" \t\n", at);
      if (at == std::string::npos || text_[at] == '>' || text_[at] == '/') break;
      const size_t name_end = text_.find_first_of("= \t\n>/", at);
      const std::string_view found = std::string_view(text_).substr(at, name_end - at);
      at = name_end;
      if (text_.compare(at, 2, "=\"") == 0) at = text_.find('"', at + 2) + 1;
      if (found == wanted) return {begin, at};
    }
    return {0, 0};
  }

  std::string text_;
};

// Where the tag that begins at `begin` ends, after a '>' outside quotes; `begin` when it does not.
size_t end_of_tag(std::string_view html, size_t begin) {
  bool quoted = false;
  for (size_t at = begin; at < html.size(); ++at) {
    if (html[at] == '"') quoted = !quoted;
    if (html[at] == '>' && !quoted) return at + 1;
  }
  return begin;
}

bool sends_to(const PageTag& tag, std::string_view path) {
  return tag.name() == "form" && tag.attribute("action") == std::string_view(escaped(path));
}

class FormFiller {
 public:
  explicit FormFiller(const std::vector<Header>& members) {
    for (const Header& member : members)
      typed_[escaped(member.name)].push_back(escaped(member.value));
  }

  // `form` is what stands between <form> and </form>.
  std::string fill(std::string_view form) {
    std::string out;
    while (!form.empty()) {
      const size_t begin = std::min(form.find('<'), form.size());
      out += form.substr(0, begin);
      form.remove_prefix(begin);
      const size_t end = end_of_tag(form, 0);
      if (end == 0) return out.append(form);  // no tag any more
      PageTag tag{form.substr(0, end)};
      form.remove_prefix(end);
      const std::string name(tag.name());  // a copy: the tag is changed below
      if (name == "input") fill_input(tag);
      if (name == "select") list_ = std::string(tag.attribute("name").value_or(""));
      if (name == "option") choose(tag, list_, "selected");
      out += tag.text();
      if (name == "textarea") form.remove_prefix(fill_text(tag, form, out));
    }
    return out;
  }

 private:
  // What was typed into the next field of this name; null when nothing was sent for it.
  const std::string* next(const std::string& name) {
    const auto typed = typed_.find(name);
    if (typed == typed_.end() || taken_[name] >= typed->second.size()) return nullptr;
    return &typed->second[taken_[name]++];
  }

  void fill_input(PageTag& tag) {
    const std::string type(tag.attribute("type").value_or("text"));
    const std::string name(tag.attribute("name").value_or(""));
    if (type == "radio" || type == "checkbox") return choose(tag, name, "checked");
    for (const char* other : {"hidden", "password", "submit", "button", "file"})
      if (type == other) return;
    const std::string* typed = next(name);
    if (typed == nullptr) return;
    tag.remove("value");
    tag.add("value=\"" + *typed + "\"");
  }

  void choose(PageTag& tag, const std::string& name, const char* mark) {
    tag.remove(mark);
    const auto typed = typed_.find(name);
    if (typed == typed_.end()) return;
    const std::string value(tag.attribute("value").value_or(""));
    if (std::ranges::count(typed->second, value) > 0) tag.add(mark);
  }

  // Gives how much of `rest` was the text area's content.
  size_t fill_text(const PageTag& tag, std::string_view rest, std::string& out) {
    const size_t length = std::min(rest.find("</textarea"), rest.size());
    const std::string* typed = next(std::string(tag.attribute("name").value_or("")));
    // A line break at the head of a text area is not part of its text, so another stands before it.
    out += typed == nullptr ? std::string(rest.substr(0, length)) : "\n" + *typed;
    return length;
  }

  std::map<std::string, std::vector<std::string>> typed_;  // escaped, by their name, escaped
  std::map<std::string, size_t> taken_;
  std::string list_;  // the select element that options belong to
};

}  // namespace

std::optional<std::string> fill_form(std::string_view html, std::string_view path,
                                     const std::vector<Header>& members) {
  for (size_t at = html.find("<form"); at != std::string_view::npos;
       at = html.find("<form", at + 1)) {
    const size_t begin = end_of_tag(html, at);
    if (begin == at || !sends_to(PageTag(html.substr(at, begin - at)), path)) continue;
    const size_t end = std::min(html.find("</form", begin), html.size());
    std::string out(html.substr(0, begin));
    out += FormFiller(members).fill(html.substr(begin, end - begin));
    out += html.substr(end);
    return out;
  }
  return std::nullopt;
}

}  // namespace firebreak::web
