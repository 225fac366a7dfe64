#include "server/crypto/sha256.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "absl/strings/escaping.h"

namespace lintas {
namespace {

std::string Hex(const Hash& hash) { return absl::BytesToHexString(hash.view()); }

// FIPS 180-2 appendix B, and the empty message of NIST's SHA256ShortMsg.rsp.
constexpr char kEmpty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr char kTwoBlocks[] = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
constexpr char kMillionA[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Sha256, MatchesPublishedValues) {
  EXPECT_EQ(Hex(Sha256Of("")), kEmpty);
  EXPECT_EQ(Hex(Sha256Of("abc")), kAbc);
  EXPECT_EQ(Hex(Sha256Of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")), kTwoBlocks);
  EXPECT_EQ(Hex(Sha256Of(std::string(1000000, 'a'))), kMillionA);
}

TEST(Sha256, HashesPartsAsIfTheyWereJoined) {
  EXPECT_EQ(Hex(Sha256Of("a", "b", "c")), kAbc);
  EXPECT_EQ(Hex(Sha256Of("ab", "c")), kAbc);
  Sha256 hasher;
  EXPECT_EQ(Hex(hasher.Update("a").Update("").Update("bc").Finish()), kAbc);
}

TEST(Sha256, StartsAnewAfterFinish) {
  Sha256 hasher;
  EXPECT_EQ(Hex(hasher.Update("abc").Finish()), kAbc);
  EXPECT_EQ(Hex(hasher.Finish()), kEmpty);
  EXPECT_EQ(Hex(hasher.Update("abc").Finish()), kAbc);
}

TEST(Sha256, KeepsThreadsApart) {
  std::string from_thread;
  std::thread other([&] { from_thread = Hex(Sha256Of("abc")); });
  EXPECT_EQ(Hex(Sha256Of("")), kEmpty);
  other.join();
  EXPECT_EQ(from_thread, kAbc);
}

TEST(Hash, TakesExactly32Bytes) {
  Hash hash;
  EXPECT_FALSE(Hash::FromBytes(std::string(31, 'x'), &hash));
  EXPECT_FALSE(Hash::FromBytes(std::string(33, 'x'), &hash));
  EXPECT_EQ(hash, Hash());
  EXPECT_TRUE(Hash::FromBytes(std::string(32, 'x'), &hash));
  EXPECT_EQ(hash.str(), std::string(32, 'x'));
}

}  // namespace
}  // namespace lintas
