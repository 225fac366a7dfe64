#include "certs/pki_commands.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <sstream>

#include "certs/bundle.h"
#include "certs/fingerprint_words.h"
#include "server/crypto/certificate.h"
#include "server/crypto/key_file.h"
#include "server/crypto/os_random.h"
#include "tests/unit/certs/temp_folder.h"

namespace lintas {
namespace {

using trust::v1::LedgerKey;
using trust::v1::TrustBundle;

mode_t ModeOf(const std::string& path) {
  struct stat facts = {};
  return stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777 : 0;
}

class PkiCommands : public testing::Test {
 protected:
  PkiCommands() : random_(MakeOsRandom()) {
    context_ = {folder_.File("ca"), absl::FromUnixSeconds(1790000000), random_.get(), &out_};
    EXPECT_TRUE(InitCa(context_, "khm", 5).ok());
    EXPECT_TRUE(MakeLedgerKeys(context_, folder_.File("keys"), folder_.File("seal")).ok());
    EXPECT_TRUE(MakeAuthorityKey(context_, {"first", "Director", "2026-01-01", "2028-12-31"}).ok());
    EXPECT_TRUE(MakeAuthorityKey(context_, {"second", "Deputy", "2026-01-01", "2028-12-31"}).ok());
    export_.keys_path = folder_.File("keys");
    export_.out_path = folder_.File("bundle.json");
  }
  TrustBundle Export() {
    EXPECT_TRUE(ExportBundle(context_, export_).ok());
    return *ReadBundle(export_.out_path);
  }
  // The Indonesian side, which imports.
  PkiContext Importer() {
    PkiContext importer = context_;
    importer.folder = folder_.File("importer");
    return importer;
  }

  TempFolder folder_;
  std::unique_ptr<Random> random_;
  std::ostringstream out_;
  PkiContext context_;
  ExportFlags export_;
};

TEST_F(PkiCommands, KeepPrivateFilesPrivateAndNeverOverwriteThem) {
  IssueFlags flags;
  flags.role = "officer";
  flags.id = "desk-1";
  flags.out_path = folder_.File("desk.pem");
  ASSERT_TRUE(IssueCertificate(context_, flags).ok());
  for (const char* name : {"desk.pem", "keys", "seal", "ca/ca.key", "ca/authority/first.key"}) {
    EXPECT_EQ(ModeOf(folder_.File(name)), 0600u) << name;
  }
  const std::string before = *ReadKeyFile(flags.out_path);
  EXPECT_EQ(ExitCodeOf(IssueCertificate(context_, flags)), 7);
  EXPECT_EQ(*ReadKeyFile(flags.out_path), before);
  EXPECT_EQ(ExitCodeOf(MakeLedgerKeys(context_, folder_.File("keys"), folder_.File("other"))), 7);
  EXPECT_EQ(ExitCodeOf(MakeAuthorityKey(context_, {"first", "Other", "2026-01-01", "2028-12-31"})),
            7);
}

TEST_F(PkiCommands, RevokeAFileWithTheCertificatesBeforeItsRenewal) {
  IssueFlags flags;
  flags.role = "officer";
  flags.id = "desk-1";
  flags.out_path = folder_.File("desk.pem");
  ASSERT_TRUE(IssueCertificate(context_, flags).ok());
  const std::string old_pem = *ReadKeyFile(flags.out_path);
  ASSERT_TRUE(RenewFile(context_, flags.out_path, 7).ok());
  const std::string new_pem = *ReadKeyFile(flags.out_path);
  EXPECT_EQ(ModeOf(flags.out_path), 0600u);
  EXPECT_TRUE(Certificate::FromPem(new_pem)->BelongsTo(*TlsKey::FromPem(old_pem)));
  ASSERT_TRUE(RevokeCertificate(context_, flags.out_path).ok());
  const RevocationList list = *RevocationList::FromPem(*ReadKeyFile(folder_.File("ca/crl.pem")));
  EXPECT_TRUE(list.Revokes(Certificate::FromPem(old_pem)->serial()));
  EXPECT_TRUE(list.Revokes(Certificate::FromPem(new_pem)->serial()));
}

TEST_F(PkiCommands, ImportTakesABundleWhoseWordsWereReadAndNoOther) {
  const TrustBundle bundle = Export();
  const std::string words = FingerprintWords(BundleDigest(bundle));
  EXPECT_EQ(ExitCodeOf(ImportBundle(Importer(), bundle, "alfa bravo")), 5);
  EXPECT_EQ(ModeOf(folder_.File("importer/partner/ca.pem")), 0u);
  ASSERT_TRUE(ImportBundle(Importer(), bundle, words).ok());
  EXPECT_EQ(*ReadKeyFile(folder_.File("importer/partner/ca.pem")),
            *ReadKeyFile(folder_.File("ca/ca.pem")));
  EXPECT_EQ(BundleDigest(*ReadBundle(folder_.File("importer/partner/bundle.json"))),
            BundleDigest(bundle));
}

TEST_F(PkiCommands, ImportRefusesAnotherCaInPlaceOfTheOneHeld) {
  const TrustBundle bundle = Export();
  ASSERT_TRUE(ImportBundle(Importer(), bundle, FingerprintWords(BundleDigest(bundle))).ok());
  PkiContext impostor = context_;
  impostor.folder = folder_.File("impostor");
  ASSERT_TRUE(InitCa(impostor, "khm", 5).ok());
  for (const char* name : {"x", "y"}) {
    ASSERT_TRUE(MakeAuthorityKey(impostor, {name, "Director", "2026-01-01", "2028-12-31"}).ok());
  }
  export_.out_path = folder_.File("impostor.json");
  ASSERT_TRUE(ExportBundle(impostor, export_).ok());
  const TrustBundle other = *ReadBundle(export_.out_path);
  EXPECT_EQ(ExitCodeOf(ImportBundle(Importer(), other, FingerprintWords(BundleDigest(other)))), 4);
}

TEST_F(PkiCommands, ExportKeepsTheHistoryOfAChangedKey) {
  const TrustBundle first = Export();
  ASSERT_TRUE(MakeLedgerKeys(context_, folder_.File("keys2"), folder_.File("seal2")).ok());
  export_.keys_path = folder_.File("keys2");
  export_.previous_path = export_.out_path;
  export_.out_path = folder_.File("bundle2.json");
  EXPECT_EQ(ExitCodeOf(ExportBundle(context_, export_)), 4) << "no size was given";
  export_.exchange_from_size = 1000;
  export_.home_from_size = 2000;
  const TrustBundle second = Export();
  EXPECT_TRUE(CheckSuccession(first, second).ok());
  EXPECT_FALSE(CheckSuccession(second, first).ok());
  const auto id = [](const TrustBundle& bundle, LedgerKey::Use use, uint64_t size) {
    return KeyFor(bundle, use, size)->id;
  };
  const uint32_t old_id = id(first, LedgerKey::EXCHANGE_LOG, 0);
  EXPECT_EQ(id(second, LedgerKey::EXCHANGE_LOG, 999), old_id);
  EXPECT_NE(id(second, LedgerKey::EXCHANGE_LOG, 1000), old_id);
  EXPECT_EQ(id(second, LedgerKey::HOME_LOG, 1999), id(first, LedgerKey::HOME_LOG, 0));
  EXPECT_NE(id(second, LedgerKey::HOME_LOG, 2000), id(first, LedgerKey::HOME_LOG, 0));
  EXPECT_EQ(NoteKeysOf(second)->size(), 8u);
}

}  // namespace
}  // namespace lintas
