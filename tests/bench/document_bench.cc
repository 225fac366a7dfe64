#include "tests/bench/document_bench.h"

#include <time.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/status.h"
#include "server/crypto/chip/passive_authentication.h"
#include "server/matching/mrz/generation.h"
#include "server/matching/mrz/reading.h"
#include "tests/support/synthetic_chip.h"

namespace lintas::bench {
namespace {

using nlohmann::ordered_json;

constexpr matching::CivilDate kToday = {2026, 11, 24};
constexpr int kDocuments = 10'000;
constexpr int kChips = 32;
// A face picture as passports hold it.
constexpr size_t kPictureBytes = 20'000;

double CpuSeconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// How often `one` runs in a second of one core's time: nothing here waits, and what else the
// machine does is not counted. It gets a running number; an error ends the measure.
absl::StatusOr<double> PerSecond(int seconds, const std::function<absl::Status(uint64_t)>& one) {
  for (uint64_t i = 0; i < 100; ++i) RETURN_IF_ERROR(one(i));
  const double begin = CpuSeconds();
  uint64_t count = 0;
  double now = begin;
  while (now < begin + seconds) {
    for (int i = 0; i < 20; ++i) RETURN_IF_ERROR(one(count++));
    now = CpuSeconds();
  }
  return static_cast<double>(count) / (now - begin);
}

// SYNTHETIC documents of all five formats.
absl::StatusOr<std::vector<std::vector<std::string>>> MakeZones() {
  constexpr mrz::Format kFormats[] = {mrz::Format::kTd3, mrz::Format::kTd1, mrz::Format::kTd2,
                                      mrz::Format::kMrvA, mrz::Format::kMrvB};
  constexpr const char* kCodes[] = {"PP", "ID", "I", "V", "V"};
  std::vector<std::vector<std::string>> zones;
  for (int i = 0; i < kDocuments; ++i) {
    mrz::Content content;
    content.format = kFormats[i % 5];
    content.document_code = kCodes[i % 5];
    content.issuing_state = i % 2 == 0 ? "IDN" : "KHM";
    content.nationality = content.issuing_state;
    content.primary_identifier = "Synthetic";
    content.secondary_identifier = i % 3 == 0 ? "" : "Dewi Ayu";
    content.document_number = absl::StrCat("X", 1'000'000 + i);
    content.birth_date = {1950 + i % 70, 1 + i % 12, 1 + i % 28};
    content.expiry_date = {2027 + i % 8, 1 + i % 12, 1 + i % 28};
    content.sex = i % 2 == 0 ? 'F' : 'M';
    ASSIGN_OR_RETURN(std::vector<std::string> lines, mrz::Generate(content));
    zones.push_back(std::move(lines));
  }
  return zones;
}

absl::StatusOr<ordered_json> MeasureZones(int seconds) {
  ASSIGN_OR_RETURN(const auto zones, MakeZones());
  std::vector<std::vector<absl::string_view>> views;
  size_t lines = 0;
  for (const auto& zone : zones) {
    views.emplace_back(zone.begin(), zone.end());
    lines += zone.size();
  }
  ASSIGN_OR_RETURN(const double documents, PerSecond(seconds, [&](uint64_t i) {
                     return mrz::Read(views[i % views.size()], kToday).valid()
                                ? absl::OkStatus()
                                : absl::InternalError("a zone is not valid");
                   }));
  const double lines_each = static_cast<double>(lines) / static_cast<double>(zones.size());
  return ordered_json{{"documents_per_s", documents}, {"lines_per_s", documents * lines_each}};
}

// Verifies one signature again and again, with nothing around it.
absl::StatusOr<double> MeasureVerify(const synthetic::Key& key, int seconds) {
  const std::string text(200, 'x');
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                  &EVP_MD_CTX_free);
  unsigned char signature[256];
  size_t size = sizeof signature;
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature, &size, bytes, text.size()) != 1) {
    return absl::InternalError("cannot sign");
  }
  return PerSecond(seconds, [&](uint64_t) {
    EVP_MD_CTX_reset(context.get());
    const bool good =
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
        EVP_DigestVerify(context.get(), signature, size, bytes, text.size()) == 1;
    return good ? absl::OkStatus() : absl::InternalError("cannot verify");
  });
}

absl::StatusOr<ordered_json> MeasureChips(const char* curve, bool explicit_parameters,
                                          int seconds) {
  const synthetic::Country country(synthetic::EcKey(curve, explicit_parameters),
                                   synthetic::EcKey(curve, explicit_parameters));
  chip::CscaStore store;
  const auto added = store.Add(synthetic::Der(country.csca));
  if (!added.ok()) return added.status();
  std::vector<chip::ChipInput> chips(kChips);
  for (int i = 0; i < kChips; ++i) {
    chips[i].groups = {
        {1, synthetic::Group1(synthetic::kZoneIndonesia)},
        {2, synthetic::Tlv(0x75, std::string(kPictureBytes, static_cast<char>('a' + i % 26)))}};
    chips[i].security_object = country.SodOf(chips[i].groups);
    chips[i].at = synthetic::Day(2026, 11, 24);
  }
  ASSIGN_OR_RETURN(const double before, MeasureVerify(country.signer_key, seconds));
  ASSIGN_OR_RETURN(const double checked, PerSecond(seconds, [&](uint64_t i) {
                     const auto report = chip::Authenticate(chips[i % kChips], store);
                     return report.verdict == chip::Verdict::kAuthentic
                                ? absl::OkStatus()
                                : absl::InternalError("a chip is not authentic");
                   }));
  ASSIGN_OR_RETURN(const double after, MeasureVerify(country.signer_key, seconds));
  // Beside it on both sides, since the machine drifts.
  const double verifies = (before + after) / 2;
  return ordered_json{{"chips_per_s", checked},
                      {"limit_verifies_per_s", verifies},
                      {"ratio_to_limit", checked / (verifies / 2)}};
}

}  // namespace

absl::StatusOr<ordered_json> RunDocument(int seconds) {
  ASSIGN_OR_RETURN(const auto zones, MeasureZones(seconds));
  ASSIGN_OR_RETURN(const auto named, MeasureChips("brainpoolP256r1", false, seconds));
  ASSIGN_OR_RETURN(const auto written_out, MeasureChips("brainpoolP256r1", true, seconds));
  ASSIGN_OR_RETURN(const auto nist, MeasureChips("prime256v1", false, seconds));
  return ordered_json{{"bench", "document"},
                      {"seconds", seconds},
                      {"zones", zones},
                      {"chips_brainpoolP256r1", named},
                      {"chips_brainpoolP256r1_explicit", written_out},
                      {"chips_P-256", nist}};
}

}  // namespace lintas::bench
