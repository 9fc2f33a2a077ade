// SPDX-License-Identifier: Apache-2.0
// What the checker found, as text for a terminal and as JSON.
#include <string_view>

#include "policy/check.h"

namespace firebreak::policy {
namespace {

const char* name(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "note";
}

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    out += "    " + std::string(text.substr(0, end)) + "\n";
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

std::string text(const Finding& finding) {
  std::string out = finding.file;
  if (finding.line > 0) {
    out += ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column);
  }
  out += std::string(": ") + name(finding.severity) + ": " + finding.message + "\n";
  out += indented(finding.caret);
  if (!finding.clause.empty()) out += "  clause " + finding.clause + "\n";
  if (!finding.witness.empty()) out += "  for example\n" + indented(finding.witness);
  return out;
}

std::string text(const Report& report) {
  std::string out;
  for (const Finding& finding : report.findings) out += text(finding);
  out += report.file + ": ";
  if (report.digest.empty()) return out + "not sound, nothing was checked\n";
  out += std::string(report.passed() ? "sound" : "not sound") + "; " +
         std::to_string(report.rules) + " rules on " + std::to_string(report.clauses) +
         " clauses, " + std::to_string(report.cases_passed) + " of " +
         std::to_string(report.cases) + " cases pass, " + std::to_string(report.asserts_proved) +
         " of " + std::to_string(report.asserts) + " assertions proved, over " + report.situations +
         " situations\n";
  return out;
}

Json report_json(const Report& report) {
  Json findings = Json::array();
  for (const Finding& finding : report.findings) {
    findings.push_back({{"severity", name(finding.severity)},
                        {"file", finding.file},
                        {"line", finding.line},
                        {"column", finding.column},
                        {"message", finding.message},
                        {"caret", finding.caret},
                        {"clause", finding.clause},
                        {"witness", finding.witness}});
  }
  return {{"file", report.file},
          {"id", report.id},
          {"version", report.version},
          {"digest", report.digest},
          {"historical", report.historical},
          {"passed", report.passed()},
          {"rules", report.rules},
          {"clauses", report.clauses},
          {"cases", {{"passed", report.cases_passed}, {"of", report.cases}}},
          {"asserts", {{"proved", report.asserts_proved}, {"of", report.asserts}}},
          {"situations", report.situations},  // in decimal: may be over what a JSON number holds
          {"findings", std::move(findings)}};
}

}  // namespace firebreak::policy
