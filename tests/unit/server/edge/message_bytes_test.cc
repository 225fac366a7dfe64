#include "server/edge/message_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lintas/partner/v1/partner.pb.h"
#include "server/base/error.h"

namespace lintas {
namespace {

using partner::v1::Frame;

std::string RuleOf(const absl::Status& status) {
  const auto violations = FieldViolations(status);
  return violations.size() == 1 ? violations[0].field + " " + violations[0].rule : "";
}

grpc::ByteBuffer Raw(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

TEST(MessageBytes, ComeBackAsTheSameMessage) {
  Frame frame;
  for (int i = 0; i < 300; ++i) frame.add_entries()->set_payload(std::string(600, 'p'));
  Frame back;
  ASSERT_TRUE(ParseStrictly(ToBytes(frame), &back).ok());
  EXPECT_EQ(back.SerializeAsString(), frame.SerializeAsString());
}

TEST(MessageBytes, AreReadOverSeveralSlices) {
  Frame frame;
  frame.set_checkpoint(std::string(100, 'c'));
  const std::string bytes = frame.SerializeAsString();
  const grpc::Slice slices[] = {grpc::Slice(bytes.substr(0, 40)), grpc::Slice(bytes.substr(40))};
  Frame back;
  ASSERT_TRUE(ParseStrictly(grpc::ByteBuffer(slices, 2), &back).ok());
  EXPECT_EQ(back.checkpoint(), frame.checkpoint());
}

TEST(MessageBytes, OfAnEmptyMessageAreNone) {
  Frame frame;
  EXPECT_EQ(ToBytes(frame).Length(), 0u);
  frame.set_heartbeat(true);
  ASSERT_TRUE(ParseStrictly(ToBytes(Frame()), &frame).ok());
  EXPECT_FALSE(frame.heartbeat());
}

TEST(MessageBytes, ThatAreNoMessageAreRefused) {
  Frame frame;
  EXPECT_EQ(RuleOf(ParseStrictly(Raw("\x0a\xff"), &frame)), "request NOT_A_MESSAGE");
}

TEST(MessageBytes, WithAnUnknownFieldAreRefusedAtAnyDepth) {
  Frame frame;
  EXPECT_EQ(RuleOf(ParseStrictly(Raw("\x78\x01"), &frame)), "request UNKNOWN_FIELD");
  // entries { 15: 1 }, behind an entry that is in order.
  EXPECT_EQ(RuleOf(ParseStrictly(Raw(std::string("\x0a\x00\x0a\x02\x78\x01", 6)), &frame)),
            "request UNKNOWN_FIELD");
}

}  // namespace
}  // namespace lintas
