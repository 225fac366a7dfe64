#include "tests/arch/include_rules.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/arch/source_tree.h"

namespace lintas::arch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> OurSources() {
  std::vector<std::string> files;
  for (const char* folder : {"server", "client", "certs"}) {
    for (std::string& file : FilesBelow(folder, {".h", ".cc"})) files.push_back(std::move(file));
  }
  return files;
}

TEST(Floors, HoldForEveryIncludeInTheTree) {
  const std::vector<std::string> files = OurSources();
  ASSERT_THAT(files, Not(IsEmpty()));
  for (const std::string& file : files) {
    for (const std::string& included : IncludedFiles(ReadSource(file))) {
      EXPECT_EQ(ForbiddenInclude(file, included), "") << file << " includes " << included;
    }
  }
}

TEST(Floors, EveryExceptionIsStillNeeded) {
  for (const Exception& exception : Exceptions()) {
    bool used = false;
    for (const std::string& file : OurSources()) {
      if (file.rfind(std::string(exception.from), 0) != 0) continue;
      for (const std::string& included : IncludedFiles(ReadSource(file))) {
        used = used || included.rfind(std::string(exception.to), 0) == 0;
      }
    }
    EXPECT_TRUE(used) << exception.from << " to " << exception.to << ": " << exception.reason;
  }
}

TEST(Floors, LetAFolderIncludeItselfAndWhatIsBelow) {
  EXPECT_EQ(ForbiddenInclude("server/ledger/ledger.cc", "server/ledger/ledger.h"), "");
  EXPECT_EQ(ForbiddenInclude("server/ledger/ledger.cc", "server/store/store.h"), "");
  EXPECT_EQ(ForbiddenInclude("server/records/fold.cc", "server/agreement/agreement.h"), "");
  EXPECT_EQ(ForbiddenInclude("server/link/puller.cc", "server/store/store.h"), "");
  EXPECT_EQ(ForbiddenInclude("server/main/node.cc", "server/link/puller.h"), "");
  EXPECT_EQ(ForbiddenInclude("server/edge/server.cc", "server/admission/gate.h"), "");
}

TEST(Floors, RefuseAnIncludeUpwards) {
  EXPECT_NE(ForbiddenInclude("server/store/store.cc", "server/ledger/ledger.h"), "");
  EXPECT_NE(ForbiddenInclude("server/agreement/agreement.cc", "server/records/fold.h"), "");
  EXPECT_NE(ForbiddenInclude("server/base/status.h", "server/crypto/sha256.h"), "");
}

TEST(Floors, RefuseAnIncludeThatSkipsAFloorItMayNotSee) {
  EXPECT_NE(ForbiddenInclude("server/edge/server.cc", "server/records/fold.h"), "");
  EXPECT_NE(ForbiddenInclude("server/edge/server.cc", "server/store/store.h"), "");
  EXPECT_NE(ForbiddenInclude("server/admission/gate.cc", "server/store/store.h"), "");
  EXPECT_NE(ForbiddenInclude("server/areas/statistics/area.cc", "server/ledger/ledger.h"), "");
}

TEST(Floors, RefuseAnIncludeSideways) {
  EXPECT_NE(ForbiddenInclude("server/matching/name.cc", "server/crypto/sha256.h"), "");
  EXPECT_NE(ForbiddenInclude("server/link/puller.cc", "server/areas/statistics/area.h"), "");
}

TEST(Floors, LetOnlyMainIncludeTheLink) {
  for (const char* file : {"server/edge/a.cc", "server/admission/a.cc", "server/records/a.cc",
                           "server/areas/statistics/a.cc", "client/a.cc", "certs/a.cc"}) {
    EXPECT_NE(ForbiddenInclude(file, "server/link/puller.h"), "") << file;
  }
}

TEST(Floors, KeepAreasApart) {
  EXPECT_NE(
      ForbiddenInclude("server/areas/statistics/area.cc", "server/areas/document_fraud/area.h"),
      "");
  EXPECT_EQ(ForbiddenInclude("server/areas/statistics/area.cc", "server/areas/statistics/facts.h"),
            "");
  EXPECT_EQ(ForbiddenInclude("server/areas/statistics/area.cc", "server/areas/common/screening.h"),
            "");
  EXPECT_NE(ForbiddenInclude("server/areas/common/screening.cc", "server/areas/statistics/facts.h"),
            "");
}

TEST(Floors, KeepMerkleAndNotePure) {
  EXPECT_EQ(ForbiddenInclude("server/ledger/merkle/proof.cc", "server/crypto/sha256.h"), "");
  EXPECT_NE(ForbiddenInclude("server/ledger/merkle/proof.cc", "server/store/store.h"), "");
  EXPECT_NE(ForbiddenInclude("server/ledger/merkle/proof.cc", "server/ledger/ledger.h"), "");
  EXPECT_NE(ForbiddenInclude("server/ledger/note/checkpoint.cc", "server/store/store.h"), "");
}

TEST(Floors, LetClientAndCertsSeeOnlyThePureParts) {
  for (const std::string folder : {"client/", "certs/"}) {
    EXPECT_EQ(ForbiddenInclude(folder + "verify.cc", "server/ledger/merkle/proof.h"), "");
    EXPECT_EQ(ForbiddenInclude(folder + "verify.cc", "server/ledger/note/checkpoint.h"), "");
    EXPECT_EQ(ForbiddenInclude(folder + "verify.cc", "server/base/status.h"), "");
    EXPECT_NE(ForbiddenInclude(folder + "verify.cc", "server/ledger/ledger.h"), "");
    EXPECT_NE(ForbiddenInclude(folder + "verify.cc", "server/store/store.h"), "");
  }
  EXPECT_NE(ForbiddenInclude("certs/authority.cc", "client/channel.h"), "");
}

TEST(Floors, KeepGrpcAtTheEdge) {
  EXPECT_EQ(ForbiddenInclude("server/edge/server.cc", "grpcpp/grpcpp.h"), "");
  EXPECT_EQ(ForbiddenInclude("client/channel.cc", "grpcpp/grpcpp.h"), "");
  EXPECT_EQ(ForbiddenInclude("tests/integration/node_test.cc", "grpcpp/grpcpp.h"), "");
  EXPECT_NE(ForbiddenInclude("server/records/fold.cc", "grpcpp/grpcpp.h"), "");
  EXPECT_NE(ForbiddenInclude("server/main/lintasd_main.cc", "grpc/grpc.h"), "");
  EXPECT_NE(ForbiddenInclude("server/link/a.cc", "lintas/partner/v1/partner.grpc.pb.h"), "");
}

TEST(Floors, KeepDatabasesInTheStore) {
  EXPECT_EQ(ForbiddenInclude("server/store/rocksdb/store.cc", "rocksdb/db.h"), "");
  EXPECT_NE(ForbiddenInclude("server/ledger/ledger.cc", "rocksdb/db.h"), "");
  EXPECT_NE(ForbiddenInclude("server/areas/statistics/facts.cc", "libpq-fe.h"), "");
}

TEST(Floors, TakeGeneratedMessagesAsFloorZero) {
  EXPECT_EQ(ForbiddenInclude("server/base/error.cc", "lintas/types/v1/types.pb.h"), "");
  EXPECT_EQ(ForbiddenInclude("server/store/store.h", "google/rpc/status.pb.h"), "");
}

TEST(Floors, RefuseAFolderThatStandsOnNone) {
  EXPECT_THAT(ForbiddenInclude("server/extra/thing.cc", "server/base/status.h"),
              HasSubstr("no floor"));
}

TEST(Floors, RefuseTestsAndRelativePaths) {
  EXPECT_NE(ForbiddenInclude("server/ledger/ledger.cc", "tests/support/fake_store.h"), "");
  EXPECT_NE(ForbiddenInclude("server/ledger/ledger.cc", "../store/store.h"), "");
}

TEST(Includes, AreReadWithTheirSpacesAndBrackets) {
  EXPECT_THAT(IncludedFiles("#include \"a/b.h\"  // why\n  #  include <c.h>\n// #include \"d.h\"\n"
                            "#include MACRO\n#include \"unfinished\n"),
              ElementsAre("a/b.h", "c.h"));
}

TEST(Names, HoldForEveryFile) {
  for (const char* folder : {"server", "client", "certs", "tests", "proto"}) {
    for (const std::string& file : FilesBelow(folder, {".h", ".cc", ".proto"})) {
      EXPECT_EQ(ForbiddenName(file), "") << file;
    }
  }
}

TEST(Names, HoldForEveryType) {
  for (const std::string& file : OurSources()) {
    EXPECT_EQ(ForbiddenTypeName(ReadSource(file)), "") << file;
  }
}

TEST(Names, RefuseWordsThatSayNothing) {
  for (const char* path :
       {"server/base/utils.h", "client/string_util.cc", "server/link/new_pull.cc",
        "server/edge/session_manager.h", "certs/helper/key.h", "server/ledger/entry_data.cc",
        "server/store/store_impl2.cc"}) {
    EXPECT_NE(ForbiddenName(path), "") << path;
  }
  EXPECT_NE(ForbiddenTypeName("class KeyManager {"), "");
  EXPECT_NE(ForbiddenTypeName("  struct ParseHelper final : Base {"), "");
}

TEST(Names, RefuseOtherThanLowerSnake) {
  EXPECT_NE(ForbiddenName("server/ledger/Ledger.h"), "");
  EXPECT_NE(ForbiddenName("server/ledger/tree-hash.h"), "");
}

TEST(Names, LetWordsStandInsideOthers) {
  EXPECT_EQ(ForbiddenName("server/records/metadata.h"), "");
  EXPECT_EQ(ForbiddenName("server/matching/newest.h"), "");
  EXPECT_EQ(ForbiddenTypeName("class Ledger {\nstruct Management;\n"), "");
}

TEST(UnitTests, MirrorThePathOfWhatTheyShow) {
  for (const std::string& test : FilesBelow("tests/unit", {"_test.cc"})) {
    const TestSubject subject = SubjectOf(test);
    bool found = false;
    for (const std::string& file : FilesBelow(subject.folder, {".h", ".cc"})) {
      const size_t stem = file.rfind('/') + 1;
      if (stem != subject.folder.size() + 1) continue;
      found = found || Shows(subject.stem, file.substr(stem, file.rfind('.') - stem));
    }
    EXPECT_TRUE(found) << test << " shows nothing in " << subject.folder;
  }
}

TEST(UnitTests, NameTheirSubjectAndAnAspect) {
  EXPECT_EQ(SubjectOf("tests/unit/server/ledger/tree_test.cc").folder, "server/ledger");
  EXPECT_EQ(SubjectOf("tests/unit/server/ledger/tree_test.cc").stem, "tree");
  EXPECT_EQ(SubjectOf("tests/contract/store/store_test.cc").folder, "");
  EXPECT_TRUE(Shows("ledger", "ledger"));
  EXPECT_TRUE(Shows("ledger_crash", "ledger"));
  EXPECT_FALSE(Shows("ledgers", "ledger"));
  EXPECT_FALSE(Shows("tree", "ledger"));
}

}  // namespace
}  // namespace lintas::arch
