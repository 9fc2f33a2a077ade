// SPDX-License-Identifier: Apache-2.0
#include "web/pages/error_words.h"

#include <algorithm>
#include <string>
#include <vector>

namespace firebreak::web {

ErrorWords words_for(const Error& error) {
  switch (error.code) {
    case ErrorCode::bad_input:
    case ErrorCode::too_large:
      return {"There is a problem with what was sent", "Nothing was changed."};
    case ErrorCode::unauthorised:
      return {"You are not signed in", "Sign in, then try again."};
    case ErrorCode::forbidden:
      return {"You cannot do this", "If you need to, ask your administrator for the right."};
    case ErrorCode::not_found:
      return {"Page not found", "If you typed the address, check that it is correct."};
    case ErrorCode::conflict:
      return {"This cannot be done now", "Nothing was changed."};
    case ErrorCode::too_many:
      return {"Too many requests", "Nothing was changed."};
    case ErrorCode::unavailable:
      return {"Sorry, the service is not available",
              "No answer is given when it cannot be recorded. Until you have an answer, do not "
              "share. Try again in a few minutes."};
    case ErrorCode::corrupt:
    case ErrorCode::internal:
      break;
  }
  return {"Sorry, there is a problem with the service",
          "No answer was given. Until you have an answer, do not share. Try again later."};
}

Json error_paragraphs(const Error& error, const ErrorWords& words) {
  std::string said = error.message + (error.action.empty() ? "" : " " + error.action);
  std::vector<std::string> texts;
  switch (error.code) {
    case ErrorCode::not_found:
    case ErrorCode::internal:
      texts = {words.then};
      break;
    case ErrorCode::unavailable:
    case ErrorCode::corrupt:
      texts = {words.then, "For whoever runs the service: " + said};
      break;
    case ErrorCode::forbidden:
      // An error that says itself what to do is not about a right that somebody could give.
      if (!error.action.empty()) {
        texts = {said};
        break;
      }
      std::replace(said.begin(), said.end(), '_', ' ');  // the names of rights
      texts = {said, words.then};
      break;
    default:
      texts = {said, words.then};
  }
  Json paragraphs = Json::array();
  for (const std::string& text : texts) paragraphs.push_back({{"TEXT", text}});
  return paragraphs;
}

}  // namespace firebreak::web
