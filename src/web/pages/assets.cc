// SPDX-License-Identifier: Apache-2.0
#include "web/pages/assets.h"

#include <algorithm>

#include "base/files.h"
#include "base/json.h"

namespace firebreak::web {
namespace {

constexpr size_t kMaxAssetBytes = size_t{4} << 20;

std::string content_type(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  if (extension == ".css") return "text/css; charset=utf-8";
  if (extension == ".js") return "text/javascript; charset=utf-8";
  if (extension == ".svg") return "image/svg+xml";
  return "application/octet-stream";
}

// A name that names nothing outside the folder.
bool plain_file_name(const std::string& name) {
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

}  // namespace

Result<Assets> Assets::load(const std::filesystem::path& folder) {
  auto text = read_file(folder / "manifest.json", kMaxAssetBytes);
  if (!text) {
    return Error{ErrorCode::not_found, "The pages' styles and scripts are not built.",
                 folder.string(), "Run `npm ci && node build.mjs FOLDER` in ui/."};
  }
  FB_TRY(Json manifest, parse_json(*text));
  Assets assets;
  for (const auto& [logical, file] : manifest.items()) {
    if (!file.is_string() || !plain_file_name(file.get_ref<const std::string&>())) {
      return bad_input("The list of assets names something that is not a file beside it.",
                       (folder / "manifest.json").string(), "Build the assets again.");
    }
    const std::string name = file.get<std::string>();
    FB_TRY(std::string content, read_file(folder / name, kMaxAssetBytes));
    assets.file_names_[logical] = name;
    assets.assets_[name] = Asset{std::move(content), content_type(name)};
  }
  return assets;
}

std::string Assets::url(const std::string& logical_name) const {
  const auto found = file_names_.find(logical_name);
  return found == file_names_.end() ? std::string() : "/assets/" + found->second;
}

const Asset* Assets::find(std::string_view file_name) const {
  const auto found = assets_.find(file_name);
  return found == assets_.end() ? nullptr : &found->second;
}

}  // namespace firebreak::web
