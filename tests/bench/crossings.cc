#include "tests/bench/crossings.h"

#include <grpcpp/client_context.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lintas/migration_information/v1/migration_information.grpc.pb.h"

namespace lintas::bench {
namespace {

using migration_information::v1::Crossing;
using migration_information::v1::MigrationInformationService;
using migration_information::v1::SubmitRecordsRequest;
using migration_information::v1::SubmitRecordsResponse;

constexpr uint64_t kRowsPerMessage = 1000;
constexpr uint64_t kWindow = 8;
// Bijective, so that keys arrive in no order, as those of travellers do.
constexpr uint64_t kSpread = 2654435761;

std::string Word(uint64_t seed, int syllables) {
  static constexpr const char* kSyllables[] = {"ba", "di", "ku", "la", "mi", "no", "ra", "su",
                                               "ta", "wi", "ya", "ga", "ha", "je", "pu", "ri"};
  std::string word;
  for (int i = 0; i < syllables; ++i, seed /= 16) absl::StrAppend(&word, kSyllables[seed % 16]);
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

void FillCrossing(uint64_t row, Crossing* crossing) {
  const uint64_t mixed = row * kSpread;
  auto* person = crossing->mutable_person();
  auto* name = person->add_names();
  name->set_family_name(Word(mixed >> 8, 5));
  name->set_given_name(Word(mixed >> 20, 4));
  person->mutable_birth_date()->set_year(1950 + static_cast<int>((mixed >> 5) % 55));
  person->mutable_birth_date()->set_month(1 + static_cast<int>((mixed >> 11) % 12));
  person->mutable_birth_date()->set_day(1 + static_cast<int>((mixed >> 15) % 28));
  person->set_sex(row % 2 == 0 ? types::v1::Person::F : types::v1::Person::M);
  person->add_nationalities("IDN");
  person->set_national_number(absl::StrFormat("99%014d", mixed % 100'000'000'000'000));
  // Filler within the rules, so that a record has the 500 bytes of the comparison.
  person->add_names()->set_family_name(Word(mixed >> 3, 38));
  person->set_place_of_birth(absl::StrCat("SYNTHETIC ", std::string(186, 'x')));
  crossing->mutable_document()->set_code("P");
  crossing->mutable_document()->set_number(DocumentNumberOf(row));
  crossing->mutable_document()->set_issuer("IDN");
  crossing->set_direction(row % 2 == 0 ? Crossing::ENTRY : Crossing::EXIT);
  crossing->set_port("IDCGK");
  crossing->mutable_crossing_time()->set_seconds(1'750'000'000 + static_cast<int64_t>(row));
  crossing->set_utc_offset_minutes(420);
  crossing->set_outcome(Crossing::ADMITTED);
  crossing->set_visa_class("B1");
  crossing->set_permitted_until_date("2026-12-31");
  crossing->set_carrier(std::string(40, 'C'));
  crossing->set_flight("XX 1234 SYNTHETIC 1");
  crossing->set_purpose("VISIT-OF-FAMILY-SYN");
}

// What writer and reader of a stream share.
struct Progress {
  std::mutex mutex;
  std::condition_variable changed;
  uint64_t confirmed = 0;  // Messages.
  bool ended = false;
  Sent sent;
};

void ReadAnswers(grpc::ClientReaderWriter<SubmitRecordsRequest, SubmitRecordsResponse>* stream,
                 uint64_t rows, bool counts_messages, Progress* progress) {
  SubmitRecordsResponse response;
  while (stream->Read(&response)) {
    const std::lock_guard<std::mutex> lock(progress->mutex);
    if (counts_messages) {
      ++progress->confirmed;
    } else if (response.committed_row() == rows) {
      progress->confirmed = (rows + kRowsPerMessage - 1) / kRowsPerMessage;
    } else {
      progress->confirmed = response.committed_row() / kRowsPerMessage;
    }
    progress->sent.created += response.created_count();
    progress->sent.rejected += static_cast<uint64_t>(response.rejected_rows_size());
    if (progress->sent.first_rejection.empty() && response.rejected_rows_size() > 0) {
      progress->sent.first_rejection = response.rejected_rows(0).ShortDebugString();
    }
    progress->changed.notify_one();
  }
  const std::lock_guard<std::mutex> lock(progress->mutex);
  progress->ended = true;
  progress->changed.notify_one();
}

}  // namespace

std::string DocumentNumberOf(uint64_t row) {
  return absl::StrFormat("X%09d", row * kSpread % 1'000'000'000);
}

Crossing CrossingOf(uint64_t row) {
  Crossing crossing;
  FillCrossing(row, &crossing);
  return crossing;
}

Batches MakeCrossings(uint64_t rows, uint64_t first) {
  Batches batches;
  for (uint64_t i = 0; i < rows; ++i) {
    if (i % kRowsPerMessage == 0) batches.emplace_back();
    auto* out = batches.back().add_rows();
    out->set_row_number(i + 1);
    out->set_source_key(absl::StrCat("bench-", first + i));
    FillCrossing(first + i, out->mutable_record()->mutable_crossing());
  }
  batches.front().set_import_id(absl::StrCat("bench-", first));
  batches.front().set_synthetic(true);
  return batches;
}

absl::StatusOr<Sent> SendCrossings(const std::shared_ptr<grpc::Channel>& channel,
                                   const Batches& batches, bool counts_messages) {
  uint64_t rows = 0;
  for (const auto& batch : batches) rows += static_cast<uint64_t>(batch.rows_size());
  MigrationInformationService::Stub stub(channel);
  grpc::ClientContext context;
  context.AddMetadata("lintas-purpose", "DATA_SUBMISSION");
  const auto begin = std::chrono::steady_clock::now();
  const auto stream = stub.SubmitRecords(&context);
  Progress progress;
  std::thread reader([&] { ReadAnswers(stream.get(), rows, counts_messages, &progress); });
  for (uint64_t i = 0; i < batches.size(); ++i) {
    {
      std::unique_lock<std::mutex> lock(progress.mutex);
      progress.changed.wait(lock,
                            [&] { return progress.ended || i < progress.confirmed + kWindow; });
      if (progress.ended) break;
    }
    if (!stream->Write(batches[i])) break;
  }
  {
    std::unique_lock<std::mutex> lock(progress.mutex);
    progress.changed.wait(lock,
                          [&] { return progress.ended || progress.confirmed >= batches.size(); });
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  stream->WritesDone();
  reader.join();
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return absl::UnavailableError(status.error_message());
  progress.sent.seconds = taken.count();
  return progress.sent;
}

}  // namespace lintas::bench
