// SPDX-License-Identifier: Apache-2.0
#include "ledger/tiles.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "base/files.h"
#include "ledger/check.h"
#include "ledger/edge.h"
#include "ledger/receipt.h"
#include "ledger/test_support.h"

namespace firebreak::ledger {
namespace {

std::set<std::string> files_in(const std::filesystem::path& folder) {
  std::set<std::string> out;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) out.insert(file.path().lexically_relative(folder).string());
  }
  return out;
}

std::set<std::string> names_of(uint64_t size) {
  std::set<std::string> out = {"checkpoint"};
  for (const TileName& name : tiles_of(size)) out.insert(name.path());
  return out;
}

Result<void> publish(const std::filesystem::path& folder, const Checkpoint& next,
                     const RecordReader& records = test_records(),
                     const Signer& signer = test_signer()) {
  FB_TRY(Publisher publisher, Publisher::open(folder, kOrigin, test_signer().verifier()));
  return publisher.publish(next, records, signer);
}

TEST(TileName, IsWrittenAsTheSpecificationSays) {
  EXPECT_EQ((TileName{0, 1234067}.path()), "tile/0/x001/x234/067");
  EXPECT_EQ((TileName{1, 0, 17}.path()), "tile/1/000.p/17");
  EXPECT_EQ((TileName{0, 273, 112, true}.path()), "tile/entries/273.p/112");
  EXPECT_EQ((TileName{0, 999}.path()), "tile/0/999");
  EXPECT_EQ((TileName{0, 1000}.path()), "tile/0/x001/000");
}

TEST(TileName, TakesOnlyTheOneNameOfATile) {
  for (const char* wrong : {"",
                            "tile",
                            "tile/",
                            "tile/0",
                            "tile/0/",
                            "tile/0/00",
                            "tile/0/0000",
                            "tile/00/000",
                            "tile/8/000",
                            "tile/0/000/",
                            "tile/0/x000/000",
                            "tile/0/001/000",
                            "tile/0/x001/x000",
                            "tile/0/000.p/",
                            "tile/0/000.p/0",
                            "tile/0/000.p/256",
                            "tile/0/000.p/01",
                            "tile/0/000.p/1/2",
                            "tile/0/000.q/1",
                            "tile/entries/00a",
                            "tile/x/000",
                            "tiles/0/000",
                            "/tile/0/000",
                            "tile/0/x001/x001/x001/x001/x001/x001/001"})
    EXPECT_FALSE(TileName::parse(wrong).ok()) << wrong;
}

RC_GTEST_PROP(TileName, ReadsBackWhatItWrites, ()) {
  const bool entries = *rc::gen::arbitrary<bool>();
  const TileName name{entries ? 0 : *rc::gen::inRange(0U, 8U),
                      *rc::gen::inRange<uint64_t>(0, uint64_t{1} << 50),
                      *rc::gen::inRange(1U, 257U), entries};
  const auto read = TileName::parse(name.path());
  RC_ASSERT(read.ok());
  RC_ASSERT(read->path() == name.path());
  RC_ASSERT(read->index == name.index && read->width == name.width && read->level == name.level);
}

// The example of C2SP tlog-tiles, "Partial Tiles".
TEST(Tiles, OfASizeAreThoseOfTheSpecification) {
  const auto of_70000 = tiles_of(70'000);
  EXPECT_EQ(of_70000.size(), 274U /* bundles */ + 274 + 2 + 1);
  const auto names = names_of(70'000);
  for (const char* name : {"tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17",
                           "tile/2/000.p/1", "tile/entries/273.p/112"})
    EXPECT_TRUE(names.contains(name)) << name;
  EXPECT_EQ(names_of(256), (std::set<std::string>{"checkpoint", "tile/0/000", "tile/1/000.p/1",
                                                  "tile/entries/000"}));
  EXPECT_TRUE(tiles_of(0).empty());
}

TEST(Tiles, HoldHashesAndLengthPrefixedRecords) {
  const TempFolder folder;
  publish_sizes(folder.path(), {3});
  const std::string tile = *read_file(folder.path() / "tile/0/000.p/3");
  const std::string bundle = *read_file(folder.path() / "tile/entries/000.p/3");
  ASSERT_EQ(tile.size(), 96U);
  ASSERT_EQ(bundle.size(), 102U);
  EXPECT_EQ(tile.substr(32, 32), as_text(leaf_hash(test_record(1))));
  EXPECT_EQ(bundle.substr(34, 34), std::string("\0\x20", 2) + std::string(as_text(test_record(1))));
}

TEST(Publisher, WritesTheSameFolderInStepsAsAtOnce) {
  const TempFolder steps;
  const TempFolder once;
  publish_sizes(steps.path(), {0, 1, 255, 256, 257, 257, 512, 700, 1300});
  publish_sizes(once.path(), {1300});
  EXPECT_EQ(files_in(once.path()), names_of(1300));
  for (const std::string& name : files_in(once.path()))
    EXPECT_EQ(*read_file(steps.path() / name), *read_file(once.path() / name)) << name;
  // No partial tile stays beside its full one.
  for (const std::string& name : files_in(steps.path())) {
    const std::string full = name.substr(0, name.find(".p/"));
    EXPECT_TRUE(full == name || !std::filesystem::exists(steps.path() / full)) << name;
  }
}

TEST(Publisher, RootsOfTheEdgeAreTheTreesBeyondOneLevel) {
  TileEdge edge([](const TileName&, std::span<const Digest>) { return Result<void>{}; });
  Frontier tree;
  for (uint64_t i = 0; i < 66'000; ++i) {
    const Digest leaf = leaf_hash(test_record(i));
    tree.append(leaf);
    ASSERT_TRUE(edge.append(leaf).ok());
    if (i % 97 == 0 || i > 65'530) {
      ASSERT_EQ(edge.root(), tree.root()) << i;
    }
  }
}

TEST(Publisher, SignsOnlyWhatExtendsTheLastCheckpoint) {
  const TempFolder folder;
  publish_sizes(folder.path(), {300});
  const auto before = files_in(folder.path());
  const std::string note = *read_file(folder.path() / "checkpoint");

  EXPECT_EQ(publish(folder.path(), test_checkpoint(299)).error().code, ErrorCode::conflict);
  Checkpoint other = test_checkpoint(300);
  other.root[0] ^= 1;
  EXPECT_EQ(publish(folder.path(), other).error().code, ErrorCode::corrupt);
  other = test_checkpoint(400);
  other.root[0] ^= 1;
  EXPECT_EQ(publish(folder.path(), other).error().code, ErrorCode::corrupt);
  // The record of a published entry was changed, and the new root fits the change.
  const RecordReader changed = [](uint64_t first, uint64_t count) {
    auto out = test_records()(first, count);
    if (first == 256) (*out)[2][0] ^= 1;
    return out;
  };
  Frontier tree;
  for (const uint64_t first : {0U, 256U}) {
    const std::vector<Digest> bundle = *changed(first, first == 0 ? 256 : 144);
    for (const Digest& record : bundle) tree.append(leaf_hash(record));
  }
  EXPECT_EQ(publish(folder.path(), {kOrigin, 400, tree.root()}, changed).error().code,
            ErrorCode::corrupt);
  EXPECT_EQ(publish(folder.path(), {"other", 400, {}}).error().code, ErrorCode::bad_input);
  EXPECT_EQ(
      publish(folder.path(), test_checkpoint(400), test_records(), test_signer(9)).error().code,
      ErrorCode::bad_input);
  EXPECT_EQ(files_in(folder.path()), before);
  EXPECT_EQ(*read_file(folder.path() / "checkpoint"), note);
}

TEST(Publisher, RefusesADamagedFolderAndRebuildsIt) {
  const TempFolder folder;
  publish_sizes(folder.path(), {600});
  std::ofstream(folder.path() / "tile/1/000.p/2", std::ios::in) << "x";
  EXPECT_EQ(publish(folder.path(), test_checkpoint(900)).error().code, ErrorCode::corrupt);
  std::filesystem::remove(folder.path() / "tile/1/000.p/2");
  EXPECT_EQ(publish(folder.path(), test_checkpoint(900)).error().code, ErrorCode::not_found);
  std::filesystem::remove_all(folder.path() / "tile");
  const Signer signer = test_signer();
  auto publisher = Publisher::open(folder.path(), kOrigin, signer.verifier());
  ASSERT_TRUE(publisher.ok());
  ASSERT_TRUE(publisher->rebuild(test_checkpoint(900), test_records(), signer).ok());
  EXPECT_EQ(publisher->checkpoint()->size, 900U);
  EXPECT_EQ(files_in(folder.path()), names_of(900));
}

TEST(Publisher, RefusesACheckpointThatDoesNotVerify) {
  const TempFolder folder;
  publish_sizes(folder.path(), {5});
  EXPECT_EQ(Publisher::open(folder.path(), kOrigin, test_signer(9).verifier()).error().code,
            ErrorCode::corrupt);
  EXPECT_EQ(Publisher::open(folder.path(), "other", test_signer().verifier()).error().code,
            ErrorCode::corrupt);
}

TEST(Publisher, PassesOnTheReadersError) {
  const TempFolder folder;
  const RecordReader gone = [](uint64_t, uint64_t) -> Result<std::vector<Digest>> {
    return Error{ErrorCode::unavailable, "The database is closed.", {}, {}};
  };
  EXPECT_EQ(publish(folder.path(), test_checkpoint(5), gone).error().code, ErrorCode::unavailable);
  const RecordReader short_reader = [](uint64_t, uint64_t) -> Result<std::vector<Digest>> {
    return std::vector<Digest>{};
  };
  EXPECT_EQ(publish(folder.path(), test_checkpoint(5), short_reader).error().code,
            ErrorCode::internal);
  EXPECT_TRUE(files_in(folder.path()).empty());
}

TEST(TileReader, GivesTheProofsThatTheLeavesGive) {
  const TempFolder folder;
  publish_sizes(folder.path(), {700, 1000});
  const auto leaves = test_leaves(1000);
  for (const uint64_t size : {700U, 1000U}) {  // 700: its partial tiles stand beside those of 1000
    TileReader tiles(folder.path(), size);
    EXPECT_EQ(*tree_root(size, tiles.reader()), slow_root(std::span(leaves).first(size)));
    for (uint64_t i = 0; i < size; i += 37) {
      EXPECT_EQ(*inclusion_proof(i, size, tiles.reader()),
                *inclusion_proof(i, size, vector_nodes(leaves)));
      EXPECT_EQ(*consistency_proof(i + 1, size, tiles.reader()),
                *consistency_proof(i + 1, size, vector_nodes(leaves)));
    }
    EXPECT_FALSE(tiles.node(0, size).ok());
    EXPECT_FALSE(tiles.node(64, 0).ok());
    EXPECT_FALSE(tiles.tile(0, 4).ok());
    EXPECT_FALSE(tiles.tile(2, 0).ok());
  }
}

TEST(TileReader, TakesTheFullTileWhereThePartialOneHasGone) {
  const TempFolder folder;
  publish_sizes(folder.path(), {700, 800});
  TileReader tiles(folder.path(), 700);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "tile/0/002.p/188"));
  EXPECT_EQ(*tree_root(700, tiles.reader()), test_checkpoint(700).root);
}

}  // namespace
}  // namespace firebreak::ledger
