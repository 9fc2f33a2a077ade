// SPDX-License-Identifier: Apache-2.0
// The components of GOV.UK Frontend that pages are made of. Each function takes the options of
// govuk-frontend's macro of that name, under the names of its documentation, and gives the same
// HTML; tests/browser/components.test.mjs compares them with the worked examples that
// govuk-frontend ships.
//
//   Json model = {{"HTML_CONTINUE", button({{"text", "Continue"}}).json()}};
//   // in the page's template: {{HTML_CONTINUE:x-component}}
//
// Every option that is a text is escaped. What is HTML in govuk-frontend (`html`, `titleHtml`, the
// `html` of a conditional reveal, slots) takes an Html, as its json(); a text given there is shown
// as text. Options that a component does not know are ignored, as by the macros.
#pragma once

#include "base/json.h"
#include "web/components/html.h"

namespace firebreak::web::components {

// phrases.cc: small pieces of text
Html label(const Json& options);
Html hint(const Json& options);
Html error_message(const Json& options);
Html tag(const Json& options);
Html inset_text(const Json& options);
Html warning_text(const Json& options);
Html details(const Json& options);
Html panel(const Json& options);
Html notification_banner(const Json& options);
Html error_summary(const Json& options);

// buttons.cc
Html button(const Json& options);
Html exit_this_page(const Json& options);

// inputs.cc: what is typed
Html input(const Json& options);
Html textarea(const Json& options);
Html password_input(const Json& options);
Html character_count(const Json& options);

// date_input.cc
Html date_input(const Json& options);

// choices.cc: what is chosen
Html fieldset(const Json& options);
Html radios(const Json& options);
Html checkboxes(const Json& options);
Html select(const Json& options);

// lists.cc: what is shown in rows
Html summary_list(const Json& options);
Html table(const Json& options);
Html task_list(const Json& options);
Html tabs(const Json& options);

// navigation.cc
Html back_link(const Json& options);
Html skip_link(const Json& options);
Html breadcrumbs(const Json& options);
Html pagination(const Json& options);
Html phase_banner(const Json& options);
Html generic_header(const Json& options);
Html service_navigation(const Json& options);

}  // namespace firebreak::web::components
