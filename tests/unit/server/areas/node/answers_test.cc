#include "server/areas/node/answers.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "client/receipt.h"
#include "server/ledger/note/policy.h"
#include "server/link/keys.h"
#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

class NodeServiceTest : public testing::Test, protected MigrationCalls {
 protected:
  absl::StatusOr<node::v1::NodeStatus> Status(NodeOnDisk& at) {
    return Call<node::v1::NodeStatus>(at, "GetStatus", Operator(), node::v1::GetStatusRequest());
  }
  absl::StatusOr<node::v1::Receipt> Receipt(NodeOnDisk& at, const std::string& name,
                                            const std::string& section, const As& as = Officer()) {
    node::v1::GetReceiptRequest request;
    request.set_name(name);
    request.set_section(section);
    return Call<node::v1::Receipt>(at, "GetReceipt", as, request);
  }
  absl::StatusOr<node::v1::ListAccessEntriesResponse> Audit(
      const node::v1::ListAccessEntriesRequest& request, const As& as = Supervisor()) {
    return Call<node::v1::ListAccessEntriesResponse>(idn, "ListAccessEntries", as, request);
  }
  // A policy that knows `country`'s exchange ledger; with the partner's cosignature if `held_by`.
  note::Policy PolicyFor(const std::string& country, const std::string& held_by = "") {
    const auto log =
        note::MakeKey((country == "idn" ? idn : khm).node->ledgers().origin(LedgerId::kExchange),
                      note::SignatureType::kEd25519, PartnerKeysForTest(country).log.newest());
    std::string text = absl::StrCat("log ", note::FormatVkey(*log), "\n");
    if (held_by.empty()) {
      text += "quorum none\n";
    } else {
      const auto held = note::MakeKey(
          CosignerName(std::string(TrustDomainOf(held_by)), "idn-khm", "held"),
          note::SignatureType::kCosignature, PartnerKeysForTest(held_by).held.newest());
      absl::StrAppend(&text, "witness held ", note::FormatVkey(*held), "\nquorum held\n");
    }
    const auto policy = note::Policy::Parse(text);
    LINTAS_CHECK(policy.ok());
    return *policy;
  }
  absl::StatusOr<client::ProvenReceipt> Verify(const std::string& text,
                                               const note::Policy& policy) {
    const auto receipt = client::ParseReceipt(text);
    if (!receipt.ok()) return receipt.status();
    return client::VerifyReceipt(*receipt, policy);
  }
};

TEST_F(NodeServiceTest, ShowsOneStateDigestAtBothNodes) {
  ASSERT_TRUE(Create(idn, MakeCrossing()).ok());
  ASSERT_TRUE(Create(khm, MakeStayPermit()).ok());
  Settle();
  const auto ours = Status(idn), theirs = Status(khm);
  ASSERT_TRUE(ours.ok() && theirs.ok());
  EXPECT_EQ(ours->shared_state_digest().size(), 64);
  EXPECT_EQ(ours->shared_state_digest(), theirs->shared_state_digest());
  EXPECT_EQ(ours->record_counts().at("idn/crossing/entered"), 1);
  EXPECT_EQ(ours->record_counts().at("khm/stay_permit/entered"), 1);
  EXPECT_EQ(ours->agreement_version(), 1);
  EXPECT_EQ(ours->link().state(), "connected");
  EXPECT_EQ(ours->ledgers(0).root(), theirs->ledgers(2).root());
  EXPECT_EQ(ours->ledgers(0).held_size(), ours->ledgers(0).signed_size());
}

TEST_F(NodeServiceTest, GivesTheReceiptOfAnOwnRecordWithThePartnersCosignature) {
  const auto made = Create(idn, MakeStayPermit());
  ASSERT_TRUE(made.ok());
  Settle();
  const auto receipt = Receipt(idn, made->name(), "basic");
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  const auto proven = Verify(receipt->text(), PolicyFor("idn", "khm"));
  ASSERT_TRUE(proven.ok()) << proven.status();
  ASSERT_TRUE(proven->disclosed.has_value());
  EXPECT_TRUE(absl::StrContains(proven->disclosed->section.content(), "2C11AB0001"));
  EXPECT_TRUE(proven->disclosed->synthetic);
  EXPECT_FALSE(absl::StrContains(receipt->text(), kAddressForTest));
}

TEST_F(NodeServiceTest, GivesTheReceiptOfThePartnersRecord) {
  const auto made = Create(khm, MakeCrossing());
  ASSERT_TRUE(made.ok());
  Settle();
  const auto receipt = Receipt(idn, made->name(), "basic");
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  const auto proven = Verify(receipt->text(), PolicyFor("khm"));
  ASSERT_TRUE(proven.ok()) << proven.status();
  EXPECT_EQ(proven->header.type(), "crossing");
  EXPECT_FALSE(Verify(receipt->text(), PolicyFor("idn")).ok());
}

TEST_F(NodeServiceTest, GivesAReceiptOfAHeaderWithoutContent) {
  const auto made = Create(idn, MakeCrossing());
  Settle();
  const auto bare = Receipt(idn, made->name(), "", Supervisor());
  ASSERT_TRUE(bare.ok()) << bare.status();
  EXPECT_FALSE(absl::StrContains(bare->text(), "lintas-section"));
  EXPECT_TRUE(Verify(bare->text(), PolicyFor("idn")).ok());
  // A supervisor sees no content, in a receipt neither.
  EXPECT_EQ(ErrorReason(Receipt(idn, made->name(), "basic", Supervisor()).status()),
            "NOTHING_TO_SHARE");
  EXPECT_EQ(Receipt(idn, made->name(), "internal").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(NodeServiceTest, GivesTheCosignedCheckpoint) {
  ASSERT_TRUE(Create(idn, MakeCrossing()).ok());
  Settle();
  node::v1::GetCheckpointRequest request;
  request.set_ledger("exchange");
  const auto checkpoint = Call<node::v1::Checkpoint>(idn, "GetCheckpoint", Operator(), request);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_TRUE(PolicyFor("idn", "khm").Satisfied(checkpoint->note()).ok());
  request.set_ledger("sideways");
  EXPECT_EQ(Call<node::v1::Checkpoint>(idn, "GetCheckpoint", Operator(), request).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(NodeServiceTest, FindsWhoAskedAboutADocument) {  // P25
  ASSERT_TRUE(Create(idn, MakeCrossing({}, "AB123456")).ok());
  ASSERT_TRUE(Find(idn, ByDocument("ab 123 456")).ok());
  ASSERT_TRUE(Find(idn, ByDocument("AB999999")).ok());
  node::v1::ListAccessEntriesRequest request;
  request.set_document_number("AB123456");
  const auto audit = Audit(request);
  ASSERT_TRUE(audit.ok()) << audit.status();
  ASSERT_EQ(audit->access_entries_size(), 1);
  const auto& entry = audit->access_entries(0);
  EXPECT_EQ(entry.principal(), PrincipalAt(idn, Officer()).spiffe_uri);
  EXPECT_TRUE(absl::EndsWith(entry.method(), "/FindRecords"));
  EXPECT_EQ(entry.purpose(), "MIGRATION_MANAGEMENT");
  EXPECT_EQ(entry.record_count(), 1);
  EXPECT_EQ(entry.outcome(), "OK");
  // Keyed: the number itself stands in no access entry.
  for (const auto& held : idn.Entries(LedgerId::kHome, ledger::v1::EntryHeader::ACCESS)) {
    EXPECT_FALSE(absl::StrContains(held.content(), "AB123456"));
  }
  request.set_document_number("AB000000");
  EXPECT_EQ(Audit(request)->access_entries_size(), 0);
}

TEST_F(NodeServiceTest, FindsThatThePartnerAskedAboutADocument) {  // P25
  const auto held = Create(idn, MakeCrossing({}, "AB123456"));
  ASSERT_TRUE(held.ok() && Ask(khm, "AB123456", OfficerIn("C-1")).ok());
  ASSERT_FALSE(Ask(khm, "AB999999", OfficerIn("C-1")).ok());
  node::v1::ListAccessEntriesRequest request;
  request.set_document_number("AB123456");
  const auto audit = Audit(request);
  ASSERT_TRUE(audit.ok()) << audit.status();
  ASSERT_EQ(audit->access_entries_size(), 1);
  const auto& entry = audit->access_entries(0);
  EXPECT_TRUE(absl::StartsWith(entry.principal(), "khm/"));
  EXPECT_EQ(entry.purpose(), "IDENTITY_VERIFICATION");
  EXPECT_EQ(entry.outcome(), "OK");
  ASSERT_EQ(entry.record_names_size(), 1);
  EXPECT_EQ(entry.record_names(0), held->name());
  // The asking side finds its own officer, also where nothing was shared.
  node::v1::ListAccessEntriesRequest absent;
  absent.set_document_number("AB999999");
  const auto own =
      Call<node::v1::ListAccessEntriesResponse>(khm, "ListAccessEntries", Supervisor(), absent);
  ASSERT_TRUE(own.ok()) << own.status();
  ASSERT_EQ(own->access_entries_size(), 1);
  EXPECT_EQ(own->access_entries(0).principal(), PrincipalAt(khm, Officer()).spiffe_uri);
  // Opening is the disclosure: it is found by whom it disclosed.
  const auto hits = Ask(khm, "AB123456", OfficerIn("C-1"));
  ASSERT_TRUE(hits.ok() && Open(khm, hits->hits(0).reference(), OfficerIn("C-1")).ok());
  EXPECT_EQ(Audit(request)->access_entries_size(), 3);
  node::v1::ListAccessEntriesRequest of_officer;
  of_officer.set_principal(entry.principal());
  EXPECT_EQ(Audit(of_officer)->access_entries_size(), 4) << "what found nothing too";
}

TEST_F(NodeServiceTest, ListsAPrincipalsAccessesNewestFirst) {
  As other = Officer();
  other.id = "officer-2";
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Find(idn, ByDocument("AB123456"), other).ok());
  ASSERT_TRUE(Find(idn, ByDocument("AB123456")).ok());
  node::v1::ListAccessEntriesRequest request;
  request.set_principal(PrincipalAt(idn, other).spiffe_uri);
  request.set_page_size(2);
  const auto first = Audit(request);
  ASSERT_TRUE(first.ok());
  ASSERT_EQ(first->access_entries_size(), 2);
  EXPECT_GT(first->access_entries(0).index(), first->access_entries(1).index());
  request.set_page_token(first->next_page_token());
  const auto second = Audit(request);
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_EQ(second->access_entries_size(), 1);
  EXPECT_LT(second->access_entries(0).index(), first->access_entries(1).index());
  EXPECT_EQ(second->next_page_token(), "");
}

TEST_F(NodeServiceTest, KeepsRefusalsInTheAuditAndTheAuditFromOfficers) {
  EXPECT_EQ(Find(idn, ByDocument("AB123456"), Operator()).status().code(),
            absl::StatusCode::kPermissionDenied);
  node::v1::ListAccessEntriesRequest request;
  request.set_principal(PrincipalAt(idn, Operator()).spiffe_uri);
  request.set_page_size(1);
  const auto audit = Audit(request);
  ASSERT_TRUE(audit.ok());
  ASSERT_EQ(audit->access_entries_size(), 1);
  EXPECT_EQ(audit->access_entries(0).outcome(), "PERMISSION_DENIED");
  EXPECT_EQ(Audit(request, Officer()).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(NodeServiceTest, AdoptsAVersionOnce) {  // P21
  const size_t entries = idn.Entries(LedgerId::kExchange).size();
  const auto again = Adopt(idn);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->own_version(), 1);
  EXPECT_EQ(idn.Entries(LedgerId::kExchange).size(), entries);
  // Another agreement under the same number is none.
  agreement::v1::Agreement other = DefaultAgreementForTest();
  other.mutable_limits()->set_question_ttl_s(30);
  EXPECT_FALSE(Adopt(idn, SignForTest(other)).ok());
}

TEST_F(NodeServiceTest, AdoptsTheNextVersionAndComesIntoForceWithThePartner) {
  const auto next = SignForTest(NextVersionForTest(*idn.node->book().InForce()));
  const auto adopted = Adopt(idn, next);
  ASSERT_TRUE(adopted.ok()) << adopted.status();
  EXPECT_EQ(adopted->own_version(), 2);
  EXPECT_EQ(adopted->version_in_force(), 1);
  Settle();
  ASSERT_TRUE(Adopt(khm, next).ok());
  Settle();
  const auto status = Call<node::v1::AgreementStatus>(idn, "GetAgreement", Operator(),
                                                      node::v1::GetAgreementRequest());
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->version_in_force(), 2);
  EXPECT_TRUE(Create(idn, MakeCrossing()).ok());
  Settle();
  EXPECT_EQ(idn.StateDigest(), khm.StateDigest());
}

TEST(NodeAdoption, IsRefusedWithoutTwoSignaturesOfEachParty) {  // P20
  TwoNodes nodes(/*adopt=*/false);
  const agreement::v1::Agreement agreement = DefaultAgreementForTest();
  const agreement::v1::SignedAgreement good = SignForTest(agreement);
  agreement::v1::SignedAgreement bad = good;
  bad.mutable_signatures()->RemoveLast();
  EXPECT_EQ(ErrorReason(nodes.Adopt(nodes.idn, bad).status()), "BAD_SIGNATURES");
  bad = good;
  (*bad.mutable_signatures(0)->mutable_signature())[3] ^= 1;
  EXPECT_EQ(ErrorReason(nodes.Adopt(nodes.idn, bad).status()), "BAD_SIGNATURES");
  bad = good;
  bad.clear_signatures();
  AddSignatureForTest(NodeKeysForTest("idn").log, &bad);  // A server's key signs nothing.
  EXPECT_FALSE(nodes.Adopt(nodes.idn, bad).ok());
  EXPECT_TRUE(nodes.idn.Entries(LedgerId::kExchange).empty());
  EXPECT_TRUE(nodes.Adopt(nodes.idn, good).ok());
}

}  // namespace
}  // namespace lintas
