#include "client/document/chip_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/synthetic_chip.h"

namespace lintas::client {
namespace {

using nlohmann::json;
using testing::HasSubstr;

ChipDocument Checked(bool altered, bool hold_anchor) {
  static const auto& country =
      *new synthetic::Country(synthetic::EcKey("P-256"), synthetic::EcKey("P-256"));
  ChipDocument document;
  chip::ChipInput input;
  input.groups = {{1, synthetic::Group1(synthetic::kZoneIndonesia)},
                  {2, synthetic::Tlv(0x75, "SYNTHETIC")}};
  input.security_object = country.SodOf(input.groups);
  if (altered) input.groups[2].back() ^= 1;
  input.at = synthetic::Day(2026, 11, 24);
  chip::CscaStore store;
  if (hold_anchor) document.sources = {{"csca.pem", *store.Add(synthetic::Pem(country.csca))}};
  document.report = chip::Authenticate(input, store);
  document.zone = mrz::Read({document.report.zone}, {2026, 11, 24});
  document.at = "2026-11-24T12:00:00+00:00";
  return document;
}

TEST(ChipJson, HoldsWhatTheDocumentationPromises) {
  const json out = json::parse(ChipJson(Checked(false, true)));
  EXPECT_EQ(out["verdict"], "authentic");
  EXPECT_EQ(out["signature"], "good");
  EXPECT_EQ(out["chain"], "anchored");
  EXPECT_TRUE(out["reasons"].empty());
  EXPECT_EQ(out["issuing_state"], "IDN");
  EXPECT_EQ(out["mrz"]["fields"]["document_number"], "X1234567");
  EXPECT_EQ(out["mrz"]["valid"], true);
  EXPECT_EQ(out["data_groups"][0]["group"], 1);
  EXPECT_EQ(out["data_groups"][0]["state"], "matches");
  EXPECT_EQ(out["not_said"][0]["code"], "COPY_NOT_EXCLUDED");
  EXPECT_EQ(out["not_said"][1]["code"], "HOLDER_NOT_COMPARED");
  EXPECT_EQ(out["not_said"][2]["code"], "DOCUMENT_NOT_EXAMINED");
  EXPECT_EQ(out["certificates"].size(), 2u);
  EXPECT_EQ(out["sources"][0]["kind"], "certificates");
}

TEST(ChipJson, NamesTheAlteredGroup) {
  const json out = json::parse(ChipJson(Checked(true, true)));
  EXPECT_EQ(out["verdict"], "altered");
  EXPECT_EQ(out["altered_groups"], json({2}));
}

TEST(ChipText, SaysBesideTheVerdictWhatItDoesNotSay) {
  const std::string text = ChipText(Checked(false, true));
  EXPECT_THAT(text, testing::StartsWith("AUTHENTIC: "));
  EXPECT_THAT(text, HasSubstr("not said  the chip may be a copy of a genuine one\n"));
  EXPECT_THAT(text, HasSubstr("not said  the holder was not compared with the picture\n"));
  EXPECT_THAT(text, HasSubstr("not said  the physical document was not examined\n"));
}

TEST(ChipText, CallsAMissingAnchorNoSignOfFraud) {
  EXPECT_THAT(ChipText(Checked(false, false)), HasSubstr("this is no sign of fraud"));
}

}  // namespace
}  // namespace lintas::client
