#include "server/edge/metrics.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace lintas {
namespace {

using testing::HasSubstr;

// GET /metrics as Prometheus does it.
std::string Scrape(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  const std::string request = "GET /metrics HTTP/1.0\r\n\r\n";
  EXPECT_EQ(send(fd, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
  std::string answer;
  char part[4096];
  ssize_t got;
  while ((got = recv(fd, part, sizeof part, 0)) > 0) answer.append(part, static_cast<size_t>(got));
  close(fd);
  return answer;
}

TEST(Metrics, ServeWhatWasCounted) {
  auto metrics = Metrics::Serve("127.0.0.1:0");
  ASSERT_TRUE(metrics.ok()) << metrics.status();
  (*metrics)->CountCall("a.B/C", "OK", absl::Milliseconds(3));
  (*metrics)->CountCall("a.B/C", "NOT_FOUND", absl::Milliseconds(3));
  (*metrics)->SetLedger("exchange", {9, 7, 5});
  (*metrics)->SetReplicaAge(absl::Seconds(2));
  (*metrics)->SetCommits(4);
  (*metrics)->SetCommits(3);
  (*metrics)->SetAlarms(1);
  (*metrics)->SampleMemory();
  const std::string text = Scrape((*metrics)->port());
  EXPECT_THAT(text, HasSubstr("lintas_calls_total{code=\"OK\",method=\"a.B/C\"} 1"));
  EXPECT_THAT(text, HasSubstr("lintas_calls_total{code=\"NOT_FOUND\",method=\"a.B/C\"} 1"));
  EXPECT_THAT(text, HasSubstr("lintas_call_duration_seconds_count{method=\"a.B/C\"} 2"));
  EXPECT_THAT(text, HasSubstr("lintas_ledger_entries{ledger=\"exchange\"} 9"));
  EXPECT_THAT(text, HasSubstr("lintas_ledger_signed_entries{ledger=\"exchange\"} 7"));
  EXPECT_THAT(text, HasSubstr("lintas_ledger_held_entries{ledger=\"exchange\"} 5"));
  EXPECT_THAT(text, HasSubstr("lintas_replica_age_seconds 2"));
  EXPECT_THAT(text, HasSubstr("lintas_commits_total 4"));
  EXPECT_THAT(text, HasSubstr("lintas_alarms 1"));
  EXPECT_THAT(text, testing::Not(HasSubstr("lintas_resident_memory_bytes 0\n")));
}

TEST(Metrics, StayOnThisMachine) {
  EXPECT_EQ(ErrorReason(Metrics::Serve("0.0.0.0:0").status()), "NOT_LOOPBACK");
}

TEST(Metrics, SayThatThePortIsTaken) {
  auto first = Metrics::Serve("127.0.0.1:0");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(Metrics::Serve(absl::StrCat("127.0.0.1:", (*first)->port())).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace lintas
