#include "server/crypto/os_random.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>

namespace lintas {
namespace {

TEST(OsRandom, NeverRepeatsAcrossBlocksAndSizes) {
  auto random = MakeOsRandom();
  std::set<std::string> seen;
  // 2,000 draws of 12 to 2,011 bytes pass many blocks and both ways of drawing.
  for (size_t i = 0; i < 2000; ++i) {
    EXPECT_TRUE(seen.insert(random->Bytes(12 + i).substr(0, 12)).second) << i;
  }
}

TEST(OsRandom, FillsEveryByte) {
  auto random = MakeOsRandom();
  for (size_t size : {size_t{1}, size_t{31}, size_t{1024}, size_t{1025}, size_t{5000}}) {
    // A byte that stays zero in 40 draws is one that is not filled (chance 256^-40 each).
    std::string any(size, '\0');
    for (int draw = 0; draw < 40; ++draw) {
      const std::string bytes = random->Bytes(size);
      for (size_t i = 0; i < size; ++i) any[i] = static_cast<char>(any[i] | bytes[i]);
    }
    EXPECT_EQ(any.find('\0'), std::string::npos) << size;
  }
}

TEST(OsRandom, GivesThreadsDifferentBytes) {
  auto random = MakeOsRandom();
  std::string a, b;
  std::thread one([&] { a = random->Bytes(32); });
  std::thread two([&] { b = random->Bytes(32); });
  one.join();
  two.join();
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace lintas
