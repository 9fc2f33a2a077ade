// SPDX-License-Identifier: Apache-2.0
#include "vault/vault.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include "base/files.h"

namespace firebreak::vault {
namespace {

constexpr std::string_view kReferral = "ref_00000000000000000000000000";
constexpr Context kContext{kReferral, "payload", 3};

class Vault : public testing::Test {
 public:
  Vault() {
    std::string name = (std::filesystem::temp_directory_path() / "firebreak-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
  }
  ~Vault() override { std::filesystem::remove_all(folder_); }
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder_ / "vault.key"; }
  [[nodiscard]] ErrorCode load_error() const {
    const auto key = MasterKey::load(file());
    return key ? ErrorCode::internal : key.error().code;
  }

  std::filesystem::path folder_;
  SeededRandom random_{1};
};

TEST_F(Vault, OpensWhatItSealed) {
  const MasterKey master = *MasterKey::create(file(), random_);
  const DataKey key = DataKey::generate(random_);
  const Bytes wrapped = wrap(master, kReferral, key, random_);
  const std::string plain = "an invented name";
  const Bytes sealed = seal(key, kContext, as_bytes(plain), random_);
  EXPECT_EQ(wrapped.size(), 73U);
  EXPECT_EQ(sealed.size(), plain.size() + 41);
  EXPECT_EQ(sealed[0], 1);

  const MasterKey loaded = *MasterKey::load(file());
  const auto unwrapped = unwrap(loaded, kReferral, wrapped);
  ASSERT_TRUE(unwrapped.ok()) << unwrapped.error().text();
  EXPECT_EQ(as_text(*open(*unwrapped, kContext, sealed)), plain);
}

RC_GTEST_FIXTURE_PROP(Vault, OpensAnyTextOfAnyContext, ()) {
  const auto plain = *rc::gen::arbitrary<Bytes>();
  const auto referral = *rc::gen::arbitrary<std::string>();
  const auto kind = *rc::gen::arbitrary<std::string>();
  const auto revision = *rc::gen::arbitrary<uint64_t>();
  const DataKey key = DataKey::generate(random_);
  const Bytes sealed = seal(key, {referral, kind, revision}, plain, random_);
  RC_ASSERT(*open(key, {referral, kind, revision}, sealed) == plain);
  RC_ASSERT(!open(key, {referral, kind, revision + 1}, sealed).ok());
  RC_ASSERT(!open(key, {referral + "x", kind, revision}, sealed).ok());
  RC_ASSERT(!open(key, {referral, "x" + kind, revision}, sealed).ok());
}

TEST_F(Vault, AContextDoesNotRunIntoItsNeighbour) {
  const DataKey key = DataKey::generate(random_);
  const Bytes sealed = seal(key, {"ab", "c", 1}, {}, random_);
  EXPECT_TRUE(open(key, {"ab", "c", 1}, sealed).ok());
  EXPECT_FALSE(open(key, {"a", "bc", 1}, sealed).ok());
  EXPECT_FALSE(open(key, {"abc", "", 1}, sealed).ok());
}

TEST_F(Vault, AnyChangedByteOrCutIsRefused) {
  const MasterKey master = *MasterKey::create(file(), random_);
  const DataKey key = DataKey::generate(random_);
  const Bytes wrapped = wrap(master, kReferral, key, random_);
  const Bytes sealed = seal(key, kContext, as_bytes("text"), random_);
  for (size_t i = 0; i < wrapped.size(); ++i) {
    Bytes changed = wrapped;
    changed[i] ^= 1;
    EXPECT_EQ(unwrap(master, kReferral, changed).error().code, ErrorCode::corrupt) << i;
    EXPECT_FALSE(unwrap(master, kReferral, std::span(wrapped).first(i)).ok()) << i;
  }
  for (size_t i = 0; i < sealed.size(); ++i) {
    Bytes changed = sealed;
    changed[i] ^= 0x80;
    EXPECT_EQ(open(key, kContext, changed).error().code, ErrorCode::corrupt) << i;
    EXPECT_FALSE(open(key, kContext, std::span(sealed).first(i)).ok()) << i;
  }
  Bytes longer = sealed;
  longer.push_back(0);
  EXPECT_FALSE(open(key, kContext, longer).ok());
}

TEST_F(Vault, WrongKeysAndReferralsAreRefused) {
  const MasterKey master = *MasterKey::create(file(), random_);
  const MasterKey other = *MasterKey::create(folder_ / "other.key", random_);
  const DataKey key = DataKey::generate(random_);
  const Bytes wrapped = wrap(master, kReferral, key, random_);
  EXPECT_FALSE(unwrap(other, kReferral, wrapped).ok());
  EXPECT_FALSE(unwrap(master, "ref_another", wrapped).ok());
  const Bytes sealed = seal(key, kContext, as_bytes("text"), random_);
  EXPECT_FALSE(open(DataKey::generate(random_), kContext, sealed).ok());
  // A wrapped key is no sealed text of the same bytes, whatever the context.
  const Bytes as_text_of_master = seal(key, {kReferral, "", 0}, key.bytes(), random_);
  EXPECT_FALSE(unwrap(master, kReferral, as_text_of_master).ok());
}

TEST_F(Vault, NoTwoSealingsAreAlike) {
  const DataKey key = DataKey::generate(random_);
  EXPECT_NE(seal(key, kContext, as_bytes("text"), random_),
            seal(key, kContext, as_bytes("text"), random_));
}

// Bytes written by an earlier build must open for ever: this fixes the format, version 1.
TEST_F(Vault, OpensWhatVersionOneWrote) {
  std::string content = "FBVAULT1" + std::string(32, 'k');
  const Digest check = sha256(as_bytes(content));
  content += as_text(std::span(check).first(4));
  ASSERT_TRUE(write_file_durably(file(), content, 0600).ok());
  const MasterKey master = *MasterKey::load(file());
  EXPECT_EQ(as_text(master.bytes()), std::string(32, 'k'));
  const auto key =
      unwrap(master, "ref_1",
             *from_hex("016e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e6e919cacd1a23c4b"
                       "a487d07b1cb75cc1916ea58e845142d01703bfb60c9a615c8d101f2b4643d17a"
                       "d480d0280f9296462d"));
  ASSERT_TRUE(key.ok()) << key.error().text();
  const auto plain =
      open(*key, {"ref_1", "payload", 2},
           *from_hex("016d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6de818e71d043007"
                     "7246655f5da7f46024032a18c333ca6f6c03f49c0c11e7c720"));
  ASSERT_TRUE(plain.ok()) << plain.error().text();
  EXPECT_EQ(as_text(*plain), "an invented name");
}

TEST_F(Vault, TheMasterKeyFileIsForItsOwnerAlone) {
  ASSERT_TRUE(MasterKey::create(file(), random_).ok());
  struct stat status{};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(status.st_size, 44);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "vault.key.new"));
  for (const mode_t wrong : {0640U, 0604U, 0660U, 0610U, 0601U, 0777U}) {
    ASSERT_EQ(::chmod(file().c_str(), wrong), 0);
    EXPECT_EQ(load_error(), ErrorCode::forbidden) << wrong;
  }
  ASSERT_EQ(::chmod(file().c_str(), 0400), 0);
  EXPECT_TRUE(MasterKey::load(file()).ok());
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(file().c_str(), 12345, 12345), 0);
    EXPECT_EQ(load_error(), ErrorCode::forbidden);
  }
}

TEST_F(Vault, AMasterKeyIsNeverWrittenOver) {
  const MasterKey first = *MasterKey::create(file(), random_);
  const auto second = MasterKey::create(file(), random_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  EXPECT_TRUE(std::ranges::equal(MasterKey::load(file())->bytes(), first.bytes()));
}

TEST_F(Vault, ADamagedMasterKeyFileIsRefused) {
  EXPECT_EQ(load_error(), ErrorCode::not_found);
  ASSERT_TRUE(MasterKey::create(file(), random_).ok());
  const std::string good = *read_file(file());
  for (size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 4);
    ASSERT_TRUE(write_file_durably(file(), changed, 0600).ok());
    EXPECT_EQ(load_error(), ErrorCode::corrupt) << i;
    ASSERT_TRUE(write_file_durably(file(), good.substr(0, i), 0600).ok());
    EXPECT_EQ(load_error(), ErrorCode::corrupt) << i;
  }
  ASSERT_TRUE(write_file_durably(file(), good + "\n", 0600).ok());
  EXPECT_EQ(load_error(), ErrorCode::corrupt);
  std::filesystem::remove(file());
  ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
  EXPECT_EQ(load_error(), ErrorCode::forbidden);
}

TEST_F(Vault, AMissingOrClosedFolderIsAClearError) {
  const auto key = MasterKey::create(folder_ / "none" / "vault.key", random_);
  ASSERT_FALSE(key.ok());
  EXPECT_NE(key.error().where.find("none"), std::string::npos);
}

// A key's bytes are looked at where it lay, after it has gone.
TEST_F(Vault, KeysAreWiped) {
  alignas(DataKey) std::array<uint8_t, sizeof(DataKey)> memory{};
  auto* key = new (memory.data()) DataKey(DataKey::generate(random_));
  const Bytes secret(key->bytes().begin(), key->bytes().end());
  const auto holds_secret = [&] { return !std::ranges::search(memory, secret).empty(); };
  ASSERT_TRUE(holds_secret());
  DataKey moved = std::move(*key);
  EXPECT_FALSE(holds_secret());
  *key = std::move(moved);
  ASSERT_TRUE(holds_secret());
  std::destroy_at(key);
  EXPECT_FALSE(holds_secret());
}

}  // namespace
}  // namespace firebreak::vault
