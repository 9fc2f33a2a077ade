// SPDX-License-Identifier: Apache-2.0
// Who sent a request: a service or a person with "Authorization: Bearer …" (RFC 6750 section 2.1)
// on the API, a person with the session cookie on the pages. Neither counts for the other, so that
// no other site can make a browser call the API.
#pragma once

#include "register/directory.h"
#include "web/site.h"

namespace firebreak::web {

class DirectoryAuthenticator final : public Authenticator {
 public:
  // The directory must outlive it.
  DirectoryAuthenticator(record::Directory& directory, bool secure);
  Result<std::shared_ptr<const Caller>> caller_of(const Request& request,
                                                  Audience audience) override;

 private:
  record::Directory& directory_;
  const std::string cookie_;
};

}  // namespace firebreak::web
