// SPDX-License-Identifier: Apache-2.0
#include "register/verify.h"

#include <fstream>

#include "register/sqlite.h"
#include "register/test_support.h"

namespace firebreak::record {
namespace {

namespace fs = std::filesystem;

class VerifyTest : public RegisterTest {
 protected:
  VerifyTest() {
    if (!reg) return;
    released();
    static_cast<void>(draft(exceptional_draft(), "board"));
    EXPECT_TRUE(reg->checkpointer().checkpoint_now().ok());
  }

  // Runs SQL on the closed database, as somebody with the file would.
  void tamper(const char* sql) {
    close();
    auto db = Database::open(folder / "register.sqlite", OpenMode::read_write);
    ASSERT_TRUE(db.ok());
    ASSERT_TRUE(db->execute(sql).ok()) << sql;
  }
};

// Everything that the register means: all rows of all tables.
std::string content_of(const fs::path& file) {
  auto db = Database::open(file, OpenMode::immutable);
  std::string out;
  for (const char* sql : {"SELECT seq, entry, salt, leaf, root FROM event ORDER BY 1",
                          "SELECT kind, id, revision, body, salt, seq FROM document ORDER BY 1,2,3",
                          "SELECT one, frontier FROM tree",
                          "SELECT id, state, requester, last_seq, body FROM referral ORDER BY 1",
                          "SELECT referral, seq FROM step ORDER BY 1, 2"}) {
    auto select = db->prepare(sql);
    if (!select) return "unreadable";
    while (true) {
      const auto row = select->step();
      if (!row) return "unreadable";
      if (!*row) break;
      for (int i = 0; i < 6; ++i) out += std::string(select->text(i)) + "|";
    }
  }
  return out;
}

TEST_F(VerifyTest, AGoodFolderVerifiesAlsoWhileItIsOpen) {
  const VerifyReport open_report = verify(folder);
  EXPECT_TRUE(open_report.ok()) << open_report.json().dump(1);
  close();
  const VerifyReport report = verify(folder);
  EXPECT_TRUE(report.ok()) << report.json().dump(1);
  EXPECT_EQ(report.entries % 64, 0U);
  EXPECT_EQ(report.checkpoint, report.entries);
  fs::remove_all(folder / "keys");
  EXPECT_TRUE(verify(folder).ok()) << "no secret key is needed";
}

TEST_F(VerifyTest, EveryKindOfChangeIsFoundAndNamed) {
  close();
  const std::string original = *read_file(folder / "register.sqlite");
  const auto finds = [&](const char* sql, std::optional<uint64_t> entry, const char* words) {
    tamper(sql);
    const VerifyReport report = verify(folder);
    ASSERT_FALSE(report.ok()) << sql;
    if (entry) {
      EXPECT_EQ(report.findings[0].entry, entry) << report.findings[0].text();
    }
    EXPECT_NE(report.findings[0].text().find(words), std::string::npos)
        << sql << "\n"
        << report.findings[0].text();
    fs::remove(folder / "register.sqlite-wal");
    fs::remove(folder / "register.sqlite-shm");
    ASSERT_TRUE(write_file_durably(folder / "register.sqlite", original).ok());
    ASSERT_TRUE(verify(folder).ok());
  };
  finds(
      "UPDATE event SET entry = CAST(replace(CAST(entry AS TEXT), 'police', 'polise') AS BLOB) "
      "WHERE seq = 0",
      0, "do not belong together");
  finds("UPDATE event SET root = zeroblob(32) WHERE seq = 3", 3, "root");
  finds("DELETE FROM event WHERE seq = 63", std::nullopt, "entry");
  finds("PRAGMA foreign_keys = OFF; DELETE FROM event WHERE seq = 5", 5, "missing");
  finds("UPDATE document SET body = zeroblob(41) WHERE kind = 'message'", std::nullopt, "changed");
  finds("UPDATE document SET salt = zeroblob(32) WHERE kind = 'person'", std::nullopt, "changed");
  finds("DELETE FROM document WHERE kind = 'draft'", std::nullopt, "missing");
  finds("UPDATE document SET body = NULL WHERE kind = 'key'", std::nullopt, "content is missing");
  finds("INSERT INTO document VALUES ('person','person_x',1,x'00',x'00',0)", std::nullopt,
        "stands in no entry");
  finds("UPDATE referral SET state = 'handed'", std::nullopt, "disagrees");
  finds("DELETE FROM referral", std::nullopt, "missing from the index");
  finds("DELETE FROM step WHERE seq = (SELECT max(seq) FROM step)", std::nullopt, "steps");
  finds("UPDATE tree SET frontier = (SELECT x'0000000000000000')", std::nullopt, "tree");
  finds("DROP INDEX referral_state", std::nullopt, "tables");
  finds("CREATE TABLE extra (x)", std::nullopt, "tables");
}

TEST_F(VerifyTest, ThePublishedLedgerAndThePoliciesAreChecked) {
  close();
  const std::vector<std::pair<fs::path, std::string>> places = {
      {"ledger/checkpoint", "police"},
      {"ledger/tile/0/000.p/64", ""},
      {"ledger.pub", "police"},
      {"policies/psni-service-instruction.policy", "high_harm"}};
  for (const auto& [name, words] : places) {
    const std::string original = *read_file(folder / name);
    std::string changed = original;
    changed[changed.find(words)] ^= 1;
    ASSERT_TRUE(write_file_durably(folder / name, changed).ok());
    EXPECT_FALSE(verify(folder).ok()) << name;
    ASSERT_TRUE(write_file_durably(folder / name, original).ok());
  }
  EXPECT_TRUE(verify(folder).ok());
}

// Any byte of the file: the change is found, or it changed nothing that the register means.
TEST_F(VerifyTest, AnyByteOfTheDatabaseFile) {
  close();
  const fs::path file = folder / "register.sqlite";
  const std::string original = *read_file(file);
  const std::string content = content_of(file);
  fs::remove_all(folder / "ledger");  // what the database alone shows, and faster
  fs::create_directory(folder / "ledger");
  ASSERT_TRUE(verify(folder).ok());
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in these tests changes the environment
  const char* wanted = std::getenv("FIREBREAK_FLIPS");
  const size_t flips = wanted == nullptr ? 400 : std::strtoul(wanted, nullptr, 10);
  SeededRandom positions(2026);
  size_t found = 0;
  for (size_t i = 0; i < flips; ++i) {
    std::array<uint8_t, 8> draw{};
    positions.fill(draw);
    size_t at = 0;
    for (const uint8_t byte : draw) at = at * 256 + byte;
    // Every byte of the header's page first, then anywhere.
    at = i < 100 ? i : at % original.size();
    std::string changed = original;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (draw[7] % 8)));
    std::ofstream(file, std::ios::binary)
        .write(changed.data(), static_cast<std::streamsize>(changed.size()));
    const VerifyReport report = verify(folder);
    fs::remove(file.string() + "-wal");
    fs::remove(file.string() + "-shm");
    found += report.ok() ? 0 : 1;
    if (report.ok()) {
      EXPECT_EQ(content_of(file), content) << "byte " << at;
    }
    for (const VerifyFinding& finding : report.findings) {
      EXPECT_TRUE(finding.entry || finding.text().find("database") != std::string::npos ||
                  !finding.document.empty() || finding.text().find("register") != std::string::npos)
          << "byte " << at << ": " << finding.text();
    }
  }
  EXPECT_GT(found, flips / 4);
}

}  // namespace
}  // namespace firebreak::record
