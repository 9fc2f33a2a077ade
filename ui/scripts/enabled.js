// SPDX-License-Identifier: Apache-2.0
// Tells the style sheet that scripts run, before the page is painted. GOV.UK Frontend's template has this
// as an inline script; the content security policy allows no inline scripts, so here it is a file.
document.body.className +=
  " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
