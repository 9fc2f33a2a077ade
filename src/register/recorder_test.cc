// SPDX-License-Identifier: Apache-2.0
#include "register/recorder.h"

#include <unistd.h>

#include <atomic>
#include <latch>

#include "register/event.h"
#include "register/store.h"
#include "register/test_support.h"

namespace firebreak::record {
namespace {

Result<Json> pad(Transaction& tx) {
  FB_TRY(const uint64_t seq, tx.append(new_event(kind::kPadding, kSystem)));
  return Json(seq);
}

class RecorderTest : public testing::Test {
 protected:
  RecorderTest() {
    EXPECT_TRUE(Store::create(file).ok());
    store = *Store::open(file, clock, random);
  }
  uint64_t stored() { return *(*Reader::open(file))->size(); }

  TempFolder temp;
  std::filesystem::path file = temp.path() / "register.sqlite";
  ManualClock clock{*parse_instant("2026-11-22T09:00:00Z")};
  SeededRandom random{1};
  std::unique_ptr<Store> store;
};

TEST_F(RecorderTest, WhatIsAcknowledgedIsThere) {
  Recorder recorder(std::move(store), {});
  for (uint64_t i = 0; i < 20; ++i) {
    const auto seq = recorder.run(pad);
    ASSERT_TRUE(seq.ok()) << seq.error().text();
    EXPECT_EQ(*seq, i);
    EXPECT_EQ(stored(), i + 1);
  }
}

TEST_F(RecorderTest, NoEntryIsOlderThanThoseBeforeItAfterARestartEither) {
  const auto append = [&](Json event) {
    const auto done = Recorder(std::move(store), {}).run([&](Transaction& tx) -> Result<Json> {
      FB_TRY(const uint64_t seq, tx.append(event));
      return Json(seq);
    });
    ASSERT_TRUE(done.ok()) << done.error().text();
    store = *Store::open(file, clock, random);
  };
  append(new_event(kind::kPadding, kSystem));
  clock.advance(-std::chrono::hours{48});
  append(new_event(kind::kPadding, kSystem));
  const auto later = (*Reader::open(file))->entry(1);
  EXPECT_NE(later->bytes.find("2026-11-22T09:00:00.000000Z"), std::string::npos) << later->bytes;
}

TEST_F(RecorderTest, AFailedWorkLeavesNothingAndTheOthersOfItsBatchStay) {
  Recorder recorder(std::move(store), {});
  std::latch first(1);
  std::latch done(4);
  recorder.submit(
      [&](Transaction& tx) {
        first.wait();  // so that the next three wait and form one batch
        return pad(tx);
      },
      [&](const Result<Json>&) { done.count_down(); });
  std::atomic<int> failed = 0;
  const auto count = [&](const Result<Json>& result) {
    failed += result.ok() ? 0 : 1;
    done.count_down();
  };
  recorder.submit(pad, count);
  recorder.submit(
      [](Transaction& tx) -> Result<Json> {
        FB_TRY([[maybe_unused]] const Json seq, pad(tx));
        throw std::runtime_error("a fault");
      },
      count);
  recorder.submit(pad, count);
  first.count_down();
  done.wait();
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(stored(), 3U);
  EXPECT_EQ(*recorder.run(pad), 3U);  // the tree went back too
}

TEST_F(RecorderTest, ARefusalIsRecordedWithoutTheCallersText) {
  Recorder recorder(std::move(store), {});
  const auto refused = recorder.run(
      [](Transaction& tx) -> Result<Json> {
        FB_TRY([[maybe_unused]] const Json seq, pad(tx));
        return tx.refuse(Refusal::self_authorised);
      },
      Attempt{"person_x", "referral.authorise", "Zebedee \xff"});
  EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
  ASSERT_EQ(stored(), 1U);
  const Json entry = *parse_json((*Reader::open(file))->entry(0)->bytes);
  EXPECT_EQ(entry.at("code"), "self_authorised");
  EXPECT_FALSE(entry.contains("referral"));
}

TEST_F(RecorderTest, AnImpossibleStepOfAReferralCannotBeAppended) {
  Recorder recorder(std::move(store), {});
  const auto result = recorder.run([](Transaction& tx) -> Result<Json> {
    Json event = new_event(kind::kWithdrawn, "person_x");
    event["referral"] = "ref_none";
    FB_TRY([[maybe_unused]] const uint64_t seq, tx.append(std::move(event)));
    return Json();
  });
  EXPECT_EQ(result.error().code, ErrorCode::internal);
  EXPECT_EQ(stored(), 0U);
}

TEST_F(RecorderTest, AFullQueueRefusesAtOnce) {
  Recorder recorder(std::move(store), {.queue = 2, .batch = 1});
  std::latch entered(1);
  std::latch go(1);
  std::atomic<int> finished = 0;
  const Done done = [&](const Result<Json>&) { ++finished; };
  recorder.submit(
      [&](Transaction& tx) {
        entered.count_down();
        go.wait();
        return pad(tx);
      },
      done);
  entered.wait();
  recorder.submit(pad, done);
  recorder.submit(pad, done);
  std::optional<Error> error;
  recorder.submit(pad, [&](const Result<Json>& result) { error = result.error(); });
  ASSERT_TRUE(error);  // told before submit returned
  EXPECT_EQ(error->code, ErrorCode::unavailable);
  EXPECT_EQ(finished, 0);
  go.count_down();
  EXPECT_TRUE(await([&](Done last) {
                while (recorder.waiting() >= 2) std::this_thread::yield();
                recorder.submit(pad, std::move(last));
              }).ok());
  EXPECT_EQ(stored(), 4U);
}

TEST_F(RecorderTest, AFullDiskRefusesEverythingUntilThereIsRoomAndLosesNothing) {
  Store* raw = store.get();
  Recorder recorder(std::move(store), {});
  ASSERT_TRUE(recorder.run(pad).ok());
  ASSERT_TRUE(recorder
                  .run([&](Transaction&) -> Result<Json> {
                    FB_CHECK(raw->limit_pages(30));
                    return Json();
                  })
                  .ok());
  uint64_t acknowledged = 1;
  Result<Json> last = Json();
  for (int i = 0; i < 3000 && last.ok(); ++i) {
    last = recorder.run(pad);
    acknowledged += last.ok() ? 1 : 0;
  }
  ASSERT_FALSE(last.ok());
  EXPECT_EQ(last.error().code, ErrorCode::unavailable);
  EXPECT_NE(last.error().message.find("full"), std::string::npos);
  EXPECT_EQ(stored(), acknowledged);
  EXPECT_FALSE(recorder.stopped());
  EXPECT_EQ(recorder.run(pad).error().code, ErrorCode::unavailable);
  // With room again it goes on where it was.
  static_cast<void>(recorder.run([&](Transaction&) -> Result<Json> {
    FB_CHECK(raw->limit_pages(100'000));
    return Json();
  }));
  const auto next = recorder.run(pad);
  ASSERT_TRUE(next.ok()) << next.error().text();
  EXPECT_EQ(*next, acknowledged);
}

// Root may write everything, so the test acts as nobody for a while.
class AsNobody {
 public:
  AsNobody() : before_(geteuid()) { EXPECT_TRUE(before_ != 0 || seteuid(65534) == 0); }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  ~AsNobody() { EXPECT_EQ(seteuid(before_), 0); }

 private:
  uid_t before_;
};

TEST_F(RecorderTest, AReadOnlyFolderIsUnavailable) {
  using std::filesystem::perms;
  ASSERT_TRUE(store->begin().ok());
  ASSERT_TRUE(pad(*store).ok());
  ASSERT_TRUE(store->commit().ok());
  store.reset();
  const std::string before = *read_file(file);
  const perms readable = perms::owner_read | perms::group_read | perms::others_read;
  const perms enter = perms::owner_exec | perms::group_exec | perms::others_exec;
  std::filesystem::permissions(file, readable);
  std::filesystem::permissions(temp.path(), readable | enter);
  {
    const AsNobody nobody;
    auto read_only = Store::open(file, clock, random);
    if (read_only) {
      Recorder recorder(*std::move(read_only), {});
      EXPECT_EQ(recorder.run(pad).error().code, ErrorCode::unavailable);
    } else {
      EXPECT_EQ(read_only.error().code, ErrorCode::unavailable) << read_only.error().text();
    }
  }
  std::filesystem::permissions(temp.path(), perms::owner_all);
  EXPECT_EQ(*read_file(file), before);
  std::filesystem::permissions(file, perms::owner_read | perms::owner_write);
  EXPECT_EQ(stored(), 1U);
}

TEST_F(RecorderTest, ADamagedFileStopsTheRecorderForGood) {
  Recorder recorder(std::move(store), {});
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(recorder.run(pad).ok());
  const auto result = recorder.run([&](Transaction& tx) -> Result<Json> {
    // What SQLITE_CORRUPT or an I/O error leaves behind (sqlite.cc).
    static_cast<Store&>(tx).note_fault(Fault::fatal);
    return pad(tx);
  });
  EXPECT_EQ(result.error().code, ErrorCode::unavailable);
  ASSERT_TRUE(recorder.stopped());
  EXPECT_EQ(recorder.run(pad).error().code, ErrorCode::unavailable);
  EXPECT_EQ(stored(), 200U);
}

TEST_F(RecorderTest, ManyCallersAreOrderedAndNothingIsLost) {
  constexpr int kThreads = 4;
  constexpr int kEach = 250;
  Recorder recorder(std::move(store), {});
  std::atomic<int> acknowledged = 0;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) acknowledged += recorder.run(pad).ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(acknowledged, kThreads * kEach);
  EXPECT_EQ(stored(), static_cast<uint64_t>(acknowledged));
}

}  // namespace
}  // namespace firebreak::record
