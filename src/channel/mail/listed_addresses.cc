// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/listed_addresses.h"

#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <memory>

namespace firebreak::mail {
namespace {

constexpr std::string_view kDelimiters = "@%!:,;";
constexpr size_t kLongest = size_t{1} << 20;  // bytes; no line of SMTP or of a header is longer
constexpr std::string_view kSecureMail = ".cjsm.net";

// Letters in one case and one form, what cannot be seen left out (NFKC_Casefold, Unicode 3.13).
// What is not UTF-8 is read byte by byte as U+FFFD, which no registered address holds.
std::string folded(std::string_view text) {
  if (text.size() > kLongest) return std::string(text);
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* form = unorm2_getNFKCCasefoldInstance(&error);
  const auto most = static_cast<int32_t>(text.size());
  std::u16string wide(static_cast<size_t>(most), u'\0');  // never longer than UTF-8
  int32_t length = 0;
  u_strFromUTF8WithSub(wide.data(), most, &length, text.data(), most, 0xfffd, nullptr, &error);
  std::u16string out(static_cast<size_t>(most) * 18 + 1, u'\0');  // UAX #15: at most 18 times
  const int32_t size = unorm2_normalize(form, wide.data(), length, out.data(),
                                        static_cast<int32_t>(out.size()), &error);
  std::string narrow(static_cast<size_t>(size) * 3 + 1, '\0');
  u_strToUTF8(narrow.data(), static_cast<int32_t>(narrow.size()), &length, out.data(), size,
              &error);
  if (U_FAILURE(error) != 0) return std::string(text);
  narrow.resize(static_cast<size_t>(length));
  return narrow;
}

// UTS 46, as mail servers turn a domain to ASCII; as it is when that cannot be.
std::string ascii_domain(const std::string& domain) {
  static const std::unique_ptr<UIDNA, decltype(&uidna_close)> idna(
      [] {
        UErrorCode error = U_ZERO_ERROR;
        return uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII, &error);
      }(),
      &uidna_close);
  UErrorCode error = U_ZERO_ERROR;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  std::string out(1024, '\0');
  const int32_t size =
      uidna_nameToASCII_UTF8(idna.get(), domain.data(), static_cast<int32_t>(domain.size()),
                             out.data(), static_cast<int32_t>(out.size()), &info, &error);
  if (U_FAILURE(error) != 0 || static_cast<size_t>(size) > out.size()) return domain;
  out.resize(static_cast<size_t>(size));
  return out;
}

// Without comments, which may hold others; a ")" that closes none stays away too.
std::string without_comments(std::string_view text) {
  std::string out;
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (depth == 0 && c != ')') out += c;
    if (c == ')' && depth > 0) --depth;
  }
  return out;
}

// Without the signs around an address and within quotes, which change nothing about where it goes.
std::string without_signs(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool sign = c == '<' || c == '>' || c == '"' || c == '\\';
    if (!sign && static_cast<unsigned char>(c) > 0x20 && c != 0x7f) out += c;
  }
  return out;
}

struct Parts {
  std::vector<std::string> locals;
  std::vector<std::string> domains;
};

void add_domain(Parts& parts, std::string domain) {
  while (domain.ends_with('.')) domain.pop_back();
  if (domain.empty()) return;
  domain = ascii_domain(domain);
  while (domain.ends_with('.')) domain.pop_back();
  parts.domains.push_back(domain);
  if (domain.ends_with(kSecureMail))
    parts.domains.push_back(domain.substr(0, domain.size() - kSecureMail.size()));
}

void add_local(Parts& parts, std::string local) {
  const size_t tag = local.find('+');
  if (tag != std::string::npos && tag > 0) local.resize(tag);
  if (!local.empty()) parts.locals.push_back(std::move(local));
}

// Right of "@" and "%" and left of "!" stands a domain, everything else is a mailbox of it.
Parts parts_of(const std::string& text) {
  Parts parts;
  size_t begin = 0;
  char before = ' ';
  while (begin <= text.size()) {
    const size_t end = std::min(text.find_first_of(kDelimiters, begin), text.size());
    const std::string token = text.substr(begin, end - begin);
    const char after = end < text.size() ? text[end] : ' ';
    if (before == '@' || before == '%' || after == '!') {
      add_domain(parts, token);
    } else {
      add_local(parts, token);
    }
    before = after;
    begin = end + 1;
  }
  const size_t at = text.rfind('@');
  if (at != std::string::npos) add_local(parts, text.substr(0, at));
  return parts;
}

}  // namespace

std::vector<Mailbox> mailboxes_of(std::string_view text) {
  std::vector<Mailbox> out;
  const std::string plain = folded(text);
  for (const std::string& reading :
       {without_signs(without_comments(plain)), without_signs(plain)}) {
    const Parts parts = parts_of(reading);
    for (const std::string& domain : parts.domains) {
      for (const std::string& local : parts.locals) {
        Mailbox mailbox{local, domain};
        if (std::find(out.begin(), out.end(), mailbox) == out.end())
          out.push_back(std::move(mailbox));
      }
      if (parts.locals.empty()) out.push_back({"", domain});
    }
  }
  return out;
}

ListedAddresses::ListedAddresses(const std::vector<record::Destination>& destinations) {
  for (const record::Destination& one : destinations) {
    std::vector<std::string> addresses = one.addresses;
    if (!one.address.empty()) addresses.push_back(one.address);
    for (const std::string& address : addresses) {
      for (const Mailbox& mailbox : mailboxes_of(address))
        add(addresses_, mailbox.local + "@" + mailbox.domain, one);
    }
    for (const std::string& domain : one.domains) add(domains_, domain, one);
  }
}

void ListedAddresses::add(std::map<std::string, Listed, std::less<>>& to, const std::string& key,
                          const record::Destination& destination) {
  closes_ = closes_ || destination.closed();
  const auto [at, added] = to.try_emplace(key, Listed{destination.id, destination.closed()});
  if (!added && destination.closed() && !at->second.closed) at->second = {destination.id, true};
}

std::optional<Listed> ListedAddresses::find(const Mailbox& mailbox) const {
  const auto exact = addresses_.find(mailbox.local + "@" + mailbox.domain);
  if (exact != addresses_.end()) return exact->second;
  std::string_view domain = mailbox.domain;
  while (true) {
    const auto known = domains_.find(domain);
    if (known != domains_.end()) return known->second;
    const size_t dot = domain.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    domain.remove_prefix(dot + 1);
  }
}

std::optional<Listed> ListedAddresses::find(std::string_view address) const {
  std::optional<Listed> open;
  for (const Mailbox& mailbox : mailboxes_of(address)) {
    const auto found = find(mailbox);
    if (found && found->closed) return found;
    if (found && !open) open = found;
  }
  return open;
}

}  // namespace firebreak::mail
