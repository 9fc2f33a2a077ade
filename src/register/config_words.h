// SPDX-License-Identifier: Apache-2.0
// The forms that words of force.toml have: domains, mailboxes, names of files. Shared by what reads
// the file and what takes a change from a page.
//
//   if (!is_address(text)) ...
//   if (const std::string rule = wrong_offices(offices); !rule.empty()) ...   // "has … twice."
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace firebreak::record {

bool is_domain(std::string_view text);
// A plain mailbox (RFC 5321, without quoting): all that destinations need, and nothing a relay
// could read in two ways.
bool is_address(std::string_view text);
bool is_word(std::string_view text);
// A name inside policies/ that ends so.
bool is_file_name(std::string_view text, std::string_view ending);
bool is_relay(std::string_view text);  // "smtp://host:port"

// What is wrong with the force's offices, empty when nothing is: at most 100, each a line of 1 to
// 60 bytes that reads as it is written, none twice (capitals make no difference).
std::string wrong_offices(const std::vector<std::string>& offices);

}  // namespace firebreak::record
