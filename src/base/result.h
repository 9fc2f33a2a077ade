// SPDX-License-Identifier: Apache-2.0
// Errors are values. Every function that can fail returns a Result: the value, or an Error that
// says what is wrong, where, and what to do. Nothing throws across the border of a folder.
//
//   Result<Policy> policy = load_policy(path);
//   if (!policy) return policy.error();
//   use(*policy);
//
// or, in a function that itself returns a Result:
//
//   FB_TRY(Policy policy, load_policy(path));
//   FB_CHECK(store.open());                     // for Result<void>
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace firebreak {

// What kind of failure this is. The API answers with the HTTP status named beside each, the command
// line with the exit code.
enum class ErrorCode {
  bad_input,     // the caller's input is wrong; nothing was changed               400, exit 2
  unauthorised,  // nobody is signed in, or the token is unknown or expired        401, exit 3
  forbidden,     // who asks is known and may not do this                          403, exit 3
  not_found,     // what was named does not exist                                  404, exit 4
  conflict,      // the state of the thing does not allow it                       409, exit 5
  too_large,     // the input is over a stated limit                               413, exit 2
  too_many,      // asked too often; nothing was done                              429, exit 6
  unavailable,   // cannot be done now (disk full, relay down); nothing was done   503, exit 6
  corrupt,       // stored data does not verify                                    500, exit 7
  internal,      // a fault of ours                                                500, exit 8
};

// An error never holds personal data: it is shown, logged and counted.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;  // what is wrong, one plain-English sentence
  std::string where;    // file:line:column, member path, entry number; empty when there is no place
  std::string action;   // what to do about it; empty when the message already says so

  // "where: message action", for a terminal or a log line.
  [[nodiscard]] std::string text() const {
    std::string out = where.empty() ? message : where + ": " + message;
    return action.empty() ? out : out + " " + action;
  }
};

inline Error bad_input(std::string message, std::string where = {}, std::string action = {}) {
  return {ErrorCode::bad_input, std::move(message), std::move(where), std::move(action)};
}
inline Error internal_error(std::string message, std::string where = {}) {
  return {ErrorCode::internal, std::move(message), std::move(where), {}};
}

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(*-explicit-*)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(*-explicit-*)

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Asking for the value of a failed Result is a fault of the caller: std::bad_variant_access.
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  // By value: what is taken from a temporary Result outlives it.
  T operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

  [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(*-explicit-*)

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const { return error_.value(); }

 private:
  std::optional<Error> error_;
};

}  // namespace firebreak

#define FB_CONCAT_(a, b) a##b
#define FB_CONCAT(a, b) FB_CONCAT_(a, b)
#define FB_TRY_(name, declaration, expression) \
  auto name = (expression);                    \
  if (!name) return name.error();              \
  declaration = *std::move(name)
// Declares a variable from a Result, or returns its error from the enclosing function.
#define FB_TRY(declaration, expression) \
  FB_TRY_(FB_CONCAT(fb_result_, __LINE__), declaration, expression)
// Returns the error of a Result<void> from the enclosing function.
#define FB_CHECK(expression)                                              \
  do {                                                                    \
    if (auto fb_check = (expression); !fb_check) return fb_check.error(); \
  } while (false)
