#include "certs/pki_commands.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "certs/bundle.h"
#include "certs/fingerprint_words.h"
#include "server/base/check.h"
#include "server/base/error.h"
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

constexpr absl::CivilDay kToday(2026, 9, 21);  // Of the context's clock.

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
  void Sign(const std::string& path, const std::string& name) {
    EXPECT_TRUE(
        SignBundle(context_, path, name, folder_.File("ca/authority/" + name + ".key")).ok());
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
  ASSERT_TRUE(ExportBundle(context_, export_).ok());
  EXPECT_EQ(ExitCodeOf(ReadBundle(export_.out_path).status()), 5) << "nobody agreed yet";
  Sign(export_.out_path, "first");
  EXPECT_EQ(ExitCodeOf(ReadBundle(export_.out_path).status()), 5) << "one is not enough";
  Sign(export_.out_path, "second");
  const TrustBundle second = *ReadBundle(export_.out_path);
  EXPECT_TRUE(CheckSuccession(first, second, kToday).ok());
  EXPECT_TRUE(CheckSuccession(first, first, kToday).ok()) << "the same once more";
  EXPECT_FALSE(CheckSuccession(second, first, kToday).ok());
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

// docs/pki.md, "Rotation", ledger keys, step by step.
TEST_F(PkiCommands, RotateALedgerKeyAsTheManualSays) {
  const TrustBundle first = Export();
  ASSERT_TRUE(ImportBundle(Importer(), first, FingerprintWords(BundleDigest(first))).ok());
  RotateFlags rotate;
  rotate.keys_path = folder_.File("keys");
  rotate.out_path = folder_.File("keys-2");
  rotate.uses = {"log"};
  ASSERT_TRUE(RotateKeys(context_, rotate).ok());
  const NodeKeys before = *ReadNodeKeys(rotate.keys_path);
  const NodeKeys after = *ReadNodeKeys(rotate.out_path);
  EXPECT_EQ(ModeOf(rotate.out_path), 0600u);
  EXPECT_NE(after.log.verify_key().bytes(), before.log.verify_key().bytes());
  EXPECT_EQ(after.held.verify_key().bytes(), before.held.verify_key().bytes());
  export_.keys_path = rotate.out_path;
  export_.previous_path = export_.out_path;
  export_.out_path = folder_.File("bundle2.json");
  export_.exchange_from_size = 1000;
  export_.home_from_size = 2000;
  ASSERT_TRUE(ExportBundle(context_, export_).ok());
  EXPECT_NE(out_.str().find("3 successions lack signatures"), std::string::npos);
  Sign(export_.out_path, "first");
  Sign(export_.out_path, "second");
  const TrustBundle second = *ReadBundle(export_.out_path);
  ASSERT_TRUE(ImportBundle(Importer(), second, FingerprintWords(BundleDigest(second))).ok());
  const TrustBundle held = *ReadBundle(folder_.File("importer/partner/bundle.json"));
  EXPECT_EQ(KeyFor(held, LedgerKey::EXCHANGE_LOG, 999)->key.bytes(),
            before.log.verify_key().bytes());
  EXPECT_EQ(KeyFor(held, LedgerKey::EXCHANGE_LOG, 1000)->key.bytes(),
            after.log.verify_key().bytes());
}

TEST_F(PkiCommands, RefuseAKeyThatOfficeHoldersOfTheBundleHeldDidNotAgreeTo) {
  const TrustBundle first = Export();
  ASSERT_TRUE(ImportBundle(Importer(), first, FingerprintWords(BundleDigest(first))).ok());
  // Whoever holds the CA names two more office-holders, who then agree.
  for (const char* name : {"third", "fourth"}) {
    ASSERT_TRUE(MakeAuthorityKey(context_, {name, absl::StrCat("Office of the ", name),
                                            "2026-01-01", "2028-12-31"})
                    .ok());
  }
  ASSERT_TRUE(MakeLedgerKeys(context_, folder_.File("keys2"), folder_.File("seal2")).ok());
  export_.keys_path = folder_.File("keys2");
  export_.previous_path = export_.out_path;
  export_.out_path = folder_.File("bundle2.json");
  export_.exchange_from_size = export_.home_from_size = 1000;
  ASSERT_TRUE(ExportBundle(context_, export_).ok());
  Sign(export_.out_path, "third");
  Sign(export_.out_path, "fourth");
  const TrustBundle second = *ReadBundle(export_.out_path);
  EXPECT_EQ(ExitCodeOf(ImportBundle(Importer(), second, FingerprintWords(BundleDigest(second)))),
            4);
}

TEST_F(PkiCommands, SignABundleOnlyByItsOfficeHolderInTheTerm) {
  Export();
  const auto sign = [&](const PkiContext& context, const char* name, const char* key) {
    return ExitCodeOf(SignBundle(context, export_.out_path, name,
                                 folder_.File(std::string("ca/authority/") + key + ".key")));
  };
  EXPECT_EQ(sign(context_, "first", "first"), 4) << "no key follows another";
  ASSERT_TRUE(MakeLedgerKeys(context_, folder_.File("keys2"), folder_.File("seal2")).ok());
  export_.keys_path = folder_.File("keys2");
  export_.previous_path = export_.out_path;
  export_.out_path = folder_.File("bundle2.json");
  export_.exchange_from_size = export_.home_from_size = 1000;
  ASSERT_TRUE(ExportBundle(context_, export_).ok());
  EXPECT_EQ(sign(context_, "first", "second"), 5) << "another's key";
  PkiContext later = context_;
  later.now += absl::Hours(24 * 365 * 4);
  EXPECT_EQ(sign(later, "first", "first"), 5) << "the term is over";
  EXPECT_EQ(sign(context_, "first", "first"), 0);
  EXPECT_EQ(sign(context_, "first", "first"), 4) << "the same office twice";
}

// A bundle that follows the one held and names `names` beside, or in place of, first and second.
class NextBundle : public PkiCommands {
 protected:
  NextBundle() : first_(Export()) {
    LINTAS_CHECK(ImportBundle(Importer(), first_, FingerprintWords(BundleDigest(first_))).ok());
  }
  void Appoint(const std::string& name, const std::string& from = "2026-01-01",
               const std::string& to = "2028-12-31") {
    LINTAS_CHECK(
        MakeAuthorityKey(context_, {name, absl::StrCat("Office of ", name), from, to}).ok());
  }
  // Ends a term, or says whatever else stands in the public part of a holder's key.
  void Rewrite(const std::string& name, const std::string& from, const std::string& to) {
    const std::string path = folder_.File("ca/authority/" + name + ".json");
    std::string json = *ReadKeyFile(path);
    const size_t at = json.find(from);
    LINTAS_CHECK(at != std::string::npos);
    json.replace(at, from.size(), to);
    std::ofstream(path) << json;
  }
  TrustBundle Draft() {
    export_.previous_path = export_.out_path;
    export_.out_path = folder_.File(absl::StrCat("next-", ++count_, ".json"));
    LINTAS_CHECK(ExportBundle(context_, export_).ok());
    return *ReadBundle(export_.out_path, Completeness::kDraft);
  }
  int SignedBy(const std::string& name, absl::Duration later = absl::ZeroDuration()) {
    PkiContext context = context_;
    context.now += later;
    return ExitCodeOf(
        SignBundle(context, export_.out_path, name, folder_.File("ca/authority/" + name + ".key")));
  }
  int Imported(absl::Duration later = absl::ZeroDuration()) {
    const auto next = ReadBundle(export_.out_path);
    if (!next.ok()) return ExitCodeOf(next.status());
    PkiContext importer = Importer();
    importer.now += later;
    return ExitCodeOf(ImportBundle(importer, *next, FingerprintWords(BundleDigest(*next))));
  }

  const TrustBundle first_;
  int count_ = 0;
};

TEST_F(NextBundle, NamesItsOfficeHoldersOnlyByTheHandsOfTheOldOnes) {  // P20, P23
  Appoint("third");
  Appoint("fourth");
  Draft();
  EXPECT_EQ(Imported(), 5) << "nobody signed";
  ASSERT_EQ(SignedBy("third"), 0);
  ASSERT_EQ(SignedBy("fourth"), 0);
  EXPECT_EQ(Imported(), 4) << "they appointed themselves";
}

TEST_F(NextBundle, BringsOfficeHoldersWhomTheOldOnesAgreedTo) {
  Appoint("third");
  Appoint("fourth");
  Draft();
  ASSERT_EQ(SignedBy("first"), 0);
  EXPECT_EQ(Imported(), 5) << "one is not enough";
  ASSERT_EQ(SignedBy("second"), 0);
  EXPECT_EQ(Imported(), 0);
  EXPECT_EQ(Imported(), 0) << "the same once more";
  // From now on the two who came in may agree to the next.
  Draft();
  ASSERT_EQ(SignedBy("third"), 0);
  ASSERT_EQ(SignedBy("fourth"), 0);
  EXPECT_EQ(Imported(), 0);
}

TEST_F(NextBundle, DoesNotSwapAKeyUnderAnOldName) {
  // Whoever holds the CA gives both old names keys of their own.
  std::filesystem::remove_all(folder_.File("ca/authority"));
  ASSERT_TRUE(MakeAuthorityKey(context_, {"first", "Director", "2026-01-01", "2028-12-31"}).ok());
  ASSERT_TRUE(MakeAuthorityKey(context_, {"second", "Deputy", "2026-01-01", "2028-12-31"}).ok());
  Draft();
  ASSERT_EQ(SignedBy("first"), 0);
  ASSERT_EQ(SignedBy("second"), 0);
  EXPECT_EQ(Imported(), 4);
}

TEST_F(NextBundle, IsNotSignedAfterTheTermByALongerTermThatItGivesItself) {
  Rewrite("second", "2028-12-31", "2036-12-31");
  context_.now += absl::Hours(24 * 365 * 3);  // September 2029.
  Draft();
  EXPECT_EQ(SignedBy("first"), 5) << "the term is over";
  ASSERT_EQ(SignedBy("second"), 0);
  EXPECT_EQ(Imported(), 5);
  Rewrite("first", "2028-12-31", "2036-12-31");
  export_.out_path = export_.previous_path;
  Draft();
  ASSERT_EQ(SignedBy("first"), 0);
  ASSERT_EQ(SignedBy("second"), 0);
  EXPECT_EQ(Imported(), 4) << "by the bundle held both terms are over";
}

TEST_F(NextBundle, IsNotSignedBeforeItWasMade) {
  Draft();
  EXPECT_EQ(SignedBy("first", -absl::Hours(24)), 5);
  ASSERT_EQ(SignedBy("first"), 0);
  ASSERT_EQ(SignedBy("second"), 0);
  TrustBundle earlier = *ReadBundle(export_.out_path);
  earlier.mutable_signatures(0)->set_sign_date("2026-09-20");
  EXPECT_EQ(ErrorReason(CheckBundle(earlier)), "BAD_BUNDLE");
}

TEST_F(NextBundle, IsNotMadeBeforeTheOneItFollows) {
  context_.now -= absl::Hours(24 * 30);
  Draft();
  ASSERT_EQ(SignedBy("first"), 0);
  ASSERT_EQ(SignedBy("second"), 0);
  EXPECT_EQ(Imported(absl::Hours(24 * 30)), 4);
}

TEST_F(NextBundle, OfTomorrowIsImportedTheDayBeforeAndNoEarlier) {  // B5
  context_.now += absl::Hours(24 * 2);
  Draft();
  ASSERT_EQ(SignedBy("first"), 0);
  ASSERT_EQ(SignedBy("second"), 0);
  EXPECT_EQ(Imported(-absl::Hours(24 * 2)), 4);
  EXPECT_EQ(Imported(-absl::Hours(24)), 0);
}

TEST_F(NextBundle, FollowsTheOneHeldAndNoOther) {
  Draft();
  ASSERT_EQ(SignedBy("first"), 0);
  ASSERT_EQ(SignedBy("second"), 0);
  TrustBundle next = *ReadBundle(export_.out_path);
  EXPECT_TRUE(CheckSuccession(first_, next, kToday).ok());
  TrustBundle another = first_;
  another.set_issue_date("2026-09-01");
  EXPECT_FALSE(CheckSuccession(another, next, kToday).ok());
  // What was signed covers every field: the list of revocations, say, or an office.
  next.mutable_authority_keys(0)->set_office("Director of something else");
  EXPECT_EQ(ErrorReason(CheckBundle(next)), "BAD_BUNDLE");
}

// docs/pki.md, "Rotation", the CA, step by step.
TEST_F(PkiCommands, RotateTheCaAsTheManualSays) {
  IssueFlags flags;
  flags.role = "officer";
  flags.id = "desk-1";
  flags.out_path = folder_.File("desk.pem");
  ASSERT_TRUE(IssueCertificate(context_, flags).ok());
  const Certificate old_leaf = *Certificate::FromPem(*ReadKeyFile(flags.out_path));
  const TrustBundle first = Export();
  ASSERT_TRUE(ImportBundle(Importer(), first, FingerprintWords(BundleDigest(first))).ok());

  PkiContext next = context_;
  next.folder = folder_.File("ca-2");
  ASSERT_TRUE(InitCa(next, "khm", 5, context_.folder).ok());
  for (const char* name : {"first.json", "second.json"}) {
    std::filesystem::create_directory(folder_.File("ca-2/authority"));
    std::filesystem::copy_file(folder_.File("ca/authority/") + name,
                               folder_.File("ca-2/authority/") + name);
  }
  export_.authority_paths = {folder_.File("ca/ca.pem")};
  export_.previous_path = export_.out_path;
  export_.out_path = folder_.File("both.json");
  ASSERT_TRUE(ExportBundle(next, export_).ok());
  Sign(export_.out_path, "first");
  Sign(export_.out_path, "second");
  const TrustBundle both = *ReadBundle(export_.out_path);
  EXPECT_EQ(both.authority_pems_size(), 2);
  ASSERT_TRUE(ImportBundle(Importer(), both, FingerprintWords(BundleDigest(both))).ok());

  // The next CA renews and revokes what the old one issued; its list goes on.
  ASSERT_TRUE(RenewFile(next, flags.out_path, 7).ok());
  const Certificate renewed = *Certificate::FromPem(*ReadKeyFile(flags.out_path));
  const std::vector<Certificate> ca_2 = *BundleAuthorities(both);
  EXPECT_TRUE(renewed.CheckIssued(ca_2, context_.now).ok());
  EXPECT_FALSE(
      renewed.CheckIssued({*Certificate::FromPem(first.authority_pems(0))}, context_.now).ok());
  ASSERT_TRUE(RevokeCertificate(next, old_leaf.uris()[0]).ok());
  const RevocationList list = *RevocationList::FromPem(*ReadKeyFile(folder_.File("ca-2/crl.pem")));
  EXPECT_TRUE(list.Revokes(old_leaf.serial()));
  EXPECT_GT(list.number(), RevocationList::FromPem(first.revocation_list_pem())->number());

  export_.authority_paths.clear();
  export_.previous_path = export_.out_path;
  export_.out_path = folder_.File("alone.json");
  ASSERT_TRUE(ExportBundle(next, export_).ok());
  Sign(export_.out_path, "first");
  Sign(export_.out_path, "second");
  const TrustBundle alone = *ReadBundle(export_.out_path);
  ASSERT_EQ(alone.authority_pems_size(), 1);
  EXPECT_NE(alone.authority_pems(0), first.authority_pems(0));
  EXPECT_FALSE(CheckSuccession(first, alone, kToday).ok()) << "not without the step between";
  ASSERT_TRUE(ImportBundle(Importer(), alone, FingerprintWords(BundleDigest(alone))).ok());
}

}  // namespace
}  // namespace lintas
