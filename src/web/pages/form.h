// SPDX-License-Identifier: Apache-2.0
// The members of a form that was sent, and what a page says about what is wrong in them.
//
//   const auto sent = frame.form(request);
//   FormErrors errors;
//   if (sent->value("name").empty()) errors.add("name", "Enter your sign-in name");
//   if (errors.any()) { errors.put_in(model); ...input({..., {"errorMessage", errors.of("name")}})
//   }
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "web/http.h"

namespace firebreak::web {

class Form {
 public:
  explicit Form(std::vector<Header> members) : members_(std::move(members)) {}
  // The first value of that name, or empty.
  [[nodiscard]] std::string value(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const;

 private:
  std::vector<Header> members_;
};

class FormErrors {
 public:
  // `id` is the id of the field that the summary links to; empty: the error is about no field.
  void add(std::string id, std::string message);
  [[nodiscard]] bool any() const { return !errors_.empty(); }
  // The option `errorMessage` of a component: {"text": …}, or null when the field is in order.
  [[nodiscard]] Json of(std::string_view id) const;
  // Adds HAS_ERRORS and ERRORS, which the layout shows as the error summary.
  void put_in(Json& model) const;

 private:
  std::vector<std::pair<std::string, std::string>> errors_;
};

// What is wrong and what to do, in one text.
std::string sentence(const Error& error);

}  // namespace firebreak::web
