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

// What stands beside the file; nothing when it is not there.
std::string compressed(const std::filesystem::path& file) {
  auto content = read_file(file, kMaxAssetBytes);
  return content ? *std::move(content) : std::string();
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// Whether the header names this coding, not with the weight 0.
bool takes(std::string_view accept_encoding, std::string_view coding) {
  while (!accept_encoding.empty()) {
    const std::string_view item = accept_encoding.substr(0, accept_encoding.find(','));
    accept_encoding.remove_prefix(std::min(accept_encoding.size(), item.size() + 1));
    const auto semicolon = item.find(';');
    if (trimmed(item.substr(0, semicolon)) != coding) continue;
    if (semicolon == std::string_view::npos) return true;
    const std::string_view weight = trimmed(item.substr(semicolon + 1));
    return weight.find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

}  // namespace

Asset::Encoded Asset::encoded(std::string_view accept_encoding) const {
  if (!brotli.empty() && takes(accept_encoding, "br")) return {&brotli, "br"};
  if (!gzip.empty() && takes(accept_encoding, "gzip")) return {&gzip, "gzip"};
  return {&content, {}};
}

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
    assets.assets_[name] =
        Asset{std::move(content), content_type(name), compressed(folder / (name + ".gz")),
              compressed(folder / (name + ".br"))};
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
