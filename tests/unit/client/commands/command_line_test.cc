#include "client/commands/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "client/attachment.h"
#include "client/file.h"
#include "client/procedure.h"
#include "client/record.h"
#include "lintas/migration_information/v1/record_request.pb.h"
#include "lintas/procedure/v1/procedure.pb.h"
#include "server/base/error.h"
#include "tests/unit/client/fake_transport.h"

namespace lintas::client {
namespace {

using google::protobuf::Message;
using migration_information::v1::AskPartnerRequest;
using migration_information::v1::AskPartnerResponse;
using migration_information::v1::CorrectRecordRequest;
using migration_information::v1::Crossing;
using migration_information::v1::FindRecordsRequest;
using migration_information::v1::FindRecordsResponse;
using migration_information::v1::ListRecordsRequest;
using migration_information::v1::ListRecordsResponse;
using migration_information::v1::Recall;
using migration_information::v1::RecordMeta;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kMigration[] = "/lintas.migration_information.v1.MigrationInformationService/";
constexpr char kNode[] = "/lintas.node.v1.NodeService/";
constexpr char kNothing[] = "nothing to share; this does not mean that no record exists\n";

class FixedClock : public Clock {
 public:
  absl::Time Now() override { return absl::FromUnixSeconds(1'772'341'929); }
};

class CommandLineTest : public testing::Test {
 protected:
  CommandLineTest()
      : folder_(testing::TempDir() + "lintas_command_line_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    environment_.out = &out_;
    environment_.err = &err_;
    environment_.folder = folder_;
    environment_.clock = &clock_;
    environment_.random = &random_;
    environment_.sleep = [this](absl::Duration) { ++sleeps_; };
    environment_.connect =
        [this](const Profile& profile) -> absl::StatusOr<std::unique_ptr<Transport>> {
      ++connections_;
      profile_ = profile;
      auto transport = std::make_unique<FakeTransport>(&node_);
      transport->answers = answers_;
      return transport;
    };
    Run({"profile", "add", "border", "--country", "khm", "--address", "a:1", "--certificate",
         "k.pem", "--ca", "ca.pem", "--purpose", "BORDER_CHECK"});
  }
  ~CommandLineTest() override { std::filesystem::remove_all(folder_); }

  int Run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return static_cast<int>(RunCommandLine(arguments, environment_));
  }

  template <typename Response>
  void Answer(const std::string& method, Response response) {
    answers_[method] = [this, response](const Message& request, Message* out) {
      request_.reset(request.New());
      request_->CopyFrom(request);
      out->CopyFrom(response);
      return absl::OkStatus();
    };
  }
  void Refuse(const std::string& method, absl::Status status) {
    answers_[method] = [status](const Message&, Message*) { return status; };
  }
  template <typename Request>
  const Request& Asked() const {
    return dynamic_cast<const Request&>(*request_);
  }

  // SYNTHETIC.
  static Crossing ExampleCrossing() {
    Crossing crossing;
    crossing.set_name("countries/idn/crossings/4f0c");
    auto* name = crossing.mutable_person()->add_names();
    name->set_family_name("Suharti");
    name->set_given_name("Dewi");
    crossing.mutable_document()->set_number("X1234567");
    crossing.mutable_document()->set_issuer("IDN");
    crossing.mutable_meta()->set_revision(1);
    crossing.mutable_meta()->set_etag("E1");
    crossing.mutable_meta()->set_state(RecordMeta::CURRENT);
    return crossing;
  }
  static AnyRecord Any(const Crossing& crossing) {
    AnyRecord any;
    *any.mutable_crossing() = crossing;
    return any;
  }
  static FindRecordsResponse OneFound() {
    FindRecordsResponse found;
    *found.add_records()->mutable_crossing() = ExampleCrossing();
    found.set_replica_age_s(0.4);
    return found;
  }

  const std::string folder_;
  std::ostringstream out_;
  std::ostringstream err_;
  FixedClock clock_;
  CountingRandom random_;
  FakeNode node_;
  std::map<std::string, FakeTransport::Answer> answers_;
  std::unique_ptr<Message> request_;
  Profile profile_;
  int connections_ = 0;
  int sleeps_ = 0;
  Environment environment_;
};

TEST_F(CommandLineTest, EveryVerbHasHelpWithAnExampleOfItself) {
  const auto verbs = AllVerbs();
  EXPECT_GE(verbs.size(), 20u);
  for (const VerbHelp& verb : verbs) {
    EXPECT_THAT(verb.help, HasSubstr("Examples:\n  lintas " + verb.path)) << verb.path;
  }
}

TEST_F(CommandLineTest, EveryVerbStandsInTheManual) {
  const auto manual = ReadFile(std::string(LINTAS_SOURCE_DIR) + "/docs/cli.md");
  ASSERT_TRUE(manual.ok());
  for (const VerbHelp& verb : AllVerbs()) {
    EXPECT_THAT(*manual, HasSubstr("lintas " + verb.path)) << verb.path;
  }
}

TEST_F(CommandLineTest, EndsWithUsageForAWrongCommand) {
  EXPECT_EQ(Run({}), 2);
  EXPECT_EQ(Run({"migration"}), 2);
  EXPECT_EQ(Run({"migration", "frobnicate"}), 2);
  EXPECT_EQ(Run({"migration", "find", "--bogus"}), 2);
  EXPECT_EQ(Run({"node", "status", "--output", "xml"}), 2);
  EXPECT_EQ(Run({"migration", "find"}), 2);
  EXPECT_EQ(Run({"migration", "ask", "--reference", "aa"}), 2);
  EXPECT_EQ(connections_, 0);
  EXPECT_EQ(Run({"migration", "find", "--help"}), 0);
}

TEST_F(CommandLineTest, FindsAndNamesNobodyUnasked) {
  Answer(absl::StrCat(kMigration, "FindRecords"), OneFound());
  EXPECT_EQ(Run({"migration", "find", "--document", "X1234567", "--type", "crossing"}), 0);
  EXPECT_THAT(out_.str(),
              HasSubstr("countries/idn/crossings/4f0c  crossing  idn     IDN X1234567"));
  EXPECT_THAT(out_.str(), HasSubstr("partner copy: level 0.4 s ago"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("Suharti")));
  EXPECT_EQ(Asked<FindRecordsRequest>().document_number(), "X1234567");
  EXPECT_EQ(Asked<FindRecordsRequest>().types(0), "crossing");
  EXPECT_EQ(Run({"migration", "find", "--document", "X1234567", "--full"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("Suharti, Dewi"));
}

TEST_F(CommandLineTest, FindsAcrossPagesUpToTheLimit) {
  int calls = 0;
  answers_[absl::StrCat(kMigration, "FindRecords")] = [&](const Message& in, Message* out) {
    const auto& request = dynamic_cast<const FindRecordsRequest&>(in);
    EXPECT_EQ(request.page_token(), calls == 0 ? "" : "more");
    EXPECT_EQ(request.page_size(), calls == 0 ? 2 : 1);
    FindRecordsResponse page = OneFound();
    page.set_next_page_token("more");
    out->CopyFrom(page);
    ++calls;
    return absl::OkStatus();
  };
  EXPECT_EQ(Run({"migration", "find", "--name", "Dewi", "--limit", "2"}), 0);
  EXPECT_EQ(calls, 2);
  EXPECT_THAT(out_.str(), HasSubstr("--limit shows more"));
}

TEST_F(CommandLineTest, SaysTheSameForNothingFoundAndForNotFound) {
  Answer(absl::StrCat(kMigration, "FindRecords"), FindRecordsResponse());
  EXPECT_EQ(Run({"migration", "find", "--document", "X"}), 3);
  EXPECT_EQ(out_.str(), kNothing);
  Refuse(absl::StrCat(kMigration, "FindRecords"), absl::NotFoundError("x"));
  EXPECT_EQ(Run({"migration", "find", "--document", "X"}), 3);
  EXPECT_EQ(out_.str(), kNothing);
  EXPECT_EQ(err_.str(), "");
  EXPECT_EQ(Run({"migration", "find", "--document", "X", "--output", "json"}), 3);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(err_.str(), kNothing);
}

TEST_F(CommandLineTest, ARecordRequestShowsItsDeadline) {
  procedure::v1::Procedure opened;
  opened.set_name("countries/khm/procedures/4f0c");
  opened.set_state("sent");
  opened.set_track("ROUTINE");
  opened.set_waiting_for("idn");
  opened.set_counted_by("idn");
  opened.mutable_due_time()->set_seconds(1'772'000'000);
  Answer("/lintas.procedure.v1.ProcedureService/OpenProcedure", opened);
  EXPECT_EQ(Run({"migration", "ask", "--passport", "X1", "--issuer", "KHM", "--nationality", "KHM",
                 "--what", "last-entry", "--why", "IDENTITY_DOUBT"}),
            0);
  EXPECT_THAT(out_.str(), HasSubstr("countries/khm/procedures/4f0c"));
  EXPECT_THAT(out_.str(), HasSubstr("due 2026-02-25"));
  const auto& asked = Asked<procedure::v1::OpenProcedureRequest>();
  EXPECT_EQ(asked.step(), "ASK");
  migration_information::v1::RecordRequest content;
  ASSERT_TRUE(asked.content().UnpackTo(&content));
  EXPECT_EQ(content.what(), migration_information::v1::RecordRequest::LAST_ENTRY);
  EXPECT_EQ(content.document().number(), "X1");
}

TEST_F(CommandLineTest, TheInboxSaysWhatIsOverdueAndWhatMayBeDone) {
  procedure::v1::ListInboxResponse page;
  procedure::v1::Procedure* shown = page.add_procedures();
  shown->set_name("countries/idn/procedures/4f0c");
  shown->set_waiting_for("khm");
  shown->set_overdue(true);
  shown->set_escalation_office("Director of Cooperation");
  shown->add_next_steps()->set_step("RECEIVE");
  procedure::v1::NextStep* answer = shown->add_next_steps();
  answer->set_step("ANSWER");
  answer->set_waits_for_partner(true);
  Answer("/lintas.procedure.v1.ProcedureService/ListInbox", page);
  EXPECT_EQ(Run({"inbox", "--only", "overdue"}), 0);
  EXPECT_EQ(Asked<procedure::v1::ListInboxRequest>().box(),
            procedure::v1::ListInboxRequest::OVERDUE);
  EXPECT_THAT(out_.str(), HasSubstr("overdue, told: Director of Cooperation"));
  EXPECT_THAT(out_.str(), HasSubstr("RECEIVE ANSWER(waits)"));
  EXPECT_EQ(Run({"inbox", "--only", "everything"}), 2);
}

TEST_F(CommandLineTest, TheBoardCountsWhoWaitsOnWhom) {
  procedure::v1::Board board;
  procedure::v1::Board::Column* column = board.add_columns();
  column->set_country("idn");
  column->set_overdue_count(1);
  column->add_procedures()->set_waiting_for("idn");
  Answer("/lintas.procedure.v1.ProcedureService/GetBoard", board);
  EXPECT_EQ(Run({"case", "board", "PNH-2026-0147"}), 0);
  EXPECT_EQ(Asked<procedure::v1::GetBoardRequest>().case_id(), "PNH-2026-0147");
  EXPECT_THAT(out_.str(), HasSubstr("waits for idn: 1, overdue 1"));
}

TEST_F(CommandLineTest, AStepCarriesWhatItsFileSays) {
  const std::string file = testing::TempDir() + "/answer.json";
  std::ofstream(file) << R"({"@type": "type.googleapis.com/)"
                         R"(lintas.migration_information.v1.RecordAnswer",)"
                         R"( "outcome": "NOTHING_TO_SHARE"})";
  Answer("/lintas.procedure.v1.ProcedureService/TakeStep", procedure::v1::Procedure());
  EXPECT_EQ(Run({"case", "step", "countries/idn/procedures/4f0c", "ANSWER", "--content", file}), 0);
  migration_information::v1::RecordAnswer content;
  ASSERT_TRUE(Asked<procedure::v1::TakeStepRequest>().content().UnpackTo(&content));
  EXPECT_EQ(content.outcome(), migration_information::v1::RecordAnswer::NOTHING_TO_SHARE);
  std::ofstream(file) << "no json";
  EXPECT_EQ(Run({"case", "step", "countries/idn/procedures/4f0c", "ANSWER", "--content", file}), 5);
}

// A node that takes uploads, and breaks once where it is told to.
struct UploadingNode {
  int64_t held = 0;
  int64_t breaks_at = -1;
  types::v1::Attachment attachment;
  std::string bytes;
};

TEST_F(CommandLineTest, AStepBringsItsFilesAndGoesOnWhereItBroke) {
  const std::string file = testing::TempDir() + "/attached.pdf";
  const std::string content = testing::TempDir() + "/attached.json";
  const std::string bytes = "%PDF-1.7" + std::string(300'000, 'x');
  std::ofstream(file, std::ios::binary) << bytes;
  std::ofstream(content) << R"({"@type": "type.googleapis.com/)"
                            R"(lintas.migration_information.v1.RecordAnswer",)"
                            R"( "outcome": "NOTHING_TO_SHARE"})";
  UploadingNode node;
  node.breaks_at = kAttachmentChunkBytes;
  const auto say = [&node](Message* out) {
    auto& upload = dynamic_cast<procedure::v1::Upload&>(*out);
    upload.set_held_bytes(node.held);
    upload.set_complete(node.held == node.attachment.size_bytes());
    return absl::OkStatus();
  };
  answers_[ProcedureMethod("BeginUpload")] = [&](const Message& request, Message* out) {
    const auto& begin = dynamic_cast<const procedure::v1::BeginUploadRequest&>(request);
    if (begin.attachment().digest_name() != node.attachment.digest_name()) node.held = 0;
    node.attachment = begin.attachment();
    return say(out);
  };
  answers_[ProcedureMethod("UploadChunk")] = [&](const Message& request, Message* out) {
    const auto& chunk = dynamic_cast<const procedure::v1::UploadChunkRequest&>(request);
    if (chunk.offset() == node.breaks_at) return absl::InternalError("the line broke");
    EXPECT_EQ(chunk.offset(), node.held);
    node.bytes += chunk.content();
    node.held += static_cast<int64_t>(chunk.content().size());
    return say(out);
  };
  Answer(ProcedureMethod("TakeStep"), procedure::v1::Procedure());
  const std::vector<std::string> line = {"case",     "step",      "countries/idn/procedures/4f0c",
                                         "ANSWER",   "--content", content,
                                         "--attach", file};
  EXPECT_NE(Run(line), 0);
  EXPECT_EQ(request_, nullptr) << "no step without its file";
  node.breaks_at = -1;
  EXPECT_EQ(Run(line), 0);
  EXPECT_EQ(node.bytes, bytes);
  migration_information::v1::RecordAnswer taken;
  ASSERT_TRUE(Asked<procedure::v1::TakeStepRequest>().content().UnpackTo(&taken));
  ASSERT_EQ(taken.attachments_size(), 1);
  EXPECT_EQ(taken.attachments(0).digest_name(),
            AttachmentDigest(taken.attachments(0).salt(), bytes));
  EXPECT_EQ(taken.attachments(0).media_type(), "application/pdf");
  EXPECT_EQ(taken.attachments(0).size_bytes(), static_cast<int64_t>(bytes.size()));
  EXPECT_TRUE(std::filesystem::is_empty(folder_ + "/uploads")) << "the salt stays nowhere";
}

TEST_F(CommandLineTest, AContentWithoutAPlaceForFilesTakesNone) {
  const std::string content = testing::TempDir() + "/refusal.json";
  std::ofstream(content) << R"({"@type": "type.googleapis.com/)"
                            R"(lintas.migration_information.v1.RecordRefusal",)"
                            R"( "ground": "NOT_COMPETENT"})";
  EXPECT_EQ(Run({"case", "step", "countries/idn/procedures/4f0c", "REFUSE", "--content", content,
                 "--attach", content}),
            5);
  EXPECT_THAT(err_.str(), HasSubstr("attach"));
}

TEST_F(CommandLineTest, AnAttachmentIsFetchedIfItsDigestIsRight) {
  const std::string bytes = "%PDF-1.7 synthetic";
  procedure::v1::Procedure shown;
  shown.set_name("countries/idn/procedures/4f0c");
  shown.add_steps()->set_step("ASK");
  procedure::v1::Step* step = shown.add_steps();
  step->set_step("ANSWER");
  step->set_country("khm");
  step->set_ledger_index(7);
  auto* there = step->add_attachments();
  there->set_held(true);
  there->mutable_attachment()->set_salt(std::string(16, 's'));
  there->mutable_attachment()->set_digest_name(AttachmentDigest(std::string(16, 's'), bytes));
  there->mutable_attachment()->set_media_type("application/pdf");
  there->mutable_attachment()->set_size_bytes(static_cast<int64_t>(bytes.size()));
  procedure::v1::StepAttachment* coming = step->add_attachments();
  *coming = *there;
  coming->set_held(false);
  coming->set_held_bytes(3);
  Answer(ProcedureMethod("GetProcedure"), shown);
  EXPECT_EQ(Run({"case", "view", shown.name()}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("attachment 1"));
  EXPECT_THAT(out_.str(), HasSubstr("application/pdf, 18 bytes, held"));
  EXPECT_THAT(out_.str(), HasSubstr("attachment 2"));
  EXPECT_THAT(out_.str(), HasSubstr("on its way (3 bytes are here)"));
  const std::string out = testing::TempDir() + "/fetched.pdf";
  std::filesystem::remove(out);
  procedure::v1::DownloadAttachmentResponse part;
  part.set_content("other bytes, as long");
  Answer(ProcedureMethod("DownloadAttachment"), part);
  const std::vector<std::string> line = {"case", "fetch", shown.name(), "--attachment",
                                         "1",    "--out", out};
  EXPECT_NE(Run(line), 0);
  EXPECT_FALSE(std::filesystem::exists(out));
  part.set_content(bytes);
  Answer(ProcedureMethod("DownloadAttachment"), part);
  EXPECT_EQ(Run(line), 0);
  EXPECT_EQ(ReadFile(out).value(), bytes);
  EXPECT_EQ(std::filesystem::status(out).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(Run({"case", "fetch", shown.name(), "--attachment", "3", "--out", out}), 5);
}

TEST_F(CommandLineTest, WritesJsonAndCsv) {
  Answer(absl::StrCat(kMigration, "FindRecords"), OneFound());
  EXPECT_EQ(Run({"--output", "json", "migration", "find", "--document", "X"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("\"replica_age_s\": 0.4"));
  EXPECT_EQ(Run({"migration", "find", "--document", "X", "--output", "csv"}), 0);
  EXPECT_EQ(out_.str(),
            "name,type,origin,document,state,rev\r\n"
            "countries/idn/crossings/4f0c,crossing,idn,IDN X1234567,CURRENT,1\r\n");
}

TEST_F(CommandLineTest, MapsErrorsToExitCodesAndLines) {
  const std::string method = absl::StrCat(kMigration, "FindRecords");
  Refuse(method, MakeError(absl::StatusCode::kPermissionDenied, "CASE_REQUIRED", "name a case"));
  EXPECT_EQ(Run({"migration", "find", "--document", "X"}), 4);
  EXPECT_THAT(err_.str(), StartsWith("lintas: name a case (CASE_REQUIRED)\n"));
  Refuse(method, FieldsError({{"birth_date", "DATE", "YYYY-MM-DD"}}));
  EXPECT_EQ(Run({"migration", "find", "--name", "X", "--born", "1"}), 5);
  EXPECT_EQ(err_.str(), "birth_date: DATE: YYYY-MM-DD\n");
  Refuse(method, absl::UnavailableError("no connection"));
  EXPECT_EQ(Run({"migration", "find", "--document", "X"}), 6);
  EXPECT_EQ(sleeps_, 3);
  Refuse(method, absl::AbortedError("x"));
  EXPECT_EQ(Run({"migration", "find", "--document", "X"}), 7);
}

TEST_F(CommandLineTest, GetsFieldByField) {
  Answer(absl::StrCat(kMigration, "GetRecord"), Any(ExampleCrossing()));
  EXPECT_EQ(Run({"migration", "get", "countries/idn/crossings/4f0c", "--full"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("document.number"));
  EXPECT_EQ(Asked<migration_information::v1::GetRecordRequest>().view(),
            migration_information::v1::FULL);
  EXPECT_EQ(Run({"migration", "get", "nonsense"}), 5);
}

TEST_F(CommandLineTest, ListsTheOwnCountryUnlessAnotherIsNamed) {
  ListRecordsResponse page;
  *page.add_records() = Any(ExampleCrossing());
  Answer(absl::StrCat(kMigration, "ListRecords"), page);
  EXPECT_EQ(Run({"migration", "list", "--type", "crossing"}), 0);
  EXPECT_EQ(Asked<ListRecordsRequest>().parent(), "countries/khm");
  EXPECT_EQ(Asked<ListRecordsRequest>().type(), "crossing");
  EXPECT_EQ(Run({"migration", "list", "--type", "crossing", "--country", "idn"}), 0);
  EXPECT_EQ(Asked<ListRecordsRequest>().parent(), "countries/idn");
  EXPECT_EQ(Run({"migration", "list", "--type", "boat"}), 5);
}

TEST_F(CommandLineTest, CorrectsWholeFieldsAgainstTheRevisionThatItRead) {
  Answer(absl::StrCat(kMigration, "GetRecord"), Any(ExampleCrossing()));
  Answer(absl::StrCat(kMigration, "CorrectRecord"), Any(ExampleCrossing()));
  EXPECT_EQ(Run({"migration", "correct", "countries/idn/crossings/4f0c", "--set",
                 "person.names[0].given_name=Dewi Ayu", "--set", "port=IDCGK"}),
            0);
  const auto& asked = Asked<CorrectRecordRequest>();
  EXPECT_THAT(asked.update_mask().paths(), testing::ElementsAre("person", "port"));
  EXPECT_EQ(asked.record().crossing().person().names(0).given_name(), "Dewi Ayu");
  EXPECT_EQ(asked.record().crossing().person().names(0).family_name(), "Suharti");
  EXPECT_EQ(asked.record().crossing().name(), "countries/idn/crossings/4f0c");
  EXPECT_FALSE(asked.record().crossing().has_meta());
  EXPECT_EQ(asked.etag(), "E1");
  EXPECT_EQ(asked.request_id().size(), 36u);
  EXPECT_EQ(Run({"migration", "correct", "countries/idn/crossings/4f0c", "--set", "bogus=1"}), 5);
  EXPECT_EQ(err_.str(), "bogus: UNKNOWN_FIELD: a field of the record\n");
}

TEST_F(CommandLineTest, WaitsForTheRecallsReceiptAndKeepsIt) {
  Recall recall;
  recall.set_name("countries/khm/crossings/a");
  recall.set_recall_index(9);
  Answer(absl::StrCat(kMigration, "RecallRecord"), recall);
  int asked = 0;
  answers_[absl::StrCat(kMigration, "GetRecall")] = [&, recall](const Message&, Message* out) {
    Recall now = recall;
    if (++asked == 3) {
      now.set_partner_erased(true);
      now.set_receipt_text("receipt");
    }
    out->CopyFrom(now);
    return absl::OkStatus();
  };
  const std::string file = folder_ + "/receipt.txt";
  EXPECT_EQ(Run({"migration", "recall", recall.name(), "--reason", "WRONG_PERSON", "--wait", "60",
                 "--receipt", file}),
            0);
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(*ReadFile(file), "receipt");
  EXPECT_THAT(out_.str(), HasSubstr("exchange/9"));
}

TEST_F(CommandLineTest, SaysThatTheReceiptIsMissingWhenTheTimeIsOver) {
  Recall recall;
  recall.set_name("countries/khm/crossings/a");
  recall.set_recall_index(9);
  Answer(absl::StrCat(kMigration, "RecallRecord"), recall);
  Answer(absl::StrCat(kMigration, "GetRecall"), recall);
  EXPECT_EQ(Run({"migration", "recall", recall.name(), "--reason", "WRONG_PERSON"}), 0);
  EXPECT_EQ(Run({"migration", "recall", recall.name(), "--reason", "WRONG_PERSON", "--wait", "2"}),
            6);
  EXPECT_EQ(sleeps_, 4);
}

TEST_F(CommandLineTest, GivesTheReceiptOfAnEarlierRecall) {
  answers_[absl::StrCat(kMigration, "RecallRecord")] = [](const Message&, Message*) {
    return absl::NotFoundError("nothing to share");
  };
  Recall recall;
  recall.set_name("countries/khm/crossings/a");
  recall.set_recall_index(9);
  recall.set_partner_erased(true);
  recall.set_receipt_text("receipt");
  Answer(absl::StrCat(kMigration, "GetRecall"), recall);
  const std::string file = folder_ + "/receipt.txt";
  EXPECT_EQ(Run({"migration", "recall", recall.name(), "--reason", "OTHER", "--receipt", file}), 0);
  EXPECT_EQ(*ReadFile(file), "receipt");
  answers_[absl::StrCat(kMigration, "GetRecall")] = [](const Message&, Message*) {
    return absl::NotFoundError("nothing to share");
  };
  EXPECT_EQ(Run({"migration", "recall", recall.name(), "--reason", "OTHER"}), 3);
}

TEST_F(CommandLineTest, AsksThePartnerAndOpensAHit) {
  AskPartnerResponse answer;
  answer.add_hits()->set_reference(std::string("\x9f\x3c", 2));
  answer.mutable_hits(0)->set_type("stay_permit");
  Answer(absl::StrCat(kMigration, "AskPartner"), answer);
  EXPECT_EQ(Run({"migration", "ask", "--document", "X1", "--issuer", "IDN"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("9f3c"));
  EXPECT_EQ(Run({"migration", "ask", "--reference", "9f3c", "--why", "RETURN_DECISION"}), 0);
  EXPECT_EQ(Asked<AskPartnerRequest>().reference(), std::string("\x9f\x3c", 2));
  EXPECT_EQ(Run({"migration", "ask", "--reference", "9f3", "--why", "X"}), 5);
  Answer(absl::StrCat(kMigration, "AskPartner"), AskPartnerResponse());
  EXPECT_EQ(Run({"migration", "ask", "--document", "X1"}), 3);
  EXPECT_EQ(out_.str(), kNothing);
}

TEST_F(CommandLineTest, SendsTheCaseThatIsInUse) {
  Answer(absl::StrCat(kMigration, "FindRecords"), OneFound());
  EXPECT_EQ(Run({"case", "use", "PNH-1", "--purpose", "RETURN"}), 0);
  EXPECT_EQ(out_.str(), "case PNH-1, purpose RETURN, for all that follows with profile border\n");
  Run({"migration", "find", "--document", "X"});
  EXPECT_EQ(profile_.case_id, "PNH-1");
  EXPECT_EQ(profile_.purpose, "RETURN");
  Run({"--case", "PNH-2", "migration", "find", "--document", "X"});
  EXPECT_EQ(profile_.case_id, "PNH-2");
  EXPECT_EQ(Run({"case", "clear"}), 0);
  Run({"migration", "find", "--document", "X"});
  EXPECT_EQ(profile_.case_id, "");
  EXPECT_EQ(profile_.purpose, "BORDER_CHECK");
}

TEST_F(CommandLineTest, SaysOnOneScreenHowTheNodeIs) {
  node::v1::NodeStatus status;
  status.set_country("khm");
  status.set_agreement_version(1);
  auto* ledger = status.add_ledgers();
  ledger->set_ledger("exchange");
  ledger->set_size(200113);
  ledger->set_held_size(200000);
  status.mutable_link()->set_state("connected");
  status.mutable_link()->set_replica_age_s(-1);
  Answer(absl::StrCat(kNode, "GetStatus"), status);
  EXPECT_EQ(Run({"node", "status"}), 0);
  EXPECT_THAT(out_.str(), StartsWith("Cambodia (khm)"));
  EXPECT_THAT(out_.str(), HasSubstr("200,113"));
  EXPECT_THAT(out_.str(), HasSubstr("partner copy never level"));
  EXPECT_THAT(out_.str(), HasSubstr("nothing needs attention"));
  auto* alarm = status.add_alarms();
  alarm->set_code("LEDGER_FORK");
  alarm->set_text("the partner shows two histories");
  Answer(absl::StrCat(kNode, "GetStatus"), status);
  EXPECT_EQ(Run({"link", "status"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("ALARM the partner shows two histories (LEDGER_FORK"));
}

TEST_F(CommandLineTest, VerifiesWithoutAProfileOrANode) {
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
  const std::string receipt = folder_ + "/receipt.txt";
  std::ofstream(receipt) << "c2sp.org/tlog-proof@v1\nindex 0\n\n";
  EXPECT_EQ(Run({"ledger", "verify", receipt}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("--policy"));
  const std::string policy = folder_ + "/policy_of_the_test.txt";
  std::ofstream(policy) << "quorum none\n";
  EXPECT_EQ(Run({"ledger", "verify", receipt, "--policy", policy}), 5);
  EXPECT_THAT(err_.str(), StartsWith("NOT PROVEN: "));
  EXPECT_EQ(Run({"ledger", "verify", folder_ + "/none", "--policy", policy}), 5);
  EXPECT_THAT(err_.str(), HasSubstr("cannot read"));
  EXPECT_EQ(Run({"ledger", "verify", receipt, "--policy", policy, "--bundle", policy}), 2);
  EXPECT_EQ(connections_, 0);
}

TEST_F(CommandLineTest, NeedsAProfileToReachANode) {
  std::filesystem::remove_all(folder_);
  EXPECT_EQ(Run({"node", "status"}), 5);
  EXPECT_THAT(err_.str(), HasSubstr("lintas profile add"));
}

TEST_F(CommandLineTest, ImportsWithExitCode5OnlyIfARowIsRejected) {
  const std::string file = folder_ + "/crossings.csv";
  const std::string header =
      "source_key,document_number,document_issuer,given_name,nationality,direction,port,"
      "crossing_time,outcome\n";
  const auto row = [](int key, const std::string& number) {
    return absl::StrCat("SYN-", key, ",", number,
                        ",IDN,Dewi,IDN,ENTRY,KHPNH,2026-03-01T08:00:00+07:00,ADMITTED\n");
  };
  std::ofstream(file) << header << row(1, "X1") << row(2, "X2");
  EXPECT_EQ(Run({"migration", "import", file}), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("2 rows, 2 accepted, 0 rejected\n"));
  EXPECT_THAT(out_.str(),
              HasSubstr("created 2   revised 0   unchanged 0   at home 0   rejected 0"));
  EXPECT_FALSE(std::filesystem::exists(file + ".rejects.csv"));
  EXPECT_TRUE(node_.synthetic);
  std::ofstream(file) << header << row(1, "X1") << row(2, "BAD") << row(3, "X3");
  EXPECT_EQ(Run({"migration", "import", file, "--import-id", "second"}), 5) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("3 rows, 2 accepted, 1 rejected (see "));
  EXPECT_EQ(*ReadFile(file + ".rejects.csv"),
            "line,field,rule,description\r\n"
            "3,crossing.document.number,DOCUMENT_NUMBER_FORM,letters and digits\r\n");
}

TEST_F(CommandLineTest, SaysWhatToDoNextAboutARefusal) {
  const std::pair<absl::Status, const char*> cases[] = {
      {MakeError(absl::StatusCode::kPermissionDenied, "PURPOSE_NOT_GRANTED", "not granted"),
       "next: `lintas agreement show --text`"},
      {MakeError(absl::StatusCode::kPermissionDenied, "CASE_REQUIRED", "needs a case"),
       "next: name the case with --case"},
      {absl::UnavailableError("connection refused"), "next: your own node cannot be reached"}};
  for (const auto& [status, next] : cases) {
    answers_[absl::StrCat(kNode, "GetStatus")] = [status = status](const Message&, Message*) {
      return status;
    };
    EXPECT_NE(Run({"node", "status"}), 0);
    EXPECT_THAT(err_.str(), HasSubstr(next));
  }
}

}  // namespace
}  // namespace lintas::client
