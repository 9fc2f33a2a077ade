// SPDX-License-Identifier: Apache-2.0
// Styles and scripts of the pages, as ui/build.mjs made them: read into memory once at start,
// served under names that carry their digest, so that a browser may keep them for ever.
//
//   FB_TRY(Assets assets, Assets::load(folder));
//   assets.url("firebreak.css");            // "/assets/firebreak-1a2b3c4d5e6f.css"
//   const Asset* asset = assets.find("firebreak-1a2b3c4d5e6f.css");
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace firebreak::web {

struct Asset {
  std::string content;
  std::string content_type;
  std::string gzip = {};    // the same compressed (RFC 1952); empty when that does not pay
  std::string brotli = {};  // likewise (RFC 7932)

  struct Encoded {
    const std::string* content;
    std::string_view encoding;  // Content-Encoding; empty: as it is
  };
  // The smallest form that a caller with this Accept-Encoding (RFC 9110, 12.5.3) takes.
  [[nodiscard]] Encoded encoded(std::string_view accept_encoding) const;
};

class Assets {
 public:
  // Reads manifest.json (its form is at the top of ui/build.mjs) and every file that it names, with
  // the compressed ones beside it.
  // Errors: not_found when they are not built, bad_input for a manifest of another form.
  static Result<Assets> load(const std::filesystem::path& folder);

  // Where a page links to the asset of that logical name; empty when there is none.
  [[nodiscard]] std::string url(const std::string& logical_name) const;
  // The asset of that file name, or null.
  [[nodiscard]] const Asset* find(std::string_view file_name) const;

 private:
  std::map<std::string, std::string> file_names_;  // by logical name
  std::map<std::string, Asset, std::less<>> assets_;
};

}  // namespace firebreak::web
