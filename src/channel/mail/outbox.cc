// SPDX-License-Identifier: Apache-2.0
#include "channel/mail/outbox.h"

#include <charconv>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>

#include "base/files.h"
#include "base/hash.h"

namespace firebreak::mail {
namespace {

using record::HandingOutcome;

constexpr std::string_view kMark = "firebreak outbox v1\n";
constexpr std::string_view kOpenEnding = ".eml";
constexpr std::string_view kSealedEnding = ".eml.sealed";
constexpr std::string_view kKind = "outbox";
constexpr size_t kWrappedSize = 73;

struct Name {
  std::string referral;
  uint64_t number = 0;
};

// "ref_….<number>.eml.sealed"
std::optional<Name> read_name(const std::string& file) {
  if (!file.ends_with(kSealedEnding)) return std::nullopt;
  const std::string stem = file.substr(0, file.size() - kSealedEnding.size());
  const size_t dot = stem.rfind('.');
  if (dot == std::string::npos) return std::nullopt;
  Name name{stem.substr(0, dot), 0};
  const char* end = stem.data() + stem.size();
  const auto [stopped, error] = std::from_chars(stem.data() + dot + 1, end, name.number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return name;
}

std::string seal_message(const vault::MasterKey& master, const record::Release& release,
                         Random& random) {
  const vault::DataKey key = vault::DataKey::generate(random);
  std::string out(kMark);
  out += as_text(vault::wrap(master, release.referral, key, random));
  out += as_text(vault::seal(key, {release.referral, kKind, release.number},
                             as_bytes(release.message), random));
  return out;
}

HandOver not_written(const Error& error) {
  return {HandingOutcome::not_sent, "outbox not writable", error.text()};
}

Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  if (std::filesystem::create_directories(folder, failed)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  }
  if (!failed) return {};
  return Error{ErrorCode::unavailable,
               "The outbox folder cannot be made: " + failed.message() + ".",
               folder.string(),
               {}};
}

// A release's name comes from the register; this keeps it inside the folder whatever it holds.
bool is_file_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.find('/') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

}  // namespace

HandOver Outbox::hand_over(const record::Release& release, const std::stop_token& /*stop*/) {
  const bool sealed = settings_.sealed_by != nullptr;
  const auto path = settings_.folder / (release.referral + "." + std::to_string(release.number) +
                                        std::string(sealed ? kSealedEnding : kOpenEnding));
  if (!is_file_name(release.referral))
    return {HandingOutcome::rejected_permanent, "not a file name", "The reference is not a name."};
  if (auto made = make_folder(settings_.folder); !made) return not_written(made.error());
  const auto before = sealed ? open_outbox_file(*settings_.sealed_by, path) : read_file(path);
  const bool known = before.ok() || before.error().code != ErrorCode::not_found;
  if (known && (!before.ok() && before.error().code == ErrorCode::unavailable))
    return not_written(before.error());
  if (known && (!before.ok() || *before != release.message)) {
    return {HandingOutcome::rejected_permanent, "outbox file exists with other content",
            path.string() + ": The outbox already holds another file of this name."};
  }
  // A file that is there is written again: it may have been renamed into place by an attempt that
  // was interrupted before the folder was synced.
  const std::string bytes =
      sealed ? seal_message(*settings_.sealed_by, release, random_) : release.message;
  if (auto written = write_file_durably(path, bytes, 0600); !written)
    return not_written(written.error());
  return {HandingOutcome::accepted, "outbox", "Written to " + path.string() + "."};
}

namespace {

Result<bool> remove_file(const std::filesystem::path& path) {
  std::error_code failed;
  const bool there = std::filesystem::remove(path, failed);
  if (!failed) return there;
  return Error{ErrorCode::unavailable, "An outbox file cannot be removed: " + failed.message(),
               path.string(), "Remove it by hand: its referral was erased."};
}

}  // namespace

Result<int> remove_from_outbox(const std::filesystem::path& folder, const std::string& referral,
                               uint64_t releases) {
  int removed = 0;
  for (uint64_t number = 1; number <= releases && is_file_name(referral); ++number) {
    for (const std::string_view ending : {kOpenEnding, kSealedEnding}) {
      FB_TRY(const bool there,
             remove_file(folder / (referral + "." + std::to_string(number) + std::string(ending))));
      removed += there ? 1 : 0;
    }
  }
  return removed;
}

Result<int> sweep_outbox(const std::filesystem::path& folder,
                         const std::function<bool(const std::string& referral)>& is_erased) {
  int removed = 0;
  std::error_code failed;
  for (const auto& file : std::filesystem::directory_iterator(folder, failed)) {
    const std::string name = file.path().filename().string();
    if (!name.ends_with(kOpenEnding) && !name.ends_with(kSealedEnding)) continue;
    if (!is_erased(name.substr(0, name.find('.')))) continue;
    FB_TRY(const bool there, remove_file(file.path()));
    removed += there ? 1 : 0;
  }
  return removed;  // without a folder there is nothing to remove
}

Result<std::string> open_outbox_file(const vault::MasterKey& master,
                                     const std::filesystem::path& path) {
  FB_TRY(const std::string bytes, read_file(path));
  const Error broken{ErrorCode::corrupt,
                     "This is not a whole sealed outbox file under its own name.", path.string(),
                     "Release the referral again; the register holds the message."};
  const std::optional<Name> name = read_name(path.filename().string());
  if (!name || !bytes.starts_with(kMark) || bytes.size() < kMark.size() + kWrappedSize)
    return broken;
  const auto rest = as_bytes(bytes).subspan(kMark.size());
  const auto key = vault::unwrap(master, name->referral, rest.first(kWrappedSize));
  if (!key) return broken;
  const auto message =
      vault::open(*key, {name->referral, kKind, name->number}, rest.subspan(kWrappedSize));
  if (!message) return broken;
  return std::string(as_text(*message));
}

}  // namespace firebreak::mail
