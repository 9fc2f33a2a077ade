// SPDX-License-Identifier: Apache-2.0
// A page of govern.html, part by part: what the pages of administrators, policy owners and the
// Board are made of.
//
//   GovernPage page("Destinations");
//   page.text("Where referrals may go.");
//   page.block(list_html(shape, query, found));
//   page.form("/services/add", {text_field(sent, errors, {"name", "The service's name"})},
//             {{{"text", "Add the service"}}});
//   co_return frame.show(request, 200, "govern.html", page.model(errors));
#pragma once

#include <string>
#include <vector>

#include "register/register.h"
#include "web/components/html.h"
#include "web/pages/form.h"
#include "web/pages/frame.h"

namespace firebreak::web {

class GovernPage {
 public:
  explicit GovernPage(const std::string& title);

  void back(const std::string& link);
  void wide();
  void text(const std::string& words);
  void heading(const std::string& words);
  void link(const std::string& words, const std::string& href);
  void block(const Html& component);
  // `buttons`: the options of components::button, one for each.
  void form(const std::string& action, const std::vector<Html>& fields,
            const std::vector<Json>& buttons);

  [[nodiscard]] Json model(const FormErrors& errors = {}) const;

 private:
  Json model_;
};

struct TextField {
  std::string name;
  std::string label;
  std::string hint = {};
  int rows = 0;  // more than one: a textarea
};
// With what was sent, and what is wrong with it.
Html text_field(const Form& sent, const FormErrors& errors, const TextField& field);

struct ChoiceField {
  std::string name;
  std::string label;
  std::string hint = {};
  std::vector<std::pair<std::string, std::string>> choices = {};  // value, words
};
Html select_field(const Form& sent, const FormErrors& errors, const ChoiceField& field);

// A table whose cells are texts, or Html as its json().
Html plain_table(const std::string& caption, const std::vector<std::string>& headings,
                 const std::vector<std::vector<Json>>& rows);
// A list of what something is, line by line.
Html summary_of(const std::vector<std::pair<std::string, Json>>& lines);
Html link_to(const std::string& words, const std::string& href);

// What is wrong with a request, at the field that it is about when the form has it.
void add_error(FormErrors& errors, const Error& error, const std::vector<std::string>& fields);

// The members of the address, as a form; empty when they cannot be read.
Form query_of(const Request& request);

// "22 November 2026 at 09:00" of an RFC 3339 instant.
std::string said_time(const std::string& rfc3339);

}  // namespace firebreak::web
