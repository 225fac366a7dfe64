#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <deque>
#include <filesystem>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/commands/command_line.h"
#include "server/base/error.h"
#include "tests/unit/client/fake_transport.h"

namespace lintas::client {
namespace {

using migration_information::v1::RecordEvent;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// One stream: what it sends, and how it ends.
struct Script {
  std::vector<WatchStream::Response> batches;
  absl::Status end;
};

// The node's side of all streams of a test.
struct ScriptedNode {
  std::deque<Script> streams;
  std::vector<WatchStream::Request> requests;
  int cancelled = 0;
};

class ScriptedStream final : public WatchStream {
 public:
  ScriptedStream(ScriptedNode* node, Script script) : node_(node), script_(std::move(script)) {}
  bool Read(Response* response) override {
    if (next_ == script_.batches.size()) return false;
    *response = script_.batches[next_++];
    return true;
  }
  absl::Status Finish() override { return script_.end; }
  void Cancel() override { ++node_->cancelled; }

 private:
  ScriptedNode* const node_;
  const Script script_;
  size_t next_ = 0;
};

class ScriptedTransport final : public Transport {
 public:
  explicit ScriptedTransport(ScriptedNode* node) : node_(node) {}
  absl::Status Unary(const std::string&, const CallHeaders&, absl::Duration,
                     const google::protobuf::Message&, google::protobuf::Message*) override {
    return absl::UnimplementedError("");
  }
  std::unique_ptr<SubmitStream> Submit(const CallHeaders&) override { return nullptr; }
  std::unique_ptr<WatchStream> Watch(const CallHeaders&,
                                     const WatchStream::Request& request) override {
    node_->requests.push_back(request);
    if (node_->streams.empty()) return nullptr;  // Ends the command.
    Script script = std::move(node_->streams.front());
    node_->streams.pop_front();
    return std::make_unique<ScriptedStream>(node_, std::move(script));
  }

 private:
  ScriptedNode* const node_;
};

// A pipe whose reader goes away after some lines.
class BreakingBuffer final : public std::stringbuf {
 public:
  int lines_left = 1000;

 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    if (lines_left <= 0) return 0;
    lines_left -= static_cast<int>(std::count(text, text + size, '\n'));
    return std::stringbuf::xsputn(text, size);
  }
};

WatchStream::Response Batch(const std::vector<std::string>& names, const std::string& cursor,
                            bool level = false) {
  WatchStream::Response batch;
  for (const std::string& name : names) {
    RecordEvent* event = batch.add_events();
    event->set_kind(RecordEvent::CREATED);
    event->set_record_name(name);
    event->set_ledger("exchange");
    event->set_index(7);
  }
  batch.set_cursor(cursor);
  batch.set_level(level);
  return batch;
}

absl::Status Broken() { return absl::UnavailableError("Socket closed"); }
absl::Status Refused() {
  return MakeError(absl::StatusCode::kPermissionDenied, "OPERATION_NOT_GRANTED", "not granted");
}

class WatchTest : public testing::Test {
 protected:
  WatchTest()
      : folder_(testing::TempDir() + "lintas_watch_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    environment_.out = &out_;
    environment_.err = &err_;
    environment_.folder = folder_;
    environment_.random = &random_;
    environment_.sleep = [this](absl::Duration) { ++sleeps_; };
    environment_.connect = [this](const Profile&) -> absl::StatusOr<std::unique_ptr<Transport>> {
      return std::make_unique<ScriptedTransport>(&node_);
    };
    Run({"profile", "add", "feed", "--country", "khm", "--address", "a:1", "--certificate", "k.pem",
         "--ca", "ca.pem", "--purpose", "SYSTEM_FEED"});
  }
  ~WatchTest() override { std::filesystem::remove_all(folder_); }

  int Run(const std::vector<std::string>& arguments) {
    buffer_.str("");
    err_.str("");
    out_.clear();
    return static_cast<int>(RunCommandLine(arguments, environment_));
  }
  int Watch(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"migration", "watch"});
    return Run(arguments);
  }
  std::vector<std::string> Lines() const {
    return absl::StrSplit(buffer_.str(), '\n', absl::SkipEmpty());
  }
  std::vector<std::string> CursorFiles() const {
    std::vector<std::string> files;
    if (!std::filesystem::exists(folder_ + "/watch")) return files;
    for (const auto& each : std::filesystem::directory_iterator(folder_ + "/watch")) {
      files.push_back(each.path());
    }
    return files;
  }
  std::vector<std::string> CursorsAsked() const {
    std::vector<std::string> cursors;
    for (const auto& request : node_.requests) cursors.push_back(request.cursor());
    return cursors;
  }

  const std::string folder_;
  BreakingBuffer buffer_;
  std::ostream out_{&buffer_};
  std::ostringstream err_;
  CountingRandom random_;
  ScriptedNode node_;
  Environment environment_;
  int sleeps_ = 0;
};

TEST_F(WatchTest, WritesALineOfJsonForEachEvent) {
  node_.streams.push_back({{Batch({"a", "b"}, "c1"), Batch({"c"}, "c2", true)}, Broken()});
  EXPECT_EQ(Watch({"--once"}), 0);
  ASSERT_THAT(Lines(), SizeIs(3));
  EXPECT_EQ(Lines()[0],
            "{\"kind\":\"CREATED\",\"record_name\":\"a\",\"ledger\":\"exchange\",\"index\":\"7\"}");
  EXPECT_EQ(node_.cancelled, 1);
}

TEST_F(WatchTest, KeepsTheCursorForItsOwnerAlone) {
  node_.streams.push_back({{Batch({"a"}, "c1", true)}, Broken()});
  EXPECT_EQ(Watch({"--once"}), 0);
  ASSERT_THAT(CursorFiles(), SizeIs(1));
  struct stat state;
  ASSERT_EQ(::stat(CursorFiles()[0].c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600u);
  node_.streams.push_back({{Batch({}, "c1", true)}, Broken()});
  EXPECT_EQ(Watch({"--once"}), 0);
  EXPECT_THAT(CursorsAsked(), ElementsAre("", "c1"));
}

TEST_F(WatchTest, MovesTheCursorOnlyPastWhatWasWritten) {
  node_.streams.push_back({{Batch({"a"}, "c1"), Batch({"b", "c"}, "c2")}, Broken()});
  buffer_.lines_left = 2;
  EXPECT_EQ(Watch(), 5);
  EXPECT_THAT(err_.str(), HasSubstr("standard output"));
  buffer_.lines_left = 1000;
  node_.streams.push_back({{Batch({"b", "c"}, "c2", true)}, Broken()});
  EXPECT_EQ(Watch({"--once"}), 0);
  EXPECT_THAT(CursorsAsked(), ElementsAre("", "c1"));
  EXPECT_THAT(Lines(), SizeIs(2));
}

TEST_F(WatchTest, GoesOnByItselfAfterABreak) {
  node_.streams.push_back({{Batch({"a"}, "c1")}, Broken()});
  node_.streams.push_back({{}, Broken()});
  node_.streams.push_back({{Batch({"b"}, "c2")}, Refused()});
  EXPECT_EQ(Watch(), 4);
  EXPECT_THAT(CursorsAsked(), ElementsAre("", "c1", "c1"));
  EXPECT_THAT(Lines(), SizeIs(2));
  EXPECT_EQ(sleeps_, 2);
}

TEST_F(WatchTest, DoesNotWaitWhenAStreamEndsByItsAge) {
  for (const char* reason : {"STREAM_AGE", "AGREEMENT_CHANGED"}) {
    node_.streams.push_back(
        {{Batch({"a"}, "c1")}, MakeError(absl::StatusCode::kUnavailable, reason, "again")});
  }
  node_.streams.push_back({{}, Refused()});
  EXPECT_EQ(Watch(), 4);
  EXPECT_EQ(sleeps_, 0);
}

TEST_F(WatchTest, GivesUpOnceIfTheNodeDoesNotAnswer) {
  for (int i = 0; i < 10; ++i) node_.streams.push_back({{}, Broken()});
  EXPECT_EQ(Watch({"--once"}), 6);
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST_F(WatchTest, BeginsWhereItIsTold) {
  node_.streams.push_back({{Batch({}, "c1", true)}, Broken()});
  EXPECT_EQ(Watch({"--once"}), 0);
  node_.streams.push_back({{Batch({}, "c2", true)}, Broken()});
  EXPECT_EQ(Watch({"--once", "--since", "beginning"}), 0);
  node_.streams.push_back({{Batch({}, "c3", true)}, Broken()});
  EXPECT_EQ(Watch({"--once", "--since", "c0"}), 0);
  EXPECT_THAT(CursorsAsked(), ElementsAre("", "", "c0"));
}

TEST_F(WatchTest, KeepsACursorForEachSetOfConditions) {
  node_.streams.push_back({{Batch({}, "c1", true)}, Broken()});
  EXPECT_EQ(Watch({"--once"}), 0);
  node_.streams.push_back({{Batch({}, "d1", true)}, Broken()});
  EXPECT_EQ(Watch({"--once", "--type", "crossing", "--country", "khm"}), 0);
  EXPECT_THAT(CursorsAsked(), ElementsAre("", ""));
  EXPECT_THAT(CursorFiles(), SizeIs(2));
  EXPECT_THAT(node_.requests[1].types(), ElementsAre("crossing"));
}

TEST_F(WatchTest, TellsWhatToDoAboutACursorBeyondTheNode) {
  node_.streams.push_back(
      {{}, MakeError(absl::StatusCode::kFailedPrecondition, "CURSOR_AHEAD", "lost")});
  EXPECT_NE(Watch(), 0);
  EXPECT_THAT(err_.str(), HasSubstr("--since beginning"));
}

}  // namespace
}  // namespace lintas::client
