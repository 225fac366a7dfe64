#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/commands/command_line.h"
#include "tests/support/synthetic_chip.h"

namespace lintas::client {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr char kLine1[] = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
constexpr char kLine2[] = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

class FixedClock : public Clock {
 public:
  absl::Time Now() override { return synthetic::Day(2026, 11, 24); }
};

class DocumentTest : public testing::Test {
 protected:
  DocumentTest()
      : folder_(testing::TempDir() + "lintas_document_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    environment_.out = &out_;
    environment_.err = &err_;
    environment_.folder = folder_;
    environment_.clock = &clock_;
    // No `connect`: a command that wanted a node would end the test.
  }
  ~DocumentTest() override { std::filesystem::remove_all(folder_); }

  int Run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return static_cast<int>(RunCommandLine(arguments, environment_));
  }
  std::string Write(const std::string& name, const std::string& content) {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << content;
    return folder_ + "/" + name;
  }
  std::vector<json> Objects() {
    std::vector<json> objects;
    for (const absl::string_view line : absl::StrSplit(out_.str(), '\n', absl::SkipEmpty())) {
      objects.push_back(json::parse(std::string(line)));
    }
    return objects;
  }

  const std::string folder_;
  std::ostringstream out_, err_;
  FixedClock clock_;
  Environment environment_;
};

TEST_F(DocumentTest, ReadsLinesFromArguments) {
  EXPECT_EQ(Run({"document", "mrz", kLine1, kLine2}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("ERIKSSON"));
  EXPECT_EQ(Run({"document", "mrz", absl::StrCat(kLine1, kLine2), "--output", "json"}), 0);
  EXPECT_EQ(Objects().at(0)["fields"]["document_number"], "L898902C3");
}

TEST_F(DocumentTest, ReadsBlocksAndCsvAndGoesOnAfterABadOne) {
  const std::string text =
      Write("scans.txt", absl::StrCat(kLine1, "\n", kLine2, "\n\nbad\n\n", kLine1, kLine2, "\n"));
  EXPECT_EQ(Run({"document", "mrz", text, "--output", "json"}), 5);
  std::vector<json> objects = Objects();
  ASSERT_EQ(objects.size(), 3u);
  EXPECT_EQ(objects[0]["valid"], true);
  EXPECT_EQ(objects[1]["valid"], false);
  EXPECT_EQ(objects[2]["valid"], true);
  EXPECT_EQ(objects[2]["document"], 3);
  const std::string csv =
      Write("scans.csv", absl::StrCat("line1,line2,line3\n", kLine1, ",", kLine2, ",\n"));
  EXPECT_EQ(Run({"document", "mrz", csv, "--output", "json"}), 0);
  EXPECT_EQ(Objects().size(), 1u);
  EXPECT_EQ(Run({"document", "mrz", csv, text, "--output", "csv"}), 5);
  EXPECT_THAT(out_.str(), testing::StartsWith("document,format,valid,document_code"));
}

TEST_F(DocumentTest, TakesTheDayOfReading) {
  EXPECT_EQ(Run({"document", "mrz", kLine1, kLine2, "--at", "1973-01-01", "--output", "json"}), 0);
  EXPECT_EQ(Objects().at(0)["fields"]["birth_date"], "1874-08-12");
  EXPECT_EQ(Run({"document", "mrz", kLine1, kLine2, "--at", "tomorrow"}), 5);
}

TEST_F(DocumentTest, TellsAMissingFileAndAnEmptyOne) {
  EXPECT_EQ(Run({"document", "mrz", folder_ + "/none"}), 5);
  EXPECT_THAT(err_.str(), HasSubstr("cannot read"));
  EXPECT_EQ(Run({"document", "mrz", Write("empty", "\n\n")}), 5);
}

class ChipCommandTest : public DocumentTest {
 protected:
  ChipCommandTest() {
    groups_ = {{1, synthetic::Group1(synthetic::kZoneIndonesia)},
               {2, synthetic::Tlv(0x75, "SYNTHETIC")}};
    sod_ = Write("EF.SOD", country_.SodOf(groups_));
    dg1_ = "1=" + Write("EF.DG1", groups_[1]);
    dg2_ = "2=" + Write("EF.DG2", groups_[2]);
    csca_ = Write("csca.pem", synthetic::Pem(country_.csca));
  }
  std::string Verdict() { return Objects().at(0)["verdict"]; }

  const synthetic::Country country_{synthetic::EcKey("brainpoolP256r1", true),
                                    synthetic::EcKey("brainpoolP256r1", true)};
  synthetic::Groups groups_;
  std::string sod_, dg1_, dg2_, csca_;
};

TEST_F(ChipCommandTest, TellsAuthenticAlteredAndUnanchoredApart) {
  EXPECT_EQ(Run({"document", "chip", "--sod", sod_, "--dg", dg1_, "--dg", dg2_, "--csca", csca_,
                 "--output", "json"}),
            0)
      << err_.str();
  EXPECT_EQ(Verdict(), "authentic");
  EXPECT_EQ(
      Run({"document", "chip", "--sod", sod_, "--dg", dg1_, "--dg", dg2_, "--output", "json"}), 5);
  EXPECT_EQ(Verdict(), "no_trust_anchor");
  const std::string altered = "DG2=" + Write("altered", groups_[2] + "x");
  EXPECT_EQ(Run({"document", "chip", "--sod", sod_, "--dg", dg1_, "--dg", altered, "--csca", csca_,
                 "--output", "json"}),
            5);
  EXPECT_EQ(Verdict(), "altered");
  EXPECT_EQ(Objects().at(0)["altered_groups"], json({2}));
}

TEST_F(ChipCommandTest, TakesMasterListsListsOfRevokedAndADay) {
  synthetic::SignSpec sign;
  sign.content_oid = "2.23.136.1.1.2";
  const std::string list =
      Write("list.ml", synthetic::SignedData(synthetic::MasterListContent({country_.csca}),
                                             country_.signer, country_.signer_key, sign));
  const std::string crl =
      Write("idn.crl",
            synthetic::Crl({country_.csca_key, country_.csca}, {{7, synthetic::Day(2026, 5, 1)}},
                           synthetic::Day(2026, 11, 1), synthetic::Day(2027, 1, 1)));
  const std::vector<std::string> call = {"document", "chip",   "--sod", sod_,        "--dg",
                                         dg1_,       "--csca", list,    "--crl",     crl,
                                         "--output", "json",   "--at",  "2026-11-24"};
  EXPECT_EQ(Run(call), 5);
  EXPECT_EQ(Verdict(), "signer_revoked");
  EXPECT_EQ(Objects().at(0)["sources"][0]["kind"], "master_list");
  std::vector<std::string> earlier = call;
  earlier.back() = "2026-04-01";
  EXPECT_EQ(Run(earlier), 0);
  EXPECT_EQ(Objects().at(0)["at"], "2026-04-01T12:00:00+00:00");
}

TEST_F(ChipCommandTest, RefusesArgumentsThatDoNotFit) {
  EXPECT_EQ(Run({"document", "chip", "--sod", sod_, "--dg", "17=" + sod_}), 5);
  EXPECT_EQ(Run({"document", "chip", "--sod", sod_, "--dg", dg1_, "--dg", dg1_}), 5);
  EXPECT_EQ(Run({"document", "chip", "--sod", sod_, "--dg", dg1_, "--csca", sod_}), 5);
  EXPECT_THAT(err_.str(), HasSubstr("EF.SOD"));
  EXPECT_EQ(Run({"document", "chip", "--sod", sod_}), 2);
}

}  // namespace
}  // namespace lintas::client
