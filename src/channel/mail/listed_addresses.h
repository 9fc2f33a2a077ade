// SPDX-License-Identifier: Apache-2.0
// Which destination an e-mail address reaches, however it is written: what the mail gateway asks of
// every recipient.
//
//   const ListedAddresses listed(config.destinations);
//   const auto found = listed.find("<Desk+urgent@Mail.Enforcement.Example.>");
//   if (found && found->closed) ...   // refused without a release
//
// An address is read as every mailbox that it may mean, and each is looked up: what stands between
// the last "<" and ">", comments (RFC 5322 3.2.2) and quotes taken away; of a source route
// "@a,@b:user@c" (RFC 5321 4.1.2) and of "user%b@a" and "b!user@a" (relaying of old) each domain
// that is named. Letters in either case, full-width and other forms (NFKC), and domains in other
// letters (IDNA 2008 by UTS 46, RFC 5891) are one. A tag, "user+tag@", is the user's.
// "police.example.cjsm.net", the form that the criminal justice secure mail service gives a domain,
// is "police.example" too.
//
// A registered address comes before a domain, a domain of more labels before one of fewer; of equal
// ones a closed destination comes before an open one. So a competent authority's address at a
// domain that is closed is open when, and only when, it was registered itself. When several
// mailboxes are meant and any is closed, the answer is closed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "register/destination.h"

namespace firebreak::mail {

struct Listed {
  std::string destination;  // id
  bool closed = false;
  bool operator==(const Listed&) const = default;
};

// A mailbox in the form that is compared: lower case, without a tag, the domain in ASCII.
struct Mailbox {
  std::string local;
  std::string domain;
  bool operator==(const Mailbox&) const = default;
};

// Every mailbox that the text may mean; empty when there is no domain in it.
std::vector<Mailbox> mailboxes_of(std::string_view text);

class ListedAddresses {
 public:
  explicit ListedAddresses(const std::vector<record::Destination>& destinations);

  // The destination that the address reaches; nothing for any other, and for what is no address.
  [[nodiscard]] std::optional<Listed> find(std::string_view address) const;
  // Whether nothing at all is closed: a gateway with such a list lets nothing be tested.
  [[nodiscard]] bool closes_nothing() const { return !closes_; }

 private:
  [[nodiscard]] std::optional<Listed> find(const Mailbox& mailbox) const;
  void add(std::map<std::string, Listed, std::less<>>& to, const std::string& key,
           const record::Destination& destination);

  std::map<std::string, Listed, std::less<>> addresses_;  // by "local@domain"
  std::map<std::string, Listed, std::less<>> domains_;
  bool closes_ = false;
};

}  // namespace firebreak::mail
