// SPDX-License-Identifier: Apache-2.0
#include "ledger/check.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "base/files.h"
#include "ledger/test_support.h"

namespace firebreak::ledger {
namespace {

constexpr uint64_t kSize = 600;

CheckReport checked(const std::filesystem::path& folder, uint64_t expected = kSize) {
  const std::vector<Verifier> keys = {test_signer().verifier()};
  return check_published(folder, kOrigin, keys, Expected{expected, test_records()});
}

CheckReport check_alone(const std::filesystem::path& folder) {
  const std::vector<Verifier> keys = {test_signer().verifier()};
  return check_published(folder, kOrigin, keys);
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> out;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) out.push_back(file.path().lexically_relative(folder).string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool names(const CheckReport& report, const std::string& file) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const Finding& finding) { return finding.file == file; });
}

// The entry that a byte of this file belongs to, worked out from the format alone.
std::optional<uint64_t> entry_of(const std::string& file, size_t offset) {
  const auto name = TileName::parse(file);
  if (!name) return std::nullopt;
  const uint64_t position = offset / (name->entries ? 34 : 32);
  return (name->index * 256 + position) * (name->level == 0 ? 1 : 256);
}

class CheckFixture : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    log = new TempFolder;
    publish_sizes(log->path(), {520, kSize});
  }
  static void TearDownTestSuite() { delete log; }
  static std::filesystem::path folder() { return log->path(); }
  inline static TempFolder* log = nullptr;
};
using Check = CheckFixture;

TEST_F(Check, AWholeLogIsWell) {
  const CheckReport report = checked(folder());
  EXPECT_TRUE(report.ok()) << report.findings.front().text();
  EXPECT_EQ(report.checkpoint->size, kSize);
  EXPECT_EQ(report.files, names_in(folder()).size());
  EXPECT_TRUE(check_alone(folder()).ok());
  EXPECT_TRUE(checked(folder(), kSize + 1000).ok());  // the record has grown since
}

// Every byte of the small files and every 61st of the large: any one changed is found, with the
// file and the entry.
TEST_F(Check, AnyChangedByteIsNamed) {
  for (const std::string& file : names_in(folder())) {
    const std::string good = *read_file(folder() / file);
    for (size_t i = 0; i < good.size(); i += good.size() > 300 ? 61 : 7) {
      std::string changed = good;
      changed[i] = static_cast<char>(changed[i] ^ 0x20);
      ASSERT_TRUE(write_file_durably(folder() / file, changed).ok());
      const CheckReport report = checked(folder());
      ASSERT_EQ(report.findings.size(), 1U) << file << " byte " << i;
      EXPECT_EQ(report.findings[0].file, file);
      EXPECT_EQ(report.findings[0].entry, entry_of(file, i)) << file << " byte " << i;
      EXPECT_FALSE(check_alone(folder()).ok()) << file << " byte " << i;
    }
    ASSERT_TRUE(write_file_durably(folder() / file, good).ok());
  }
}

TEST_F(Check, AFileOfAnotherSizeIsNamed) {
  for (const std::string& file : names_in(folder())) {
    const std::string good = *read_file(folder() / file);
    for (const std::string& changed :
         {good + "\n", good + good, good.substr(0, good.size() - 1), std::string()}) {
      ASSERT_TRUE(write_file_durably(folder() / file, changed).ok());
      EXPECT_TRUE(names(checked(folder()), file)) << file << " of " << changed.size();
      EXPECT_FALSE(check_alone(folder()).ok()) << file << " of " << changed.size();
    }
    ASSERT_TRUE(write_file_durably(folder() / file, good).ok());
  }
}

TEST_F(Check, AMissingFileIsNamed) {
  std::vector<std::string> needed = {"checkpoint"};
  for (const TileName& name : tiles_of(kSize)) needed.push_back(name.path());
  for (const std::string& file : needed) {
    const std::string good = *read_file(folder() / file);
    std::filesystem::remove(folder() / file);
    EXPECT_TRUE(names(checked(folder()), file)) << file;
    EXPECT_FALSE(check_alone(folder()).ok()) << file;
    ASSERT_TRUE(write_file_durably(folder() / file, good).ok());
  }
}

TEST_F(Check, AFileWithoutAPlaceIsNamed) {
  for (const std::string& file : {std::string("tile/0/000.p/300"), std::string("tile/readme"),
                                  std::string("tile/0/003"), std::string("tile/0/002.p/89"),
                                  std::string("tile/entries/777"), std::string("tile/2/000.p/1")}) {
    std::filesystem::create_directories((folder() / file).parent_path());
    ASSERT_TRUE(write_file_durably(folder() / file, std::string(32, 'x')).ok());
    EXPECT_TRUE(names(checked(folder()), file)) << file;
    EXPECT_TRUE(names(check_alone(folder()), file)) << file;
    std::filesystem::remove(folder() / file);
  }
  std::filesystem::create_symlink("000", folder() / "tile/0/004");
  EXPECT_TRUE(names(checked(folder()), "tile/0/004"));
  std::filesystem::remove(folder() / "tile/0/004");
}

TEST_F(Check, ACheckpointBeyondTheRecordIsNamedWithTheFirstLostEntry) {
  const CheckReport report = checked(folder(), kSize - 1);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].file, "checkpoint");
  EXPECT_EQ(report.findings[0].entry, kSize - 1);
}

TEST_F(Check, AChangedRecordIsNamed) {
  const std::vector<Verifier> keys = {test_signer().verifier()};
  for (const uint64_t entry : {0U, 255U, 256U, 517U, 599U}) {
    const RecordReader changed = [&](uint64_t first, uint64_t count) {
      auto out = test_records()(first, count);
      if (entry >= first && entry < first + count) (*out)[entry - first][31] ^= 1;
      return out;
    };
    const auto report = check_published(folder(), kOrigin, keys, Expected{kSize, changed});
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.findings[0].entry, entry) << report.findings[0].text();
  }
}

TEST_F(Check, AFailingReaderIsAFindingAtItsEntry) {
  const std::vector<Verifier> keys = {test_signer().verifier()};
  const RecordReader gone = [](uint64_t first, uint64_t count) -> Result<std::vector<Digest>> {
    if (first == 256) return Error{ErrorCode::unavailable, "No reading.", "db", {}};
    return test_records()(first, count);
  };
  const auto report = check_published(folder(), kOrigin, keys, Expected{kSize, gone});
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].text(), "db: entry 256: No reading.");
}

TEST(CheckEmpty, AnEmptyLogIsWellAndAnEmptyFolderIsNot) {
  const TempFolder folder;
  EXPECT_TRUE(names(checked(folder.path(), 0), "checkpoint"));
  publish_sizes(folder.path(), {0});
  EXPECT_TRUE(checked(folder.path(), 0).ok());
  EXPECT_TRUE(check_alone(folder.path()).ok());
}

}  // namespace
}  // namespace firebreak::ledger
